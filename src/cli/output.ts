import { visible, visibleJson } from "../charts/text";
import type { Table } from "../measures/table";
import { type Rows, type TableOptions, tableText as wide } from "../page/table";

/** A value as the JSON that other programs read: infinite ends as text, what does not exist as null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === "bigint") return Number.isSafeInteger(Number(one)) ? Number(one) : one.toString();
    if (typeof one !== "number" || Number.isFinite(one)) return one;
    if (Number.isNaN(one)) return null;
    return one > 0 ? "Infinity" : "-Infinity";
  });
}

/** Writes a result to stdout: JSON alone where asked, else what a person reads. */
export function print(json: boolean, value: unknown, text: () => string): void {
  process.stdout.write(`${json ? visibleJson(toJson(value)) : visible(text())}\n`);
}

/** Writes a line to stderr. */
export function say(line: string): void {
  process.stderr.write(`${visible(line)}\n`);
}

/** A table as text that fits the screen: columns for which there is no room stand below. */
export function tableText(table: Table | Rows, options: TableOptions = {}): string {
  return wide(table, { width: screenWidth(), ...options });
}

/** Columns of the terminal; of a file or a pipe, what most screens show of a small type. */
function screenWidth(): number {
  return process.stdout.columns || 160;
}
