import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { defined } from "../stats/defined";
import { runCell } from "./cell";
import { type Kernel, type KernelOptions, startKernel } from "./kernel";
import { type CellError, collectOutputs } from "./outputs";
import { injectParameters, type ParameterValue } from "./parameters";
import { checkCells } from "./precheck";
import { type Notebook, type NotebookCell, parseNotebook, readNotebook } from "./read";

/** Options of a run. */
export interface RunOptions {
  /** Values that replace the defaults in the cell tagged `parameters`. */
  parameters?: Readonly<Record<string, ParameterValue>>;
  /** Seconds a single cell may take; 600 by default, Infinity for no limit. */
  timeout?: number;
  /** Called before every code cell with how many of `cells` are done, and once more at the end. */
  onProgress?: (progress: { cell: number; cells: number; seconds: number }) => void;
  /** The folder the notebook runs in; its own by default, or the current one for a notebook object. */
  cwd?: string;
  /** Whether to run the cells after a failed one too; false by default. */
  keepGoing?: boolean;
  /** Flags and environment of the kernel's process. */
  kernel?: Omit<KernelOptions, "cwd">;
  /** Stops the run, kernel included; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** The result of a notebook's run. */
export interface NotebookRun {
  /** The notebook with its outputs and execution counts, up to where it stopped. */
  notebook: Notebook;
  /** Code cells that ran. */
  cells: number;
  /** Wall time, including the kernel's start. */
  seconds: number;
  status: "ok" | "skipped" | "failed";
  /** Why it was skipped or failed. */
  reason?: string;
}

const runs = (cell: NotebookCell): boolean => cell.cell_type === "code" && cell.source.trim() !== "";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** A fresh copy without the results of an earlier run. */
function cleared(notebook: Notebook): Notebook {
  const copy = structuredClone(notebook);
  delete copy.metadata.fieldnotes;
  for (const cell of copy.cells) {
    delete cell.metadata.fieldnotes;
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  }
  return copy;
}

function checkLanguage(notebook: Notebook): void {
  const { kernelspec, language_info: info } = notebook.metadata;
  const language = isObject(kernelspec) ? kernelspec.language : isObject(info) ? info.name : undefined;
  if (typeof language === "string" && !/^(typescript|javascript)$/i.test(language)) {
    throw new RangeError(`runNotebook requires a TypeScript notebook, got one in ${language}`);
  }
}

/**
 * Runs a notebook from top to bottom in a kernel of its own, without Jupyter or Python.
 *
 * Takes a path or a notebook; changes neither, and returns the executed copy. It stops at the first cell that
 * fails, marks the cells below as not run (`metadata.fieldnotes.status` "not run"), and says which cell failed and why:
 * compile errors, thrown errors, unhandled promise rejections, a timeout, the kernel's death.
 * A cell tagged `raises-exception` may fail. A notebook that calls `skip` has the status "skipped".
 *
 * The kernel ends with the run, and with this process however that ends.
 *
 * Throws if there is no notebook to run: an unreadable file, another language, an unknown parameter.
 *
 * @example
 * const cells = [{ cell_type: "code", id: "a", metadata: {}, source: "6 * 7" }];
 * const run = await runNotebook({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
 * run.notebook.cells[0].outputs[0].text // "42\n"
 */
export async function runNotebook(source: string | Notebook, options: RunOptions = {}): Promise<NotebookRun> {
  const { timeout = 600, signal } = options;
  if (!(timeout > 0)) throw new RangeError(`runNotebook requires timeout > 0 seconds, got ${timeout}`);
  signal?.throwIfAborted();
  const isPath = typeof source === "string";
  const cwd = resolve(options.cwd ?? (isPath ? dirname(source) : "."));
  const read = isPath ? readNotebook(source) : parseNotebook(source);
  if (!existsSync(cwd) || !statSync(cwd).isDirectory()) {
    throw new RangeError(`runNotebook requires cwd to be a folder, got ${cwd}`);
  }
  checkLanguage(read);
  const notebook = cleared(injectParameters(read, options.parameters ?? {}));
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const end = ({ ran, status, reason }: Ending): NotebookRun => {
    const cells = notebook.cells.filter(runs);
    if (reason !== undefined) notebook.metadata.fieldnotes = { status, reason };
    for (const cell of cells.slice(ran)) cell.metadata.fieldnotes = { status: "not run" };
    options.onProgress?.({ cell: ran, cells: cells.length, seconds: seconds() });
    return defined({ notebook, cells: ran, seconds: seconds(), status, reason });
  };

  const starting = startKernel({ ...options.kernel, cwd });
  // If the check below ends the run, nobody awaits this any more.
  starting.catch(() => {});
  let kernel: Kernel | undefined;
  try {
    const [trap] = checkCells(notebook.cells);
    if (trap) {
      const reason = `cell ${trap.cell}, line ${trap.line}: ${trap.message}`;
      return end({ ran: 0, status: "failed", reason });
    }
    kernel = await starting;
    signal?.throwIfAborted();
    notebook.metadata.language_info = kernel.languageInfo;
    return end(await runCells(kernel, notebook, { ...options, timeout }, seconds));
  } finally {
    await (kernel ?? (await starting.catch(() => undefined)))?.stop();
  }
}

interface Ending {
  ran: number;
  status: NotebookRun["status"];
  reason?: string;
}

async function runCells(
  kernel: Kernel,
  notebook: Notebook,
  options: RunOptions & { timeout: number },
  seconds: () => number,
): Promise<Ending> {
  const cells = notebook.cells.filter(runs);
  const collector = collectOutputs();
  let reason: string | undefined;
  let ran = 0;
  try {
    for (const cell of cells) {
      options.onProgress?.({ cell: ran, cells: cells.length, seconds: seconds() });
      const ended = await runCell(kernel, cell, collector, options);
      if (ended.ran) ran++;
      // Errors may come late, from an earlier cell that left something running.
      for (const [failed, error] of collector.errors) {
        if (!allowed(failed) || ended.fatal) reason ??= failureText(notebook, failed, error);
      }
      const skipped = collector.skipped();
      if (skipped !== undefined) return { ran, status: "skipped", reason: skipped };
      if (reason !== undefined && (!options.keepGoing || ended.fatal)) break;
    }
  } finally {
    collector.finish();
  }
  if (reason === undefined && ran < cells.length) reason = `only ${ran} of ${cells.length} code cells ran`;
  const others = [...collector.errors.keys()].filter((cell) => !allowed(cell)).length - 1;
  const also = others > 0 ? `; ${others} more cell${others === 1 ? "" : "s"} failed` : "";
  return reason === undefined ? { ran, status: "ok" } : { ran, status: "failed", reason: `${reason}${also}` };
}

const allowed = (cell: NotebookCell): boolean =>
  Array.isArray(cell.metadata.tags) && cell.metadata.tags.includes("raises-exception");

function failureText(notebook: Notebook, cell: NotebookCell, error: CellError): string {
  const place = `cell ${notebook.cells.indexOf(cell) + 1}`;
  const what = error.evalue === "" ? error.ename : `${error.ename}: ${error.evalue}`;
  const missing = /Cannot find module '((?:@[\w.-]+\/)?[\w-][^'/]*)[^']*'/.exec(error.evalue)?.[1];
  const next = missing ? `; is it installed for the notebook's folder (npm install ${missing})?` : "";
  return error.unhandled ? `${place}: ${error.unhandled}: ${what}` : `${place} failed: ${what}${next}`;
}
