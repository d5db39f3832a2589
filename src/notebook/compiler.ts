import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** A compiled cell, as launch.js hands it to tslab. */
export interface CompiledCell {
  /** What the cell's comments say about it, such as `@module`. */
  meta: { mode?: string; module?: string };
  /** tslab's result, if there is one; `declOutput` holds the declarations of this cell and all before it. */
  converted?: { declOutput?: string; diagnostics: unknown[] };
  /** The error, if the compiler itself failed. */
  failed?: string;
}

/** How long the compiler is kept for the next notebook, in milliseconds. */
const KEPT = 10_000;

let thread: Worker | undefined;
let users = 0;
let ending: NodeJS.Timeout | undefined;
let next = 0;
const waiting = new Map<number, { resolve: (result: string) => void; reject: (error: Error) => void }>();

/** The compiler of one kernel's cells, in a thread that all kernels of this process share. */
export interface Compiler {
  compile(code: string, declared: string): Promise<CompiledCell>;
  close(): void;
}

/** Starts reading the declarations of the folder's libraries. */
export function openCompiler(folder: string): Compiler {
  clearTimeout(ending);
  users++;
  const kernel = next;
  ask({ task: "open", folder }).catch(() => {});
  let open = true;
  return {
    compile: async (code, declared) =>
      JSON.parse(await ask({ task: "compile", folder, kernel, declared, code })) as CompiledCell,
    close: () => {
      if (!open) return;
      open = false;
      if (--users === 0) ending = setTimeout(() => void thread?.terminate(), KEPT).unref();
    },
  };
}

function ask(task: Record<string, unknown>): Promise<string> {
  thread ??= startThread();
  const id = next++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    thread!.postMessage({ id, ...task });
  });
}

function startThread(): Worker {
  // What tslab prints about its work is not part of a run.
  const started = new Worker(join(__dirname, "compileCells.js"), {
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  started.unref();
  started.on("message", ({ id, result, failed }) => {
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (failed === undefined) resolve(result);
    else reject(new Error(failed));
  });
  const end = (error: Error) => {
    if (thread === started) thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  started.on("error", end);
  started.on("exit", () => end(new Error("the compiler of cells ended")));
  // Must come after the listeners: adding a message listener would keep this process alive.
  started.unref();
  return started;
}
