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
/** The time limit of a cell, in milliseconds; busy machines are slow. */
const patience = 240_000;

const code = (path: string) =>
  readNotebook(path).cells.filter(({ cell_type, source }) => cell_type === "code" && source.trim() !== "");

/** The part of JupyterLab's own state that tests read, which doesn't depend on what is visible. */
interface LabPanel {
  sessionContext: { isReady: boolean; session: { kernel: { status: string } | null } | null };
  context: { path: string; model: { dirty: boolean } };
  content: {
    activeCellIndex: number;
    model: {
      sharedModel: {
        cells: {
          cell_type: string;
          source: string;
          execution_count?: number | null;
          executionState?: string;
          outputs?: { output_type: string; name?: string }[];
        }[];
      };
    };
  };
}
declare global {
  interface Window {
    jupyterapp: {
      shell: { currentWidget: LabPanel | null };
      commands: { execute(id: string): Promise<unknown> };
    };
  }
}

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
    const set = (extension: string, plugin: string, settings: object) => {
      const own = join(config, "lab", "@jupyterlab", extension);
      mkdirSync(own, { recursive: true });
      writeFileSync(join(own, `${plugin}.jupyterlab-settings`), JSON.stringify(settings));
    };
    // All cells are in the page, even those far below.
    set("notebook-extension", "tracker", { windowingMode: "none" });
    // JupyterLab drops what a kernel completes after a second.
    set("completer-extension", "manager", { providerTimeout: patience });
    const options = [
      "--no-browser",
      "--allow-root",
      "--port=0",
      "--IdentityProvider.token=t",
      "--LabApp.news_url=",
      "--LabApp.expose_app_in_browser=True",
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
    await answers(`http://127.0.0.1:${port}/api`);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(patience);
  }

  /** Waits until the server answers: on a busy machine it tells its address a little before. */
  async function answers(url: string): Promise<void> {
    for (const end = Date.now() + 30_000; ; ) {
      const isThere = await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isThere) return;
      if (server.exitCode !== null || Date.now() > end) throw new Error(`${url} does not answer`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async function stopped(): Promise<void> {
    await page?.close();
    if (server === undefined || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    // Jupyter may hang if told to stop while it starts or stops a kernel.
    const given = setTimeout(() => server.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(given);
  }

  /** Opens a notebook, and waits until its kernel is connected and idle. */
  async function opens(name: string): Promise<void> {
    await page.goto(`http://127.0.0.1:${port}/lab/tree/${name}?token=t&reset`);
    await until((path) => {
      const panel = window.jupyterapp?.shell.currentWidget;
      const kernel = panel?.context?.path === path && panel.sessionContext.isReady;
      return kernel && panel.sessionContext.session?.kernel?.status === "idle";
    }, name);
  }

  /** Waits until an expression in the page is true. */
  const until = async <T>(asked: (given: T) => unknown, given: T) => {
    await page.waitForFunction(asked as (given: unknown) => unknown, given, {
      ...{ timeout: patience, polling: 250 },
    });
  };

  const command = async (menu: string, id: string) => {
    await page.click(`.lm-MenuBar-itemLabel:text-is("${menu}")`);
    await page.click(`.lm-Menu-item[data-command="${id}"]`);
  };

  /** For each non-empty code cell: "waiting", "running", "ok" or "failed", with the reason on stderr. */
  const states = () =>
    page.evaluate(() =>
      window.jupyterapp.shell
        .currentWidget!.content.model.sharedModel.cells.filter(
          ({ cell_type, source }) => cell_type === "code" && source.trim() !== "",
        )
        .map(({ execution_count, executionState, outputs }) => {
          if (executionState === "running") return "running";
          if (outputs?.some(({ output_type: type, name }) => type === "error" || name === "stderr"))
            return "failed";
          return execution_count ? "ok" : "waiting";
        }),
    );

  /** Runs all cells, and waits until all have ended or one has failed. */
  async function runsAll(): Promise<void> {
    await command("Run", "runmenu:run-all");
    let ended = 0;
    for (let since = Date.now(); ; await sleep(250)) {
      const now = await states();
      const done = now.filter((state) => state === "ok").length;
      if (done === now.length || now.includes("failed")) return;
      if (done > ended) since = Date.now();
      ended = done;
      assert.ok(Date.now() - since < patience, `no cell ended in ${patience / 1000} s: ${now.join(", ")}`);
    }
  }

  /** Saves, and returns the notebook as on disk. */
  async function saved(name: string): Promise<NotebookCell[]> {
    await command("File", "docmanager:save");
    await until(() => !window.jupyterapp.shell.currentWidget!.context.model.dirty, undefined);
    return code(join(folder, name));
  }

  // All of them are run in notebooks.full.test.ts; in a browser those that show every kind of output.
  const inBrowser = ["00-start-here", "09-exploring"];

  test("notebooks open and run from top to bottom, with figures that can be hovered", async () => {
    await started({ plotly: true });
    const names = copyNotebooks(folder).kept.map((path) => basename(path));
    for (const name of inBrowser.map((one) => `${one}.ipynb`)) {
      assert.ok(names.includes(name), name);
      await opens(name);
      await runsAll();
      for (const { source, execution_count, outputs } of await saved(name)) {
        const error = (outputs ?? []).find(
          (output) =>
            output.output_type === "error" || (output.output_type === "stream" && output.name === "stderr"),
        );
        assert.equal(error, undefined, `${name}: ${JSON.stringify(error)}`);
        assert.ok(Number(execution_count) > 0, `${name}: not run: ${source}`);
      }
      await page.waitForSelector(".js-plotly-plot .main-svg", { state: "attached" });
      assert.ok((await page.locator(".jp-OutputArea table").count()) > 0, `${name}: no table`);
      // JupyterLab's own style would align all to the right, and list notes with bullets.
      const styleOf = (css: string, property: "textAlign" | "listStyleType") =>
        page
          .locator(css)
          .first()
          .evaluate((one, of) => getComputedStyle(one)[of], property);
      assert.equal(await styleOf(".fieldnotes-table tbody :is(th,td):not(.number)", "textAlign"), "left");
      assert.equal(await styleOf(".fieldnotes-table tbody .number", "textAlign"), "right");
      assert.equal(await styleOf(".fieldnotes-notes", "listStyleType"), "none");
    }
  });

  test("without the extension that draws figures they are still pictures", async () => {
    await started({ plotly: false });
    await opens("01-latency.ipynb");
    await runsAll();
    await saved("01-latency.ipynb");
    assert.equal(await page.locator(".js-plotly-plot").count(), 0);
    assert.ok((await page.locator(".jp-OutputArea svg").count()) > 3);
  });

  test("a cell is completed and interrupted, and the next one runs; what was saved is there again", async () => {
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
    const becomes = async (at: number, state: string) => {
      for (const begun = Date.now(); (await states())[at] !== state; await sleep(250)) {
        assert.ok(Date.now() - begun < patience, `cell ${at} did not become ${state}: ${await states()}`);
      }
    };
    /** Uses the button's command, because a busy page loses key presses. */
    const runs = (at: number) =>
      page.evaluate((cell) => {
        window.jupyterapp.shell.currentWidget!.content.activeCellIndex = cell;
        void window.jupyterapp.commands.execute("notebook:run-cell");
      }, at);
    await runs(0);
    await becomes(0, "ok");

    await page.click(".jp-CodeCell >> nth=2 >> .cm-content");
    await page.keyboard.press("Control+End");
    await page.keyboard.type(";\nfieldnotes.late");
    await page.keyboard.press("Tab");
    await page.waitForSelector('.jp-Completer:has-text("latencyCurves")');
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("seen");

    await runs(1);
    await becomes(1, "running");
    await sleep(2000);
    await command("Kernel", "kernelmenu:interrupt");
    await becomes(1, "failed");
    // Cells queued before a failed cell is answered are cancelled with it, as in Jupyter.
    await until(
      () => window.jupyterapp.shell.currentWidget?.sessionContext.session?.kernel?.status === "idle",
      undefined,
    );
    await sleep(1000);
    await runs(2);
    await becomes(2, "ok");
    const [, endless, last] = await saved(name);
    assert.match(JSON.stringify(endless.outputs), /interrupt/i);
    assert.match(JSON.stringify(last.outputs), /42/);

    await opens(name);
    await page.waitForSelector('.jp-OutputArea-output:has-text("42")');
    assert.ok(existsSync(join(folder, name)) && !readFileSync(join(folder, name), "utf8").includes("jp-"));
  });
});
