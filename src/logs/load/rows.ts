import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName, quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { columnsOf, type FilledTable } from "../../store/schema";
import { stem } from "../models/stem";
import { serving } from "../records/canonical";
import { impliedStatus } from "../records/failure";
import type { Reading, Target } from "../records/format";
import type { Filled } from "./fill";
import type { Source } from "./ledger";
import { orderOfReplaced, orderOfTwice, restoreOrder } from "./order";
import { orderOf, targetRows } from "./stage";

/**
 * The columns that identify a row: two rows with the same values are one thing reported twice; a row without the
 * first has no identity.
 */
const keys: Record<FilledTable, [string, ...string[]]> = {
  calls: ["call_id"],
  tasks: ["task_id"],
  scores: ["subject_id", "subject", "name", "rater", "rater_id"],
  spans: ["span_id", "task_id"],
  texts: ["call_id"],
  items: ["item_id"],
  preferences: ["comparison_id"],
  sides: ["comparison_id", "run_id", "name", "rater_id"],
  benchmarks: ["benchmark", "model", "as_of", "source"],
  prices: ["model", "from", "source", "above_input_tokens", "service_tier", "day_from"],
};

/**
 * Columns that tell rows of one id apart where they are of different files: files that say different things of a task both
 * keep their row, so that no order of ingest decides which is right.
 */
const saying: Partial<Record<FilledTable, readonly string[]>> = { tasks: ["resolved", "resolved_at"] };

/** Columns derived from others if the reading does not fill them. */
const implied: Partial<Record<FilledTable, Record<string, string>>> = {
  calls: {
    call_id: "$id",
    model: "coalesce(response_model, request_model)",
    // The name as it is in the log, from which the model's name is parsed.
    request_model: "case when response_model is null then model end",
    status: impliedStatus,
    cost_source: "case when cost is not null then 'log' end",
  },
  texts: { call_id: "$id" },
  preferences: { comparison_id: "$id" },
};

/** What is known about an output. If a failed call, or a tool call, left it empty, there was none. */
const ofOutput = ["output_length", "output_hash", "json_valid", "schema_valid"];
const noOutput = `output_length = 0 and (coalesce(status, ${impliedStatus}) <> 'ok' or finish_reason = 'tool_calls')`;

/**
 * The numbers of the files with something that counts: in a log, spans and texts without a call say nothing about
 * a model.
 */
export async function filesWithRows(
  connection: DuckDBConnection,
  { mapping, targets }: Reading,
  clean: boolean,
  files: number,
): Promise<Set<number>> {
  const isLog = mapping === undefined && targets.some(({ table }) => table === "calls");
  const found = new Set<number>();
  for (const [number, target] of targets.entries()) {
    if (found.size === files) break;
    if (isLog && (target.table === "spans" || target.table === "texts")) continue;
    const rows = `(${targetRows(target, number, clean)})`;
    // For a single file its first row is enough.
    const sql = files === 1 ? `select file from ${rows} limit 1` : `select distinct file from ${rows}`;
    for (const { file } of await rowsOf<{ file: number }>(connection, sql)) found.add(file);
  }
  return new Set([...found].sort((a, b) => a - b));
}

/** What one of the files gave one target. */
interface Moved {
  file: number;
  table: FilledTable;
  rows: number;
  replaced: number;
}

/**
 * Moves the rows of the view `accepted` into the canonical tables. A row whose id occurred before, in these files
 * or in an earlier one of the same source, replaces the earlier one, as if the files had been read one after the
 * other.
 *
 * @param ids the ingest of each file
 * @param before the files' source, if others of it were read before; and the relation of calls that had a place in
 * the order of the logs, if such calls were removed
 * @returns the result for each target, and the targets with rows repeated within a file: the temporary table
 * `superseded_N` has their places in the stage
 */
export async function moveRows(
  connection: DuckDBConnection,
  reading: Reading,
  { clean, skipped }: Pick<Filled, "clean" | "skipped">,
  ids: readonly number[],
  { source, order, paths }: { source?: Source; order?: string; paths: readonly string[] },
): Promise<{ moved: Moved[]; superseded: Set<number> }> {
  const moved: Moved[] = [];
  const superseded = new Set<number>();
  const files = ids.length;
  const isJoined = files > 1 || skipped.length > 0;
  const ingest = files === 1 ? String(ids[0]) : `([${ids.join(", ")}])[file + 1]`;
  // A line may contain several records' worth of calls: then the line alone is not an id.
  const madeId = `(${ingest}) || ':' || line${reading.unnest === undefined ? "" : " || ':' || place"}`;
  for (const [number, target] of reading.targets.entries()) {
    const { table } = target;
    const [essential] = keys[table];
    const ofTarget = `(${targetRows(target, number, clean)})`;
    const hasId = Object.hasOwn(target.columns, essential);
    const filled = (columns: readonly string[]) =>
      columns.filter((column) => Object.hasOwn(target.columns, column));
    const id = filled(keys[table]);
    const said = files > 1 ? filled(saying[table] ?? []) : [];
    const isTwice = hasId && (await anyTwice(connection, ofTarget, id, essential));
    const all = isTwice && said.length > 0 ? withAgain(ofTarget, target, id) : ofTarget;
    const next = isTwice
      ? `case when ${quoteName(essential)} is not null then ${nextOf(target, id, said, paths)} end`
      : "null::bigint";
    const rows = isTwice ? `(select * from ${all} qualify ${next} is null)` : all;
    const counted: Omit<Moved, "table">[] = [];
    const places = table === "calls" && hasId ? [order, isTwice ? orderOfTwice(all, ingest) : undefined] : [];
    if (hasId && source !== undefined) {
      const saysIt = filled(saying[table] ?? []);
      const said = saysIt.length === 0 ? [] : (saying[table] ?? []);
      const columns = { id, said, given: Object.keys(target.columns) };
      counted.push(...(await replaceEarlier(connection, table, columns, rows, paths, source)));
      if (table === "calls") places.push("replaced_order");
    }
    // Rows of one line keep the log's order in the table, which a window and a join would lose.
    const isSeveral = reading.unnest !== undefined || target.each !== undefined;
    const inOrder = isSeveral && (isTwice || isJoined) ? ` order by ${orderOf(target)}` : "";
    const inserted = await run(connection, insertSql(target, rows, ingest, madeId, clean) + inOrder);
    await restoreOrder(
      connection,
      ids,
      places.filter((one) => one !== undefined),
    );
    // If no row replaces another, what a single file brings is what was inserted.
    if (files === 1 && !isTwice) counted.push({ file: 0, rows: inserted, replaced: 0 });
    else counted.push(...(await countRows(connection, all, next)));
    if (isTwice) {
      superseded.add(number);
      await run(
        connection,
        `create or replace temp table superseded_${number} as ${supersededSql(all, next)}`,
      );
    }
    moved.push(...counted.map((one) => ({ ...one, table })));
  }
  return { moved, superseded };
}

// Places in the stage whose rows are all repeated later in their own file.
function supersededSql(rows: string, next: string): string {
  return `select place from (select place, ${next} as next, file from ${rows})
    group by place having bool_and(next is not distinct from file)`;
}

// The rows of each file that none of its own rows replaces, and those that they replace.
function countRows(
  connection: DuckDBConnection,
  rows: string,
  next: string,
): Promise<Omit<Moved, "table">[]> {
  return rowsOf(
    connection,
    `with placed as (select file, ${next} as next from ${rows})
     select file, count(*) filter (next is distinct from file) as rows, 0 as replaced from placed group by file
     union all select next, 0, count(*) from placed where next is not null group by next`,
  );
}

// By their hashes in half the time: if two rows share one, the rows themselves are compared.
async function anyTwice(
  connection: DuckDBConnection,
  rows: string,
  id: readonly string[],
  essential: string,
): Promise<boolean> {
  const [{ twice }] = await rowsOf<{ twice: boolean }>(
    connection,
    `select exists (select 1 from ${rows} where ${quoteName(essential)} is not null
       group by hash(${id.map(quoteName).join(", ")}) having count(*) > 1) as twice`,
  );
  return twice;
}

// The file of the row that replaces another. A model that a table of scores names twice was run twice: its runs
// are pooled when they are read.
function nextOf(
  target: Target,
  id: readonly string[],
  said: readonly string[],
  paths: readonly string[],
): string {
  const same = `partition by ${[...id, ...said].map(quoteName).join(", ")}`;
  if (target.table === "benchmarks")
    return `min(file) over (${same}, case when ${namesFile(paths)} then file end order by file range between 1 following and unbounded following)`;
  const order = `order by ${orderOf(target)}`;
  // What a file says last of an id is what it says; that stays unless a later file says the same.
  return said.length === 0
    ? `lead(file) over (${same} ${order})`
    : `case when again then file else lead(case when not again then file end ignore nulls) over (${same} ${order}) end`;
}

/** True of scores whose source is named after their file: one of that name in another folder is another source. */
const namesFile = (paths: readonly string[], row = ""): string =>
  `${row}source = ([${paths.map((path) => quoteText(stem(path))).join(", ")}])[${row}file + 1]`;

/** Rows with whether their own file has the id again further on. */
const withAgain = (rows: string, target: Target, id: readonly string[]): string =>
  `(select *, lead(file) over (partition by ${id.map(quoteName).join(", ")}, file order by ${orderOf(target)}) is not null as again
    from ${rows})`;

async function replaceEarlier(
  connection: DuckDBConnection,
  table: FilledTable,
  { id, said, given }: Record<"id" | "said" | "given", readonly string[]>,
  rows: string,
  paths: readonly string[],
  source: Source,
): Promise<Omit<Moved, "table">[]> {
  const alike = (columns: readonly string[]) =>
    columns
      .map(
        (c) =>
          `old.${quoteName(c)} is not distinct from ${given.includes(c) ? `new.${quoteName(c)}` : "null"}`,
      )
      .join(" and ");
  // An earlier state of a file itself says nothing any more.
  const ofPath = `(select path from ingests where ingest_id = old.ingest_id) = from_json($own::json, '["VARCHAR"]')[new.file + 1]`;
  const isAgain = table === "benchmarks" ? `not (${namesFile(paths, "new.")})` : alike(said);
  const same = isAgain === "" ? alike(id) : `${alike(id)} and (${isAgain} or ${ofPath})`;
  const bound = { ...source.bound, own: JSON.stringify(paths) };
  const where = `where old.ingest_id in (${source.ids}) and ${same} and new.${quoteName(keys[table][0])} is not null`;
  const replaced =
    paths.length === 1
      ? []
      : await rowsOf<Omit<Moved, "table">>(
          connection,
          `select new.file as file, 0 as rows, count(*) as replaced
           from ${table} as old, ${rows} as new ${where} group by all`,
          bound,
        );
  if (table === "calls")
    await run(
      connection,
      `create or replace temp table replaced_order as
       from ${orderOfReplaced(`calls as old, ${rows} as new ${where}`)}`,
      bound,
    );
  const gone = await run(connection, `delete from ${table} as old using ${rows} as new ${where}`, bound);
  return paths.length === 1 ? [{ file: 0, rows: 0, replaced: gone }] : replaced;
}

// The INSERT of a target's rows, with the columns that follow from others if they are not given.
function insertSql(target: Target, rows: string, ingest: string, madeId: string, clean: boolean): string {
  const { table, columns: filled, beside: { into = {} } = {} } = target;
  const given = Object.keys(filled);
  const rules: Record<string, string> = {};
  for (const [column, rule] of Object.entries(implied[table] ?? {})) {
    const value = rule.replace("$id", madeId);
    rules[column] = given.includes(column) ? `coalesce(${quoteName(column)}, ${value})` : value;
  }
  if (table === "calls" && given.includes("output_length")) {
    for (const column of ofOutput.filter((one) => given.includes(one)))
      rules[column] = `case when ${noOutput} then null else ${quoteName(column)} end`;
  }
  // An embedding, a reranking or a moderation serves an answer, whatever else the log says about it.
  if (table === "calls" && given.includes("operation"))
    rules.role = `case when operation in (${serving.map(quoteText).join(", ")}) and coalesce(role, 'answer') = 'answer'
      then 'other' else role end`;
  const emptied = clean ? [] : ["emptied"];
  const columns = [...new Set([...given, ...Object.keys(rules), ...Object.keys(into), ...emptied])];
  // Rules read columns that the reading may not fill: these are replaced by nulls.
  const read = Object.values(rules).join(" ");
  const absent = Object.entries(columnsOf(table))
    .filter(([name]) => !given.includes(name) && new RegExp(`\\b${name}\\b`).test(read) && name !== "line")
    .map(([name, { type }]) => `, null::${type} as ${quoteName(name)}`);
  return `insert into ${table} (${columns.map(quoteName).join(", ")}, ingest_id, line)
    select ${columns.map((column) => rules[column] ?? into[column] ?? quoteName(column)).join(", ")}, ${ingest}, line
    from (select *${absent.join("")} from ${rows})`;
}
