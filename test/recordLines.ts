/** JSON of an array with one record on each line, so that a diff names the records that changed. */
export function recordLines(records: readonly unknown[]): string {
  return `[\n${records.map((record) => JSON.stringify(record)).join(",\n")}\n]\n`;
}
