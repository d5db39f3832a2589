import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { skipUnless } from "./dist";

const executable = [
  process.env.FIELDNOTES_CHROMIUM ?? "",
  ...(process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => [join(folder, "chromium"), join(folder, "chromium-browser")]),
].find((path) => path !== "" && existsSync(path));

/** Why browser tests are skipped, or false if there is a browser. */
export const skip = skipUnless(
  "chromium",
  executable !== undefined,
  "chromium in PATH or FIELDNOTES_CHROMIUM",
);

/** A browser that makes no network requests of its own. */
export function launched(): Promise<Browser> {
  const args =
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
  return chromium.launch({ executablePath: executable, args: args.split(" ") });
}

/** Opens a file, or an address, in a tab and collects everything that our pages must not do: messages, dialogs, requests. */
export async function opened(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; wrong: string[]; close: () => Promise<void> }> {
  const isAddress = file.startsWith("http:");
  const own = isAddress ? [`${new URL(file).origin}/`, "data:"] : ["file:", "data:", "blob:"];
  // What moves under the pointer between a press and its release is not clicked.
  const context = await browser.newContext({ acceptDownloads: true, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!own.some((start) => request.url().startsWith(start))) wrong.push(`request: ${request.url()}`);
  });
  await page.goto(isAddress ? file : pathToFileURL(file).href);
  return { page, wrong, close: () => context.close() };
}

/**
 * Opens a page again, until it tells that it goes on with what was entered: under load the browser may hand what it keeps to
 * the new page a moment late. What is lost stays lost, however often a page is opened.
 */
export async function openedAgain(page: Page): Promise<string> {
  for (let tries = 0; ; tries++) {
    await page.waitForTimeout(300 * (tries + 1));
    await page.reload();
    const said = (await page.textContent("#said")) ?? "";
    if (said !== "" || tries === 4) return said;
  }
}
