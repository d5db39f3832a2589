import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { embedderName } from "../models/embedderName";
import { withDerived } from "./derived";

const name = "coalesce(model, request_model, response_model, '')";
// What writes tokens is no embedder, whatever it is called.
const embeds = `operation is null and role is null and coalesce(output_tokens, 0) = 0
  and regexp_matches(lower(${name}), ${quoteText(embedderName)})`;

/**
 * Counts calls of models named as embedders, such as text-embedding-3-small or embed-english-v3.0, as embeddings where
 * the log does not say what a call does: else they would be compared as answers.
 *
 * @returns what to say about the calls that were just counted so
 */
export async function markEmbedders(connection: DuckDBConnection): Promise<string[]> {
  const found = await rowsOf<{ model: string; calls: number }>(
    connection,
    `select ${name} as model, count(*)::double as calls from calls where ${embeds} group by all order by all`,
  );
  if (found.length === 0) return [];
  await run(
    connection,
    `update calls set operation = 'embeddings', derived = ${withDerived({ operation: "true" })} where ${embeds}`,
  );
  const each = found.map(({ model, calls }) => `${grouped(calls)} of ${model}`).join(", ");
  return [
    `calls that count as embeddings by their model's name, and not as answers: ${each} (a column operation in the log or its mapping says otherwise)`,
  ];
}
