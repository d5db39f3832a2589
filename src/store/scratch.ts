import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

// A folder's name says whose it is, so that it can be told from the moment it is there.
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const scratchName = /^\.?fieldnotes-([0-9a-f]{8})-(\d+)-\w{6}$/;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const ours = new Set<string>();

/** A folder that is gone when the work is done, or the process is ended by a signal. */
export interface Scratch {
  path: string;
  /** Takes it away with all that is in it. */
  remove(): void;
}

/**
 * Makes a folder for what is needed meanwhile; those that processes of this machine left behind in the same place, since
 * they were killed, are taken away.
 */
export function scratch(parent = tmpdir()): Scratch {
  const path = made(parent, "");
  if (ours.size === 0) {
    process.on("exit", removeAll);
    for (const signal of signals) process.on(signal, onSignal);
  }
  ours.add(path);
  return { path, remove: () => remove(path) };
}

/**
 * The same, hidden in the folder where its files will be moved to, for work that listens to no signal: its process ends
 * as it always does, and the next one takes the folder away.
 */
export function scratchWithin(parent: string): Scratch {
  const path = made(parent, ".");
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function made(parent: string, hidden: string): string {
  sweep(parent);
  return mkdtempSync(join(parent, `${hidden}fieldnotes-${host}-${process.pid}-`));
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
  ours.delete(path);
  if (ours.size > 0) return;
  process.off("exit", removeAll);
  for (const signal of signals) process.off(signal, onSignal);
}

/** Takes away every folder of this process, where it cannot come to its end. */
export function removeAll(): void {
  for (const path of ours) remove(path);
}

// Whoever else listens, such as a notebook's kernel, decides what a signal means.
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.kill(process.pid, signal);
}

/** Takes away what killed processes of this machine, and of this user, left in a folder. */
export function sweep(parent: string): void {
  for (const name of namesIn(parent)) {
    const [, of, pid] = scratchName.exec(name) ?? [];
    if (of !== host || isAlive(Number(pid))) continue;
    const path = join(parent, name);
    try {
      const stat = lstatSync(path);
      if (stat.isDirectory() && stat.uid === process.getuid?.())
        rmSync(path, { recursive: true, force: true });
    } catch {
      // Another process was faster, or it is not ours to take away.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
