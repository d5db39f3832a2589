import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { nextId, takeOut } from "../logs/load/ledger";
import { labelsFormat } from "../measures/causes/causeFrame";
import { rowsOf, run } from "../store/run";
import { noteFolder } from "../store/sources";
import { transaction } from "../store/transaction";

/** A file of what people said, and what the store keeps of how it came about, as JSON. */
interface LabelFile {
  file: string;
  text: string;
  constants?: string;
}

/**
 * Writes a file of labels down as in, all or nothing: an earlier import of the same file is taken out first.
 *
 * @param write writes its rows under an id, and says how many, and how many earlier ones they replaced
 * @returns how many earlier rows were replaced
 */
export async function fileLabels(
  connection: DuckDBConnection,
  { file, text, constants = "{}" }: LabelFile,
  write: (id: number) => Promise<{ rows: number; replaced: number }>,
): Promise<number> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return transaction(connection, async () => {
    let before = 0;
    const earlier = await rowsOf<{ id: number }>(
      connection,
      "select ingest_id as id from ingests where format = $format and sha256 = $sha256",
      { format: labelsFormat, sha256 },
    );
    for (const { id } of earlier) before += await takeOut(connection, id);
    const id = await nextId(connection);
    const { rows, replaced } = await write(id);
    await noteFolder(connection, [file]);
    await run(
      connection,
      `insert into ingests by name
       select $id::bigint as ingest_id, $path as path, $sha256 as sha256, $format as format, $constants as constants,
         $size::bigint as size, $rows::bigint as rows, $replaced::bigint as replaced, 0 as rejected,
         current_timestamp at time zone 'UTC' as at`,
      {
        ...{ id, path: file, sha256, format: labelsFormat, constants },
        ...{ size: Buffer.byteLength(text), rows, replaced: before + replaced },
      },
    );
    return before + replaced;
  });
}
