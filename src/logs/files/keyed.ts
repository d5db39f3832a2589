const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const keysOf = (value: object) => JSON.stringify(Object.keys(value).sort());

/**
 * The records of an object that is a table, keyed by model or by an id: its values are records with the same fields, or
 * lists of such. The key becomes a field, "model" unless they have one. Undefined for any other object.
 */
export function keyedRecords(records: readonly unknown[]): Record<string, unknown>[] | undefined {
  const [whole, ...others] = records;
  if (others.length > 0 || !isRecord(whole)) return undefined;
  const entries = Object.entries(whole);
  const isLists = entries.every(([, value]) => Array.isArray(value) && value.length > 0);
  const rows = entries.flatMap(([name, value]) =>
    (isLists ? (value as unknown[]) : [value]).map((row) => ({ name, row })),
  );
  const first = rows[0]?.row;
  if (entries.length < 2 || !isRecord(first) || Object.keys(first).length === 0) return undefined;
  // LiteLLM's list of prices has a format of its own, and lists of messages are a conversation.
  if (["input_cost_per_token", "role", "from"].some((one) => Object.hasOwn(first, one))) return undefined;
  // Values that hold more records are parts of one document.
  const isRow = (value: unknown) =>
    isRecord(value) && keysOf(value) === keysOf(first) && !Object.values(value).some(isRecord);
  if (!rows.every(({ row }) => isRow(row))) return undefined;
  const key = Object.hasOwn(first, "model") ? "key" : "model";
  return rows.map(({ name, row }) => ({ [key]: name, ...(row as object) }));
}
