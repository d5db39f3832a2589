import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import { quoteName } from "../../store/quote";
import type { FilledTable } from "../../store/schema";
import type { Reading, Target } from "../records/format";
import { sameSource, type Way } from "./ledger";
import { essential, insertSql, keys } from "./load";
import { targetRows } from "./stage";

/** What came of one target from one of the files. */
export interface LoadedFrom {
  ingest: number;
  table: FilledTable;
  rows: number;
  replaced: number;
}

/**
 * Moves the rows of many files' stage into the canonical tables, where the view `good` tells the ingest of each. A row
 * whose id came before takes the earlier one's place, as if the files had been read one after the other.
 */
export async function loadTogether(
  connection: DuckDBConnection,
  reading: Reading,
  earlier: Way | undefined,
): Promise<LoadedFrom[]> {
  const loaded: LoadedFrom[] = [];
  const madeId = `ingest || ':' || line${reading.unnest === undefined ? "" : " || ':' || place"}`;
  for (const [number, target] of reading.targets.entries()) {
    const all = `(${targetRows(target, number, true, "line, place, ingest")})`;
    loaded.push(...(await brought(connection, target, all)));
    const rows = lastOnes(target, all);
    if (earlier !== undefined) loaded.push(...(await replacedRows(connection, target, rows, earlier)));
    await run(connection, insertSql(target, rows, "ingest", madeId));
  }
  return loaded;
}

// What makes two rows the same thing; undefined where the reading gives it no id.
function idOf({ table, columns }: Target): string[] | undefined {
  return Object.hasOwn(columns, essential[table])
    ? keys[table].filter((column) => Object.hasOwn(columns, column))
    : undefined;
}

// The ingest of the row that takes a row's place. Scores of one file stand beside one another.
function nextOf({ table }: Target, id: readonly string[]): string {
  const same = `partition by ${id.map(quoteName).join(", ")}`;
  return table === "benchmarks"
    ? `min(ingest) over (${same} order by ingest range between 1 following and unbounded following)`
    : `lead(ingest) over (${same} order by place)`;
}

function lastOnes(target: Target, rows: string): string {
  const id = idOf(target);
  if (id === undefined) return rows;
  return `(select * from ${rows} qualify ${quoteName(essential[target.table])} is null or ${nextOf(target, id)} is null)`;
}

/** The rows of each file, and those of files before it that they take the place of. */
async function brought(connection: DuckDBConnection, target: Target, rows: string): Promise<LoadedFrom[]> {
  const { table } = target;
  const id = idOf(target);
  const next =
    id === undefined
      ? "null::bigint"
      : `case when ${quoteName(essential[table])} is not null then ${nextOf(target, id)} end`;
  return rowsOf<LoadedFrom>(
    connection,
    `with told as (select ingest, ${next} as next from ${rows})
     select ingest, '${table}' as "table", count(*) filter (next is distinct from ingest) as rows, 0 as replaced
     from told group by ingest
     union all select next, '${table}', 0, count(*) from told where next is not null group by next`,
  );
}

async function replacedRows(
  connection: DuckDBConnection,
  target: Target,
  rows: string,
  earlier: Way,
): Promise<LoadedFrom[]> {
  const { table } = target;
  const id = idOf(target);
  if (id === undefined) return [];
  const same = id.map((c) => `old.${quoteName(c)} is not distinct from new.${quoteName(c)}`).join(" and ");
  const where = `old.ingest_id in (${sameSource}) and ${same} and new.${quoteName(essential[table])} is not null`;
  const replaced = await rowsOf<LoadedFrom>(
    connection,
    `select new.ingest as ingest, '${table}' as "table", 0 as rows, count(*) as replaced
     from ${table} as old, ${rows} as new where ${where} group by all`,
    { ...earlier },
  );
  if (replaced.length > 0)
    await run(connection, `delete from ${table} as old using ${rows} as new where ${where}`, { ...earlier });
  return replaced;
}
