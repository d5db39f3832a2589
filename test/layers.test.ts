import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { test } from "node:test";

// A folder may load from itself and from those before it; imports of types are exempt.
const layers =
  "stats store engines facts logs measures explore decide evalset charts page look notebook demo cli checkedCall.ts index.ts".split(
    " ",
  );
const source = join(__dirname, "..", "src");
const files = readdirSync(source, { recursive: true })
  .map((file) => String(file).split(sep).join("/"))
  .filter((file) => file.endsWith(".ts"));

/** The files of src that a file loads at run time, or with types all that it imports. */
function imports(file: string, withTypes = false): string[] {
  const text = readFileSync(join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found: string[] = [];
  for (const [, clause, from] of text.matchAll(
    /^(?:import|export)\s([^;"'()]*?)from\s+["'](\.[^"']*)["']/gm,
  )) {
    if (withTypes || !isTypeOnly(clause)) found.push(...target(file, from));
  }
  for (const [, from] of text.matchAll(/\b(?:import|require)(?:\(\s*|\s+)["'](\.[^"']*)["']/g))
    found.push(...target(file, from));
  return found;
}

// `import type ...`, or a list in which every name is a type.
function isTypeOnly(clause: string): boolean {
  if (/^type\b/.test(clause)) return true;
  const names = /^\{([\s\S]*)\}\s*(?:from)?$/.exec(clause.trim())?.[1];
  if (names === undefined) return false;
  return names.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "));
}

// Files in the package outside src, such as package.json, belong to no layer.
function target(file: string, from: string): string[] {
  const path = posix.normalize(posix.join(dirname(file), from));
  if (path.startsWith("..")) return [];
  const candidates = [`${path}.ts`, `${path}/index.ts`, path];
  const found = candidates.find((one) => files.includes(one));
  assert.ok(found, `${file} imports ${from}, which is no file of src`);
  return [found];
}

const layerOf = (file: string) => layers.indexOf(file.split("/")[0]);
const graph = new Map(files.map((file) => [file, imports(file)]));

test("every file lies in a known folder", () => {
  assert.deepEqual(
    files.filter((file) => layerOf(file) < 0),
    [],
  );
});

test("a folder imports only from itself and the folders before it", () => {
  const wrong = [...graph].flatMap(([file, found]) =>
    found.filter((one) => layerOf(one) > layerOf(file)).map((one) => `${file} imports ${one}`),
  );
  assert.deepEqual(wrong, []);
});

function assertNoCircle(graph: Map<string, string[]>): void {
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    assert.ok(!path.includes(file), `a circle: ${[...path.slice(path.indexOf(file)), file].join(" > ")}`);
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
}

test("no two files of src import each other in a circle, types included", () =>
  assertNoCircle(new Map(files.map((file) => [file, imports(file, true)]))));

test("no two folders of src/logs load each other", () => {
  const folderOf = (file: string) => /^logs\/(\w+)\//.exec(file)?.[1];
  const pairs = [...graph].flatMap(([file, found]) => found.map((one) => [folderOf(file), folderOf(one)]));
  const loads = new Set(pairs.filter(([a, b]) => a && b && a !== b).map(([a, b]) => `${a} > ${b}`));
  const both = [...loads].filter((pair) => loads.has(pair.split(" > ").reverse().join(" > ")));
  assert.ok(loads.size > 5);
  assert.deepEqual(both, []);
});

test("the imports are found at all", () => {
  assert.ok(graph.get("logs/ingest.ts")?.includes("store/nearest.ts"));
  assert.ok(!graph.get("measures/reason.ts")?.includes("measures/table.ts"), "a type import is no import");
  assert.ok((graph.get("index.ts") ?? []).length > 5);
});

// What prints a text may cut it; the rest reads the reservations that it was made of.
const printing = /^(page|charts|cli|explore|notebook)\/|^stats\/estimate\.ts$|^measures\/notes\.ts$/;
const ofText = "split|match|replace|replaceAll|startsWith|endsWith|includes|search|indexOf|slice|charAt";
const codeOf = (file: string) =>
  readFileSync(join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");

test("only what prints a note reads its text", () => {
  const reading = new RegExp(`\\bnote[!?]?\\.(${ofText})\\(|\\.(test|exec)\\((\\w+\\.)?note\\)`);
  assert.deepEqual(
    files.filter((file) => !printing.test(file) && reading.test(codeOf(file))),
    [],
  );
});
