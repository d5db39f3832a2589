import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { partHtml } from "../../src/page/part";
import { meaningsHtml, termMarker } from "../../src/page/terms";

describe("words of the glossary where they stand", () => {
  test("the first of each opens its meaning, later ones are plain", () => {
    const marked = termMarker();
    const first = marked("p95 is 3 s, p99 is 9 s; a floor holds.");
    assert.match(
      first,
      /^<button type="button" class="term" popovertarget="(term-\d+)">p95<\/button> is 3 s, p99/,
    );
    assert.match(first, /a <button [^>]*>floor<\/button> holds/);
    assert.equal(marked("p95 and floors"), "p95 and floors");
    assert.match(marked("a resolve rate of 1"), />resolve rate</);
  });
  test("every one that can be opened has a meaning on the page", () => {
    const ids = [
      ...termMarker()("p95, time to first token, cost per resolved task, floor, utility").matchAll(
        /target="([^"]+)"/g,
      ),
    ];
    assert.ok(ids.length >= 4);
    for (const [, id] of ids) assert.match(meaningsHtml(), new RegExp(`<div popover id="${id}"`));
  });
});

test("a table leaves the page as CSV, guarded against formulas", () => {
  const html = partHtml(
    { title: "Costs", tables: [{ table: [{ model: "=cmd()", n: 3 }], caption: "Chat & code: the numbers" }] },
    "part-1",
    () => "figure-1",
  );
  const [, file, data] =
    /<a download="([^"]+)" href="data:text\/csv;charset=utf-8,([^"]+)">/.exec(html) ?? [];
  assert.equal(file, "chat-code-the-numbers.csv");
  assert.equal(decodeURIComponent(data), "model,n\r\n'=cmd(),3\r\n");
});
