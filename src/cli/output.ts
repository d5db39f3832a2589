import { toJson, visible, visibleJson } from "../charts/text";
import type { Table } from "../measures/table";
import { type Rows, type TableOptions, tableText as wide } from "../page/table";

/** Writes a result to stdout: only JSON on request, otherwise readable text. */
export function print(json: boolean, value: unknown, text: () => string): void {
  process.stdout.write(`${json ? visibleJson(toJson(value)) : visible(text())}\n`);
}

/** Writes a line to stderr. */
export function say(line: string): void {
  process.stderr.write(`${visible(line)}\n`);
}

/** A table as text that fits the screen: columns without room continue below. */
export function tableText(table: Table | Rows, options: TableOptions = {}): string {
  return wide(table, { width: screenWidth(), ...options });
}

/** The terminal's width in characters; for a file or a pipe, what most screens show in small type. */
function screenWidth(): number {
  return process.stdout.columns || 160;
}
