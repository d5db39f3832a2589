import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { openDemo } from "../../src/demo/openDemo";
import { renderPage } from "../../src/page/page";
import { type Report, reportOf } from "../../src/page/report";
import { launched, opened as openedIn, skip } from "../browser";
import { root } from "../dist";

/** Eight screens of 800 pixels. */
const longest = 6400;
const mostPages = 12;

describe("the demo company's report, as a stakeholder opens it", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-report-"));
  const file = join(folder, "report.html");
  let browser: Browser;
  let report: Report;

  before(async () => {
    const store = await openDemo();
    report = await reportOf(store, { demo: true });
    store.close();
    const notebooks = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
    const chapters = notebooks.map((name) => ({
      path: name,
      status: "ok" as const,
      notebook: JSON.parse(readFileSync(join(root, "notebooks", name), "utf8")),
    }));
    writeFileSync(file, renderPage({ ...report, fold: true, notebooks: chapters }));
    browser = await launched();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function opened(width: number) {
    const tab = await openedIn(browser, file, { viewport: { width, height: 800 } });
    await tab.page.waitForSelector("html[data-figures=drawn]");
    return tab;
  }
  const unfold = (page: Page, except = "") =>
    page.evaluate((without) => {
      for (const fold of document.querySelectorAll("details"))
        fold.open = without === "" || !fold.matches(without);
    }, except);

  test("is at most eight screens on a desk, its verdict and pictures on the first", async () => {
    const { page, wrong, close } = await opened(1280);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    assert.ok(height <= longest, `${height} pixels`);
    const pictures = await page.locator(".pictures").boundingBox();
    assert.ok(pictures && pictures.y + pictures.height < 800, JSON.stringify(pictures));
    assert.deepEqual(wrong, []);
    await close();
  });

  test("hides no number behind a sideways scroll on a phone, whatever is unfolded", async () => {
    const { page, close } = await opened(390);
    await unfold(page);
    await page.waitForFunction(() => document.querySelector(".scroll.cards") !== null);
    await page.waitForTimeout(1000);
    const hidden = await page.evaluate(() =>
      [...document.querySelectorAll(".scroll")]
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.getAttribute("aria-label")),
    );
    assert.deepEqual(hidden, []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await close();
  });

  test("prints on at most twelve pages", async () => {
    const { page, close } = await opened(1280);
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    const pages = pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
    assert.ok(pages > 1 && pages <= mostPages, `${pages} pages`);
    await close();
  });

  test("names every workload, and no method and no option of a command but where it says how it was computed", async () => {
    const { page, close } = await opened(1280);
    const first = (await page.locator("main").allInnerTexts()).join("\n");
    for (const { workload } of report.tables.metrics.rows) assert.ok(first.includes(String(workload)));
    await unfold(
      page,
      ".notebook details, .fieldnotes-how, #how-it-was-computed-and-what-was-left-out details",
    );
    const text = (await page.locator("#verdict, .part").allInnerTexts()).join("\n");
    const methods = new Set(
      [...JSON.stringify([report.tables, report.choices]).matchAll(/"method":"([\w-]+)"/g)].map(
        ([, one]) => one!,
      ),
    );
    assert.ok(methods.size > 3);
    for (const method of [...methods].filter((one) => one.includes("-")))
      assert.ok(
        !text.includes(method),
        `${method} in ${text.slice(text.indexOf(method) - 200).slice(0, 300)}`,
      );
    assert.doesNotMatch(text, /(^|[\s(])--[a-z]/m);
    await close();
  });
});
