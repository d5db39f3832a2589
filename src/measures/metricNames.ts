import { join } from "node:path";
import type { Store } from "../store/open";
import { rowsOf } from "../store/query";
import { statements } from "../store/statements";
import { ofRequests } from "./metric";

const sql = statements<"filled" | "scores" | "repeats">(join(__dirname, "metricNames.sql"));

/**
 * The metrics that a store's logs can tell something of, in the order in which people ask: waiting, money, quality,
 * failures, consistency. Scores that tell of a request, "evidence_position" and "messy", are none.
 *
 * @param options `evaluation`: what evaluation runs alone tell counts as well (default false)
 * @returns names that `metric` and `metricTable` take; a single group may still lack one
 * @example
 * await metricNames(await open(":memory:")) // []
 */
export async function metricNames(
  { connection }: Store,
  { evaluation = false }: { evaluation?: boolean } = {},
): Promise<string[]> {
  const [filled] = await rowsOf<Record<string, boolean>>(connection, sql.filled, { evaluation });
  const [repeats] = await rowsOf<Record<string, boolean>>(connection, sql.repeats);
  const scores = (await rowsOf<{ name: string }>(connection, sql.scores))
    .filter(({ name }) => !ofRequests.includes(name))
    .map(({ name }) => (name === "hallucination" ? name : `score:${name}`));
  const offers: [boolean, string[]][] = [
    [filled.duration, ["duration_p50", "duration_p95", "duration_p99"]],
    [filled.time_to_first_token, ["time_to_first_token_p50", "time_to_first_token_p95"]],
    [filled.speed, ["output_tokens_per_second_p50"]],
    [filled.cost, ["cost_per_call"]],
    [filled.task_cost, ["cost_per_task"]],
    [filled.task_cost && filled.any_resolved, ["cost_per_resolved"]],
    [filled.conversation_cost, ["cost_per_conversation"]],
    [filled.resolved, ["resolve_rate"]],
    [scores.length > 0, scores],
    [filled.status, ["error_rate", "timeout_rate"]],
    [repeats.same_output, ["consistency:same_output"]],
    [repeats.json_valid, ["consistency:json_valid"]],
  ];
  return offers.flatMap(([offered, names]) => (offered ? names : []));
}
