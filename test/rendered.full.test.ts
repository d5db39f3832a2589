import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import MarkdownIt from "markdown-it";
import { ROOM } from "../scripts/plainTables";
import { launched, skip } from "./browser";
import { root } from "./dist";

const folder = join(root, "docs", "rendered");

/** How code hosts lay out a page's text in a window of 1,200 pixels: a table that is too wide is cut off and scrolls. */
const style = `body{width:${ROOM}px;margin:20px auto;font:16px/1.5 "Noto Sans",Helvetica,Arial,sans-serif}
table{display:block;width:max-content;max-width:100%;overflow:auto;border-spacing:0;border-collapse:collapse}
td,th{padding:6px 13px;border:1px solid #ccc}pre{overflow:auto}img{max-width:100%}`;

test("no table of a copied notebook hides its last columns at 1,200 pixels, and every figure is drawn", {
  skip,
}, async () => {
  const browser = await launched();
  const file = join(folder, "shown.html");
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const markdown = new MarkdownIt({ html: true });
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".md"))) {
      const body = markdown.render(readFileSync(join(folder, name), "utf8"));
      writeFileSync(file, `<meta charset="utf-8"><style>${style}</style>${body}`);
      await page.goto(pathToFileURL(file).href);
      const found = await page.evaluate(() => ({
        tables: document.querySelectorAll("table").length,
        wide: [...document.querySelectorAll("table")]
          .filter((table) => table.scrollWidth > table.clientWidth)
          .map((table) => `${table.scrollWidth} px: ${table.textContent.slice(0, 80)}`),
        broken: [...document.images].filter(({ naturalWidth }) => naturalWidth === 0).map(({ src }) => src),
      }));
      assert.ok(found.tables > 0, name);
      assert.deepEqual([found.wide, found.broken], [[], []], name);
    }
  } finally {
    rmSync(file, { force: true });
    await browser.close();
  }
});
