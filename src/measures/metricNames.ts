import { drawWay } from "../engines/refused";
import { labelViews } from "../facts/judgements";
import { outcomesView } from "../facts/outcomes";
import { placedFacts } from "../facts/place";
import { rowsOnce } from "../store/once";
import type { Store } from "../store/open";
import { statements } from "../store/statements";
import { ofRequests } from "./metric";
import { metrics } from "./metrics";
import { refusedEverywhere } from "./onEngines";

const sql = statements(__dirname, "metricNames.sql");

/** The metrics that a report compares besides the scores, if the logs have them. */
const shown = [
  "time_to_first_token_p95",
  "duration_p95",
  "cost_per_conversation",
  "cost_per_resolved",
  "resolve_rate",
  "hallucination",
  "error_rate",
];

/** Maximum number of scores that a report compares; `quality` has all. */
const MOST_SCORES = 6;

/** The metrics that a log has data for. */
export interface AvailableMetrics {
  names: string[];
  /** Those that its engine cannot measure. */
  refused: string[];
}

/**
 * Returns the metrics that a store's logs have data for, in the order in which people ask: waiting, money,
 * quality, failures, consistency. Scores that describe a request, such as "messy" and "harmless", are left
 * out, and on another engine the consistency of answers, which is not measured there.
 *
 * @param options `evaluation`: includes metrics that only evaluation runs have data for (default false); `main`:
 * returns only those that a report compares (default false): the p95 of waits, the cost per resolved task and
 * conversation (per call, if neither is known), resolved and failed shares, hallucination, and at most six scores
 * @returns names that `metric` and `metricTable` take; a single group may still lack one
 * @example
 * const store = await openDemo();
 * (await metricNames(store)).length // 21
 * (await metricNames(store)).includes("duration_p95") // true
 */
export async function metricNames(
  store: Store,
  { evaluation, main = false }: { evaluation?: boolean; main?: boolean } = {},
): Promise<string[]> {
  const { names } = await availableMetrics(store, { evaluation });
  return main ? mainMetrics(names) : names;
}

/** Those metrics that a report compares, of all that the logs have. */
export function mainMetrics(available: readonly string[]): string[] {
  const dear = available.some(
    (name) => name !== "cost_per_call" && name.startsWith("cost_") && shown.includes(name),
  );
  const scores = available.filter((name) => name.startsWith("score:")).slice(0, MOST_SCORES);
  // If nothing says what the money buys, the cost per call remains.
  return available.filter(
    (name) => shown.includes(name) || scores.includes(name) || (name === "cost_per_call" && !dear),
  );
}

/** The same, with the metrics that the log has data for and its engine cannot measure. */
export async function availableMetrics(
  store: Store,
  { evaluation = false }: { evaluation?: boolean } = {},
): Promise<AvailableMetrics> {
  const connection = await store.connect();
  try {
    await placedFacts(store, connection);
    await outcomesView(connection);
    await labelViews(connection);
    const runs = evaluation ? "true" : "environment is distinct from 'evaluation'";
    const known = async (needs: string) => {
      const [{ has }] = await rowsOnce<{ has: boolean }>(
        connection,
        `select exists (select 1 from facts where ${runs} and (${needs})) as has`,
      );
      return has;
    };
    const [repeats] = await rowsOnce<Record<string, boolean>>(connection, sql.repeats);
    const scores = (await rowsOnce<{ name: string }>(connection, sql.scores))
      .filter(({ name }) => !ofRequests.includes(name))
      .map(({ name }) => (name === "hallucination" ? name : `score:${name}`));
    const families = {
      score: scores,
      consistency: Object.keys(repeats).flatMap((name) => (repeats[name] ? [`consistency:${name}`] : [])),
      effective_context: [],
      // What people read is offered to nobody unasked.
      cause: [],
    };
    const names: string[] = [];
    const refused: string[] = [];
    for (const one of metrics) {
      if ("family" in one) {
        const isRefused = one.family === "consistency" && store.engine !== undefined;
        (isRefused ? refused : names).push(...families[one.family]);
      } else if (one.offered.includes("list") && (await known(one.needs ?? "true"))) names.push(one.name);
    }
    return { names, refused };
  } finally {
    connection.closeSync();
  }
}

/** Says which metrics of a log its engine cannot measure. */
export const refusedNotes = (refused: readonly string[]): string[] =>
  refused.length === 0
    ? []
    : [`Not measured on this engine: ${refused.join(", ")} (${refusedEverywhere.consistency}); ${drawWay}.`];
