import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type AheadCells, aheadFor, type CompiledCell, compiledAhead, start } from "./ahead";

/** How long the compiler is kept for the next notebook, in milliseconds. */
const KEPT = 10_000;

let thread: Worker | undefined;
let users = 0;
let ending: NodeJS.Timeout | undefined;
let next = 0;
const waiting = new Map<number, { resolve: (result: string) => void; reject: (error: Error) => void }>();

/** The compiler of one kernel's cells, in a thread that all kernels of this process share. */
export interface Compiler {
  /** A cell after those that ran. */
  compile(code: string): Promise<CompiledCell>;
  /** A cell ran to its end: later ones know what it declared. */
  ran(code: string, cell: CompiledCell): void;
  close(): void;
}

/**
 * The compiler for a kernel in a folder. It starts reading the declarations of the folder's libraries, or, where cells
 * were compiled ahead, with the first other cell.
 */
export function openCompiler(folder: string, ahead: AheadCells | undefined = aheadFor(folder)): Compiler {
  clearTimeout(ending);
  users++;
  const kernel = next++;
  if (ahead === undefined) ask({ task: "open", folder }).catch(() => {});
  let open = true;
  let place = start;
  /** The cells that ran while all were compiled ahead. */
  let earlier: string[] | undefined = ahead && [];
  /** The declarations of all cells so far, where they are not. */
  let declared = "";
  const compiledNow = async (code: string) =>
    JSON.parse(await ask({ task: "compile", folder, kernel, declared, code })) as CompiledCell;
  const declarationsOf = ({ converted }: CompiledCell) => converted?.declOutput ?? "";
  return {
    compile: async (code) => {
      if (ahead !== undefined && earlier !== undefined) {
        const found = compiledAhead(ahead, place, code);
        if (found !== undefined) return found.cell;
        const cells = earlier;
        earlier = undefined;
        for (const cell of cells) declared = declarationsOf(await compiledNow(cell));
      }
      return compiledNow(code);
    },
    ran: (code, cell) => {
      if (ahead !== undefined && earlier !== undefined) {
        place = compiledAhead(ahead, place, code)?.after ?? place;
        earlier.push(code);
      } else if (cell.converted) declared = declarationsOf(cell);
    },
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
