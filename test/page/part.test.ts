import assert from "node:assert/strict";
import { test } from "node:test";
import { forest } from "../../src/charts/forest";
import { partHtml, partMarkdown } from "../../src/page/part";
import { sentence } from "../../src/page/sentence";
import { estimate } from "../charts/sample";

const rows = [{ model: "alder", mean: estimate(3, 2, 4) }];
const part = {
  title: "Waits <b>",
  paragraphs: ["20 % of 3 s <script>"],
  tables: [{ table: rows, figure: forest(rows, { value: "mean", title: "Drawn" }), caption: "Numbers" }],
};
let figures = 0;
const html = () => partHtml(part, "waits", () => `figure-${++figures}`);

test("a table's figure stands above it, with an id of its own", () => {
  const text = html();
  assert.ok(text.indexOf("figure-1") > 0 && text.indexOf("figure-1") < text.indexOf("<caption>Numbers"));
});

test("texts of a chapter are text, and a number is not parted from its unit", () => {
  const text = html();
  assert.match(text, /20\u00a0% of 3\u00a0s &lt;script&gt;/);
  assert.doesNotMatch(text, /<script>|<b>/);
  assert.equal(sentence("on 2026-03-01", 99), 'on <span class="whole">2026-03-01</span>');
  const long = "claude-3.5-sonnet-2024-10-22";
  assert.equal(sentence(long, 99), long, "a name too long for a line is not kept whole from its middle on");
  assert.equal(sentence(`a-${"b".repeat(30)} "-<-`, 99), `a-${"b".repeat(30)} &quot;-&lt;-`);
});

test("what a point is about stands out, and a sentence with a colon later on does not", () => {
  const points = ["chat <i>: take it.", "gpt-4.1: fast; slow: no", "It is so. Or: not.", "at 12:30"];
  const page = partHtml({ title: "Why", points }, "why", () => "");
  assert.match(page, /<li><b>chat &lt;i&gt;:<\/b> take it\.<\/li>/);
  assert.match(page, /<li><b>.*gpt-4\.1.*:<\/b> fast; slow: no<\/li>/);
  assert.match(page, /<li>It is so\. Or: not\.<\/li>\n<li>at 12:30<\/li>/);
  assert.match(partMarkdown({ title: "Why", points: ["chat: take it."] }), /- \*\*chat:\*\* take it\./);
});

test("in Markdown a table's figure is told in words above it", () => {
  const text = partMarkdown(part);
  assert.match(text, /Drawn: estimates with their intervals[\s\S]*\| model \|/);
});
