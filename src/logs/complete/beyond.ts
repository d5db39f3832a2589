import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { type Column, columnsOf, type FilledTable, filledTables } from "../../store/schema";
import { beyondSql } from "../records/canonical";
import { emptiedNames, isEssential } from "../records/essential";

/** One of the engine's row groups. */
const small = 122_880;

/**
 * Empties values beyond their column's bounds, and moves a row that is nothing without one to the rejects. Records are
 * checked when they are read, so such values are in a store that an earlier version filled, or that was written to
 * without an ingest.
 *
 * @returns the number of rows changed
 */
export async function emptyBeyond(connection: DuckDBConnection): Promise<number> {
  let moved = 0;
  const counts = filledTables.map((table) => `select '${table}' as name, count(*) as rows from ${table}`);
  const found = await rowsOf<{ name: string; rows: number }>(connection, counts.join(" union all "));
  const rows = Object.fromEntries(found.map((one) => [one.name, one.rows]));
  for (const table of filledTables) {
    if (rows[table] === 0) continue;
    const bounded = Object.entries(columnsOf(table)).filter(([, { bounds }]) => bounds !== undefined);
    const beyond = bounded.map(([name, column]) => beyondSql(column, quoteName(name)));
    // One at a time, each is answered from the column's block statistics; combined in one condition they are not, but
    // planning them takes longer than reading a small table.
    const parts = rows[table] < small ? [beyond.join(" or ")] : beyond;
    const [{ any }] = await rowsOf<{ any: boolean }>(
      connection,
      `select ${parts.map((one) => `exists (select 1 from ${table} where ${one})`).join(" or ")} as any`,
    );
    if (!any) continue;
    const isLost = bounded.map(([name]) => isEssential(table, name));
    const spare = bounded.flatMap(([name], at) => (isLost[at] ? [] : [{ name, fault: beyond[at] }]));
    moved += await rejectRows(
      connection,
      table,
      bounded.filter((_, at) => isLost[at]),
    );
    moved += await emptyColumns(connection, table, spare);
  }
  return moved;
}

async function emptyColumns(
  connection: DuckDBConnection,
  table: FilledTable,
  columns: readonly { name: string; fault: string }[],
): Promise<number> {
  if (columns.length === 0) return 0;
  const faults = columns.map(({ name, fault }) => [name, fault] as const);
  const emptied = columns.map(
    ({ name, fault }) => `${quoteName(name)} = case when ${fault} then null else ${quoteName(name)} end`,
  );
  return run(
    connection,
    `update ${table} set ${emptied.join(", ")}, emptied = concat_ws(', ', emptied, ${emptiedNames(faults)})
     where ${faults.map(([, fault]) => fault).join(" or ")}`,
  );
}

async function rejectRows(
  connection: DuckDBConnection,
  table: FilledTable,
  columns: readonly [string, Column][],
): Promise<number> {
  if (columns.length === 0) return 0;
  const beyond = columns.map(([name, column]) => beyondSql(column, quoteName(name)));
  const reasons = columns.map(
    ([name, { bounds = [] }], at) =>
      `case when ${beyond[at]} then '${table}.${name} must be from ${bounds[0]} to ${bounds[1]}, got ' || ${quoteName(name)} end`,
  );
  const where = beyond.map((one) => `coalesce(${one}, false)`).join(" or ");
  await run(
    connection,
    `insert into rejects select ingest_id, line, concat_ws('; ', ${reasons.join(", ")}), '' from ${table} where ${where}`,
  );
  await run(
    connection,
    `update ingests set rows = rows - gone.count, rejected = rejected + gone.count
     from (select ingest_id, count(*) as count from ${table} where ${where} group by ingest_id) as gone
     where ingests.ingest_id = gone.ingest_id`,
  );
  await run(
    connection,
    `insert into fates select ingest_id, unnest(['rows', 'rejected']), null, unnest([-count(*), count(*)])
     from ${table} where ${where} group by ingest_id`,
  );
  return run(connection, `delete from ${table} where ${where}`);
}
