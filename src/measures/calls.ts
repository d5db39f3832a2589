import type { DuckDBConnection } from "@duckdb/node-api";
import { unclustered } from "../facts/cluster";
import { amongSelected } from "../facts/leftOut";
import { select } from "../facts/select";
import { checkCount } from "../stats/checks";
import { grouped, percent } from "../stats/text";
import { didYouMean } from "../store/nearest";
import { checkStore, type Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import { columnsOf } from "../store/schema";
import { type Amount, type Behind, columnsWithCalls, type Origin, originOf } from "./behind";
import { rowKey } from "./rowKey";
import type { Row, Table } from "./table";

/** Which calls are listed. */
export interface CallsOptions {
  /** A row as a measure returned it; its calls are listed. */
  row?: Row;
  /**
   * The column to list calls for, if a row's columns have calls of their own: a metric of `metricTable`, "a"
   * or "b" of `compare`. Default: the first, and "b" of two sides.
   */
  column?: string;
  /** Instead of a row, a condition on calls in SQL; judges' and evaluation runs' calls are included. */
  where?: string;
  /**
   * A column of calls to sort by, highest first; "cost asc" puts the lowest first. Default: what the row is
   * about, else duration.
   */
  order?: string;
  /** Maximum number of calls listed. Default 20. */
  limit?: number;
}

/** One call of the list. */
export interface CallRow extends Row {
  call_id: string | null;
  /** This call's share of the row's sum; absent where a sum means nothing. */
  share?: number;
}

/** The listed calls, with the count and sum of all of them. */
export interface Calls extends Table<CallRow> {
  /** The number of units, listed or not, as n of the row counts them. */
  n: number;
  /** The sum of their amounts; NaN if no amount is known. */
  total: number;
}

/**
 * Lists the calls behind a row of a table, those that matter most first: the slowest for a latency, the
 * dearest for a cost, the lowest for a score, each with its share of the row's sum.
 *
 * To find the calls, the measure that made the row runs again, with the same groups, exclusions and bins.
 *
 * @returns a table with a row for each call, at most `limit`; `n` and `total` are those of all
 * @throws TypeError for a row without calls behind it; RangeError for an invalid order or limit
 * @example
 * const store = await openDemo();
 * const { rows } = await latency(store, { by: "model" });
 * (await calls(store, { row: rows[0] })).n === rows[0].n // true
 */
export async function calls(store: Store, options: CallsOptions): Promise<Calls> {
  checkStore("calls", store);
  const { row, column, where, order, limit = 20 } = options;
  checkCount("calls", "limit", limit, 1);
  if ((row === undefined) === (where === undefined))
    throw new TypeError(
      'calls requires either a row of a table or a condition: calls(store, { row: table.rows[0] }) or calls(store, { where: "duration > 60" })',
    );
  const listed = orderOf(order);
  return row === undefined
    ? ofCondition(store, where as string, listed, limit)
    : ofRow(store, originNamed(row, column), listed, limit);
}

function originNamed(row: Row, column?: string): Origin {
  const known = columnsWithCalls(row);
  const origin = originOf(row, known.length === 0 ? undefined : column);
  if (origin !== undefined && (column === undefined || known.length > 0)) return origin;
  if (origin !== undefined || known.length > 0)
    throw new RangeError(
      known.length === 0
        ? `calls requires column only for a row of several metrics or sides, and this row of ${origin?.table.measure} has one; leave it out`
        : `calls requires column to be one of ${known.join(", ")} of this row, got "${column}"${didYouMean(column ?? "", known)}`,
    );
  throw new TypeError(
    "calls requires a row as a measure of the log returned it, not a copy of one nor a row about benchmarks; for others give a condition: calls(store, { where: \"model = 'gpt-4o'\" })",
  );
}

interface Order {
  column: string;
  least: boolean;
}

function orderOf(order?: string): Order | undefined {
  if (order === undefined) return undefined;
  const [, column, direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(order) ?? [];
  const known = Object.keys(columnsOf("calls"));
  if (column === undefined || !known.includes(column))
    throw new RangeError(
      `calls requires order to be a column of calls, such as "cost" or "started_at asc", got "${order}"${didYouMean(column ?? order, known)}`,
    );
  return { column, least: direction?.toLowerCase() === "asc" };
}

/** The amount that a column adds up, and the word for its highest values. */
const amounts: Readonly<Record<string, Omit<Amount, "name">>> = {
  duration: { sum: "all waiting", first: "slowest" },
  cost: { sum: "the cost", first: "dearest" },
  input_tokens: { sum: "all input tokens", first: "longest" },
  output_tokens: { sum: "all output tokens", first: "longest" },
};

async function ofCondition(store: Store, where: string, order: Order | undefined, limit: number) {
  const { column, least } = order ?? { column: "duration", least: false };
  const selection = await select(store, { where, by: "", cluster: unclustered, population: "all" });
  try {
    const plain = amounts[column];
    const from = `select g, at_row, ${plain === undefined ? "null::double" : quoteName(column)} as amount from selected`;
    const amount: Amount = {
      name: column,
      ...(plain ?? { first: "first" }),
      ...(least ? { least } : {}),
    };
    const found = await list(selection.connection, { from, amount }, "true", { order, limit });
    const among = await amongSelected(selection.connection);
    const notes = [...found.notes, ...(among === undefined ? [] : [among]), ...selection.notes];
    return { measure: "calls", by: ["call_id"], ...found, notes };
  } finally {
    selection.close();
  }
}

async function ofRow(store: Store, origin: Origin, order: Order | undefined, limit: number): Promise<Calls> {
  const { connections, close } = await madeAgain(store, origin);
  try {
    const connection = connections.at(origin.behind.last ? -1 : 0) as DuckDBConnection;
    const { behind, row } = origin;
    const { table, row: shown, column } = origin.shown ?? { ...origin, column: "" };
    const found = await list(connection, behind, await chosenBy(connection, origin), { order, limit });
    // Where no call has the amount there is no sum, so it can't show that the store has changed.
    const said = [
      ["n", behind.n?.(row), found.n],
      ["total", behind.total?.(row), found.total],
    ].flatMap(([name, then, now]) =>
      then === undefined || !(Math.abs(Number(then) - Number(now)) > 1e-6 * Math.abs(Number(then)))
        ? []
        : [`The store has changed since the table was made: ${name} was ${then} and is ${now}.`],
    );
    const own = [
      ...table.by.map((name) => `${name.replaceAll("_", " ")} ${String(shown[name] ?? "not given")}`),
      ...(column === "" ? [] : [`column ${column}`]),
    ];
    return {
      measure: `calls behind ${table.measure}`,
      by: ["call_id"],
      ...found,
      notes: [...(own.length === 0 ? [] : [`The row: ${own.join(", ")}.`]), ...found.notes, ...said],
    };
  } finally {
    close();
  }
}

/** Runs the measure again, on connections that stay open with everything it made there. */
async function madeAgain(store: Store, { again }: Origin) {
  const connections: DuckDBConnection[] = [];
  const connect = async () => {
    const connection = await store.connect();
    connections.push(connection);
    return new Proxy(connection, {
      get(target, name) {
        if (name === "closeSync") return () => {};
        const own: unknown = Reflect.get(target, name, target);
        return typeof own === "function" ? own.bind(target) : own;
      },
    });
  };
  const close = () => {
    for (const one of connections) one.closeSync();
  };
  try {
    await again({ ...store, connection: store.connection, connect });
    return { connections, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The condition that selects the query's rows behind a row of the table. */
async function chosenBy(connection: DuckDBConnection, { behind, table, row }: Origin): Promise<string> {
  const { by, rows } = behind.keys?.(row) ?? { by: table.by, rows: [row] };
  const groups = await rowsOf<{ g: string; by: Row }>(connection, 'select g::varchar as g, "by" from groups');
  const known = new Set(groups.flatMap((group) => Object.keys(group.by)));
  const more = by.filter((name) => !known.has(name)).map(quoteName);
  const keys = await rowsOf<Row & { g: string }>(
    connection,
    `select distinct g::varchar as g${more.map((name) => `, ${name}`).join("")} from (${behind.from})`,
  );
  const rowKeys = new Set(rows.map((one) => rowKey(by, one)));
  const ofGroup = new Map(groups.map((group) => [group.g, group.by]));
  const found = keys.filter((key) => rowKeys.has(rowKey(by, { ...ofGroup.get(key.g), ...key })));
  const conditions = found.map((key) =>
    [
      `g::varchar = ${quoteText(key.g)}`,
      ...by
        .filter((name) => !known.has(name))
        .map((name) => `${quoteName(name)} is not distinct from ${literal(key[name])}`),
    ].join(" and "),
  );
  return conditions.length === 0 ? "false" : conditions.map((one) => `(${one})`).join(" or ");
}

const literal = (value: unknown): string =>
  value === null || value === undefined
    ? "null"
    : typeof value === "string"
      ? quoteText(value)
      : String(value);

/** Lists calls, and says what share of the sum the first of them make up. */
async function list(
  connection: DuckDBConnection,
  { from, amount, counted = "calls" }: Pick<Behind, "from" | "amount" | "counted">,
  chosen: string,
  { order, limit }: { order?: Order; limit: number },
) {
  const direction = amount.least ? "asc" : "desc";
  await run(connection, `create or replace temp table listed as select * from (${from}) where ${chosen}`);
  const [{ unit }] = await rowsOf<{ unit: boolean }>(
    connection,
    "select bool_or(column_name = 'unit') as unit from (describe listed)",
  );
  const [sums] = await rowsOf<Record<"n" | "calls" | "known" | "first" | "firsts", number> & Sums>(
    connection,
    `with ranked as (
       select *, row_number() over (order by amount ${direction} nulls last) as in_order,
         case when count(*) over () >= 100 then 100 else 10 end as part, count(amount) over () as known
       from listed
     )
     select count(*)::double as calls, ${unit ? "count(distinct unit)" : "count(*)"}::double as n,
       count(amount)::double as known, sum(amount)::double as total, min(amount)::double as least,
       (sum(amount) filter (in_order <= ceil(known / part)))::double as first, ceil(any_value(known / part))::double as firsts
     from ranked`,
  );
  const by =
    order === undefined
      ? `amount ${direction}`
      : `${quoteName(order.column)} ${order.least ? "asc" : "desc"}`;
  const found = await rowsOf<Row>(
    connection,
    `select calls.* replace (strftime(calls.started_at, '%Y-%m-%d %H:%M:%S') as started_at), amount
     from listed left join calls on calls.rowid = listed.at_row
     order by ${by} nulls last, calls.started_at, calls.rowid
     limit $limit`,
    { limit },
  );
  const total = sums.total ?? Number.NaN;
  const adds = amount.sum !== undefined && total > 0 && (sums.least ?? 0) >= 0;
  const others = shown.filter((name) => name !== amount.name);
  // What all listed calls have in common is said once.
  const constant = others.filter(
    (name) => found.length > 1 && found.every((row) => row[name] === found[0][name]),
  );
  const said = constant
    .filter((name) => found[0][name] !== null)
    .map((name) => `${name.replaceAll("_", " ")} ${String(found[0][name])}`);
  const varying = others.filter((name) => !constant.includes(name));
  const rows = found.map(
    (row) =>
      ({
        call_id: row.call_id,
        [amount.name]: row.amount,
        ...(adds ? { share: row.amount === null ? 0 : Number(row.amount) / total } : {}),
        ...Object.fromEntries(varying.map((name) => [name, row[name]])),
      }) as CallRow,
  );
  const some =
    adds && sums.calls >= 20
      ? [
          `The ${amount.first} ${sums.calls >= 100 ? 1 : 10} % of calls (${grouped(sums.firsts)} of ${grouped(sums.known)}) ${sums.firsts === 1 ? "is" : "are"} ${percent(sums.first / total)} of ${amount.sum}.`,
        ]
      : [];
  const all = counted === "calls" ? "" : `, of ${grouped(sums.n)} ${counted}`;
  const notes = [
    ...some,
    ...(said.length === 0 ? [] : [`All listed: ${said.join(", ")}.`]),
    rows.length < sums.calls
      ? `${grouped(rows.length)} of ${grouped(sums.calls)} calls${all}; fieldnotes trace ID shows one.`
      : `${grouped(sums.calls)} calls${all}.`,
  ];
  return { rows, n: sums.n, total, notes };
}

interface Sums {
  total: number | null;
  least: number | null;
}

/** The columns listed for each call, if they differ between the calls. */
const shown = [
  ...[
    "started_at",
    "workload",
    "model",
    "status",
    "error_type",
    "attempt",
    "duration",
    "time_to_first_token",
  ],
  ...["input_tokens", "output_tokens", "cost", "task_id", "user_id"],
];
