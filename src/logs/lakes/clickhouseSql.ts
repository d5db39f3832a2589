import { type FailureKind, failureWords } from "../records/failure";

/** A text of ClickHouse. */
export const text = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/**
 * The value of a map under the first of some keys that it has, empty if it has none; empty texts count as missing.
 */
export function under(map: string, keys: readonly string[], as: "text" | "number" = "text"): string {
  const values = keys.map((key) => {
    const value = `${map}[${text(key)}]`;
    return as === "text"
      ? `nullIf(${value}, '')`
      : `if(mapContains(${map}, ${text(key)}), toInt64(${value}), NULL)`;
  });
  return `coalesce(${[...values, "NULL"].join(", ")})`;
}

/** A whole number that is stored as a text. */
export const wholeOf = (value: string) => `toInt64OrNull(${value})`;

/** Seconds between two times, to the microsecond. */
export const secondsBetween = (start: string, end: string) =>
  `((toUnixTimestamp64Micro(CAST(${end} AS Nullable(DateTime64(6)))) - toUnixTimestamp64Micro(CAST(${start} AS DateTime64(6)))) / 1e6)`;

/** What the HTTP status and message of a failed call say about it. */
export function statusOf(failed: string, words: string, http = "CAST(NULL AS Nullable(Int64))"): string {
  const lower = `lower(coalesce(${words}, ''))`;
  const says = (kind: FailureKind) => `(${failed} AND match(${lower}, ${text(failureWords(kind))}))`;
  return `multiIf(coalesce(${http} = 429, false) OR ${says("rate_limited")}, 'rate_limited',
    coalesce(${http} IN (408, 504), false) OR ${says("timeout")}, 'timeout',
    coalesce(${http} = 499, false) OR ${says("cancelled")}, 'cancelled',
    coalesce(${http} >= 400, false) OR ${failed}, 'error', 'ok')`;
}
