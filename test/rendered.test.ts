import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { plainTables, ROOM } from "../scripts/plainTables";
import { madeFrom } from "../scripts/rendered";
import { shippedNotebooks } from "../src/notebook/copies";
import { root } from "./dist";

const folder = join(root, "docs", "rendered");
const files = readdirSync(folder);
const read = (name: string) => readFileSync(join(folder, name), "utf8");

test("every notebook has a copy made from its cells and the demo's data of today: npm run docs rendered NUMBER", () => {
  const copies = files.filter((name) => name.endsWith(".md"));
  const names = shippedNotebooks().map((path) => `${basename(path, ".ipynb")}.md`);
  assert.deepEqual(copies.sort(), names);
  for (const path of shippedNotebooks()) {
    const copy = read(`${basename(path, ".ipynb")}.md`);
    assert.equal(copy.slice(0, copy.indexOf("\n")), madeFrom(path));
    assert.doesNotMatch(copy, /\/(home|Users|work|tmp)\//, "a path of one machine");
    assert.doesNotMatch(copy, /<(script|style|span|svg)|class=/, "what a code host does not show");
  }
});

test("the copies show their figures, which are all there, and are small", () => {
  const shown = files
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => [...read(name).matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, picture]) => picture));
  assert.deepEqual(shown.sort(), files.filter((name) => name.endsWith(".svg")).sort());
  assert.ok(shown.length > 40, `${shown.length} figures`);
  const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  assert.ok(bytes < 2e6, `${bytes} bytes`);
  for (const name of shown) assert.match(read(name), /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
});

test("a table loses style and caption, keeps intervals, and has no blank line that would end it", () => {
  const html =
    '<style>a{}</style>\n<table class="t">\n<caption>Waits</caption>\n<thead><tr><th scope="col">model</th><th class="number">p95<span class="unit">, s</span></th></tr></thead>\n\n<tbody>\n<tr><th scope="row">elm</th><td title="n">4.2<sup>a</sup><span class="interval">[3, 5]</span></td></tr>\n</tbody>\n</table>\n<p class="next">Next</p>';
  assert.equal(
    plainTables(html, "next"),
    "**Waits**\n\n<table>\n<thead><tr><th>model</th><th>p95, s</th></tr></thead>\n<tbody>\n<tr><th>elm</th><td>4.2<sup>a</sup><br><sub>[3, 5]</sub></td></tr>\n</tbody>\n</table>",
  );
});

test("a table that is too wide is in parts that fit, each with the names of its rows", () => {
  const row = (tag: string, text: string) =>
    `<tr><th>${text}</th>${Array.from({ length: 12 }, (_, at) => `<${tag}>${"x".repeat(9)}${at}</${tag}>`).join("")}</tr>`;
  const parts = plainTables(
    `<table><thead>${row("th", "model")}</thead><tbody>${row("td", "elm")}${row("td", "oak")}</tbody></table>`,
    "none",
  ).split("</table>");
  assert.ok(parts.length > 2);
  for (const part of parts.slice(0, -1)) {
    for (const name of ["model", "elm", "oak"]) assert.equal(part.split(`<th>${name}</th>`).length, 2, name);
    assert.ok((part.match(/x{9}\d+/g) ?? []).length / 3 < ROOM / 100);
  }
  assert.equal((parts.join("").match(/x{9}\d+/g) ?? []).length, 36);
});
