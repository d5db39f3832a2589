import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { generateDemo } from "../../src/demo/generate";
import { ingest } from "../../src/logs/ingest";
import { copyNotebooks } from "../../src/notebook/copies";
import { jupyterFolder } from "../../src/notebook/lab";
import { type NotebookCell, notebookText, parseNotebook, readNotebook } from "../../src/notebook/read";
import { open } from "../../src/store/open";
import { launched, skip as withoutBrowser } from "../browser";
import { built, skipUnless } from "../dist";
import { notebookOf, temporaryFolder } from "./notebooks";

const jupyter = process.env.FIELDNOTES_JUPYTER || "jupyter";
const found = spawnSync(jupyter, ["lab", "--version"]).status === 0;
const withoutLab = skipUnless("jupyter", found, "jupyter lab in PATH or FIELDNOTES_JUPYTER");
const skip = withoutLab || withoutBrowser;

const here = temporaryFolder();
const folder = join(here, "lab");
/** What a cell may take, in milliseconds: machines that run other things as well are slow. */
const patience = 120_000;

const code = (path: string) =>
  readNotebook(path).cells.filter(({ cell_type, source }) => cell_type === "code" && source.trim() !== "");

/** JupyterLab draws cells in sight alone, so a wait for the page can end before the cells below have run. */
const unsteady = { todo: "waits by what is in sight" };

describe("JupyterLab in Chromium", { skip }, () => {
  let browser: Browser;
  let server: ChildProcess;
  let page: Page;
  let port: number;

  before(async () => {
    built();
    const { logs } = generateDemo({ out: join(here, "logs"), calls: 1500, truthCalls: 0 });
    const store = await open(join(here, "demo.duckdb"));
    await ingest(store, logs);
    store.close();
    copyNotebooks(folder, join(here, "demo.duckdb"));
    const start = join(folder, "00-start-here.ipynb");
    const files = logs.filter((path) => /(traffic|tasks|prices)\.csv$/.test(path));
    const named = (source: string) =>
      source.replace(/^const files = .*?;/m, `const files = ${JSON.stringify(files)};`);
    const notebook = readNotebook(start);
    notebook.cells = notebook.cells.map((cell) => ({ ...cell, source: named(cell.source) }));
    writeFileSync(start, notebookText(notebook));
    browser = await launched();
  });
  after(async () => {
    await stopped();
    await browser?.close();
    rmSync(here, { recursive: true, force: true });
  });

  /** Starts JupyterLab, with or without the extension that draws figures, and opens a tab. */
  async function started({ plotly }: { plotly: boolean }): Promise<void> {
    await stopped();
    const config = join(here, `config-${plotly}`);
    const settings = join(config, "lab", "@jupyterlab", "notebook-extension");
    mkdirSync(settings, { recursive: true });
    // All cells stand in the page, also those far below.
    writeFileSync(join(settings, "tracker.jupyterlab-settings"), '{ "windowingMode": "none" }');
    const options = [
      "--no-browser",
      "--allow-root",
      "--port=0",
      "--IdentityProvider.token=t",
      "--LabApp.news_url=",
    ];
    // In core mode no extension is loaded.
    if (!plotly) options.push("--core-mode");
    server = spawn(jupyter, ["lab", ...options, `--ServerApp.root_dir=${folder}`], {
      env: {
        ...process.env,
        JUPYTER_PATH: jupyterFolder(),
        JUPYTER_CONFIG_DIR: config,
        JUPYTER_DATA_DIR: join(here, "data"),
        JUPYTER_RUNTIME_DIR: join(here, "runtime"),
        JUPYTERLAB_SETTINGS_DIR: join(config, "lab"),
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    port = await new Promise((resolve, reject) => {
      let said = "";
      server.stderr?.on("data", (part) => {
        said += part;
        const at = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)\/lab/.exec(said);
        if (at !== null) resolve(Number(at[1]));
      });
      server.once("exit", () => reject(new Error(`jupyter lab ended: ${said}`)));
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(patience);
    // Who runs a cell before the kernel is there is asked for one; the notebook's own stands first.
    await page.addLocatorHandler(page.locator(".jp-Dialog"), async () => {
      await page.click(".jp-Dialog .jp-mod-accept");
    });
  }

  async function stopped(): Promise<void> {
    await page?.close();
    if (server === undefined || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }

  async function opens(name: string): Promise<void> {
    await page.goto(`http://127.0.0.1:${port}/lab/tree/${name}?token=t&reset`);
    await page.waitForSelector(".jp-Notebook .jp-CodeCell");
    await page.waitForSelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', { state: "attached" });
  }

  const command = async (menu: string, id: string) => {
    await page.click(`.lm-MenuBar-itemLabel:text-is("${menu}")`);
    await page.click(`.lm-Menu-item[data-command="${id}"]`);
  };

  /** Runs all cells; where a kernel had to be chosen first, what was asked before that is asked again. */
  async function runsAll(): Promise<void> {
    const begun = page.locator(".jp-InputPrompt", { hasText: /\[[*\d]/ }).first();
    for (let turn = 0; turn < 4; turn++) {
      await command("Run", "runmenu:run-all");
      if (
        await begun.waitFor({ timeout: 20_000 }).then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error("no cell began to run");
  }

  /** Waits until no cell is running, and gives the notebook as it was saved. */
  async function saved(name: string): Promise<NotebookCell[]> {
    await page.waitForFunction(
      () => ![...document.querySelectorAll(".jp-InputPrompt")].some((one) => one.textContent?.includes("*")),
      undefined,
      { timeout: patience },
    );
    await command("File", "docmanager:save");
    await page.waitForSelector(".jp-mod-current.jp-mod-dirty", { state: "detached" }).catch(() => {});
    await sleep(500);
    return code(join(folder, name));
  }

  test(
    "every notebook opens and runs from top to bottom, with figures that can be hovered",
    unsteady,
    async () => {
      await started({ plotly: true });
      const { kept } = copyNotebooks(folder);
      assert.ok(kept.length > 8);
      for (const path of kept) {
        const name = basename(path);
        await opens(name);
        await runsAll();
        for (const { source, execution_count, outputs } of await saved(name)) {
          assert.ok(Number(execution_count) > 0, `${name}: not run: ${source}`);
          const error = (outputs ?? []).find((output) => output.output_type === "error");
          assert.equal(error, undefined, `${name}: ${JSON.stringify(error)}`);
        }
        assert.ok(
          (await page.locator(".js-plotly-plot .main-svg").count()) > 0,
          `${name}: no figure is drawn`,
        );
        assert.ok((await page.locator(".jp-OutputArea table").count()) > 0, `${name}: no table`);
      }
    },
  );

  test("without the extension that draws figures they are still pictures", async () => {
    await started({ plotly: false });
    await opens("01-latency.ipynb");
    await runsAll();
    await saved("01-latency.ipynb");
    assert.equal(await page.locator(".js-plotly-plot").count(), 0);
    assert.ok((await page.locator(".jp-OutputArea svg").count()) > 3);
  });

  test(
    "a cell is completed and interrupted, and the next one runs; what was saved is there again",
    unsteady,
    async () => {
      const name = "own.ipynb";
      const cells = [
        'import * as fieldnotes from "fieldnotes";\nconst seen = 6 * 7;',
        "while (true) {}",
        "seen",
      ];
      writeFileSync(
        join(folder, name),
        notebookText(parseNotebook(JSON.parse(notebookText(notebookOf(...cells))))),
      );
      if (port === undefined) await started({ plotly: false });
      await opens(name);
      await page.click(".jp-CodeCell >> nth=0 >> .cm-content");
      await page.keyboard.press("Shift+Enter");
      await page.waitForSelector(".jp-InputPrompt:has-text('[1]')");

      await page.click(".jp-CodeCell >> nth=2 >> .cm-content");
      await page.keyboard.press("Control+End");
      await page.keyboard.type(";\nfieldnotes.late");
      await page.keyboard.press("Tab");
      await page.waitForSelector('.jp-Completer:has-text("latencyCurves")');
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("seen");

      await page.click(".jp-CodeCell >> nth=1 >> .cm-content");
      await page.keyboard.press("Shift+Enter");
      await page.waitForSelector(".jp-InputPrompt:has-text('[*]')");
      await sleep(2000);
      await command("Kernel", "kernelmenu:interrupt");
      await page.click(".jp-CodeCell >> nth=2 >> .cm-content");
      await page.keyboard.press("Shift+Enter");
      const [, endless, last] = await saved(name);
      assert.match(JSON.stringify(endless.outputs), /interrupt/i);
      assert.match(JSON.stringify(last.outputs), /42/);

      await opens(name);
      await page.waitForSelector('.jp-OutputArea-output:has-text("42")');
      assert.ok(existsSync(join(folder, name)) && !readFileSync(join(folder, name), "utf8").includes("jp-"));
    },
  );
});
