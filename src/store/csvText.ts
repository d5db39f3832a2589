import { quoteText } from "./quote";

// A spreadsheet takes a text for a formula by its first sign, in any width or height that Unicode has for it, and
// even after characters that cannot be seen: spaces, controls, marks, and fillers.
const unseen =
  "\\s\\p{Cc}\\p{Cf}\\p{Co}\\p{M}\\p{Z}\\x{115f}\\x{1160}\\x{2065}\\x{2800}\\x{3164}\\x{ffa0}\\x{fff0}-\\x{fff8}\\x{e0000}-\\x{e0fff}";
const signs =
  "=+@|%\\x{207a}-\\x{207c}\\x{208a}-\\x{208c}\\x{2212}\\x{2a75}\\x{2a76}\\x{fb29}\\x{fe62}\\x{fe63}\\x{fe66}" +
  "\\x{fe6a}\\x{fe6b}\\x{ff05}\\x{ff0b}\\x{ff0d}\\x{ff1d}\\x{ff20}\\x{ff5c}-";
const engines = `^[${unseen}]*[${signs}]|^[\\t\\r]`;
// Tabs and line ends are a text's own; a terminal obeys the others.
const controls = "[\\x{00}-\\x{08}\\x{0b}\\x{0c}\\x{0e}-\\x{1f}\\x{7f}-\\x{9f}]";
const inJs = (pattern: string, flags: string) =>
  new RegExp(pattern.replace(/\\x\{([0-9a-f]+)\}/g, "\\u{$1}"), flags);
const ours = { formula: inJs(engines, "u"), controls: inJs(controls, "gu") };

/**
 * A text for a CSV file, which a spreadsheet or a terminal shows: an apostrophe in front keeps it from becoming a formula,
 * and control characters other than tabs and line ends become U+FFFD.
 */
export function csvText(text: string): string {
  const plain = text.replace(ours.controls, "\ufffd");
  return ours.formula.test(text) ? `'${plain}` : plain;
}

/** SQL that does the same for a column of texts. */
export function csvTextSql(column: string): string {
  const plain = `regexp_replace(${column}, ${quoteText(controls)}, chr(65533), 'g')`;
  return `case when regexp_matches(${column}, ${quoteText(engines)}) then '''' || ${plain} else ${plain} end`;
}
