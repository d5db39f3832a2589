import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, test } from "node:test";
import { apiDocument, pages } from "../scripts/api";
import { chartsDocument } from "../scripts/charts";
import { gallery } from "../scripts/gallery";
import { measuresList } from "../scripts/measureList";
import { measuresDocument } from "../scripts/measuresDocument";
import { all } from "../src/measures/all";
import { commandOf } from "../src/measures/measure";
import { measures } from "../src/measures/measures";
import { entries, root } from "./dist";

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
/** What a room's index exports: the names, and the modules, from src, that declare them. */
const exportedBy = (room: string) =>
  [...read("src", room, "index.ts").matchAll(/export \{([^}]*)\} from "([^"]*)"/g)].map(
    ([, names, from]) => ({
      from: posix.join(room, from),
      names: names.split(",").map((name) => name.trim()),
    }),
  );

/** Fails if a page is not what the code says, by its first line that differs. */
function sameAs(page: string, written: string): void {
  const [is, should] = [read(...page.split("/")), written].map((text) => text.split("\n"));
  const at = should.findIndex((line, place) => line !== is[place]);
  const line = at < 0 ? should.length : at;
  assert.ok(
    is.length === should.length && at < 0,
    `${page} is not what the code says, from line ${line + 1} on: "${is[line]?.slice(0, 100)}". Write it anew: npm run docs`,
  );
}

/** The text of all files below a folder. */
function textsIn(...folder: string[]): string {
  const names = readdirSync(join(root, ...folder), { recursive: true }).map(String);
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => read(...folder, name))
    .join("\n");
}

test("CONTRIBUTING.md has a map of src, tells how to add a format, a measure, an option, a metric, a chart and a notebook, and its links lead somewhere", () => {
  const page = read("CONTRIBUTING.md");
  for (const what of ["A format", "A measure", "An option", "A metric", "A chart", "A notebook"])
    assert.match(page, new RegExp(`^## ${what}$`, "m"));
  for (const [, link] of page.matchAll(/\]\(([^)#]+)/g)) assert.ok(existsSync(join(root, link)), link);
  for (const { name } of readdirSync(join(root, "src"), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  ))
    assert.ok(page.includes(`\`src/${name}/\``), `the map has no src/${name}`);
  assert.ok(page.split("\n").length <= 120, "longer than two pages");
});

test("the API reference says what the docstrings say, a page for each entry: npm run docs", () => {
  assert.deepEqual(
    pages.map((page) => (page === "fieldnotes" ? "" : page)),
    entries.map(({ room }) => room),
  );
  for (const page of pages) sameAs(`docs/api/${page}.md`, apiDocument(page));
});

describe("a measure", () => {
  const tests = textsIn("test", "measures");
  const exported = exportedBy("measures");

  test("is in the list of all measures: npm run docs", () => sameAs("src/measures/all.ts", measuresList()));
  test("of every exported function that measures a store is defined as one", () => {
    const missing = measuringFunctions().filter((name) => !helpers.has(name));
    assert.deepEqual(missing, [], "use defineMeasure, or say here why not");
  });
  for (const { name, entry } of all)
    test(`${name} has an export, a test, and a row in docs/measures.md for its command`, () => {
      assert.ok(
        exported.some(({ names }) => names.includes(name)),
        `src/measures/index.ts does not export ${name}`,
      );
      assert.ok(new RegExp(`\\b${name}\\(`).test(tests), `no test of test/measures calls ${name}`);
      if (entry.inLibrary) return;
      assert.ok(entry.needs.length > 0, "its definition has no `needs`");
      assert.equal(measures.filter((other) => commandOf(other) === commandOf(entry)).length, 1);
      assert.ok(
        read("docs", "measures.md").includes(`\`fieldnotes ${commandOf(entry)}`),
        "no row in docs/measures.md: npm run docs",
      );
    });
  test("is in docs/measures.md as its entry says: npm run docs", () => {
    sameAs("docs/measures.md", measuresDocument());
  });
});

/** Functions that take a store but aren't measures that a person asks for by name, each with the reason. */
const helpers = new Set([
  "doctor", // asks what can be measured
  "inputs", // lists files
  "explain", // runs another one
  "calls", // those behind a row
  "trace", // one task, step by step
  "replaced", // when something took the place of another, without a number
  "metricNames", // the names of the metrics there are
  "metricTable", // several metrics side by side, for decisions
  "scoreNames", // the names of the scores there are
  "latencyCurves", // points of a curve, for figures
  "shift", // compares two curves
  "tiersOfBenchmark", // tiers, of one benchmark
  "preferences", // comparisons, of a store or of a table
  "saturation", // a leaderboard, of a store or of a table
  "contamination", // two leaderboards, of a store or of tables
  "agreementRanks", // the ranks behind one square of agreement
]);

/** The functions of src/measures that an index exports and that take a store. */
function measuringFunctions(): string[] {
  return [...exportedBy("measures"), ...exportedBy("explore")]
    .filter(({ from }) => from.startsWith("measures/"))
    .flatMap(({ from, names }) => {
      const text = read("src", `${from}.ts`);
      return names.filter((name) =>
        new RegExp(`export async function ${name}\\(\\s*store: Store`).test(text),
      );
    });
}

describe("a chart", () => {
  // A chart is the function of its file's name; these two are behind show() and the page.
  const inner = new Set(["anyFigure", "traceFigure"]);
  const charts = readdirSync(join(root, "src", "charts"))
    .map((file) => file.replace(/\.ts$/, ""))
    .filter((name) => !inner.has(name))
    .filter((name) =>
      new RegExp(`export function ${name}\\([^]*?\\): Figure\\b`).test(read("src", "charts", `${name}.ts`)),
    );
  const tests = textsIn("test", "charts");
  const exported = exportedBy("charts");

  test("is found at all", () => assert.ok(charts.length >= 15, charts.join(", ")));
  for (const chart of charts)
    test(`${chart} has an export, a test, an example in the gallery and a picture: npm run docs charts ${chart}`, () => {
      assert.ok(
        exported.some(({ names }) => names.includes(chart)),
        `src/charts/index.ts does not export ${chart}`,
      );
      assert.ok(new RegExp(`\\b${chart}\\(`).test(tests), "no test of test/charts draws it");
      assert.ok(Object.hasOwn(gallery, chart), "no example in scripts/gallery.ts");
      assert.ok(existsSync(join(root, "docs", "charts", `${chart}.svg`)), "no picture in docs/charts");
    });
  test("of the gallery is one of the library, and docs/charts.md is as the gallery says: npm run docs", () => {
    for (const name of Object.keys(gallery)) assert.ok(charts.includes(name), `src/charts has no ${name}`);
    sameAs("docs/charts.md", chartsDocument());
  });
});
