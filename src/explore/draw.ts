import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type DrawUnit, drawnShare } from "../facts/drawn";
import { grouped, percent } from "../stats/text";
import { checkStore, open, type Store } from "../store/open";
import { run } from "../store/run";
import { scratchWithin } from "../store/scratch";
import { moveWhole } from "../store/wholeFile";
import { chosen, type Drawn, fill } from "./fillDrawn";

/** Options of a draw: how much of a log, and where to. */
export interface DrawOptions {
  /** The share of units, above 0 and up to 1. */
  share: number;
  /** Path of the store to create. */
  out: string;
  /** The unit that is drawn whole. Default: "user". */
  unit?: DrawUnit;
  /** Refuse to draw more calls than this. */
  maxRows?: number;
  /** Called with the number of rows to come, before any is fetched. */
  onEstimate?: (counts: Drawn) => void;
  /** Called with the rows fetched so far and the total. */
  onProgress?: (rows: number, of: number) => void;
}

/**
 * Draws a share of a log's users, with all their calls, tasks and scores, into a separate store: for questions that
 * need rows, on a log too large for one machine.
 *
 * A user is drawn by md5 of the id, so the same users are drawn from every engine, and a larger share includes those of
 * a smaller one. A call without the id goes with its task, and a task with its user if one of its calls names the user;
 * otherwise it is drawn alone. The store records its share, and every table from it says so. The store appears only
 * when complete: an interrupted draw leaves nothing behind.
 *
 * @param store an open store, or the result of `connect`
 * @returns how many units, calls, tasks and scores it holds
 * @throws RangeError for an invalid share or unit, more rows than `maxRows`, or a store that is itself a draw
 * @example
 * const store = await openDemo();
 * const out = `drawn-${process.pid}.duckdb`;
 * const { units } = await draw(store, { share: 0.1, out });
 * await (await import("node:fs/promises")).rm(out);
 * units // 245
 */
export async function draw(store: Store, options: DrawOptions): Promise<Drawn> {
  const { share, out, unit = "user", maxRows = Number.POSITIVE_INFINITY } = checked(store, options);
  const connection = await store.connect();
  const file = resolve(out);
  const folder = scratchWithin(dirname(file));
  try {
    if ((await drawnShare(connection)) !== undefined)
      throw new RangeError(
        `draw requires a whole log, and ${store.path} is itself a draw; draw from its source`,
      );
    const counts = await chosen(connection, { share, unit });
    options.onEstimate?.(counts);
    if (counts.calls > maxRows)
      throw new RangeError(
        `draw requires at most ${grouped(maxRows)} calls (maxRows), and ${percent(share, 2)} of the ${unit}s have ${grouped(counts.calls)}; take a smaller share, such as ${roundedDown((share * maxRows) / counts.calls)}`,
      );
    const part = join(folder.path, "drawn.duckdb");
    const drawn = await open(part);
    try {
      await fill(drawn, {
        connection,
        store,
        share,
        unit,
        folder: folder.path,
        counts,
        onProgress: options.onProgress,
      });
      await run(drawn.connection, "checkpoint");
    } finally {
      drawn.close();
    }
    if (existsSync(file)) throw new RangeError(`draw requires a new store, and ${out} now exists`);
    moveWhole(part, file);
    return counts;
  } finally {
    folder.remove();
    connection.closeSync();
  }
}

/** To one digit. */
function roundedDown(share: number): number {
  const digit = 10 ** Math.floor(Math.log10(share));
  return Number((Math.floor(share / digit) * digit).toPrecision(1));
}

function checked(store: Store, options: DrawOptions): DrawOptions {
  checkStore("draw", store);
  const { share, out, unit = "user", maxRows } = options;
  if (!(share > 0 && share <= 1))
    throw new RangeError(`draw requires a share above 0 and up to 1, such as 0.01, got ${String(share)}`);
  const units: readonly string[] = ["user", "conversation", "task", "prompt"];
  if (!units.includes(unit))
    throw new RangeError(`draw requires a unit of ${units.join(", ")}, got "${unit}"`);
  if (maxRows !== undefined && !(maxRows >= 1))
    throw new RangeError(`draw requires maxRows of at least 1, got ${String(maxRows)}`);
  if (typeof out !== "string" || out === "" || out === ":memory:")
    throw new RangeError(`draw requires a file for the store that it makes (out), got ${String(out)}`);
  if (existsSync(out))
    throw new RangeError(`draw requires a new store, and ${out} exists: name another, or remove it`);
  if (!existsSync(dirname(resolve(out))))
    throw new RangeError(`draw requires an existing folder, got ${dirname(resolve(out))}; create it first`);
  return options;
}
