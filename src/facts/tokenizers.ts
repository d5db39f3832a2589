import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";

const sql = statements(__dirname, "tokenizers.sql");

/** How many tokens models count for the same text. */
export interface Tokenizers {
  /** Tokens of each model over those of one of them. */
  factors: Map<string, number>;
  /** Prompts behind the factor that rests on fewest. */
  prompts: number;
}

/** Prompts that a model must share with the one it is compared to. */
const fewest = 5;
/** The interval of a factor's logarithm may be this wide: beyond it the same prompt id had different inputs. */
const widest = 0.15;

/**
 * How finely each of several models counts tokens, from the prompts that they share; undefined unless it is known of all.
 *
 * The factor is the median ratio of the inputs of the same prompt, its interval that of a median by order statistics.
 *
 * @param models names as they are in the log, "" for a call without one
 */
export async function tokenizersOf(
  connection: DuckDBConnection,
  models: readonly string[],
): Promise<Tokenizers | undefined> {
  const counted = await rowsOf<{ model: string; prompts: number; ratio: number; low: number; high: number }>(
    connection,
    sql.counting,
    { models: JSON.stringify(models) },
  );
  const known = counted.filter(({ prompts, low, high }) => prompts >= fewest && high - low <= widest);
  if (known.length < models.length) return undefined;
  return {
    factors: new Map(known.map(({ model, ratio }) => [model, Math.exp(ratio)])),
    prompts: Math.min(...known.map(({ prompts }) => prompts)),
  };
}
