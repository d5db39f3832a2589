import { isMissing } from "../../logs/files/tableCell";

type Rows = readonly Record<string, unknown>[];

/** A whole or broken number as languages with a decimal comma write it: 1.234,5 %. */
const withComma = /^[-+−]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?\s*%?$/;
/** Only a decimal comma can be meant: 80,5 and 0,875 and 1.234,5, while 1,234 may be a thousand. */
const surelyComma = /^[-+−]?((\d+|\d{1,3}(\.\d{3})+),(\d{1,2}|\d{4,})|0,\d+|\d{1,3}(\.\d{3})+,\d+)\s*%?$/;
/** Only a decimal point can be meant. */
const surelyPoint =
  /^[-+−]?((\d+|\d{1,3}(,\d{3})+)\.(\d{1,2}|\d{4,})|0?\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,})\s*%?$/;

/**
 * Writes numbers with decimal commas as those with points, column by column. A column that leaves open which it is
 * follows the others of its file, or the delimiter: a file that parts its cells by semicolons needs the comma itself.
 *
 * @returns the rows, and what was done in whole sentences
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

/** A cell that holds something, but no number: neither blank nor a mark of what is missing. */
export function isWord(cell: unknown): boolean {
  return typeof cell === "string" && !isMissing(cell);
}
