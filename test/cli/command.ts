import { AsyncLocalStorage } from "node:async_hooks";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../src/cli/main";
import { built } from "../dist";

/** The result of one run of the command. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Collects the output of the running command; the test reporter writes to the same streams and is let through. */
const written = new AsyncLocalStorage<Outcome>();
for (const name of ["stdout", "stderr"] as const) {
  const stream = process[name];
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
  stream.write = ((text: string | Uint8Array, ...rest: unknown[]) => {
    const outcome = written.getStore();
    if (outcome === undefined) return write(text, ...rest);
    outcome[name] += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
    const done = rest.at(-1);
    if (typeof done === "function") done();
    return true;
  }) as typeof stream.write;
}

let running: Promise<unknown> = Promise.resolve();

/**
 * Runs the command as main.ts does, but in this process, since a new one takes half a second to start. One at a time,
 * because the working folder and the environment belong to the process.
 */
export function fieldnotes(args: readonly string[], cwd: string): Promise<Outcome> {
  const outcome = running.then(() => runHere(args, cwd));
  running = outcome.catch(() => {});
  return outcome;
}

async function runHere(args: readonly string[], cwd: string): Promise<Outcome> {
  const outcome: Outcome = { code: 0, stdout: "", stderr: "" };
  const before = { folder: process.cwd(), environment: { ...process.env }, code: process.exitCode };
  process.chdir(cwd);
  process.env.FIELDNOTES_DEBUG = "";
  process.exitCode = undefined;
  try {
    await written.run(outcome, () => main(args));
    outcome.code = Number(process.exitCode ?? 0);
  } finally {
    process.chdir(before.folder);
    for (const name of Object.keys(process.env)) if (!(name in before.environment)) delete process.env[name];
    Object.assign(process.env, before.environment);
    process.exitCode = before.code;
  }
  return outcome;
}

/** The built command's file. */
export const program = (): string => join(built(), "cli", "main.js");

/** Runs the built command in a process of its own, as a user does. */
export function fieldnotesProcess(args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program(), ...args],
      { cwd, maxBuffer: 1 << 26, env: { ...process.env, FIELDNOTES_DEBUG: "" } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? Number.NaN), stdout, stderr }),
    );
  });
}

function jsonOf(run: typeof fieldnotes) {
  // biome-ignore lint/suspicious/noExplicitAny: every command prints a shape of its own
  return async (args: readonly string[], cwd: string): Promise<any> => {
    const { code, stdout, stderr } = await run([...args, "--json"], cwd);
    if (code !== 0) throw new Error(`fieldnotes ${args.join(" ")} ended with ${code}: ${stderr || stdout}`);
    return JSON.parse(stdout);
  };
}

/** Runs it with --json and reads what it prints. */
export const json = jsonOf(fieldnotes);
export const jsonProcess = jsonOf(fieldnotesProcess);

/** A folder that is removed when the tests are done. */
export function folder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "fieldnotes-cli-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
