import type { Keys } from "../facts/names";

/**
 * Returns the key of a row: the values of its `by` columns, as one text.
 *
 * @example
 * rowKey(["workload", "model"], { model: "alder", workload: "chat", calls: 7 }) // '["chat","alder"]'
 */
export function rowKey(by: readonly string[], row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(by.map((name) => row[name] ?? null));
}

/** A row's `by` columns alone. */
export const keysOf = (by: readonly string[], row: Readonly<Record<string, unknown>>): Keys =>
  Object.fromEntries(by.map((name) => [name, row[name]])) as Keys;

/** Rows by a key of theirs, in the order in which the keys come first. */
export function groupedBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
