import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { renderPage } from "../../src/page/page";
import { hostileNotebook, markdown, notebook } from "./sample";

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
