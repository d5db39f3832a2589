import { existsSync, linkSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isUnmade } from "./magic";

// How often this process has each file open.
export const openHere = new Map<string, number>();
export const countOpen = (file: string, more: 1 | -1) => openHere.set(file, (openHere.get(file) ?? 0) + more);

/**
 * Removes a store that a killed process left without anything in it, so that it can be made again. One that a living
 * process is making, however slowly, stays.
 *
 * @throws if it is only to be read
 */
export async function removeUnmade(path: string, file: string, readOnly: boolean): Promise<void> {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before === undefined || !isUnmade(file)) return;
  // Another process may be about to make it, and has not locked it yet.
  await wait(500);
  if (!isUnmade(file) || (await isHeld(file))) return;
  if (readOnly)
    throw new Error(
      `open ${path}: it is empty, as a command leaves it that is killed at once; make it with: fieldnotes ingest FILE`,
    );
  takeAway(file, before.ino);
}

/** True if another process has a database open: the engine looks for its lock before anything else. */
async function isHeld(file: string): Promise<boolean> {
  const { DuckDBInstance } = require("@duckdb/node-api") as typeof import("@duckdb/node-api");
  try {
    (await DuckDBInstance.create(file, { access_mode: "READ_ONLY" })).closeSync();
    return false;
  } catch (error) {
    return /lock/i.test((error as Error).message);
  }
}

/**
 * Removes a file if it is still the one that was looked at: it is moved aside first, in one step, since another process
 * may have made a store in its place by now.
 */
export function takeAway(file: string, ino: number): void {
  const aside = `${file}.${process.pid}.unmade`;
  try {
    renameSync(file, aside);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (statSync(aside).ino !== ino || !isUnmade(aside)) {
    putBack(aside, file);
  } else rmSync(aside);
}

/** Moves a file to where it was; if there is another by now, both stay. */
function putBack(aside: string, file: string): void {
  try {
    // Fails, where a move would not, if there is one.
    linkSync(aside, file);
    rmSync(aside);
  } catch {
    if (existsSync(file))
      throw new Error(
        `open ${file}: two processes made a store here at once; the one made first is now ${aside}: keep the one that you need`,
      );
    // A file system without links.
    renameSync(aside, file);
  }
}

/** Removes what the engine of a killed process moved out of memory, beside a store that nothing else writes. */
export function takeLeftovers(file: string): void {
  const folder = `${file}.tmp`;
  try {
    for (const name of readdirSync(folder))
      if (spilled.test(name)) rmSync(join(folder, name), { force: true });
    // Fails if anything else is in it.
    rmdirSync(folder);
  } catch {
    // There is none, or it holds files of others.
  }
}

/**
 * The engine's names for what it moves out of memory into the folder STORE.tmp: files of blocks of one size, such as
 * "duckdb_temp_storage_S32K-0.tmp", and larger blocks alone.
 */
const spilled = /^duckdb_temp_(storage_(DEFAULT|S(32|64|96|128|160|192|224)K)-\d+\.tmp|block-\d+\.block)$/;
