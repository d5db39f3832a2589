import type { Selection } from "../facts/select";
import { rowsOf } from "../store/run";
import type { Row } from "./table";

/** The groups of a selection whose calls all serve others, as embeddings and judges do: they are no candidates. */
export async function helpersAmong({ connection }: Pick<Selection, "connection">): Promise<Row[]> {
  const found = await rowsOf<{ by: Row }>(
    connection,
    `select groups."by" from selected join groups using (g)
     where chosen group by g, groups."by" having not bool_or(answers)`,
  );
  return found.map(({ by }) => by);
}

/**
 * Says which candidates were left out because they answer nothing.
 *
 * @example
 * helpersNote(["text-embedding-3-small"]) // "text-embedding-3-small is no candidate: its calls are embeddings or those of judges and other helpers."
 */
export function helpersNote(names: readonly string[]): string {
  const are = names.length === 1 ? "is no candidate: its calls are" : "are no candidates: their calls are";
  return `${names.join(", ")} ${are} embeddings or those of judges and other helpers.`;
}
