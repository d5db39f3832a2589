import type { ColumnType } from "../store/schema";

/** The statuses of a call, and the words that tools write for them. */
const statuses: Record<string, string[]> = {
  ok: ["ok", "success", "succeeded", "successful", "completed", "complete", "done", "200", "true"],
  error: ["error", "errored", "failure", "failed", "fail", "500", "false"],
  timeout: ["timeout", "timed_out", "timedout", "time_out", "deadline_exceeded", "408", "504"],
  rate_limited: ["rate_limited", "ratelimited", "rate_limit", "throttled", "too_many_requests", "429"],
  cancelled: ["cancelled", "canceled", "aborted", "cancel"],
};

/** The status words of the canonical tables. */
export const statusWords = Object.keys(statuses);

/** A status in the canonical words; an unknown word is kept as it is, for doctor to name. */
export function statusSql(value: string): string {
  const word = `replace(replace(lower(trim(${value})), '-', '_'), ' ', '_')`;
  const cases = Object.entries(statuses).map(
    ([status, words]) => `when ${word} in (${words.map((one) => `'${one}'`).join(", ")}) then '${status}'`,
  );
  return `case when ${value} is null or ${value} = '' then null ${cases.join(" ")} else ${word} end`;
}

/** A status that the HTTP status and the error tell, where the log has no status of its own. */
export const impliedStatus = `case
  when http_status = 429 then 'rate_limited' when http_status in (408, 504) then 'timeout'
  when http_status = 499 then 'cancelled' when http_status >= 400 then 'error'
  when nullif(error_type, '') is not null then 'error' when http_status >= 200 then 'ok' end`;

/** An expression of the engine's type `from`, as a column of type `to`. Throws nothing itself: the engine may. */
export function castTo(sql: string, from: string, to: ColumnType, column: string, allText = false): string {
  if (from === '"NULL"') return `null::${to}`;
  if (to === "VARCHAR") {
    const text = from === "JSON" ? `(${sql})->>'$'` : from === "VARCHAR" ? sql : `cast(${sql} as VARCHAR)`;
    return column === "status" ? statusSql(text) : text;
  }
  if (to === "TIMESTAMP") return timeSql(sql, from, column, allText);
  const value = from === "JSON" ? `(${sql})->>'$'` : sql;
  // An empty text is a missing value, not a damaged one.
  const given = from === "VARCHAR" || from === "JSON" ? `nullif(${value}, '')` : value;
  return from === to ? given : `cast(${given} as ${to})`;
}

function timeSql(sql: string, from: string, column: string, allText: boolean): string {
  if (from === "VARCHAR" || from === "JSON") {
    const text = `nullif(${from === "JSON" ? `(${sql})->>'$'` : sql}, '')`;
    // A cast to a time without zone drops an offset in silence, one with zone is slower: "Z" needs neither.
    return `case when suffix(${text}, 'Z') then cast(rtrim(${text}, 'Z') as timestamp)
      else timezone('UTC', cast(${text} as timestamptz)) end`;
  }
  if (from.startsWith("TIMESTAMP WITH")) return `timezone('UTC', ${sql})`;
  if (from === "DATE" || from.startsWith("TIMESTAMP")) return `cast(${sql} as TIMESTAMP)`;
  throw new TypeError(
    `column ${column} requires a time, got ${allText ? "a value" : from}: for a number of seconds since 1970 write ` +
      "to_timestamp(field), of milliseconds epoch_ms(field::bigint), of nanoseconds make_timestamp_ns(field::bigint)",
  );
}
