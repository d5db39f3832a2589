import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "../store/run";

/** Makes the view `word_labels`: what people or judges called something in a word, without a value. */
export async function wordLabels(connection: DuckDBConnection): Promise<void> {
  await run(
    connection,
    `create or replace temp view word_labels as
     select subject_id, name, label from scores where value is null and label is not null`,
  );
}
