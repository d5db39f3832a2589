import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { CompiledCell } from "./ahead";
import { openCompiler } from "./compiler";
import { makeConnection } from "./connection";
import { decodeMessage, encodeMessage, type Message, request } from "./messages";

/** How the kernel's process is started. */
export interface KernelOptions {
  /** The folder the cells run in; imports are resolved from it. */
  cwd: string;
  /** Flags for node itself, such as "--max-old-space-size=8192"; none by default. */
  nodeArguments?: string[];
  /** Environment variables in addition to those of this process. */
  env?: Record<string, string>;
  /** How runner and kernel talk: sockets in a private folder if the system has them, otherwise 127.0.0.1. */
  transport?: "ipc" | "tcp";
  /** Seconds to wait for the kernel to answer; 60 by default. */
  startTimeout?: number;
}

/** A running kernel. */
export interface Kernel {
  pid: number;
  /** What the kernel reports about its language, for the notebook's metadata. */
  languageInfo: unknown;
  /** Resolves, with what is known about the cause, if the process ends unasked. */
  died: Promise<string>;
  /** Runs code; resolves with the reply once all its messages are in. `listen` also gets what comes later. */
  execute(code: string, listen: (message: Message) => void): Promise<Record<string, unknown>>;
  /** Resolves after one turn of the kernel's event loop, when unhandled rejections are known. */
  settle(): Promise<void>;
  interrupt(): void;
  stop(): Promise<void>;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/** How many kernels are started before giving up. */
const starts = 3;

/** Starts a kernel in a process group of its own, which ends when this process does, even by kill -9. */
export async function startKernel(options: KernelOptions): Promise<Kernel> {
  const seconds = options.startTimeout ?? 60;
  for (let start = 1; ; start++) {
    try {
      return await startOnce(options, seconds / starts);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (start === starts) throw new Error(`The notebook's kernel did not answer within ${seconds} s`);
    }
  }
}

/** The process runs but is silent: another one nearly always answers. */
class NoAnswer extends Error {}

async function startOnce(options: KernelOptions, seconds: number): Promise<Kernel> {
  const zeromq = await import("zeromq");
  const connection = await makeConnection(options.transport);
  const compiler = openCompiler(options.cwd);
  const child = spawn(
    process.execPath,
    [...(options.nodeArguments ?? []), join(__dirname, "launch.js"), connection.file],
    {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      detached: true,
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    },
  );
  // What the process prints outside the protocol matters only if it dies.
  let printed = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed = (printed + text).slice(-4000)));
  }
  const lifeline = child.stdio[3] as import("node:net").Socket;
  lifeline.on("error", () => {});

  const shell = new zeromq.Dealer({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0 });
  const iopub = new zeromq.Subscriber({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0 });
  shell.connect(connection.shell);
  iopub.connect(connection.iopub);
  iopub.subscribe();

  const session = randomUUID();
  const replies = new Map<string, (content: Record<string, unknown>) => void>();
  const listeners = new Map<string, (message: Message) => void>();
  const pump = async (socket: AsyncIterable<Uint8Array[]>, deliver: (message: Message) => void) => {
    for await (const frames of socket) {
      let message: Message;
      try {
        message = decodeMessage(connection.key, frames);
      } catch {
        continue; // Not from our kernel.
      }
      deliver(message);
    }
  };
  pump(shell, (message) => replies.get(message.parent.msg_id ?? "")?.(message.content)).catch(() => {});
  pump(iopub, (message) => listeners.get(message.parent.msg_id ?? "")?.(message)).catch(() => {});

  const ask = (type: string, content: Record<string, unknown>, listen: (message: Message) => void) => {
    const message = request(type, content, session);
    const id = message.header.msg_id;
    const reply = new Promise<Record<string, unknown>>((resolve) => replies.set(id, resolve));
    const idle = new Promise<void>((resolve) =>
      listeners.set(id, (heard) => {
        if (heard.header.msg_type === "status" && heard.content.execution_state === "idle") resolve();
        listen(heard);
      }),
    );
    shell.send(encodeMessage(connection.key, message)).catch(() => {});
    return { reply: reply.finally(() => replies.delete(id)), idle };
  };

  let stopping = false;
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      const how = signal ? `by ${signal}` : `with code ${code}`;
      const tell = () =>
        resolve(`the kernel's process ended ${how}${printed.trim() ? `: ${printed.trim()}` : ""}`);
      // "close" comes once all its output is read, or never if another process holds its output open.
      child.once("close", tell);
      setTimeout(tell, 200);
    });
  });
  const died = new Promise<string>((resolve) => exited.then((how) => stopping || resolve(how)));

  const stop = async () => {
    if (stopping) return;
    stopping = true;
    compiler.close();
    const wait = (milliseconds: number) =>
      new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      lifeline.write("exit");
      await Promise.race([exited, wait(1000)]);
    }
    // Whatever the cells started and left running is in the kernel's group.
    signalGroup(child, "SIGKILL");
    await Promise.race([exited, wait(5000)]);
    for (const stream of [lifeline, child.stdout!, child.stderr!]) stream.destroy();
    shell.close();
    iopub.close();
    connection.remove();
  };

  const ready = async (): Promise<unknown> => {
    for (;;) {
      // Repeated until the answer comes on both sockets: what is published before that is lost.
      const { reply, idle } = ask("kernel_info_request", {}, () => {});
      const content = await Promise.race([
        reply,
        new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 2000).unref()),
      ]);
      // A request sent before the kernel listens is never answered.
      if (content === undefined) continue;
      const heard = await Promise.race([
        idle.then(() => true),
        new Promise<boolean>((resolve) => setTimeout(resolve, 50, false)),
      ]);
      if (heard) return content.language_info;
    }
  };
  const compiled = (code: string): Promise<CompiledCell> =>
    compiler
      .compile(code)
      .catch((error: Error) => ({ meta: {}, failed: error.message }) satisfies CompiledCell);
  let timer: NodeJS.Timeout | undefined;
  try {
    const languageInfo = await Promise.race([
      ready(),
      died.then((how) => Promise.reject(new Error(`The notebook's kernel could not be started: ${how}`))),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new NoAnswer()), seconds * 1000);
      }),
    ]);
    return {
      pid: child.pid!,
      languageInfo,
      died,
      execute: async (code, listen) => {
        const cell = await compiled(code);
        const content = {
          code,
          compiled: cell,
          silent: false,
          store_history: true,
          user_expressions: {},
          allow_stdin: false,
        };
        const { reply, idle } = ask("execute_request", { ...content, stop_on_error: true }, listen);
        const answer = await reply;
        await idle;
        if (answer.status === "ok") compiler.ran(code, cell);
        return answer;
      },
      settle: async () => {
        const { reply, idle } = ask("kernel_info_request", {}, () => {});
        await reply;
        await idle;
      },
      interrupt: () => signalGroup(child, "SIGINT"),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
