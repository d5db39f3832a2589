import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { built } from "../dist";

const main = join(built(), "cli", "main.js");

/** What came of one run of the command. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the built command in a process of its own. */
export function fieldnotes(args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { cwd, maxBuffer: 1 << 26, env: { ...process.env, FIELDNOTES_DEBUG: "" } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? Number.NaN), stdout, stderr }),
    );
  });
}

/** Runs it with --json and reads what it prints. */
// biome-ignore lint/suspicious/noExplicitAny: every command prints a shape of its own
export async function json(args: readonly string[], cwd: string): Promise<any> {
  const { code, stdout, stderr } = await fieldnotes([...args, "--json"], cwd);
  if (code !== 0) throw new Error(`fieldnotes ${args.join(" ")} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** A folder that is gone when the tests are done. */
export function folder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "fieldnotes-cli-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
