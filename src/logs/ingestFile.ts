import { statSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../store/query";
import { quoteName } from "../store/quote";
import { filledTables } from "../store/schema";
import { csvToJson } from "./csv";
import type { Reading } from "./format";
import { formats } from "./formats";
import type { IngestedFile, IngestOptions } from "./ingest";
import { load } from "./load";
import { type Mapping, mappingBeside, readingOf, readMapping } from "./mapping";
import { plainFile } from "./plain";
import { type Bad, badRecords, keepRejects } from "./reject";
import { type Sample, sampleOf } from "./sample";
import { type Scan, scan } from "./scan";
import { type Shape, shapeOf } from "./shape";
import { parquetRows, pathSql, type Source, textLines, typedCells, typedLines } from "./source";
import { splitJson } from "./split";
import { type Stage, stageOf, withConstants } from "./stage";
import { unknownFormat } from "./suggest";

type Options = Omit<IngestOptions, "mapping"> & { mapping?: Mapping[] };

/** A file made ready to be read: JSON lines, delimited text or Parquet, plain and in UTF-8. */
interface Ready {
  file: string;
  sample: Sample;
  shape: Shape;
  /** The columns' own types, of a Parquet file. */
  own?: Record<string, string>;
  /** True where records are no longer the lines of the file that the user has. */
  split: boolean;
}

/** Reads one file into the store, wholly or not at all. The folder is for what has to be written on the way. */
export async function ingestFile(
  connection: DuckDBConnection,
  path: string,
  folder: string,
  options: Options,
): Promise<IngestedFile> {
  const result: IngestedFile = {
    path,
    format: null,
    status: "failed",
    calls: 0,
    tasks: 0,
    scores: 0,
    others: 0,
    replaced: 0,
    rejected: 0,
  };
  if (statSync(path).size === 0) return { ...result, status: "ingested", reason: "the file is empty" };
  const ready = await makeReady(connection, path, folder);
  const chosen = await choose(connection, path, ready, options);
  if (chosen === undefined) return { ...result, reason: unknownFormat(ready.shape, formats, path) };
  const reading = withConstants(
    {
      ...chosen,
      targets: chosen.targets.filter(({ table }) => table !== "texts" || options.text === "keep"),
    },
    options.set ?? {},
  );
  result.format = reading.format;
  const identity = {
    format: reading.format,
    mapping: reading.mapping ?? null,
    constants: JSON.stringify(options.set ?? {}) + (options.text === "keep" ? " with texts" : ""),
  };
  const earlier = await rowsOf<{ id: number; path: string; sha256: string; size: number }>(
    connection,
    `select ingest_id as id, path, sha256, size from ingests
     where format = $format and mapping is not distinct from $mapping and constants = $constants`,
    identity,
  );
  const shorter = earlier.filter((one) => one.path === path);
  const seen = scan(
    ready.file,
    shorter.map(({ size }) => size),
  );
  const same = earlier.find(({ sha256 }) => sha256 === seen.sha256);
  if (same !== undefined)
    return { ...result, ...(await countsOf(connection, same.id)), status: "unchanged", replaced: 0 };
  // A file that only grew since: what it brought before is brought again, with the rest.
  const grown = shorter.filter((one) => seen.prefixes.get(one.size) === one.sha256).map(({ id }) => id);

  const staged = await fillStage(connection, reading, ready, seen, folder);
  const bad = await numberRecords(connection, reading, ready, seen, staged.clean);
  if (options.strict && bad.length > 0) {
    const reason = await firstReason(connection, staged, bad);
    return {
      ...result,
      reason: `${bad.length} records cannot be read, and --strict takes none of such a file; ${reason}`,
    };
  }
  return commit(connection, async () => {
    const [{ id }] = await rowsOf<{ id: number }>(
      connection,
      "select coalesce(max(ingest_id), 0) + 1 as id from ingests",
    );
    for (const old of grown) result.replaced += await forget(connection, old);
    const others = earlier.map((one) => one.id).filter((one) => !grown.includes(one));
    const loaded = await load(connection, reading, id, others);
    for (const { table, rows, replaced } of loaded) {
      if (table === "calls" || table === "tasks" || table === "scores") result[table] += rows;
      else result.others += rows;
      result.replaced += replaced;
    }
    result.rejected = bad.length;
    const first = bad.length === 0 ? undefined : await keepRejects(connection, staged.text, bad, staged, id);
    const rows = result.calls + result.tasks + result.scores + result.others;
    const wanted = reading.format === "otlp" ? result.calls + result.scores : rows;
    if (wanted === 0) {
      const records = await recordCount(connection, reading.unnest !== undefined);
      const reason =
        first !== undefined && bad.length >= records
          ? `none of its ${records} records could be read: ${first}`
          : reading.nothing(records);
      throw new NothingCame(reason);
    }
    await run(
      connection,
      `insert into ingests values (${id}, $path, $sha256, $format, $mapping, $constants, $size, $rows, $replaced,
         $rejected, current_timestamp at time zone 'UTC')`,
      {
        ...identity,
        path,
        sha256: seen.sha256,
        size: seen.size,
        rows,
        replaced: result.replaced,
        rejected: bad.length,
      },
    );
    const notes = [
      first === undefined ? undefined : `${bad.length} rejected; ${first}`,
      reading.missing?.length ? `the sample has no field ${reading.missing.join(", ")}` : undefined,
    ].filter((note) => note !== undefined);
    return {
      ...result,
      status: "ingested" as const,
      ...(notes.length > 0 ? { reason: notes.join("; ") } : {}),
    };
  }).catch((error) => {
    if (!(error instanceof NothingCame)) throw error;
    return { ...result, calls: 0, tasks: 0, scores: 0, others: 0, replaced: 0, reason: error.message };
  });
}

class NothingCame extends Error {}

async function makeReady(connection: DuckDBConnection, path: string, folder: string): Promise<Ready> {
  let file = await plainFile(path, folder);
  let sample = sampleOf(file);
  let split = false;
  if (sample.container === "json") {
    const lines = join(folder, "records");
    await splitJson(file, lines);
    file = lines;
    sample = { ...sampleOf(file), container: "lines" };
    split = true;
  }
  if (sample.container !== "parquet") return { file, sample, shape: shapeOf(sample.records), split };
  const columns = await rowsOf<{ column_name: string; column_type: string }>(
    connection,
    `describe select * from read_parquet(${pathSql(file)})`,
  );
  const own = Object.fromEntries(columns.map((column) => [column.column_name, column.column_type]));
  const fields = new Map(Object.entries(own).map(([name, type]) => [name, { scalar: type, numeric: false }]));
  return { file, sample, shape: { scalar: "NULL", numeric: false, fields }, own, split };
}

async function choose(
  connection: DuckDBConnection,
  path: string,
  ready: Ready,
  options: Options,
): Promise<Reading | undefined> {
  if (options.mapping !== undefined) return readingOf(connection, options.mapping, ready.shape, ready.own);
  const named = formats.find(({ name }) => name === options.format);
  const beside = named === undefined ? mappingBeside(path) : undefined;
  if (beside !== undefined) return readingOf(connection, readMapping(beside), ready.shape, ready.own);
  const format = named ?? formats.find((one) => one.recognises(ready.shape));
  return format === undefined ? undefined : { format: format.name, ...format.reading(ready.shape) };
}

interface Staged extends Stage {
  leaves: Source["leaves"];
  clean: boolean;
  /** Where the text of a bad record stands. */
  text?: { file: string; numberedBy: "line" | "record" };
}

/** Fills the temporary table `stage`: the fast way where the file allows it, else record by record. */
async function fillStage(
  connection: DuckDBConnection,
  reading: Reading,
  ready: Ready,
  seen: Scan,
  folder: string,
): Promise<Staged> {
  const { file, sample, own } = ready;
  const { fields } = reading;
  const fill = async (source: Source, tolerant: boolean): Promise<Stage> => {
    const stage = await stageOf(connection, reading, source.sql, tolerant);
    await run(connection, `create or replace temp table stage as ${stage.select}`);
    return stage;
  };
  if (sample.container === "parquet") {
    const source = parquetRows(file, fields, Object.keys(own ?? {}));
    try {
      return { ...(await fill(source, false)), leaves: [], clean: true };
    } catch {
      return { ...(await fill(source, true)), leaves: [], clean: false };
    }
  }
  const dialect = sample.dialect;
  const fast =
    dialect === undefined
      ? typedLines(file, fields, seen.longest)
      : typedCells(file, presentFields(fields, dialect.header), dialect.delimiter, dialect.header);
  if (!seen.deep) {
    try {
      return { ...(await fill(fast, false)), leaves: [], clean: true };
    } catch {
      // Some record does not fit: below, each is taken on its own.
    }
  }
  let lines = file;
  let longest = seen.longest;
  if (dialect !== undefined) {
    lines = join(folder, "cells");
    await csvToJson(file, dialect, lines);
    longest = Math.max(longest * 2, 1 << 16);
  }
  const source = textLines(lines, fields, longest);
  const stage = await fill(source, true);
  const numberedBy = dialect === undefined && !ready.split ? "line" : "record";
  return { ...stage, leaves: source.leaves, clean: false, text: { file: lines, numberedBy } };
}

// A delimited file has no nested fields: a field that the header lacks is empty.
function presentFields(fields: Reading["fields"], header: string[]): Reading["fields"] {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => header.includes(name)));
}

/** Makes `numbered` and `good` over the stage, with the line of every record, and returns the bad ones. */
async function numberRecords(
  connection: DuckDBConnection,
  reading: Reading,
  ready: Ready,
  seen: Scan,
  clean: boolean,
): Promise<Bad[]> {
  const record =
    reading.unnest === undefined
      ? "rowid + 1"
      : "sum(first::int) over (order by rowid rows unbounded preceding)::bigint";
  const numbering = `select ${record} as record, * from stage`;
  // A window over the whole stage is worth keeping; a row's own number is not.
  const kind = reading.unnest === undefined ? "view" : "table";
  await run(connection, `create or replace temp ${kind} counted as ${numbering}`);
  const [{ records }] = await rowsOf<{ records: number }>(
    connection,
    "select coalesce(max(record), 0) as records from counted",
  );
  const header = ready.sample.container === "csv" ? 1 : 0;
  // Readers skip blank lines: a blank at line b with i blanks before it stands before record b - i (and the header).
  const before = ready.split
    ? []
    : seen.blanks.map((b, i) => b - i - header).filter((first) => first <= records);
  if (before.length === 0) {
    await run(
      connection,
      `create or replace temp view numbered as select record + ${header} as line, * from counted`,
    );
  } else {
    await run(
      connection,
      `create or replace temp table blank as
       select max(n) as blanks, first from (select unnest(from_json($before::json, '["BIGINT"]')) as first,
         unnest(range(1, $many + 1)) as n) group by first order by first`,
      { before: JSON.stringify(before), many: before.length },
    );
    await run(
      connection,
      `create or replace temp view numbered as select record + ${header} + coalesce(blanks, 0) as line, counted.*
       from counted asof left join blank on counted.record >= blank.first`,
    );
  }
  const isGood = "not unreadable and lost = 0 and lost_columns = 0";
  await run(
    connection,
    `create or replace temp view good as select * from numbered${clean ? "" : ` where ${isGood}`}`,
  );
  return clean ? [] : badRecords(connection);
}

async function firstReason(connection: DuckDBConnection, staged: Staged, bad: Bad[]): Promise<string> {
  await run(connection, "begin");
  try {
    return (await keepRejects(connection, staged.text, bad.slice(0, 1), staged, 0)) ?? "";
  } finally {
    await run(connection, "rollback");
  }
}

async function recordCount(connection: DuckDBConnection, unnested: boolean): Promise<number> {
  const [{ records }] = await rowsOf<{ records: number }>(
    connection,
    unnested
      ? `select count(*) filter (coalesce(not unreadable, true)) as records from stage`
      : "select count(*) as records from stage",
  );
  return records;
}

async function countsOf(connection: DuckDBConnection, id: number) {
  const count = (table: string) => `(select count(*) from ${table} where ingest_id = ${id})`;
  const [counts] = await rowsOf<{ calls: number; tasks: number; scores: number; rejected: number }>(
    connection,
    `select ${count("calls")} as calls, ${count("tasks")} as tasks, ${count("scores")} as scores,
       ${count("rejects")} as rejected`,
  );
  return counts;
}

async function forget(connection: DuckDBConnection, id: number): Promise<number> {
  let rows = 0;
  for (const table of filledTables) {
    rows += await run(connection, `delete from ${quoteName(table)} where ingest_id = ${id}`);
  }
  await run(connection, `delete from rejects where ingest_id = ${id}`);
  await run(connection, `delete from ingests where ingest_id = ${id}`);
  return rows;
}

async function commit<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await run(connection, "begin");
  try {
    const done = await work();
    await run(connection, "commit");
    return done;
  } catch (error) {
    await run(connection, "rollback").catch(() => undefined);
    throw error;
  }
}
