import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/run";
import type { Reading } from "../records/format";
import type { Filled } from "./fill";

/** A rejected record, and what was lost of it. */
export interface Bad {
  /** Its number among the records, from 1. */
  record: number;
  /** Its line in the user's file. */
  line: number;
  unreadable: boolean;
  /** Masks of the lost leaves and columns. */
  lost: bigint;
  lostColumns: bigint;
  /** Mask of the lists that lost something; the rest of the record is kept. */
  lostElements: bigint;
}

/** The bad records of a file. */
export interface BadRecords {
  count: number;
  /** Of these, the first ones in order, which are examined one by one. */
  looked: readonly Bad[];
}

/** A file with more damage has one fault, rather than as many as records. */
export const mostLooked = { records: 100_000 };

const noneBad: BadRecords = { count: 0, looked: [] };

/**
 * Makes the temporary views `numbered` and `accepted` over the stage, which add each row's file number and its
 * record's line, and returns the bad records.
 *
 * @param starts how many lines precede each file
 * @param header lines that the file's header counts as: 1 for a delimited file, else 0
 */
export async function numberRecords(
  connection: DuckDBConnection,
  reading: Reading,
  filled: Filled,
  starts: readonly number[],
  header: 0 | 1,
): Promise<BadRecords> {
  let counted = "(select rowid + 1 as record, rowid as place, * from stage)";
  if (reading.unnest !== undefined) {
    // A window over the whole stage is worth storing.
    const record = "sum(first::int) over (order by rowid rows unbounded preceding)::bigint";
    await run(
      connection,
      `create or replace temp table counted as select ${record} as record, rowid as place, * from stage`,
    );
    counted = "counted";
  }
  // Readers skip some lines: line b with i such lines before it comes before record b - i (and the header).
  const before = filled.skipped.map((b, i) => b - i - header);
  let lines = `select record + ${header} as line, * from ${counted}`;
  if (before.length > 0) {
    await run(
      connection,
      `create or replace temp table passed as
       select max(n) as lines, first from (select unnest(from_json($before::json, '["BIGINT"]')) as first,
         unnest(range(1, $many + 1)) as n) group by first order by first`,
      { before: JSON.stringify(before), many: before.length },
    );
    lines = `select record + ${header} + coalesce(lines, 0) as line, records.*
      from ${counted} as records asof left join passed on record >= passed.first`;
  }
  let numbered = `select 0 as file, * from (${lines})`;
  if (starts.length > 1) {
    await run(
      connection,
      `create or replace temp table start as select unnest(from_json($starts::json, '["BIGINT"]')) as before,
         unnest(range(0, $many)) as file`,
      { starts: JSON.stringify(starts), many: starts.length },
    );
    await run(
      connection,
      `create or replace temp table placed as select file, line - before as line, lined.* exclude (line)
       from (${lines}) as lined asof join start on line > before`,
    );
    numbered = "select * from placed";
  }
  await run(connection, `create or replace temp view numbered as ${numbered}`);
  const isAccepted = filled.clean ? "" : " where not unreadable";
  await run(connection, `create or replace temp view accepted as select * from numbered${isAccepted}`);
  return filled.clean ? noneBad : badRecords(connection);
}

/**
 * Leaves only the rows of some files in the view `accepted`, and renumbers these files; for files without bad
 * records.
 */
export async function keepFiles(connection: DuckDBConnection, files: readonly number[]): Promise<void> {
  await run(
    connection,
    `create or replace temp view accepted as
     select * replace (list_position([${files.join(", ")}], file) - 1 as file) from numbered where file in (${files.join(", ")})`,
  );
}

const badSql = `select record, any_value(line) as line, bool_or(unreadable) as unreadable, bit_or(lost)::varchar as lost,
    bit_or(lost_columns)::varchar as "lostColumns", bit_or(lost_elements)::varchar as "lostElements"
  from numbered where unreadable or lost <> 0 or lost_columns <> 0 or lost_elements <> 0 group by record`;

/** SQL for the lines of the bad records that are not examined one by one. */
export const notLooked = ({ looked }: BadRecords) =>
  `select line from (${badSql}) where record > ${looked.at(-1)?.record ?? 0}`;

async function badRecords(connection: DuckDBConnection): Promise<BadRecords> {
  const most = mostLooked.records;
  const rows = await rowsOf<
    Omit<Bad, "lost" | "lostColumns" | "lostElements"> &
      Record<"lost" | "lostColumns" | "lostElements", string>
  >(connection, `${badSql} order by record limit ${most}`);
  const looked = rows.map((row) => ({
    ...row,
    lost: BigInt(row.lost),
    lostColumns: BigInt(row.lostColumns),
    lostElements: BigInt(row.lostElements),
  }));
  if (looked.length < most) return { count: looked.length, looked };
  const [{ count }] = await rowsOf<{ count: number }>(
    connection,
    `select count(*) as count from (${badSql})`,
  );
  return { count, looked };
}

/** How many records a file has, and how many rows they gave. */
export interface RecordCounts {
  file: number;
  records: number;
  rows: number;
}

/** Counts the records of each file that has any. */
export async function recordCounts(
  connection: DuckDBConnection,
  { unnest }: Reading,
  clean: boolean,
): Promise<RecordCounts[]> {
  const records = unnest === undefined ? "count(*)" : "count(*) filter (first)";
  const rows = clean ? "count(*)" : "count(*) filter (not unreadable)";
  return rowsOf<RecordCounts>(
    connection,
    `select file, ${records} as records, ${rows} as rows from numbered group by file`,
  );
}
