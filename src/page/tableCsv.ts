import { isEstimate, type Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { csvText } from "../store/csvText";

type Plain = Record<string, unknown>;

/**
 * Returns a table as CSV for a spreadsheet: an estimate becomes the columns `name`, `name_low`, `name_high` and
 * `name_n`, with all digits; a note goes into `name_note`. Unbounded ends are Infinity, missing values are empty.
 *
 * Texts that a spreadsheet would read as a formula get a leading apostrophe, and control characters become U+FFFD.
 *
 * @example
 * tableCsv({ measure: "", by: [], rows: [{ model: "=1+1", n: 3 }], notes: [] }) // "model,n\r\n'=1+1,3\r\n"
 */
export function tableCsv({ rows }: Pick<Table, "rows">): string {
  const flat = rows.map(flattened);
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...flat.map((row) => columns.map((column) => row[column]))];
  return lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

function flattened(row: Plain): Plain {
  const flat: Plain = {};
  for (const [name, value] of Object.entries(row)) {
    if (isEstimate(value)) Object.assign(flat, columnsOf(name, value));
    else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [part, one] of Object.entries(value))
        Object.assign(
          flat,
          isEstimate(one) ? columnsOf(`${name}_${part}`, one) : { [`${name}_${part}`]: one },
        );
    } else flat[name] = Array.isArray(value) ? value.join("; ") : value;
  }
  return flat;
}

function columnsOf(name: string, { value, low, high, n, note }: Estimate): Plain {
  const noteCell = note === undefined ? {} : { [`${name}_note`]: note };
  return { [name]: value, [`${name}_low`]: low, [`${name}_high`]: high, [`${name}_n`]: n, ...noteCell };
}

function cell(value: unknown): string {
  if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) return "";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  const safe = csvText(String(value));
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
