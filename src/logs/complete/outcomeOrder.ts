import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { didYouMean } from "../../store/nearest";
import { rowsOf, run } from "../../store/run";

/**
 * Stores whose outcome of a task counts where files disagree: names of files, patterns of them ("tickets-*.csv") or
 * formats, the most trusted first. It replaces an earlier order.
 *
 * @returns an error for a name that no file of the store has; the order then stays as it was
 */
export async function storeOutcomeOrder(
  connection: DuckDBConnection,
  sources: readonly string[],
): Promise<RangeError | undefined> {
  const known = await rowsOf<{ path: string; format: string }>(
    connection,
    "select distinct path, format from ingests order by path",
  );
  const unused = await rowsOf<{ source: string }>(
    connection,
    `select source from (select unnest(from_json($sources::json, '["VARCHAR"]')) as source)
     where not exists (select 1 from ingests where parse_filename(path) glob source or format = source)`,
    { sources: JSON.stringify(sources) },
  );
  if (unused.length === 0) {
    await run(
      connection,
      `delete from outcome_order;
       insert into outcome_order
       select unnest(generate_series(1, len(names))) as place, unnest(names) as source
       from (select from_json('${JSON.stringify(sources).replaceAll("'", "''")}'::json, '["VARCHAR"]') as names)`,
    );
    return undefined;
  }
  const names = [...new Set(known.flatMap(({ path, format }) => [basename(path), format]))];
  const [{ source }] = unused;
  return new RangeError(
    `outcomesFrom requires files or formats of the store, got "${source}"${didYouMean(source, names) || `; there are ${names.slice(0, 20).join(", ")}`}`,
  );
}
