import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { forest } from "../../src/charts/forest";
import { renderPage } from "../../src/page/page";
import type { Part } from "../../src/page/part";
import { latencyTable } from "../charts/sample";
import { code, figureOutput, hostileNotebook, markdown, notebook } from "./sample";

const found = [
  process.env.FIELDNOTES_CHROMIUM ?? "",
  ...(process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => [join(folder, "chromium"), join(folder, "chromium-browser")]),
].find((path) => path !== "" && existsSync(path));
const required = (process.env.FIELDNOTES_REQUIRE ?? "").split(",").includes("chromium");
const skip = found || required ? false : "no chromium in PATH; set FIELDNOTES_CHROMIUM to its path";

const ARGUMENTS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

describe("a page opened from disk in Chromium", { skip }, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-page-"));
  const file = join(folder, "page.html");

  before(async () => {
    assert.ok(found, "FIELDNOTES_REQUIRE names chromium, and there is none in PATH or FIELDNOTES_CHROMIUM");
    browser = await chromium.launch({ executablePath: found, args: ARGUMENTS.split(" ") });
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

  /** Opens the page and collects all that it should not do. */
  async function opened(
    colorScheme: "light" | "dark",
    width = 1000,
  ): Promise<{ page: Page; wrong: string[] }> {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
    const wrong: string[] = [];
    page.on("console", (message) => wrong.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) wrong.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector("html[data-figures=drawn]");
    return { page, wrong };
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

  test("folded chapters draw their figures when opened, by key or by link, and unfold on paper", async () => {
    const path = join(folder, "folded.html");
    const part: Part = { title: "All numbers", fold: true, paragraphs: ["one"], points: ["two"] };
    const figure = forest(latencyTable(), { value: "mean", title: "Mean" });
    const one = notebook(markdown("# How long?"), code("show(1)", figureOutput(figure)));
    const notebooks = [one, one];
    const lead = { headline: "Take birch", points: [] };
    writeFileSync(path, renderPage({ title: "Report", lead, parts: [part], fold: true, notebooks }));
    const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector("html[data-figures=drawn]");
    const drawn = (id: string) => page.locator(`#${id} .plot .main-svg`).count();
    assert.deepEqual([await drawn("notebook-1"), await drawn("notebook-2")], [0, 0]);
    assert.equal(await page.getByText("two", { exact: true }).isVisible(), false);
    await page.locator("#notebook-1 summary").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#notebook-1 .plot .main-svg") !== null);
    assert.equal(await drawn("notebook-2"), 0);
    await page.locator('nav a[href="#part-1"]').click();
    await page.getByText("two", { exact: true }).waitFor({ state: "visible" });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.waitForFunction(() => document.querySelector("#notebook-2 .plot .main-svg") !== null);
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    assert.equal(await page.locator("#notebook-2 > details[open]").count(), 0);
    assert.equal(await page.locator("#notebook-1 > details[open]").count(), 1);
    const pdf = await page.pdf();
    assert.ok(pdf.length > 10_000);
    await page.close();
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
