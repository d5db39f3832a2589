import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "../../store/run";

// As in the facts of a call: a row's place in the order of the logs.
const placeOf = (of: string) => `coalesce(${of}.log_order, ${of}.ingest_id * 4294967296 + ${of}.line)`;

/** The relation of removed calls' ids with the place that each had in the order of the logs. */
export const keptOrder = "kept_order";

/** Notes the places of calls that are about to be removed, if these differ from the place of their line. */
export async function keepOrder(connection: DuckDBConnection, ids: readonly number[]): Promise<void> {
  await run(
    connection,
    `create or replace temp table ${keptOrder} as
     select call_id, ${placeOf("calls")} as place from calls
     where ingest_id in (${ids.join(", ")}) and call_id is not null and (log_order is not null or ingest_id <> ${Math.min(...ids)})`,
  );
}

/** The places of earlier calls that rows replace, as a relation like `keptOrder`. */
export const orderOfReplaced = (replaced: string) =>
  `(select old.call_id, ${placeOf("old")} as place from ${replaced})`;

/** The first place of calls that occur several times in one reading. */
export const orderOfTwice = (rows: string, ingest: string) =>
  `(select call_id, min((${ingest}) * 4294967296 + line) as place from ${rows}
    where call_id is not null group by call_id having count(*) > 1)`;

/** Gives calls of some ingests the places that their ids had before. */
export async function restoreOrder(
  connection: DuckDBConnection,
  ids: readonly number[],
  places: readonly string[],
): Promise<void> {
  if (places.length === 0) return;
  await run(
    connection,
    `update calls set log_order = before.place
     from (select call_id, min(place) as place from (${places.map((one) => `from ${one}`).join(" union all ")}) group by call_id) as before
     where calls.call_id = before.call_id and calls.ingest_id in (${ids.join(", ")}) and before.place < ${placeOf("calls")}`,
  );
}
