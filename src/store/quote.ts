// A statement ends at a NUL, wherever it is.
const nul = "\0";

/** A name as an SQL identifier. */
export function quoteName(name: string): string {
  if (name.includes(nul)) throw new TypeError("a name requires characters other than NUL");
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal, for the few places that take no bound parameter. */
export function quoteText(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes(nul) ? `(${quoted.replaceAll(nul, "' || chr(0) || '")})` : quoted;
}

/** A path quoted for a shell. */
export const quotePath = (path: string): string => (/^[\w./\\:@%+-]+$/.test(path) ? path : `"${path}"`);

/** What to do about a text that was written like a column's name, to end a message with. */
export const writtenInQuotes = (name: string): string => `; a text is written in single quotes, '${name}'`;
