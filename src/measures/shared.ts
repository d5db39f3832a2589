import { createHash } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { deserialize, serialize } from "node:v8";
import { namesAttached } from "../facts/attach";
import { isUnchanging, type Store } from "../store/open";
import { isAlive, scratch } from "../store/scratch";
import { writeWhole } from "../store/wholeFile";
import { sharedOptions } from "./options";

/** The environment variable that names the folder of results which processes over one store share. */
export const sharedVariable = "FIELDNOTES_SHARED";

/** Does work during which this process and those that it starts share results. */
export async function sharing<T>(work: () => Promise<T>): Promise<T> {
  const results = scratch();
  process.env[sharedVariable] = results.path;
  try {
    return await work();
  } finally {
    delete process.env[sharedVariable];
    results.remove();
  }
}

/** What options are when they are left out, of everything that is shared. */
const defaults: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(sharedOptions).map(([name, option]) => [name, option.default]),
);

/**
 * The result of some work over a store: computed once for all processes of a report, since its page and its notebooks
 * measure the same; elsewhere it is just done. Who asks while another process computes it waits.
 *
 * A result that was computed before, here or elsewhere, has no calls behind its rows.
 *
 * @param options all that the result depends on besides the store, as plain values; functions do not count
 */
export async function shared<T>(
  store: Store,
  name: string,
  options: object,
  work: () => Promise<T>,
): Promise<T> {
  const folder = process.env[sharedVariable];
  if (folder === undefined || !isUnchanging(store) || namesAttached(store).size > 0) return work();
  let file: string;
  let claim: string;
  try {
    file = join(folder, keyOf(name, store, options));
    claim = `${file}.claim`;
    while (!existsSync(file) && !claimed(claim)) {
      if (isAlive(ownerOf(claim))) await sleep(20);
      else rmSync(claim, { force: true });
    }
    // Its owner may have ended between the two looks.
    if (existsSync(file)) {
      rmSync(claim, { force: true });
      return deserialize(readFileSync(file)) as T;
    }
  } catch {
    // Without the folder, or room in it, everybody does the work; also without the store's file, which is open.
    return work();
  }
  try {
    const result = await work();
    written(file, result);
    return result;
  } finally {
    // After a failure, who waits fails by itself.
    rmSync(claim, { force: true });
  }
}

/** Writes a result for others, where there is room. */
function written(file: string, result: unknown): void {
  try {
    writeWhole(file, serialize(result));
  } catch {
    // They do the work themselves.
  }
}

function keyOf(name: string, store: Store, options: object): string {
  const given = Object.entries(options)
    .filter(([, value]) => value !== undefined && typeof value !== "function")
    .filter(([option, value]) => value !== defaults[option])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { size, mtimeMs } = statSync(store.path);
  const text = JSON.stringify([name, store.path, size, mtimeMs, given], (_, value) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** True if this process is now the one that computes a result. A link appears with its content, or not at all. */
function claimed(claim: string): boolean {
  const own = `${claim}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, claim);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** The process that computes a result; this one, if it has just been computed. */
function ownerOf(claim: string): number {
  try {
    return Number(readFileSync(claim, "utf8"));
  } catch {
    return process.pid;
  }
}
