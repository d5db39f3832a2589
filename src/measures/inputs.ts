import { basename } from "node:path";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";
import type { Keyed, Table } from "./table";

const sql = statements(__dirname, "inputs.sql");

/** One file that was ingested. */
export type InputRow = Keyed<{
  /** Its name, without folders. */
  file: string;
  format: string;
  /** Rows read from it, and records that could not be read. */
  rows: number;
  rejected: number;
  /** Hash of its content, in hexadecimal. */
  sha256: string;
}>;

/**
 * Lists the files that a store was made from, with the hashes of their content: anyone with the same files
 * can repeat the measurements.
 *
 * @returns a table with a row for each file, by path
 * @example
 * (await inputs(await open(":memory:"))).rows.length // 0
 */
export async function inputs({ connection }: Store): Promise<Table<InputRow>> {
  const found = await rowsOf<InputRow & { path: string }>(connection, sql.inputs);
  const rows = found.map(({ path, format, rows, rejected, sha256 }) => ({
    file: basename(path),
    format,
    rows,
    rejected,
    sha256,
  }));
  return { measure: "inputs", by: ["file"], rows, notes: [] };
}
