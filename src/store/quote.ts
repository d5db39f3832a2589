/** A name as an SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal, for the few places that take no bound parameter. */
export function quoteText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
