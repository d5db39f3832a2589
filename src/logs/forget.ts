import { basename, resolve } from "node:path";
import { checkWritable, type Store } from "../store/open";
import { rowsOf } from "../store/run";
import { transaction } from "../store/transaction";
import { inTurn } from "../store/turn";
import { complete, markUncompleted } from "./complete/complete";
import { markReplaced, rowsLeft, takeOut } from "./load/ledger";
import type { RowCounts } from "./load/options";

/** A file whose rows were removed from the store. */
export interface Forgotten extends RowCounts {
  /** The number of its ingest. */
  ingest: number;
  path: string;
  format: string;
  rejected: number;
  /** Files that had rows replaced by this one or another that is forgotten with it: ingest them again to have these back. */
  again: string[];
}

/**
 * Removes everything a file brought from the store. What was derived with its help (names, users, retries, prices)
 * is derived again from the rest. Rows that its rows had replaced come back when their files, named in `again`, are ingested
 * again.
 *
 * @param what a file that was ingested, by its path or its name; or the number of an ingest, as in the table
 * ingests
 * @returns one row per ingest, with the rows it had in the store
 * @throws if nothing in the store has that name or number, or files of several folders have the name
 * @example
 * const store = await open(":memory:");
 * await ingest(store, "data/demo/prices.csv");
 * const gone = await forget(store, "prices.csv");
 * gone.length // 1
 */
export async function forget(store: Store, what: string | number): Promise<Forgotten[]> {
  checkWritable("forget", store);
  return inTurn(store, async () => {
    const found = await ingestsOf(store, String(what));
    const left = await rowsLeft(
      store.connection,
      found.map(({ ingest }) => ingest),
    );
    let again: string[] = [];
    await transaction(store.connection, async () => {
      again = await markReplaced(
        store.connection,
        found.map(({ ingest }) => ingest),
      );
      for (const { ingest } of found) await takeOut(store.connection, ingest);
      await markUncompleted(store.connection, { takenOut: true });
    });
    await complete(store.connection);
    return found.map((one) => ({
      ...one,
      ...(left.get(one.ingest) as RowCounts & { rejected: number }),
      again,
    }));
  });
}

type Named = Pick<Forgotten, "ingest" | "path" | "format">;

async function ingestsOf(store: Store, what: string): Promise<Named[]> {
  const all = await rowsOf<Named>(
    store.connection,
    "select ingest_id as ingest, path, format from ingests order by ingest_id",
  );
  const whole = all.filter(({ path }) => path === what || resolve(path) === resolve(what));
  if (whole.length > 0) return whole;
  const named = all.filter(({ path }) => basename(path) === what);
  const paths = [...new Set(named.map(({ path }) => path))];
  if (paths.length > 1)
    throw new RangeError(
      `forget requires one file, and ${what} is the name of ${paths.length}: ${shown(named)}. Give its path or the ingest's number`,
    );
  if (named.length > 0) return named;
  const numbered = all.filter(({ ingest }) => String(ingest) === what);
  if (numbered.length > 0) return numbered;
  throw new RangeError(
    all.length === 0
      ? `forget ${what}: the store holds nothing yet`
      : `forget requires a file or an ingest of this store, got ${what}; it holds ${shown(all)}`,
  );
}

const mostShown = 8;

function shown(ingests: readonly Named[]): string {
  const some = ingests.slice(0, mostShown).map(({ ingest, path }) => `${ingest} ${path}`);
  const rest = ingests.length - mostShown;
  return some.join(", ") + (rest > 0 ? `, and ${rest} more` : "");
}
