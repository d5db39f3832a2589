import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Table as ArrowTable, DataType, tableFromArrays, vectorFromArray } from "apache-arrow";
import type { Figure } from "../../src/charts/figure";
import { frameOf } from "../../src/explore/frame";
import type { Table } from "../../src/measures/table";
import { md } from "../../src/notebook/markdown";
import { runNotebook } from "../../src/notebook/run";
import { bundleOf, show, showLast } from "../../src/notebook/show";
import { outputHtml } from "../../src/page/output";
import type { Estimate } from "../../src/stats/estimate";
import { thorough } from "../property";
import { checkout, displayed, notebookOf, printed, temporaryFolder } from "./notebooks";

const p95: Estimate = {
  value: 3.4172,
  low: 3.3081,
  high: 3.5513,
  level: 0.95,
  method: "bootstrap-bca",
  n: 812,
  clusters: 120,
  clusterBy: "user_id",
  unit: "s",
};
const table: Table = {
  measure: "latency",
  by: ["model"],
  rows: [{ model: "<img src=x onerror=alert(1)>", n: 812, p95 }],
  notes: ["Two calls timed out."],
};
const figure: Figure = {
  data: [{ type: "scatter", x: [1], y: [2] }],
  layout: { title: { text: "Tails" } },
  description: "The tail of one model is long.",
};

describe("bundleOf", () => {
  test("a table is HTML with its interval and text, and a model's name stays text", () => {
    const { "text/html": html, "text/plain": text, ...more } = bundleOf(table) as Record<string, string>;
    assert.deepEqual(more, {});
    assert.match(html!, /<table/);
    assert.match(html!, /\[3\.31, 3\.55\]/);
    assert.doesNotMatch(html!, /<img/);
    assert.match(text!, /3\.42 \[3\.31, 3\.55\]/);
    assert.match(text!, /Two calls timed out\./);
  });

  test("a table without rows is the reason", () => {
    const notes = ["No call has a <start>."];
    assert.deepEqual(bundleOf({ ...table, rows: [], notes }), {
      "text/html": "<p><strong>Latency</strong>: No call has a &lt;start&gt;.</p>",
      "text/plain": "Latency: No call has a <start>.",
    });
  });

  test("a figure without a point that is known is a sentence, and no empty frame", () => {
    const blank = [
      { x: [null, Number.NaN], y: [1, 2] },
      { x: [], y: [] },
      { x: [1], y: [Number.NaN] },
    ];
    const { "text/plain": text, ...more } = bundleOf({ ...figure, data: blank });
    assert.equal(text, "Tails: there is nothing to draw, since no value is known.");
    assert.deepEqual(Object.keys(more), ["text/html"]);
    for (const drawn of [{ x: [null, 1], y: [1, 2] }, { x: ["a"], y: ["b"] }, { z: [[null], [3]] }])
      assert.ok("application/vnd.plotly.v1+json" in bundleOf({ ...figure, data: [...blank, drawn] }));
  });

  test("a figure is plotly's JSON with its description beside it", () => {
    const bundle = bundleOf(figure);
    assert.deepEqual(Object.keys(bundle).sort(), [
      "application/vnd.plotly.v1+json",
      "text/html",
      "text/plain",
    ]);
    const plotted = bundle["application/vnd.plotly.v1+json"] as Figure;
    assert.deepEqual(plotted.data, figure.data);
    assert.equal(plotted.description, figure.description, "words for whoever cannot see the picture");
    assert.match(bundle["text/html"] as string, /The tail of one model is long/);
    assert.match(bundle["text/plain"] as string, /The tail of one model is long/);
  });

  test("any plotly figure is drawn, with words made from its titles and traces", () => {
    const json = (thing: unknown) => bundleOf(thing)["application/vnd.plotly.v1+json"] as Figure;
    const histogram = json({
      data: [{ type: "histogram", x: Float64Array.of(1, 5, 2), name: "alder" }],
      layout: { title: "Waits", xaxis: { title: "seconds" } },
    });
    assert.deepEqual(histogram.data[0].x, [1, 5, 2], "typed arrays are lists of numbers");
    assert.deepEqual(histogram.layout, { title: { text: "Waits" }, xaxis: { title: { text: "seconds" } } });
    assert.equal(histogram.description, 'x is seconds. Histogram "alder" of 3 values from 1.00 to 5.00.');
    for (const data of [
      [{ type: "bar", x: ["a"], y: [1] }],
      [{ type: "pie", labels: ["ok"], values: [9] }],
      [{ type: "box", y: [1, 2] }],
      [{ type: "heatmap", z: [[1]] }],
      [{ type: "sankey", node: { label: ["a", "b"] }, link: { source: [0], target: [1], value: [3] } }],
      [{ y: [1, 2, 3] }],
    ])
      assert.ok(json({ data })?.description.length > 3, JSON.stringify(data));
    assert.match(
      bundleOf({ data: [{ type: "pie", labels: ["ok"], values: [9] }] })["text/html"] as string,
      /Pie: ok 9\./,
    );
  });

  test("a figure without traces or values says so, and nothing else that has data is taken for one", () => {
    const text = (thing: unknown) => bundleOf(thing)["text/plain"];
    assert.equal(text({ data: [], layout: {} }), "there is nothing to draw, since it has no traces.");
    assert.equal(
      text({ data: [{ type: "histogram", x: [] }], layout: { title: "Waits" } }),
      "Waits: there is nothing to draw, since no value is known.",
    );
    assert.match(text({ data: [1, 2] }) as string, /^\{ data: \[ 1, 2 \] \}$/);
    assert.match(text({ data: [{ name: "a" }] }) as string, /name: 'a'/);
  });

  test("an estimate, rows, text and anything else each have a plain text", () => {
    assert.equal(bundleOf(p95)["text/plain"], "3.42 s [3.31, 3.55]");
    assert.match(bundleOf([{ model: "a", p95 }])["text/html"] as string, /<table/);
    assert.deepEqual(bundleOf("**a**"), { "text/markdown": "**a**", "text/plain": "**a**" });
    assert.match(bundleOf(new Map([["a", 1]]))["text/plain"] as string, /^key +value\n-+\na +1$/);
    assert.equal(bundleOf([1, 2])["text/plain"], "[ 1, 2 ]");
    assert.equal(bundleOf([])["text/plain"], "[]");
    assert.equal(
      bundleOf("a\u001b[31m")["text/plain"],
      "a\ufffd[31m",
      "no escape sequence reaches a terminal",
    );
  });

  test("a danfojs frame and an Arrow table are shown as tables, long ones by their beginning", () => {
    const frame = { columns: ["model", "calls"], values: [["acme", 12]], index: [0] };
    assert.match(bundleOf(frame)["text/plain"] as string, /Model +Calls\n.*\nacme +12/i);
    const arrow = tableFromArrays({ calls: Int32Array.from({ length: 600 }, (_, i) => i), name: ["x"] });
    assert.ok(DataType.isInt(arrow.schema.fields[0]!.type));
    const text = bundleOf(arrow)["text/plain"] as string;
    assert.match(text, /\b499\b/);
    assert.doesNotMatch(text, /\b500\b/);
    assert.match(text, /100 more rows are not shown/);
  });
});

describe("a cell's last expression", () => {
  /** What is shown of it as plain text; undefined if the kernel prints it. */
  function last(value: unknown): string | undefined {
    const written: string[] = [];
    const { write } = process.stdout;
    process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write;
    try {
      return showLast(value) ? written.join("") : undefined;
    } finally {
      process.stdout.write = write;
    }
  }

  test("is a table of its first rows, with the types of its columns and the count of all", () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({
      model: "alder",
      cents: at + 0.5,
      calls: at,
      first: new Date(0),
      of: { a: [1] },
      ok: null,
    }));
    const text = last(rows) ?? "";
    assert.match(
      text,
      /^model +cents +calls +first +of +ok\ntext +number +integer +time +object +empty\n-+\n/,
    );
    assert.match(text, /alder +19\.5 +19 +1970-01-01T00:00:00\.000Z +\{ a: \[ 1 \] \} +–\n/);
    assert.doesNotMatch(text, /20\.5/);
    assert.match(text, /30 rows of 6 columns, the first 20 shown; show\(\.\.\.\) shows up to 500\.\n$/);
  });

  test("may be a Map, an Arrow table, a DataFrame or a Series, by the types that each names", () => {
    assert.match(last(new Map([["a", { n: 1, p: 0.5 }]])) ?? "", /^key +n +p\ntext +integer +number\n/);
    const arrow = new ArrowTable({
      model: vectorFromArray(["a", "b"]),
      at: vectorFromArray([new Date(0), new Date(1)]),
    });
    assert.match(last(arrow) ?? "", /^model +at\nUtf8 +Timestamp<MILLISECOND>\n-+\na +1970-01-01T00/);
    const frame = frameOf([{ model: "alder", cost: 0.1425 }]);
    assert.match(last(frame) ?? "", /^model +cost\nstring +float32\n-+\nalder +0\.1425\n/);
    assert.match(last(frame.cost) ?? "", /^ *cost\nfloat32\n-+\n *0\.1425\n\n1 row of 1 column\.\n$/);
    assert.match(last(frame.describe()) ?? "", /\nmean +0\.1425\n/);
  });

  test("of this library is shown as show does, and several of them each", () => {
    assert.match(last(table) ?? "", /^Latency\nmodel /);
    assert.equal(last([p95, p95]), "3.42 s [3.31, 3.55]\n3.42 s [3.31, 3.55]\n");
    assert.match(
      last([{ model: "a", p95, q: { 0.5: p95 } }]) ?? "",
      /^model +p95, s +q 0\.5, s\ntext +estimate/,
    );
  });

  test("is printed as Node prints it where it is no data", () => {
    for (const value of [[], [1, 2], { a: 1 }, new Set(["a"]), new Map(), [new Date(0)], [[1]], "text", null])
      assert.equal(last(value), undefined, JSON.stringify(value));
  });
});

thorough("in a notebook show and skip display, and progress leaves nothing behind", async () => {
  // The kernel's node reads TypeScript for this test, so that the sources are shown and not an older build.
  const source = (name: string) => JSON.stringify(join(checkout, "src", "notebook", name));
  const tsx = require.resolve("tsx");
  const run = await runNotebook(
    notebookOf(
      `const { show } = require(${source("show.ts")});\nconst { skip } = require(${source("skip.ts")});\nconst { progress } = require(${source("progress.ts")});`,
      `show("**text**", ${JSON.stringify(figure)}, ${JSON.stringify(table)});`,
      'const bar = progress("reading");\nawait new Promise((r) => setTimeout(r, 1100));\nbar.update(1, 2);\nbar.end();',
      'skip("no call has a price");',
      'console.log("not reached");',
    ),
    { cwd: temporaryFolder(), kernel: { nodeArguments: ["--import", tsx] } },
  );
  assert.deepEqual([run.status, run.reason, run.cells], ["skipped", "no call has a price", 4]);
  const [, shown, bar, skipped, rest] = run.notebook.cells;
  const [text, plot, html] = displayed(shown!.outputs);
  assert.equal(text!["text/markdown"], "**text**");
  assert.deepEqual((plot!["application/vnd.plotly.v1+json"] as Figure).layout, figure.layout);
  assert.match(html!["text/html"] as string, /3\.42/);
  assert.deepEqual(bar!.outputs, []);
  assert.equal(skipped!.outputs!.length, 1);
  assert.equal(displayed(skipped!.outputs)[0]!["text/plain"], "Skipped: no call has a price");
  assert.equal(printed(rest!.outputs), "");
  assert.deepEqual(rest!.metadata.fieldnotes, { status: "not run" });
});

test("values in md stay text, and what is written around them is Markdown", () => {
  const { "text/markdown": source, "text/plain": text } = bundleOf(
    md`**Choice:** ${"<img src=x> [a](http://b) *c*_d"} of ${3}, \`score\``,
  );
  assert.equal(source, "**Choice:** &lt;img src=x&gt; \\[a\\](http&#58;//b) \\*c\\*\\_d of 3, `score`");
  assert.equal(text, "Choice: <img src=x> [a](http://b) *c*_d of 3, score");
  const { "text/markdown": spaced } = bundleOf(md`Choice${" (chat)"}: ${"in chat "}the judge${""}.`);
  assert.equal(spaced, "Choice (chat): in chat the judge.");
});

test("show tells a promise by its missing await", () => {
  assert.throws(() => show(Promise.resolve(table)), /got a promise: await is missing/);
});

thorough(
  "outside a notebook show prints plain text, progress nothing into a pipe, and nothing heavy is loaded",
  () => {
    const source = (name: string) => JSON.stringify(join(checkout, "src", "notebook", name));
    const script = ["run", "run-all", "show", "skip", "progress", "install", "lab", "read"].map(
      (name) => `const ${name.replace("-", "")} = require(${source(`${name}.ts`)});`,
    );
    script.push(
      'show.show("plain", [{ model: "acme", calls: 3 }]);',
      'progress.progress("x").update(1, 2);',
      'try { skip.skip("nothing here") } catch (e) { console.log(String(e)) }',
      "const heavy = /node_modules.(zeromq|tslab|@tslab|plotly|danfojs|apache-arrow|cli-progress|@duckdb)/;",
      "console.log(Object.keys(require.cache).filter((file) => heavy.test(file)).length);",
    );
    const text = execFileSync(process.execPath, ["--import", "tsx", "-e", script.join("\n")], {
      cwd: checkout,
      encoding: "utf8",
    });
    assert.match(text, /^plain\n/);
    assert.match(text, /acme +3/);
    assert.match(text, /Skipped: nothing here\nSkip: skip: nothing here\n0\n$/);
  },
);

test("a table of ids ends with the line that shows the first of them, which a page leaves out", () => {
  const flips = {
    measure: "flips",
    by: ["a", "prompt_id"],
    rows: [{ a: "m", prompt_id: 'it\'s "1"' }],
    notes: [],
  };
  const of = (thing: unknown) => bundleOf(thing)["text/plain"] as string;
  assert.match(of(flips), /: show\(await calls\(store, \{ where: "prompt_id = 'it''s \\"1\\"'" \}\)\)$/);
  const one = { measure: "calls", by: ["call_id"], rows: [{ call_id: "c1" }, { call_id: "c2" }], notes: [] };
  assert.match(of(one), /: show\(await trace\(store, "c1"\)\)$/);
  assert.doesNotMatch(of({ ...one, by: [] }), /trace/);
  const bundle = bundleOf(one);
  assert.match(bundle["text/html"] as string, /<code>show\(await trace/);
  const page = outputHtml({ output_type: "display_data", data: bundle }, () => "figure-1");
  assert.doesNotMatch(page, /await/);
  assert.match(page, /c2/);
});
