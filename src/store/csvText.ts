import { quoteText } from "./quote";

// A spreadsheet takes a text for a formula by its first sign, in any width or height that Unicode has for it, and
// even after characters that cannot be seen: spaces, controls, marks, and fillers.
const unseen =
  "\\s\\p{Cc}\\p{Cf}\\p{Co}\\p{M}\\p{Z}\\x{115f}\\x{1160}\\x{2065}\\x{2800}\\x{3164}\\x{ffa0}\\x{fff0}-\\x{fff8}\\x{e0000}-\\x{e0fff}";
const signs =
  "=+@|%\\x{207a}-\\x{207c}\\x{208a}-\\x{208c}\\x{2212}\\x{2a75}\\x{2a76}\\x{fb29}\\x{fe62}\\x{fe63}\\x{fe66}" +
  "\\x{fe6a}\\x{fe6b}\\x{ff05}\\x{ff0b}\\x{ff0d}\\x{ff1d}\\x{ff20}\\x{ff5c}-";
const engines = `^[${unseen}]*[${signs}]|^[\\t\\r]`;
const ours = new RegExp(engines.replace(/\\x\{([0-9a-f]+)\}/g, "\\u{$1}"), "u");

/** A text that must not become a spreadsheet formula: an apostrophe in front keeps it a text. */
export function csvText(text: string): string {
  return ours.test(text) ? `'${text}` : text;
}

/** SQL that does the same for a column of texts. */
export function csvTextSql(column: string): string {
  return `case when regexp_matches(${column}, ${quoteText(engines)}) then '''' || ${column} else ${column} end`;
}
