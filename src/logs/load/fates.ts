import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/run";
import type { Reading } from "../records/format";
import { type Fates, noFates } from "./options";
import { keepsSql, kindColumn, leftSql } from "./stage";

/**
 * The outcome of each file's records: every record has exactly one. A record in rejects counts there, even if the
 * rest of it was taken; one whose every row another of its file replaces counts as repeated.
 *
 * @param superseded targets with some rows repeated: `superseded_N` names them by their places in the stage
 */
export async function fatesOf(
  connection: DuckDBConnection,
  { targets }: Reading,
  clean: boolean,
  files: number,
  superseded: ReadonlySet<number>,
): Promise<Fates[]> {
  const keeps = targets.map((target, number) => keepsSql(target, number, clean));
  const taken = keeps.map((keep, number) =>
    superseded.has(number) ? `(${keep} and place not in (from superseded_${number}))` : keep,
  );
  const any = (conditions: readonly string[]) =>
    conditions.length === 0 ? "false" : conditions.join(" or ");
  const rejected = clean ? "false" : leftSql;
  const rows = await rowsOf<{ file: number; fate: keyof Fates; kind: string | null; records: number }>(
    connection,
    `select file, fate, case when fate = 'nothing' then coalesce(kind, 'other') end as kind, count(*)::double as records
     from (select file, ${kindColumn} as kind, case when ${rejected} then 'rejected' when ${any(taken)} then 'rows'
         when ${any(keeps)} then 'twice' else 'nothing' end as fate
       from ${files === 1 ? "numbered" : "accepted"})
     group by all order by records desc, kind`,
  );
  const fates = Array.from({ length: files }, noFates);
  for (const { file, fate, kind, records } of rows) {
    const of = fates[file];
    of.read += records;
    if (fate === "nothing") of.nothing[kind ?? "other"] = records;
    else if (fate !== "read") of[fate] += records;
  }
  return fates;
}

/** Stores the outcome of the records of an ingest. */
export async function keepFates(
  connection: DuckDBConnection,
  ingests: readonly { id: number; fates: Fates }[],
): Promise<void> {
  const rows = ingests.flatMap(({ id, fates: { rows, twice, rejected, nothing } }) => [
    ...Object.entries({ rows, twice, rejected }).map(([fate, records]) => ({
      id,
      fate,
      kind: null,
      records,
    })),
    ...Object.entries(nothing).map(([kind, records]) => ({ id, fate: "nothing", kind, records })),
  ]);
  await run(
    connection,
    `insert into fates select one.id, one.fate, one.kind, one.records
     from (select unnest(from_json($rows::json, '[{"id":"BIGINT","fate":"VARCHAR","kind":"VARCHAR","records":"BIGINT"}]')) as one)`,
    { rows: JSON.stringify(rows.filter(({ records }) => records > 0)) },
  );
}

/** The outcome of the records of earlier ingests, by their ids; of all if no ids are given. */
export async function earlierFates(
  connection: DuckDBConnection,
  ids?: readonly number[],
): Promise<Map<number, Fates>> {
  const found = new Map<number, Fates>();
  if (ids?.length === 0) return found;
  const some =
    ids === undefined ? "" : `where ingest_id in (select unnest(from_json($ids::json, '["BIGINT"]')))`;
  const rows = await rowsOf<{
    id: number;
    fate: "rows" | "twice" | "rejected" | "nothing";
    kind: string | null;
    records: number;
  }>(
    connection,
    `select ingest_id as id, fate, kind, sum(records)::double as records from fates ${some}
     group by all order by records desc, kind`,
    { ids: JSON.stringify(ids ?? []) },
  );
  for (const { id, fate, kind, records } of rows) {
    const of = found.get(id) ?? noFates();
    found.set(id, of);
    of.read += records;
    if (fate === "nothing") of.nothing[kind ?? "other"] = records;
    else of[fate] += records;
  }
  return found;
}

/**
 * The outcome of the records of every file of a store, in the order of ingest; nothing for a file that an earlier
 * version read.
 */
export async function recordsOfFiles(
  connection: DuckDBConnection,
): Promise<({ path: string; format: string } & Fates)[]> {
  const files = await rowsOf<{ id: number; path: string; format: string; known: boolean }>(
    connection,
    `select ingest_id as id, path, format, (select count(*) > 0 from duckdb_tables() where table_name = 'fates') as known
     from ingests order by ingest_id`,
  );
  if (!files.some(({ known }) => known)) return [];
  const fates = await earlierFates(connection);
  return files.flatMap(({ id, path, format }) => {
    const of = fates.get(id);
    return of === undefined ? [] : [{ path, format, ...of }];
  });
}
