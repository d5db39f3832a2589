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
 * first has no identity. A row of tasks without a task_id is about its conversation.
 */
const keys: Record<FilledTable, [string, ...string[]]> = {
  calls: ["call_id"],
  tasks: ["task_id"],
  // What a rater judges again later is another judgement: it tells whether the rater has changed.
  scores: ["subject_id", "subject", "name", "rater", "rater_id", "at"],
  spans: ["span_id", "task_id"],
  texts: ["call_id"],
  items: ["item_id"],
  preferences: ["comparison_id"],
  sides: ["comparison_id", "run_id", "name", "rater_id"],
  benchmarks: ["benchmark", "model", "as_of", "source"],
  prices: ["model", "from", "source", "above_input_tokens", "service_tier", "day_from"],
};

/** What identifies a row, and whether it has an identity, as SQL over its columns. */
function identityOf(table: FilledTable, sql: (column: string) => string): { id: string[]; exists: string } {
  const id = keys[table].map(sql);
  if (table !== "tasks") return { id, exists: `${id[0]} is not null` };
  const [task, conversation] = [sql("task_id"), sql("conversation_id")];
  return {
    id: [task, `case when ${task} is null then ${conversation} end`],
    exists: `coalesce(${task}, ${conversation}) is not null`,
  };
}

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
  // A score beside a call without an id is that call's.
  scores: { subject_id: "case when subject = 'call' then $id end" },
  preferences: { comparison_id: "$id" },
};

/** What is known about an output. If a failed call, or a tool call, left it empty, there was none. */
const ofOutput = ["output_length", "output_hash", "output_form", "json_valid", "schema_valid"];
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
    const all = `(${targetRows(target, number, clean)})`;
    const has = (column: string) => Object.hasOwn(target.columns, column);
    const hasId = has(keys[table][0]) || (table === "tasks" && has("conversation_id"));
    const identity = identityOf(table, (column) => (has(column) ? quoteName(column) : "null::varchar"));
    const isTwice = hasId && (await anyTwice(connection, all, identity));
    const next = isTwice
      ? `case when ${identity.exists} then ${nextOf(target, identity.id, paths)} end`
      : "null::bigint";
    const rows = isTwice ? `(select * from ${all} qualify ${next} is null)` : all;
    const counted: Omit<Moved, "table">[] = [];
    const places = table === "calls" && hasId ? [order, isTwice ? orderOfTwice(all, ingest) : undefined] : [];
    if (hasId && source !== undefined) {
      counted.push(...(await replaceEarlier(connection, table, has, rows, paths, source)));
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
    else
      counted.push(
        ...(await countRows(connection, all, next, isTwice ? outdone(target, identity.id) : "true")),
      );
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

// Places in the stage whose rows are all replaced by others of their own file.
function supersededSql(rows: string, next: string): string {
  return `select place from (select place, ${next} as next, file from ${rows})
    group by place having bool_and(next is not distinct from file)`;
}

// The rows of each file that none of its own rows replaces, and those that they replace.
function countRows(
  connection: DuckDBConnection,
  rows: string,
  next: string,
  isOutdone: string,
): Promise<Omit<Moved, "table">[]> {
  return rowsOf(
    connection,
    `with placed as (select file, ${next} as next, ${isOutdone} as outdone from ${rows})
     select file, count(*) filter (next is distinct from file) as rows, 0 as replaced from placed group by file
     union all select next, 0, count(*) from placed where next is not null and outdone group by next`,
  );
}

// By their hashes in half the time: if two rows share one, the rows themselves are compared.
async function anyTwice(
  connection: DuckDBConnection,
  rows: string,
  { id, exists }: ReturnType<typeof identityOf>,
): Promise<boolean> {
  const [{ twice }] = await rowsOf<{ twice: boolean }>(
    connection,
    `select exists (select 1 from ${rows} where ${exists}
       group by hash(${id.join(", ")}) having count(*) > 1) as twice`,
  );
  return twice;
}

// The file of the row that replaces another. A model that a table of scores names twice was run twice: its runs
// are pooled when they are read.
function nextOf(target: Target, id: readonly string[], paths: readonly string[]): string {
  const { table } = target;
  const same = `partition by ${id.join(", ")}`;
  if (table === "benchmarks")
    return `min(file) over (${same}, case when ${namesFile(paths)} then file end order by file range between 1 following and unbounded following)`;
  // Every file keeps what it says of a task, so that no order of ingest decides which is right.
  return table === "tasks"
    ? `lead(file) over ${wordsOf(target, id)}`
    : `lead(file) over (${same} order by ${orderOf(target)})`;
}

/** The rows of one file on a task. */
const wordsOf = (target: Target, id: readonly string[]): string =>
  `(partition by ${id.join(", ")}, file order by ${wordOrder(target)})`;

/**
 * True of a row that says something else than the one that replaces it. A log that repeats a task's outcome with each of its
 * calls says one thing many times; a call that occurs twice was exported twice.
 */
function outdone(target: Target, id: readonly string[]): string {
  if (target.table !== "tasks") return "true";
  const differs = Object.keys(target.columns).map((column) => {
    const name = quoteName(column);
    return `(${name} is not null and ${name} is distinct from lead(${name}) over ${wordsOf(target, id)})`;
  });
  return `(${differs.join(" or ")})`;
}

/** The order in which rows of one file on a task outdo each other: one with an outcome, the newest, the last. */
function wordOrder(target: Target): string {
  const has = (column: string) => Object.hasOwn(target.columns, column);
  return [
    ...(has("resolved") ? ["resolved is not null"] : []),
    ...(has("resolved") && has("resolved_at") ? ["resolved_at nulls first"] : []),
    orderOf(target),
  ].join(", ");
}

/** True of scores whose source is named after their file: one of that name in another folder is another source. */
const namesFile = (paths: readonly string[], row = ""): string =>
  `${row}source = ([${paths.map((path) => quoteText(stem(path))).join(", ")}])[${row}file + 1]`;

async function replaceEarlier(
  connection: DuckDBConnection,
  table: FilledTable,
  has: (column: string) => boolean,
  rows: string,
  paths: readonly string[],
  source: Source,
): Promise<Omit<Moved, "table">[]> {
  const old = identityOf(table, (column) => `old.${quoteName(column)}`).id;
  const { id, exists } = identityOf(table, (column) => (has(column) ? `new.${quoteName(column)}` : "null"));
  const alike = old.map((one, at) => `${one} is not distinct from ${id[at]}`);
  // Of tasks only an earlier state of the file itself says nothing any more.
  const ofPath = `(select path from ingests where ingest_id = old.ingest_id) = from_json($own::json, '["VARCHAR"]')[new.file + 1]`;
  if (table === "tasks") alike.push(ofPath);
  if (table === "benchmarks") alike.push(`(not (${namesFile(paths, "new.")}) or ${ofPath})`);
  const bound = { ...source.bound, own: JSON.stringify(paths) };
  const where = `where old.ingest_id in (${source.ids}) and ${alike.join(" and ")} and ${exists}`;
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
