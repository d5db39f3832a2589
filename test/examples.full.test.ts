import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, posix } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Store } from "../src/store/open";
import { built, entries, root } from "./dist";

const source = join(root, "src");

/** One `@example` of a docstring: its lines, and the name that the docstring belongs to. */
interface Example {
  name: string;
  lines: string[];
}

/** The examples of a source file. */
function examplesOf(text: string): Example[] {
  const found: Example[] = [];
  for (const [, comment, name] of text.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export\s+)?(?:async\s+)?(?:function\*?|const|interface|type|class)\s+(\w+)/g,
  )) {
    const [, ...blocks] = comment.split(/^\s*\*\s*@example[^\S\n]*\n/m);
    for (const block of blocks) {
      const lines = block
        .split(/^\s*\*\s*@\w+/m)[0]
        .split("\n")
        .map((line) => line.replace(/^\s*\* ?/, ""))
        .filter((line) => line.trim() !== "");
      found.push({ name, lines });
    }
  }
  return found;
}

/** The example as the body of a function: `expression // expected` becomes a comparison. */
function bodyOf(lines: readonly string[]): { body: string; compared: number } {
  let compared = 0;
  const body = lines.map((line) => {
    const at = line.lastIndexOf(" // ");
    if (at < 0 || /^\s*(const|let|\/\/)/.test(line)) return line;
    compared++;
    const expression = line.slice(0, at).trim().replace(/;$/, "");
    // An array of numbers of one type is written as util.inspect writes it: Float64Array(2) [1, 2].
    const expected = line.slice(at + 4).replace(/^\w+Array ?\(.*?\) ?(?=\[)|^\w+Array (?=\[)/, "");
    return `;isAsSaid((${expression}), (${expected}), ${JSON.stringify(expression)});`;
  });
  return { body: body.join("\n"), compared };
}

function isAsSaid(actual: unknown, expected: unknown, expression: string): void {
  const plain = ArrayBuffer.isView(actual) && Array.isArray(expected) ? Array.from(actual as never) : actual;
  assert.deepEqual(plain, expected, expression);
}

const AsyncFunction = (async () => {}).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>;

/** What the package exports, by entry; the rooms after the root, which repeats some of their names. */
const indexes = entries.map(({ index }) => index);
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .sort();
const all = new Map(files.map((file) => [file, examplesOf(readFileSync(join(source, file), "utf8"))]));

type Names = Record<string, unknown>;

/**
 * What an example of a file may name: the file's own names and all public ones, these as the package has them, whose
 * arguments are checked.
 */
async function namesFor(file: string): Promise<Names> {
  const own: Names = await import(join(source, file.replace(/\.ts$/, "")));
  const scope: Names = {};
  const checked = new Map<unknown, unknown>();
  for (const entry of indexes) {
    const names: Names = await import(join(source, entry));
    const name = dirname(entry) === "." ? "index" : dirname(entry);
    const packaged: Names = require(join(built(), "entries", `${basename(name)}.js`));
    for (const name of Object.keys(names)) checked.set(names[name], packaged[name]);
    Object.assign(scope, names);
  }
  Object.assign(scope, own);
  return Object.fromEntries(
    Object.entries(scope).map(([name, value]) => [name, checked.get(value) ?? value]),
  );
}

describe("the examples of the docstrings give what they say", () => {
  // Examples may write files, and read those of the demo company.
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-examples-"));
  symlinkSync(join(root, "data"), join(folder, "data"), "junction");
  let readDemo: (given?: object) => Promise<Store>;
  before(() => {
    readDemo = require(join(built(), "entries", "demo.js")).openDemo;
    process.chdir(folder);
  });
  let demo: Promise<Store> | undefined;
  after(async () => {
    (await demo)?.close();
    process.chdir(root);
    rmSync(folder, { recursive: true, force: true });
  });
  // Read once: no example writes into the demo company's store.
  const openDemo = (given?: object) => (given === undefined ? (demo ??= readDemo()) : readDemo(given));

  for (const [file, examples] of all) {
    for (const { name, lines } of examples) {
      test(`${file}: ${name}`, async () => {
        const scope: Names = {
          ...(await namesFor(file)),
          isAsSaid,
          writeFileSync,
          ...(name === "openDemo" ? {} : { openDemo }),
        };
        const { body, compared } = bodyOf(lines);
        assert.ok(compared > 0, "no line says what it gives");
        const names = Object.keys(scope).filter((one) => one !== "default" && /^\w+$/.test(one));
        await new AsyncFunction(...names, body)(...names.map((one) => scope[one]));
      });
    }
  }
});

/** Functions that write to a store, or measure what the demo company's log does not have. */
const otherStores = ["ingest", "forget", "importLabels", "trajectoriesTools"];
/** Functions whose answer is words. */
const wordsOnly = ["reason", "sharedVerdict", "importCauses"];

/** Every public function, with its declaration and examples. */
function publicFunctions() {
  const exported = indexes.flatMap((entry) =>
    [...readFileSync(join(source, `${entry}.ts`), "utf8").matchAll(/export \{([^}]*)\} from "([^"]+)"/g)].map(
      ([, list, from]) => [list, posix.join(posix.dirname(entry), from)],
    ),
  );
  return exported.flatMap(([list, from]) => {
    const file = [`${from}.ts`, `${from}/index.ts`].find((one) => all.has(join(...one.split("/")))) as string;
    const text = readFileSync(join(source, file), "utf8");
    return list.split(",").flatMap((listed) => {
      const name = listed.trim();
      const declared = new RegExp(
        `(\\*/\\s*)?export (?:(?:async )?function\\*? ${name}\\b[^)]*|const ${name}\\b[^(]*define\\w+\\()`,
      ).exec(text);
      if (name === "" || declared === null) return [];
      const examples = (all.get(join(...file.split("/"))) ?? []).filter((one) => one.name === name);
      return [{ from, name, documented: declared[1] !== undefined, declared: declared[0], examples }];
    });
  });
}

test("every public function has a docstring and an example", () => {
  const found = publicFunctions();
  assert.ok(found.length > 150);
  const missing = found.filter(({ documented, examples }) => !documented || examples.length === 0);
  assert.deepEqual(
    missing.map(({ from, name }) => `${from}: ${name}`),
    [],
  );
});

test("what is measured in a store is shown on the demo company, not on an empty store", () => {
  const measures = publicFunctions().filter(({ declared }) =>
    /\((store|\{ connection \}): Store|define\w+\(/.test(declared.replace(/\s+/g, " ").replace("( ", "(")),
  );
  assert.ok(measures.length > 50);
  const empty = measures
    .filter(({ name }) => !otherStores.includes(name))
    .filter(({ examples }) => !examples.some(({ lines }) => lines.join().includes("openDemo(")));
  assert.deepEqual(
    empty.map(({ from, name }) => `${from}: ${name}`),
    [],
  );
});

test("an example shows a number", () => {
  const without = publicFunctions()
    .filter(({ name }) => !wordsOnly.includes(name))
    .filter(({ examples }) => !examples.some(({ lines }) => /^.* \/\/ .*\d/m.test(lines.join("\n"))));
  assert.deepEqual(
    without.map(({ from, name }) => `${from}: ${name}`),
    [],
  );
});

test("sources and methods stand in @remarks, not in what a function throws", () => {
  const inside = files.filter((file) =>
    /^\s*\* (?!@remarks)(@throws.*)?(Methods?|Sources?): /m.test(readFileSync(join(source, file), "utf8")),
  );
  assert.deepEqual(inside, []);
});
