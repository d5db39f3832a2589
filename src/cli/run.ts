import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { progress } from "../notebook/progress";
import type { Notebook } from "../notebook/read";
import { type NotebookReport, runNotebooks } from "../notebook/run-all";
import type { RunNotebook } from "../page/notebook";
import { renderPage } from "../page/page";
import { counted } from "../stats/text";
import { givenVariable, open } from "../store/open";
import { writeWhole } from "../store/wholeFile";
import { failed } from "./failure";
import { number } from "./measureOptions";
import { print } from "./output";

interface Flags {
  db: string;
  param: string[];
  out?: string;
  timeout: number;
  keepGoing?: boolean;
  json?: boolean;
}

/** `fieldnotes run`: notebooks from top to bottom, without Jupyter. */
export function addRun(program: Command): void {
  program
    .command("run")
    .description("run notebooks without Jupyter; with --out, keep them executed and as one page")
    .argument("<notebook...>", "notebooks to run, one after another")
    .option("--param <name=value>", "a value for the cell tagged parameters, repeatable", gathered, [])
    .option("--out <folder>", "where the executed notebooks and the page are written")
    .option("--keep-going", "go on after a failed cell; the notebook still counts as failed")
    .option("--timeout <seconds>", "time limit of a cell", number, 600)
    .action(async (paths: string[], _flags: Flags, used: Command) => {
      const { db, param, out, timeout, keepGoing, json } = used.optsWithGlobals<Flags>();
      // A notebook names its own store; a store given here replaces it.
      const given = used.getOptionValueSourceWithGlobals("db") === "cli" ? resolve(db) : undefined;
      const executed = new Map<string, Notebook>();
      const notebooks = await runAll(
        paths,
        { db: given, parameters: param, out, timeout, keepGoing },
        executed,
      );
      const html =
        out === undefined || executed.size === 0 ? null : writePage(out, paths, executed, notebooks);
      print(json === true, { html, notebooks }, () =>
        [...notebooks.map(reportLine), html ?? ""].join("\n").trimEnd(),
      );
      if (notebooks.some(({ status }) => status === "failed")) process.exitCode = failed;
    });
}

interface RunFlags {
  /** The path of a store that the notebooks read instead of their own. */
  db?: string;
  parameters: string[];
  out?: string;
  timeout: number;
  together?: number;
  keepGoing?: boolean;
}

/** Runs notebooks with progress on stderr, and returns them executed. */
export async function runAll(
  paths: string[],
  { db, parameters, ...options }: RunFlags,
  executed: Map<string, Notebook>,
): Promise<NotebookReport[]> {
  if (paths.length === 0) return [];
  // While this process reads the store, the system lets no other write it, by whatever way a cell tries.
  const held = db === undefined ? undefined : await open(db, { readOnly: true });
  const given =
    db === undefined
      ? { parameters }
      : { parameters: [`db=${db}`, ...parameters], kernel: { env: { [givenVariable]: db } } };
  const shown = progress("notebooks");
  const done = new Map<string, number>();
  try {
    const { notebooks } = await runNotebooks(
      paths,
      {
        ...options,
        ...given,
        onProgress: ({ path, cell, cells }) => {
          done.set(path, cell / cells);
          shown.update(
            [...done.values()].reduce((sum, part) => sum + part, 0),
            paths.length,
          );
        },
      },
      (path, notebook) => executed.set(path, notebook),
    );
    return notebooks;
  } finally {
    shown.end();
    held?.close();
  }
}

/** The result of one notebook, in a line. */
export function reportLine({ path, status, cells, seconds, reason }: NotebookReport): string {
  return `${path}: ${status}, ${counted(cells, "cell")} in ${seconds.toFixed(1)} s${reason === undefined ? "" : `\n  ${reason}`}`;
}

function writePage(
  out: string,
  paths: string[],
  executed: Map<string, Notebook>,
  reports: NotebookReport[],
): string {
  mkdirSync(out, { recursive: true });
  const name = paths.length === 1 ? basename(paths[0], ".ipynb") : "index";
  const file = join(out, `${name}.html`);
  writeWhole(
    file,
    renderPage({ title: paths.length === 1 ? name : "Notebooks", notebooks: runs(executed, reports) }),
  );
  return file;
}

/** Executed notebooks with their results, in the page's format. */
export function runs(executed: Map<string, Notebook>, reports: NotebookReport[]): RunNotebook[] {
  return reports.flatMap((report) => {
    const notebook = executed.get(report.path);
    return notebook === undefined ? [] : [{ ...report, notebook: notebook as RunNotebook["notebook"] }];
  });
}

/** Collects the values of a repeatable option. */
export function gathered(given: string, before: string[]): string[] {
  return [...before, given];
}
