import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Signature } from "../src/checkedCall";
import { built, entries, root } from "./dist";

const indexes = entries.map(({ index }) => index);
const signatures = new Map<string, Record<string, Signature>>();
let hidden: string[] = [];
before(async () => {
  const dist = built();
  const { hiddenTypes, signaturesOf } = await import(
    pathToFileURL(join(root, "scripts", "signatures.mjs")).href
  );
  const declarations = indexes.map((index) => join(dist, `${index}.d.ts`));
  const found = signaturesOf(declarations);
  hidden = hiddenTypes(declarations);
  for (const [at, index] of indexes.entries()) signatures.set(index, found[at]);
});

/** Every public function with its parameters. */
const functions = () =>
  [...signatures].flatMap(([index, own]) =>
    Object.entries(own).map(([name, signature]) => ({ index, name, ...signature })),
  );

describe("the public library", () => {
  /** The functions that an index of the build exports. */
  const valuesOf = (index: string) => Object.entries<unknown>(require(join(root, "dist", `${index}.js`)));

  // What each of these rooms exports is its own index's; the root repeats what a first hour needs.
  const rooms = ["measures", "decide", "charts"].map((room) => new Map(valuesOf(`${room}/index`)));
  const text = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
  const pages = [
    text("README.md"),
    text("src", "notebook", "create.ts"),
    ...readdirSync(join(root, "notebooks")).map((name) => text("notebooks", name)),
  ].join("\n");

  test("repeats in its root, of measures, decisions and charts, what the README and the notebooks import", () => {
    const imported = new Set(
      [...pages.matchAll(/import \{([^}]*)\} from \\?"fieldnotes\\?"/g)].flatMap(([, names]) =>
        names.split(",").map((name) => name.trim()),
      ),
    );
    const repeated = valuesOf("index").filter(([name]) => rooms.some((room) => room.has(name)));
    assert.ok(repeated.length > 60, `${repeated.length} names`);
    assert.deepEqual(
      repeated.filter(([name]) => !imported.has(name)).map(([name]) => name),
      [],
      "none of them imports it: it is in the index of its room, src/measures, src/decide or src/charts",
    );
    for (const [name, value] of repeated)
      assert.ok(
        rooms.some((room) => room.get(name) === value),
        name,
      );
  });

  test("names no type that no entry exports", () => assert.deepEqual(hidden, []));

  // Other parameters that may be left out, because they are what the function is about.
  const optionalData = ["open path", "readWorld path", "random seed", "random stream"];
  test("takes what may be left out in one object of options, last", () => {
    const wrong = functions().flatMap(({ index, name, parameters, required, options, rest }) => {
      const left = parameters.slice(required).filter((one) => one !== "options" && one !== "parameters");
      const data = left.filter((one) => !rest && !optionalData.includes(`${name} ${one}`));
      const level = parameters.filter((one) => /^(level|seed|resamples)$/.test(one) && name !== "random");
      return [...data, ...level]
        .map((one) => `${index} ${name}: ${one}`)
        .concat(
          options !== undefined && parameters.at(-1) !== "options" ? [`${index} ${name}: options`] : [],
        );
    });
    assert.deepEqual(wrong, []);
  });

  // Reads or writes something besides the store, or one thing in it: a statement, files, items, a task, a question.
  const about = /^(what|sql|file|id|parameters|paths|files|items|measure|ask)$/;
  test("takes a store first, and after it only options", () => {
    const wrong = functions()
      .filter(({ parameters }) => parameters.includes("store"))
      .filter(
        ({ parameters: [first, ...others] }) =>
          first !== "store" || others.some((one) => one !== "options" && !about.test(one)),
      );
    assert.deepEqual(
      wrong.map(({ name, parameters }) => `${name}(${parameters.join(", ")})`),
      [],
    );
  });

  test("has no option that only its own measures may set", () => {
    const inner = functions().filter(({ options = {} }) => "population" in options || "hours" in options);
    assert.deepEqual(
      inner.map(({ name }) => name),
      [],
    );
  });
});
