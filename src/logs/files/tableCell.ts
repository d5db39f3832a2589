// How published tables write a number or a missing value: parsed here both in TypeScript and by the engine.

const missing = "[-–—−?.*]*|n\\/?a|nan|null|none|tbd|missing|unknown";
const missingCell = new RegExp(`^(${missing})$`, "i");
const spread = /^([^±()]*?\d[^±()]*?)\s*\(?\s*(±|\+\/-|\+-)\s*[\d.,]+\s*%?\s*\)?$/;
// 0,873 is no thousand.
const parted = /^[-+]?[1-9]\d{0,2}(([,'’ \u00a0\u2009\u202f])\d{3}(\2\d{3})*)(\.\d+)?$/;

/** True if a text is blank or marks a missing value: "N/A", "-". */
export function isMissing(text: string): boolean {
  return missingCell.test(text.trim());
}

/**
 * A cell as a number: blanks, dashes and words are NaN; "87.3 %", "1,234.5", "1 234" and "1'234" are read, and for
 * "80.1 ± 0.4" the first part.
 */
export function numberIn(cell: unknown): number {
  if (typeof cell === "number") return cell;
  if (typeof cell !== "string") return Number.NaN;
  const text = withoutSpread(cell).replace(/\s*%$/, "").replace(/^−/, "-");
  if (text === "") return Number.NaN;
  return Number(parted.test(text) ? text.replace(/[^-+.\d]/g, "") : text);
}

/** A cell without the part after a ±. */
function withoutSpread(cell: string): string {
  return cell.trim().replace(spread, "$1").trim();
}

/** True if the cell gives its error after a ±. */
export function hasSpread(cell: unknown): boolean {
  return typeof cell === "string" && spread.test(cell.trim());
}

/**
 * SQL for the text of the number in a cell, by the rules of `numberIn`; null if the cell marks a missing value.
 */
export function numberText(cell: string): string {
  const bare = `trim(regexp_replace(regexp_replace(${cell}, '\\s*\\(?\\s*(±|\\+/-|\\+-).*$', ''), '%\\s*$', ''))`;
  const signed = `regexp_replace(${bare}, '^−', '-')`;
  return `(case when ${isMissingSql(cell)} then null
    when regexp_full_match(${signed}, '[-+]?[1-9][0-9]{0,2}([,''’ \\x{a0}\\x{2009}\\x{202f}][0-9]{3})+(\\.[0-9]+)?')
    then regexp_replace(${signed}, '[^-+.0-9]', '', 'g') else ${signed} end)`;
}

/** SQL with the rules of `isMissing`, true also if there is no cell. */
export function isMissingSql(cell: string): string {
  return `regexp_full_match(lower(trim(coalesce(${cell}, ''))), '${missing.replaceAll("'", "''")}')`;
}
