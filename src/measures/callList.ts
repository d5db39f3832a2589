import type { DuckDBConnection } from "@duckdb/node-api";
import { wholeFacts } from "../facts/place";
import { grouped, percent } from "../stats/text";
import { quoteName } from "../store/quote";
import { rowsOf, run } from "../store/run";
import type { Behind } from "./behind";
import type { Keyed, Row } from "./table";

/**
 * One call of the list. A column that is the same for all calls listed is absent; an amount that is none of these
 * columns, such as "score:correct", is read from the call as a `Row`.
 */
export type CallRow = Keyed<{
  call_id: string | null;
  /** This call's share of the row's sum; absent where a sum means nothing. */
  share?: number;
  /** UTC. */
  started_at?: string | null;
  /** Seconds. */
  duration?: number | null;
  time_to_first_token?: number | null;
  input_tokens?: number | null;
  output_tokens?: number | null;
  /** US dollars. */
  cost?: number | null;
}>;

/** How a list of calls is sorted. */
export interface Order {
  column: string;
  least: boolean;
}

/** Lists calls, and says what share of the sum the first of them make up. */
export async function list(
  connection: DuckDBConnection,
  { from, amount, counted = "calls" }: Pick<Behind, "from" | "amount" | "counted">,
  chosen: string,
  { order, limit, after = 0 }: { order?: Order; limit: number; after?: number },
) {
  const direction = amount.least ? "asc" : "desc";
  await run(connection, `create or replace temp table listed as select * from (${from}) where ${chosen}`);
  const columns = await rowsOf<{ column_name: string }>(connection, "describe listed");
  const unit = columns.some(({ column_name }) => column_name === "unit");
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
  // Not every engine skips rows in the same words.
  const read = await rowsOf<Row>(
    connection,
    `select ${listed}, amount
     from listed left join ${await wholeFacts(connection)} as whole using (at_row)
     order by ${by} nulls last, whole.started_at, at_row
     limit $limit`,
    { limit: after + limit },
  );
  const found = read.slice(after);
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
  const about = [...some, ...(said.length === 0 ? [] : [`All listed: ${said.join(", ")}.`])];
  const count =
    rows.length < sums.calls
      ? `${after > 0 ? `${grouped(after + 1)} to ${grouped(after + rows.length)}` : grouped(rows.length)} of ${grouped(sums.calls)} calls${all}; fieldnotes trace ID shows one.`
      : `${grouped(sums.calls)} calls${all}.`;
  return { rows, n: sums.n, total, about, count };
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

/** These with what names a call. */
const listed = ["call_id", ...shown]
  .map((name) =>
    name === "started_at"
      ? "strftime(whole.started_at, '%Y-%m-%d %H:%M:%S') as started_at"
      : `whole.${name} as ${name}`,
  )
  .join(", ");
