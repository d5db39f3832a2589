import { parquetScheme } from "../engines/parquet";
import { drawWay } from "../engines/refused";
import type { Diagnosis } from "../measures/diagnosis";
import type { Store } from "../store/open";

/** Where the calls of a report stay, if they are not in a store: an engine's address, without user and password. */
export function engineOfReport({ engine, path }: Pick<Store, "engine" | "path">): string | undefined {
  if (engine !== undefined) return `${engine}, ${path}`;
  return path.startsWith(parquetScheme) ? `Parquet files, ${path.slice(parquetScheme.length)}` : undefined;
}

/** Says what such a report leaves out, and how to have it. */
export const engineNote = (where: string): string =>
  `Measured on ${where}, where the calls stay. The notebooks and lists of single calls need the rows of a store and are left out. ` +
  "To have them, copy whole users into a store with fieldnotes draw --engine URL --share 0.01 --out drawn.duckdb, and report on that with fieldnotes report --db drawn.duckdb.";

/** What could not be measured, with the way to have it said once, by the note. */
export const withoutWay = ({ cannot }: Pick<Diagnosis, "cannot">): Diagnosis["cannot"] =>
  cannot.map(({ measure, why }) => ({ measure, why: why.replace(`; ${drawWay}`, "") }));
