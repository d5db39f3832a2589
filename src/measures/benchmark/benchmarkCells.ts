import { isMissing } from "../../logs/files/tableCell";

type Rows = readonly Record<string, unknown>[];

/** A number with or without decimals as written with a decimal comma: 1.234,5 %. */
const withComma = /^[-+−]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?\s*%?$/;
/** The comma can only be a decimal comma: 80,5 and 0,875 and 1.234,5, whereas 1,234 may be a thousand. */
const surelyComma = /^[-+−]?((\d+|\d{1,3}(\.\d{3})+),(\d{1,2}|\d{4,})|0,\d+|\d{1,3}(\.\d{3})+,\d+)\s*%?$/;
/** The point can only be a decimal point. */
const surelyPoint =
  /^[-+−]?((\d+|\d{1,3}(,\d{3})+)\.(\d{1,2}|\d{4,})|0?\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})\s*%?$/;

/**
 * Rewrites numbers with decimal commas to decimal points, column by column. An ambiguous column follows the others in
 * its file, or the delimiter: a file that separates cells by semicolons needs the comma for its numbers.
 *
 * @returns the rows, and what was done as full sentences
 */
export function withPoints(
  rows: Rows,
  columns: readonly string[],
  delimiter = "",
): { rows: Record<string, unknown>[]; notes: string[] } {
  const signs = columns.map((column) => ({
    column,
    comma: rows.some((row) => matches(row[column], surelyComma)),
    point: rows.some((row) => matches(row[column], surelyPoint)),
  }));
  const anyPoint = signs.some(({ point }) => point);
  const anyComma = signs.some(({ comma }) => comma);
  const follows = !anyPoint && (anyComma || delimiter === ";");
  const chosen = signs.filter(({ comma, point }) => !point && (comma || follows)).map(({ column }) => column);
  let changed = 0;
  const read = rows.map((row) => {
    const own = { ...row };
    for (const column of chosen) {
      const cell = own[column];
      if (typeof cell !== "string" || !/[.,]/.test(cell) || !withComma.test(cell.trim())) continue;
      own[column] = cell.replaceAll(".", "").replace(",", ".");
      changed++;
    }
    return own;
  });
  return { rows: read, notes: changed === 0 ? [] : ["numbers are read with decimal commas."] };
}

function matches(cell: unknown, form: RegExp): boolean {
  return typeof cell === "string" && form.test(cell.trim());
}

/** True if a cell holds text: neither blank nor a marker of a missing value. */
export function isWord(cell: unknown): boolean {
  return typeof cell === "string" && !isMissing(cell);
}
