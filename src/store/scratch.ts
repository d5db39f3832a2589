import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

// The folder's name says which process owns it, so that the owner is known from the moment it exists.
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const scratchName = /^\.?fieldnotes-([0-9a-f]{8})-(\d+)-\w{6}$/;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const ours = new Set<string>();

/** A folder that is removed when the work is done, or when a signal ends the process. */
export interface Scratch {
  path: string;
  /** Removes it with everything in it. */
  remove(): void;
}

/**
 * Makes a folder for temporary files, and removes those that killed processes of this machine left in the same
 * place.
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
 * The same, hidden in the folder where its files will be moved to, for work that handles no signals: its process
 * simply ends, and the next one removes the folder.
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

/** Removes every folder of this process, if the process cannot end normally. */
export function removeAll(): void {
  for (const path of ours) remove(path);
}

// Other listeners, such as a notebook's kernel, decide what a signal means.
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.kill(process.pid, signal);
}

/** Removes what killed processes of this machine and this user left in a folder. */
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
      // Another process was faster, or the folder is not ours to remove.
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

/** True if there is a process of this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
