/**
 * Returns the key of a row: the values of its `by` columns, as one text.
 *
 * @example
 * rowKey(["workload", "model"], { model: "alder", workload: "chat", calls: 7 }) // '["chat","alder"]'
 */
export function rowKey(by: readonly string[], row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(by.map((name) => row[name] ?? null));
}
