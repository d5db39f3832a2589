import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import type { Reading } from "../records/format";
import type { Filled } from "./fill";

/** A record that is not taken, and what was lost of it. */
export interface Bad {
  /** Its number among the records, from 1. */
  record: number;
  /** Its line in the file as the user has it. */
  line: number;
  unreadable: boolean;
  /** Masks of the leaves and of the columns that were lost. */
  lost: bigint;
  lostColumns: bigint;
  /** Mask of the lists of which something was lost; the rest of the record is taken. */
  lostElements: bigint;
}

/**
 * Makes the temporary views `numbered` and `good` over the stage, where every row has its record's line, and
 * returns the bad records in order.
 *
 * @param header lines that the file's header counts as: 1 of a delimited file, else 0
 */
export async function numberRecords(
  connection: DuckDBConnection,
  reading: Reading,
  filled: Filled,
  header: 0 | 1,
): Promise<Bad[]> {
  // A window over the whole stage is worth keeping; a row's own number is not.
  const [record, kind] =
    reading.unnest === undefined
      ? ["rowid + 1", "view"]
      : ["sum(first::int) over (order by rowid rows unbounded preceding)::bigint", "table"];
  await run(
    connection,
    `create or replace temp ${kind} counted as select ${record} as record, rowid as place, * from stage`,
  );
  // Readers pass over some lines: line b with i such lines before it stands before record b - i (and the header).
  const before = filled.skipped.map((b, i) => b - i - header);
  if (before.length === 0) {
    await run(
      connection,
      `create or replace temp view numbered as select record + ${header} as line, * from counted`,
    );
  } else {
    await run(
      connection,
      `create or replace temp table passed as
       select max(n) as lines, first from (select unnest(from_json($before::json, '["BIGINT"]')) as first,
         unnest(range(1, $many + 1)) as n) group by first order by first`,
      { before: JSON.stringify(before), many: before.length },
    );
    await run(
      connection,
      `create or replace temp view numbered as select record + ${header} + coalesce(lines, 0) as line, counted.*
       from counted asof left join passed on counted.record >= passed.first`,
    );
  }
  const isGood = filled.clean ? "" : " where not unreadable and lost = 0 and lost_columns = 0";
  await run(connection, `create or replace temp view good as select * from numbered${isGood}`);
  return filled.clean ? [] : badRecords(connection);
}

async function badRecords(connection: DuckDBConnection): Promise<Bad[]> {
  const rows = await rowsOf<
    Omit<Bad, "lost" | "lostColumns" | "lostElements"> &
      Record<"lost" | "lostColumns" | "lostElements", string>
  >(
    connection,
    `select record, any_value(line) as line, bool_or(unreadable) as unreadable, bit_or(lost)::varchar as lost,
            bit_or(lost_columns)::varchar as "lostColumns", bit_or(lost_elements)::varchar as "lostElements"
     from numbered where unreadable or lost <> 0 or lost_columns <> 0 or lost_elements <> 0 group by record order by record`,
  );
  return rows.map((row) => ({
    ...row,
    lost: BigInt(row.lost),
    lostColumns: BigInt(row.lostColumns),
    lostElements: BigInt(row.lostElements),
  }));
}

/** How many records the stage holds, and how many rows they gave. */
export async function recordCount(
  connection: DuckDBConnection,
  clean: boolean,
): Promise<{ records: number; rows: number }> {
  const rows = clean ? "count(*)" : "count(*) filter (not unreadable)";
  const [counts] = await rowsOf<{ records: number; rows: number }>(
    connection,
    `select coalesce(max(record), 0) as records, ${rows} as rows from counted`,
  );
  return counts;
}
