const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const keysOf = (value: object) => JSON.stringify(Object.keys(value).sort());

/**
 * The records of an object that is a table, keyed by model or by an id: its values are records with the same fields. The
 * key becomes a field, "model" unless they have one. Undefined for any other object.
 */
export function keyedRecords(records: readonly unknown[]): Record<string, unknown>[] | undefined {
  const [whole, ...others] = records;
  if (others.length > 0 || !isRecord(whole)) return undefined;
  const entries = Object.entries(whole);
  const [first] = entries.map(([, value]) => value);
  if (entries.length < 2 || !isRecord(first) || Object.keys(first).length === 0) return undefined;
  // LiteLLM's list of prices has a format of its own.
  if (Object.hasOwn(first, "input_cost_per_token")) return undefined;
  // Values that hold more records are parts of one document.
  const isRow = (value: unknown) =>
    isRecord(value) && keysOf(value) === keysOf(first) && !Object.values(value).some(isRecord);
  if (!entries.every(([, value]) => isRow(value))) return undefined;
  const key = Object.hasOwn(first, "model") ? "key" : "model";
  return entries.map(([name, value]) => ({ [key]: name, ...(value as object) }));
}
