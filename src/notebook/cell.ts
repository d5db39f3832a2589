import { setTimeout as sleep } from "node:timers/promises";
import type { Kernel } from "./kernel";
import type { CellError, OutputCollector } from "./outputs";
import type { NotebookCell } from "./read";

/** How long a cell may take to end after it was interrupted, in milliseconds. */
const GRACE = 2000;

/** How a cell ended. */
export interface CellEnd {
  error?: CellError;
  /** False if the kernel never started the cell. */
  ran: boolean;
  /** True if the kernel is no longer usable. */
  fatal?: boolean;
}

/** Runs one cell and sets its execution count and, if the kernel doesn't, its error output. */
export async function runCell(
  kernel: Kernel,
  cell: NotebookCell,
  collector: OutputCollector,
  { timeout, signal }: { timeout: number; signal?: AbortSignal },
): Promise<CellEnd> {
  const waiting = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { signal: waiting.signal });
  });
  const after = <T>(milliseconds: number, value: T): Promise<T> =>
    Number.isFinite(milliseconds)
      ? sleep(Math.min(milliseconds, 2 ** 31 - 1), value, { signal: waiting.signal }).catch(
          () => new Promise<T>(() => {}),
        )
      : new Promise<T>(() => {});
  const addError = (ename: string, evalue: string): CellError => {
    const error = { ename, evalue, traceback: [`${ename}: ${evalue}`] };
    // The interrupt's own error is less informative.
    cell.outputs = cell.outputs!.filter((output) => output.output_type !== "error");
    cell.outputs.push({ output_type: "error", ...error });
    collector.errors.set(cell, error);
    return error;
  };
  const replied = kernel.execute(cell.source, (message) => collector.receive(cell, message));
  const settled = replied.then((reply) => kernel.settle().then(() => reply));
  try {
    const end = await Promise.race([
      settled,
      after(timeout * 1000, "timeout" as const),
      kernel.died.then((how) => ({ died: how })),
      aborted,
    ]);
    if (end === "timeout") {
      kernel.interrupt();
      await Promise.race([settled, after(GRACE, undefined), kernel.died, aborted]);
      const error = addError("TimeoutError", `the cell took longer than ${timeout} s and was stopped`);
      return { error, ran: true, fatal: true };
    }
    if ("died" in end) {
      return { error: addError("KernelDied", String(end.died)), ran: true, fatal: true };
    }
    const count = typeof end.execution_count === "number" ? end.execution_count : null;
    cell.execution_count = count;
    let error = collector.errors.get(cell);
    if (!error && collector.skipped() === undefined) {
      if (end.status === "error") error = addError("Error", lastLines(cell));
      else if (end.status !== "ok" || count === null) {
        error = addError("NotRun", `the kernel did not run the cell (its reply was ${end.status})`);
      }
    }
    return { ...(error ? { error } : {}), ran: count !== null };
  } finally {
    waiting.abort();
  }
}

/** The last lines a cell wrote to stderr: the best available if the kernel gives no error. */
function lastLines(cell: NotebookCell): string {
  const texts = cell.outputs!.flatMap((output) =>
    output.output_type === "stream" && output.name === "stderr" ? [output.text] : [],
  );
  return texts.slice(-5).join("").trim() || "the kernel stopped answering";
}
