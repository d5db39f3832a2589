import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { forest } from "../../src/charts/forest";
import { renderPage } from "../../src/page/page";
import type { Part } from "../../src/page/part";
import { launched, opened as openedIn, skip } from "../browser";
import { latencyTable } from "../charts/sample";
import { code, figureOutput, hostileNotebook, markdown, notebook } from "./sample";

describe("a page opened from disk in Chromium", { skip }, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-page-"));
  const file = join(folder, "page.html");

  before(async () => {
    browser = await launched();
    const lead = { headline: "Take birch", points: ["It saves money."] };
    writeFileSync(
      file,
      renderPage({
        title: "Report",
        lead,
        notebooks: [hostileNotebook(), notebook(markdown("# And then?"))],
      }),
    );
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function opened(colorScheme: "light" | "dark", width = 1000) {
    const tab = await openedIn(browser, file, { colorScheme, viewport: { width, height: 800 } });
    await tab.page.waitForSelector("html[data-figures=drawn]");
    return tab;
  }

  const ink = (page: Page) =>
    page.evaluate(() => getComputedStyle(document.querySelector(".plot .ytick text") as Element).fill);

  for (const [scheme, width] of [
    ["light", 1000],
    ["dark", 1000],
    ["light", 375],
  ] as const) {
    test(`draws every figure in ${scheme} at ${width} pixels, runs nothing of the notebook, and stays offline`, async () => {
      const { page, wrong } = await opened(scheme, width);
      assert.equal(await page.locator(".plot").count(), 6);
      assert.equal((await page.locator(".plot .main-svg").count()) >= 6, true);
      assert.equal(await page.locator(".plot", { hasText: "could not be drawn" }).count(), 0);
      assert.ok((await page.locator(".plot .scatterlayer .point").count()) > 50);
      assert.equal(
        await page
          .locator("[onerror], [onload], [onclick], .plot a[href^=javascript], main svg script")
          .count(),
        0,
      );
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      assert.deepEqual(wrong, []);
      await page.close();
    });
  }

  test("follows the reader from light to dark and back, and prints dark ink on white", async () => {
    const { page, wrong } = await opened("light");
    const light = await ink(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(
      (was) => getComputedStyle(document.querySelector(".plot .ytick text") as Element).fill !== was,
      light,
    );
    const dark = await ink(page);
    assert.ok(brightness(dark) > 180 && brightness(light) < 80, `${light} ${dark}`);
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    await page.waitForFunction(
      (was) => getComputedStyle(document.querySelector(".plot .ytick text") as Element).fill !== was,
      dark,
    );
    assert.ok(brightness(await ink(page)) < 80);
    assert.deepEqual(wrong, []);
    await page.close();
  });

  /** A page with a verdict, a folded chapter with a wide table, and two folded notebooks with a figure each. */
  async function report(more: Partial<Parameters<typeof renderPage>[0]> = {}, width = 1000) {
    const path = join(folder, "folded.html");
    const wide = [
      Object.fromEntries([
        ["model", "alder"],
        ...Array.from({ length: 9 }, (_, at) => [`number ${at}`, 1234.5 + at]),
      ]),
    ];
    const table = { table: wide, caption: "Many numbers" };
    const part: Part = { title: "All numbers", fold: true, points: ["two"], tables: [table] };
    const figure = forest(latencyTable(), { value: "mean", title: "Mean <b>" });
    const one = notebook(markdown("# How long?\n\n## And then?"), code("show(1)", figureOutput(figure)));
    const notebooks = [
      { notebook: one, path: "01-waits.ipynb" },
      { notebook: one, path: "02-more.ipynb" },
    ];
    const lead = {
      headline: "Take birch",
      points: ["chat: it saves money."],
      more: ["Birch: 1.2 USD a task."],
      figures: [figure],
    };
    writeFileSync(path, renderPage({ title: "Report", lead, parts: [part], fold: true, notebooks, ...more }));
    const tab = await openedIn(browser, path, { viewport: { width, height: 800 } });
    await tab.page.waitForSelector("html[data-figures=drawn]");
    return tab;
  }

  test("folded chapters draw their figures when opened, by key or by link to any heading in them", async () => {
    const { page, wrong, close } = await report();
    const drawn = (id: string) => page.locator(`[id="${id}"] .plot .main-svg`).count();
    assert.deepEqual([await drawn("01-waits"), await drawn("02-more")], [0, 0]);
    assert.equal(await page.getByText("two", { exact: true }).isVisible(), false);
    await page.locator('[id="01-waits"] summary').first().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector('[id="01-waits"] .plot .main-svg') !== null);
    assert.equal(await drawn("02-more"), 0);
    await page.locator('nav a[href="#all-numbers"]').click();
    await page.getByText("two", { exact: true }).waitFor({ state: "visible" });
    await page.evaluate(() => (location.hash = "#and-then-2"));
    await page.waitForFunction(() => document.querySelector('[id="02-more"] .plot .main-svg') !== null);
    // A folded heading's link comes after the summary, because a button cannot contain a link.
    const link = "xpath=./a[@class='anchor'] | self::*[parent::summary]/../../a[@class='anchor']";
    for (const heading of await page.locator("main :is(h2, h3)").all())
      assert.equal(await heading.locator(link).count(), 1, (await heading.textContent()) ?? "");
    assert.deepEqual(wrong, []);
    await close();
  });

  test("prints what is open, and everything where that is asked for", async () => {
    const { page, close } = await report();
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator('[id="01-waits"]').isVisible(), false);
    assert.equal(await page.getByText("Take birch").isVisible(), true);
    await page.emulateMedia({ media: "screen" });
    // What is open while the browser prints.
    await page.evaluate(() => {
      window.print = () => {
        document.title = String(document.querySelectorAll("details.fold[open] .plot .main-svg").length);
      };
    });
    await page.getByRole("button", { name: "Print everything" }).click();
    await page.waitForFunction(() => Number(document.title) >= 2);
    await page.waitForFunction(() => document.querySelector("details.fold[open]") === null);
    await close();
  });

  test("gives its verdict as text without what is folded, its tables as CSV, and its figures as PNG and SVG with their titles", async () => {
    const { page, wrong, close } = await report();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy as text" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      "Report\n\nTake birch\n- chat: it saves money.\n",
    );
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator(name).first().click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync((await download.path()) as string) };
    };
    await page.locator('nav a[href="#all-numbers"]').click();
    const csv = await saved("a[download]");
    assert.equal(csv.name, "many-numbers.csv");
    assert.match(csv.bytes.toString(), /^model,number 0,.*\r\nalder,1234\.5,/);
    const svg = await saved("#verdict button[data-save=svg]");
    assert.equal(svg.name, "mean-b.svg");
    for (const text of ["<svg", "Mean", "alder"]) assert.ok(svg.bytes.includes(text), text);
    const png = await saved("#verdict button[data-save=png]");
    assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
    assert.ok(png.bytes.readUInt32BE(16) >= 1280, "twice as wide as on the page");
    assert.deepEqual(wrong, []);
    await close();
  });

  test("a wide table is a card for each row on a phone, every number in sight behind its column's name", async () => {
    const { page, wrong, close } = await report({}, 390);
    await page.locator("nav summary").click();
    await page.locator('nav a[href="#all-numbers"]').click();
    await page.waitForSelector(".scroll.cards");
    const hidden = await page.evaluate(
      () =>
        [...document.querySelectorAll(".scroll")].filter((one) => one.scrollWidth > one.clientWidth + 1)
          .length,
    );
    assert.equal(hidden, 0);
    const label = await page.evaluate(
      () => getComputedStyle(document.querySelectorAll(".cards td")[1] as Element, "::before").content,
    );
    assert.equal(label, '"number 0"');
    await page.setViewportSize({ width: 1000, height: 800 });
    await page.waitForFunction(() => document.querySelector(".scroll.cards") === null);
    assert.deepEqual(wrong, []);
    await close();
  });

  test("shows names as they are, and a press on the legend hides a series", async () => {
    const { page, wrong } = await opened("light");
    const entry = page.getByRole("button", { name: "<img src=x onerror=alert(1)>" }).first();
    const lines = () => page.locator("#figure-1 .scatterlayer .trace").count();
    const before = await lines();
    await entry.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (was) => document.querySelectorAll("#figure-1 .scatterlayer .trace").length < was,
      before,
    );
    assert.equal(await entry.getAttribute("aria-pressed"), "false");
    assert.deepEqual(wrong, []);
    await page.close();
  });
});

function brightness(color: string): number {
  const [r, g, b] = (color.match(/\d+/g) ?? []).map(Number) as [number, number, number];
  return (r + g + b) / 3;
}
