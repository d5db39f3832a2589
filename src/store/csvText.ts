import { quoteText } from "./quote";

// A spreadsheet takes a text for a formula by its first sign, also a wide one, and behind what cannot be seen.
const unseen =
  "\\s\\x{00}-\\x{20}\\x{a0}\\x{ad}\\x{1680}\\x{2000}-\\x{200f}\\x{2028}-\\x{202f}\\x{3000}\\x{2060}-\\x{2069}\\x{feff}";
const signs = "=+@|%\\x{ff1d}\\x{ff0b}\\x{ff0d}\\x{ff20}\\x{2212}-";
const engines = `^[${unseen}]*[${signs}]|^[\\t\\r]`;
const ours = new RegExp(engines.replace(/\\x\{([0-9a-f]+)\}/g, "\\u{$1}"), "u");

/** A text that must not become a formula of a spreadsheet: an apostrophe before it keeps it a text. */
export function csvText(text: string): string {
  return ours.test(text) ? `'${text}` : text;
}

/** SQL for the same of a column of texts. */
export function csvTextSql(column: string): string {
  return `case when regexp_matches(${column}, ${quoteText(engines)}) then '''' || ${column} else ${column} end`;
}
