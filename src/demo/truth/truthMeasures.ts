import { type Raters, saysSo } from "../world/labels";
import { quantileOf } from "./histogram";
import type { Tally } from "./tally";

/** A value from the long run with its Monte-Carlo standard error; null if the world has none. */
export interface Known {
  value: number | null;
  standard_error: number | null;
}

export interface TruthRow {
  by: Record<string, string>;
  /** Calls of the long run in this row. */
  calls: number;
  /** Share of the latencies that are at a timeout's limit. */
  censored: number;
  measures: Record<string, Known>;
}

export const definition =
  "Population values of the process: the law of a call (or task) drawn at random over redrawn users, hours, incidents " +
  "and tasks, as shares and sums pooled over independent runs of the world's days, each with a seed of its own. " +
  "duration and time_to_first_token (seconds): calls with status ok or timeout, a timeout at its limit, so a mean is " +
  "of min(duration, limit) and a quantile at the limit means 'at least'. Rates are shares of calls: server_error, " +
  "timeout, rate_limited and cancelled by status, error the first three together; retry where attempt > 1; fallback " +
  "where fallback_from is filled. Costs in US dollars, as logged or by the price list. A task counts for the lane of " +
  "its first call, with all its calls; cost_per_resolved is the sum of cost over the number of resolved tasks, " +
  "cost_per_conversation that over the number of sessions. refusal, truncation, json_valid and schema_valid are shares " +
  "of calls with status ok. An answer is a call with status ok that is no refusal: correct is the share of answers " +
  "that pass their check, hallucination the share that claims what is not so, hallucination_judge and " +
  "hallucination_human the shares that these raters say do; helpful is the chance that the user of a task whose last " +
  "call is an answer calls it so. Where answers are validated, flagged is the share that the validation finds fault " +
  "with, residual the share of hallucinations among the others. " +
  "standard_error is the Monte-Carlo error of the long run, from its batches. study: by numerical integration over " +
  "the prompts, for quality and for correct; a prompt's usual answer counts as part of the prompt. benchmarks: the " +
  "score of endlessly many items, ranks with 1 the best. ranks: Spearman's rank correlation of the true benchmark " +
  "scores with the true values of production over the models that have both, oriented so that 1 is full agreement.";

const quantiles = [0.5, 0.95, 0.99, 0.999];

/** The measures of a tally; NaN or infinite if undefined. */
export function measuresOf(tally: Tally, { judge, human }: Raters): Record<string, number> {
  const measures: Record<string, number> = {};
  for (const [name, histogram, censored] of [
    ["duration", tally.duration, tally.censored],
    ["time_to_first_token", tally.timeToFirstToken, tally.firstCensored],
  ] as const) {
    measures[`${name}.mean`] = histogram.sum / histogram.n / 1e6;
    for (const p of quantiles) {
      const atLimit = p > 1 - censored / histogram.n && !Number.isNaN(tally.limit);
      measures[`${name}.${p}`] = (atLimit ? tally.limit : quantileOf(histogram, p)) / 1e6;
    }
  }
  const { calls, tasks, ok, answers } = tally;
  const hallucination = tally.hallucinated / answers;
  const said = (rater: Raters["judge"]) =>
    hallucination * saysSo(rater, true) + (1 - hallucination) * saysSo(rater, false);
  return {
    ...measures,
    error_rate: (tally.error + tally.timeout + tally.rate_limited) / calls,
    server_error_rate: tally.error / calls,
    timeout_rate: tally.timeout / calls,
    rate_limited_rate: tally.rate_limited / calls,
    cancelled_rate: tally.cancelled / calls,
    retry_rate: tally.retried / calls,
    fallback_rate: tally.fallbacks / calls,
    cost_per_call: tally.callCost / calls,
    cost_per_task: tally.taskCost / tasks,
    cost_per_resolved: tally.taskCost / tally.resolved,
    cost_per_conversation: tally.taskCost / tally.conversations,
    attempts_per_task: tally.taskCalls / tasks,
    resolve_rate: tally.resolved / tally.with_outcome,
    mixed_tasks: tally.mixed / tasks,
    refusal: tally.refused / ok,
    truncation: tally.truncated / ok,
    json_valid: tally.json / ok,
    schema_valid: tally.schema / ok,
    correct: tally.passed / answers,
    hallucination,
    hallucination_judge: said(judge),
    hallucination_human: said(human),
    flagged: tally.flagged / tally.validated,
    residual: tally.let_pass / (tally.validated - tally.flagged),
    helpful: tally.helpful / tally.ended,
  };
}

/** The measures that a long run has: if nobody asks for JSON, there is no share that parses. */
export function isKnown(name: string, { hallucinated, json }: Tally): boolean {
  if (name.startsWith("hallucination")) return hallucinated > 0;
  if (name === "json_valid" || name === "schema_valid") return json > 0;
  return true;
}
