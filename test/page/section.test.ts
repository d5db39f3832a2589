import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { GivenCell, GivenOutput } from "../../src/page/notebook";
import { sectionOf } from "../../src/page/section";

const budget = () => ({
  nextFigure: () => "f",
  idOf: (title: string) => title.replace(/\W/g, "-"),
  left: 1e6,
});
const text = (said: string, why?: string): GivenOutput => ({
  output_type: "display_data",
  data: { "text/html": `<p>${said}</p>`, "text/plain": said },
  metadata: why === undefined ? {} : { fieldnotes: { missing: why } },
});
const code = (...outputs: GivenOutput[]): GivenCell => ({
  cell_type: "code",
  source: "show(table)",
  execution_count: 1,
  outputs,
});
const heading = (title: string): GivenCell => ({
  cell_type: "markdown",
  source: `## ${title}\n\nHow to read it.`,
});
const question: GivenCell = { cell_type: "markdown", source: "# How many?" };
const htmlOf = (...cells: GivenCell[]) =>
  sectionOf({ notebook: { cells: [question, ...cells] } }, budget()).html;

describe("a chapter", () => {
  test("has no empty rooms: they are one line at its end, with their reasons", () => {
    const why = "No call has a <start>.";
    const html = htmlOf(
      ...[heading("Hours"), code(text(why, why)), code(text(why, why))],
      ...[heading("Failures"), code(text("3 of 100"))],
    );
    assert.ok(!/<h3[^>]*>.*Hours/.test(html));
    assert.match(html, /Failures[\s\S]*3 of 100[\s\S]*<summary>Not in this log: Hours<\/summary>/);
    assert.match(html, /<strong>Hours<\/strong>: No call has a &lt;start&gt;\.<\/li>/);
    assert.equal(html.split("No call has").length, 2, "a reason is told once");
  });

  test("keeps a room where anything is shown, and one that shows nothing and says nothing", () => {
    const html = htmlOf(
      ...[heading("Hours"), code(text("none", "none")), code(text("a table"))],
      ...[heading("What these data cannot say")],
    );
    assert.ok(!html.includes("Not in this log"));
    assert.match(html, /Hours[\s\S]*none[\s\S]*a table[\s\S]*What these data cannot say/);
  });

  test("keeps a room whose cells were not reached", () => {
    const stopped = { ...code(), execution_count: null, metadata: { fieldnotes: { status: "not run" } } };
    const html = htmlOf(heading("Hours"), code(text("none", "none")), stopped);
    assert.ok(!html.includes("Not in this log"));
  });
});
