import { mkdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { checkReplaceable, noteRead } from "../store/sources";
import { parameterNames, readParameters, splitPair } from "./parameters";
import { type Notebook, readNotebook, writeNotebook } from "./read";
import { type NotebookRun, type RunOptions, runNotebook } from "./run";

/** Options of running several notebooks. */
export interface RunAllOptions extends Omit<RunOptions, "parameters" | "onProgress" | "cwd"> {
  /** Parameters as typed, `name=value`; each notebook gets those it declares. */
  parameters?: readonly string[];
  /** The folder for the executed notebooks; not written by default. */
  out?: string;
  /** How many run at a time. Default 1: notebooks that write to the same store would get in each other's way. */
  together?: number;
  /** Called before every code cell. */
  onProgress?: (progress: { path: string; cell: number; cells: number; seconds: number }) => void;
}

/** One line of what `fieldnotes run --json` prints. */
export interface NotebookReport {
  path: string;
  cells: number;
  seconds: number;
  status: NotebookRun["status"];
  reason?: string;
  /** The executed notebook, if one was written. */
  out?: string;
}

/**
 * Runs notebooks, each in a fresh kernel; a failed one does not stop the others.
 *
 * Returns one report each, in order; `executed`, if given, receives the executed notebooks.
 * Throws a RangeError for a parameter that none of the notebooks declares, and if an executed notebook would replace its
 * source.
 */
export async function runNotebooks(
  paths: readonly string[],
  options: RunAllOptions = {},
  executed?: (path: string, notebook: Notebook) => void,
): Promise<{ notebooks: NotebookReport[] }> {
  const { parameters = [], out, together = 1, onProgress, ...rest } = options;
  if (paths.length === 0) throw new RangeError("runNotebooks requires at least one notebook, got none");
  const opened = paths.map((path) => {
    try {
      const notebook = readNotebook(path);
      return { path, notebook, names: parameterNames(notebook) };
    } catch (error) {
      return { path, names: [], error: error as Error };
    }
  });
  noteRead(paths);
  if (out !== undefined) for (const path of paths) checkReplaceable(fileIn(out, path, paths));
  const pairs = parameters.map((pair) => ({ pair, name: splitPair(pair)[0] }));
  for (const { name } of pairs) {
    if (opened.some(({ names, error }) => error || names.includes(name))) continue;
    const known = [...new Set(opened.flatMap(({ names }) => names))].sort().join(", ") || "none";
    throw new RangeError(
      `runNotebooks requires parameters that a notebook declares, got ${name}; known: ${known}`,
    );
  }
  const reportOf = async ({
    path,
    notebook,
    names,
    error,
  }: (typeof opened)[number]): Promise<NotebookReport> => {
    const failed = ({ message: reason }: Error): NotebookReport => ({
      ...{ path, cells: 0, seconds: 0, status: "failed", reason },
    });
    if (!notebook) return failed(error as Error);
    try {
      const own = pairs.filter(({ name }) => names.includes(name)).map(({ pair }) => pair);
      const run = await runNotebook(path, {
        ...rest,
        parameters: readParameters(notebook, own),
        ...(onProgress ? { onProgress: (progress) => onProgress({ path, ...progress }) } : {}),
      });
      const { notebook: result, ...report } = run;
      executed?.(path, result);
      return { path, ...report, ...(out === undefined ? {} : { out: write(out, path, paths, result) }) };
    } catch (thrown) {
      rest.signal?.throwIfAborted();
      return failed(thrown as Error);
    }
  };
  const notebooks: NotebookReport[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < opened.length; at = next++) notebooks[at] = await reportOf(opened[at]!);
  };
  await Promise.all(Array.from({ length: Math.min(together, opened.length) }, worker));
  return { notebooks };
}

function write(out: string, path: string, paths: readonly string[], notebook: Notebook): string {
  mkdirSync(out, { recursive: true });
  const file = fileIn(out, path, paths);
  writeNotebook(file, notebook);
  return file;
}

/** Notebooks of the same name from different folders are told apart by their folders' names. */
function fileIn(out: string, path: string, paths: readonly string[]): string {
  const twice = paths.filter((other) => basename(other) === basename(path)).length > 1;
  const name = twice
    ? relative(".", path)
        .replace(/^(\.\.[\\/])+/, "")
        .replace(/[\\/]/g, "-")
    : basename(path);
  return join(out, name);
}
