import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { forest } from "../../src/charts/forest";
import { renderPage } from "../../src/page/page";
import type { Part } from "../../src/page/part";
import { headingIds } from "../../src/page/slug";
import { HOSTILE, latencyTable } from "../charts/sample";
import { thorough } from "../property";
import { code, figureOutput, hostileNotebook, markdown, notebook, shown } from "./sample";

const figure = forest(latencyTable(), { value: "mean", title: "Mean" });
const plain = notebook(
  markdown("# How long?\n\nprose"),
  code("show(1)", figureOutput(figure), figureOutput(figure)),
  markdown("## What the data cannot say"),
);

/** The page without plotly, scripts and style. */
function body(html: string): string {
  return html.slice(html.indexOf("<body>")).replace(/<script>[\s\S]*?<\/script>/g, "");
}

describe("renderPage", () => {
  const html = renderPage({
    title: "Report",
    generatedAt: "2 March",
    notebooks: [plain, plain],
    lead: { headline: "Take birch", points: ["It saves money."] },
  });

  test("makes one file under 6 MB with plotly inside once", () => {
    assert.ok(html.length < 6_000_000);
    assert.equal(html.split("plotly.js (cartesian - minified)").length, 2);
    assert.match(html, /^<!doctype html>\n<html lang="en">/);
  });

  test("leaves plotly out where there is no figure", () => {
    const small = renderPage({ title: "Report", notebooks: [notebook(markdown("# Why?"))] });
    assert.ok(small.length < 40_000);
    assert.equal(small.match(/<script/g)!.length, 1);
    assert.doesNotMatch(small, /plotly\.js/);
  });

  test("allows by its policy exactly the scripts that are inside", () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);
    assert.equal(scripts.length, 2);
    const hashes = scripts.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
    assert.ok(policy.startsWith(`default-src 'none'; script-src ${hashes.join(" ")};`));
  });

  test("puts the verdict first, then a section for each notebook with its question as heading", () => {
    const text = body(html);
    assert.ok(text.indexOf("Take birch") < text.indexOf('id="notebook"'));
    assert.match(text, /<a href="#notebook">How long\?<\/a>/);
    assert.match(
      text,
      /<h2><span id="notebook-2-title">How long\?<\/span> <a class="anchor" href="#notebook-2"/,
    );
    assert.match(text, /<h3 id="what-the-data-cannot-say">What the data cannot say <a class="anchor"/);
    assert.match(text, /<details class="code"><summary>Code<\/summary>/);
  });

  test("puts the chapters of a report between the verdict and the notebooks, with tables that scroll", () => {
    const text = body(
      renderPage({
        title: "Report",
        author: "A. Analyst",
        lead: { question: "Which?", headline: "Birch", points: [] },
        parts: [
          {
            title: "Why",
            paragraphs: ["For two reasons."],
            points: ["cheap", "fast"],
            tables: [{ table: [{ model: "birch", n: 3 }] }],
            figures: [figure],
            terms: [{ term: "p95", meaning: "the wait" }],
          },
        ],
        notebooks: [plain],
      }),
    );
    const order = [
      "A. Analyst",
      "Which?",
      "Birch",
      "For two reasons.",
      "<li>fast</li>",
      "<dd>the wait</dd>",
      "How long?</span>",
    ];
    const at = order.map(
      (one) => text.indexOf(one, text.indexOf("<main")) + Number(one === "A. Analyst") * 1e9,
    );
    assert.deepEqual(
      at.slice(1),
      [...at.slice(1)].sort((a, b) => a - b),
    );
    assert.ok(at.every((one) => one >= 0));
    assert.match(text, /<p class="made">A\. Analyst<\/p>/);
    assert.match(text, /<li><a href="#why">Why<\/a><\/li>/);
    assert.match(text, /<div class="scroll" tabindex="0" role="group" aria-label="Why"><table/);
    assert.match(text, /id="figure-1-data"/);
  });

  test("names and describes each figure for readers who cannot see it", () => {
    assert.match(
      html,
      /id="figure-4" data-height="\d+" role="group" aria-labelledby="figure-4-title" aria-describedby="figure-4-words"/,
    );
    assert.match(html, /<p class="figure-title" id="figure-1-title">Mean<\/p>/);
    assert.match(
      html,
      /id="figure-1-words">Mean: estimates with their intervals\. alder 1\.20\u00a0s \[1\.08, 1\.44\];/,
    );
  });

  test("is the same for the same notebooks", () => {
    const again = renderPage({
      title: "Report",
      generatedAt: "2 March",
      notebooks: [plain, plain],
      lead: { headline: "Take birch", points: ["It saves money."] },
    });
    assert.equal(again, html);
  });
});

test("a hostile notebook leaves nothing in the page that could run, load or restyle", () => {
  const lead = { question: HOSTILE[2]!, headline: HOSTILE[0]!, points: HOSTILE };
  const parts: Part[] = [
    {
      title: HOSTILE[1]!,
      paragraphs: HOSTILE,
      points: HOSTILE,
      tables: [{ table: HOSTILE.map((text) => ({ [text]: text })), caption: HOSTILE[0] }],
      terms: HOSTILE.map((text) => ({ term: text, meaning: text })),
    },
  ];
  const html = renderPage({
    title: HOSTILE[1]!,
    generatedAt: HOSTILE[2]!,
    lang: '"><script>',
    author: HOSTILE[1]!,
    lead,
    parts,
    notebooks: [{ notebook: hostileNotebook(), status: "failed", reason: HOSTILE[0]! }],
  });
  assert.equal(html.match(/<script>/g)!.length, 2);
  for (const [, tag] of body(html).matchAll(/<([a-z][^>]*)>/gi)) {
    assert.doesNotMatch(tag!.replace(/"[^"]*"/g, '""'), /\son\w+\s*=|\sstyle\s*=|srcdoc|formaction/i, tag);
    assert.match(
      tag!,
      /^(body|main|nav|header|section|a|h[1-6]|p|div|span|pre|code|details|summary|figure|figcaption|table|caption|thead|tbody|tr|th|td|ul|ol|li|sup|bdi|dl|dt|dd|em|strong|b|button|img|script type="application\/json" id="(figure-\d+-data|plot-config)"$)(?![a-z])/,
    );
    for (const [, address] of tag!.matchAll(/\b(?:href|src)="([^"]*)"/g))
      assert.match(address!, /^(#|data:image\/|data:text\/csv;)/);
  }
  assert.ok(!html.includes("\u0000") && !body(html).includes("\u001b") && !body(html).includes("\u202e"));
});

describe("outputs", () => {
  const render = (...cells: ReturnType<typeof code>[]) =>
    body(renderPage({ title: "t", notebooks: [notebook(markdown("# Q"), ...cells)] }));

  thorough("of 20 MB are cut with a note, whatever they are", () => {
    const huge = "x".repeat(20_000_000);
    const cells = [
      code(huge),
      code("a", { output_type: "stream", name: "stdout", text: huge }),
      code("b", shown({ "text/html": huge, "text/plain": huge })),
      code("c", shown({ "text/plain": huge })),
      code("d", { output_type: "error", ename: huge, evalue: huge, traceback: [huge] }),
      code("e", shown({ "application/vnd.plotly.v1+json": { data: [{ x: [huge] }], layout: {} } })),
      code("f", shown({ "image/png": huge })),
      markdown(huge),
    ];
    const html = renderPage({ title: huge, notebooks: [notebook(markdown(`# ${huge}`), ...cells)] });
    assert.ok(html.length < 1_500_000, String(html.length));
    assert.match(html, /characters left out/);
    assert.match(html, /An output of 20,000,000 characters is too long to show in full/);
  });

  test("that are too many are left out with a note, so that the page stays under 6 MB", () => {
    const many = Array.from({ length: 200 }, () =>
      code("x", { output_type: "stream", name: "stdout", text: "y".repeat(50_000) }),
    );
    const html = renderPage({ title: "t", notebooks: [notebook(markdown("# Q"), ...many)] });
    assert.ok(html.length < 4_500_000);
    assert.equal(html.match(/What follows was left out/g)!.length, 1);
  });

  test("of a terminal lose their colours and what a carriage return overwrote; pieces of a stream are one", () => {
    const html = render(
      code(
        "a",
        { output_type: "stream", name: "stdout", text: "\u001b[31mred\u001b[0m 10%\r100" },
        { output_type: "stream", name: "stdout", text: "%\n" },
      ),
    );
    assert.match(html, /<pre class="stream">100%<\/pre>/);
  });

  test("of failed cells and messages are shown as such", () => {
    const html = render(
      code(
        "a",
        { output_type: "stream", name: "stderr", text: "careful" },
        { output_type: "error", ename: "RangeError", evalue: "p", traceback: ["at 1"] },
      ),
    );
    assert.match(html, /<div class="stderr"><p>Messages<\/p><pre>careful<\/pre><\/div>/);
    assert.match(
      html,
      /This cell failed\.<\/strong> RangeError: p<\/p><details><summary>Where<\/summary><pre>at 1<\/pre>/,
    );
    assert.match(html, /This notebook failed; what it shows may be incomplete/);
  });

  test("that the page's plotly cannot draw are named, with what can, and told in words", () => {
    const flow = { data: [{ type: "sankey" }, { type: "bar", y: [1] }], layout: { title: "Flow" } };
    const data = { "application/vnd.plotly.v1+json": flow };
    const html = render(code("a", { output_type: "display_data", data } as never));
    assert.match(
      html,
      /cannot draw traces of type &quot;sankey&quot;: [\s\S]*JupyterLab and VS Code draw every type/,
    );
    assert.match(html, /Flow\nSankey; Bar/);
    assert.doesNotMatch(html, /class="plot"/);
  });

  test("that are damaged do not take the page with them", () => {
    const odd = [
      null,
      1,
      "x",
      {},
      { output_type: "display_data" },
      { output_type: "display_data", data: { "application/vnd.plotly.v1+json": 3, "text/plain": "instead" } },
      { output_type: "stream" },
    ];
    const html = render(...odd.map((output) => code("a", output as never)));
    assert.match(html, /A figure could not be shown[\s\S]*instead/);
    const empty = renderPage({
      title: "t",
      notebooks: [{ cells: [] }, {} as never, notebook({ cell_type: "raw", source: "r" })],
    });
    assert.match(empty, /Notebook/);
  });
});

test("a notebook that stopped says where, once", () => {
  const stopped = (id: string) => ({ ...code(id), metadata: { fieldnotes: { status: "not run" } } });
  const of = (...cells: object[]) => renderPage({ title: "t", notebooks: [notebook(...(cells as never[]))] });
  const html = of(code("a"), stopped("b"), stopped("c"));
  assert.equal(html.split("The run stopped here: this cell and those below were not run.").length, 2);
  assert.doesNotMatch(of(code("a")), /The run stopped here/);
});

test("below chapters, skipped notebooks are one folded list at the end, each with its reason", () => {
  const html = renderPage({
    title: "T",
    fold: true,
    notebooks: [
      { notebook: notebook(markdown("# A")), status: "skipped", reason: "No scores." },
      { notebook: notebook(markdown("# B")), status: "ok" },
    ],
  });
  assert.match(html, /<li><strong>A<\/strong> No scores\.<\/li>/);
  assert.ok(html.lastIndexOf("What this log cannot answer") > html.lastIndexOf('class="notebook'));
  assert.doesNotMatch(html, /<span class="status">skipped/);
});

test("a notebook that was skipped, failed or never run says so, in the contents too", () => {
  const notebooks = [
    { notebook: notebook(markdown("# A")), status: "skipped" as const, reason: "No scores." },
    { notebook: notebook(markdown("# B")), status: "failed" as const, reason: "Timed out." },
    { notebook: notebook(markdown("# C"), { cell_type: "code", source: "x" }) },
    { notebook: notebook(code("x")), path: "notebooks/04-cost.ipynb", status: "ok" as const },
  ];
  const html = renderPage({ title: "t", notebooks });
  assert.match(html, /This notebook was skipped\.<\/strong> No scores\./);
  assert.match(html, /This notebook failed; what it shows may be incomplete\.<\/strong> Timed out\./);
  assert.match(html, /<a href="#notebook-3">C<\/a> <span class="status">skipped<\/span>/);
  assert.match(html, /<a href="#04-cost">04-cost<\/a><\/li>/);
});

test("headings have addresses that are the same for the same titles, and none twice", () => {
  const idOf = headingIds();
  const titles = ["How long, and why?", "How long and why", "Verdict", "figure-1", "???"];
  assert.deepEqual(titles.map(idOf), [
    "how-long-and-why",
    "how-long-and-why-2",
    "verdict-2",
    "about-figure-1",
    "chapter",
  ]);
});

test("pages that belong together link to each other, and none to itself", () => {
  const pages = [{ title: "Spring", href: "report.html" }, { title: "01-latency" }];
  const html = body(renderPage({ title: "01-latency", notebooks: [plain], pages }));
  assert.match(html, /<a href="report\.html">Spring<\/a>/);
  assert.match(html, /<a aria-current="page">01-latency<\/a>/);
});
