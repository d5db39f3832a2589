import { join } from "node:path";
import { placedFacts } from "../facts/place";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";
import { ofRequests } from "./metric";
import { metrics } from "./metrics";

const sql = statements<"scores" | "repeats">(join(__dirname, "metricNames.sql"));

/**
 * Returns the metrics that a store's logs have data for, in the order in which people ask: waiting, money,
 * quality, failures, consistency. Scores that describe a request, "evidence_position" and "messy", are left
 * out.
 *
 * @param options `evaluation`: includes metrics that only evaluation runs have data for (default false)
 * @returns names that `metric` and `metricTable` take; a single group may still lack one
 * @example
 * const store = await openDemo();
 * (await metricNames(store)).includes("duration_p95") // true
 */
export async function metricNames(
  store: Store,
  { evaluation = false }: { evaluation?: boolean } = {},
): Promise<string[]> {
  const connection = await store.connect();
  try {
    await placedFacts(store, connection);
    const runs = evaluation ? "true" : "environment is distinct from 'evaluation'";
    const known = async (needs: string) => {
      const [{ has }] = await rowsOf<{ has: boolean }>(
        connection,
        `select exists (select 1 from facts where ${runs} and (${needs})) as has`,
      );
      return has;
    };
    const [repeats] = await rowsOf<Record<string, boolean>>(connection, sql.repeats);
    const scores = (await rowsOf<{ name: string }>(connection, sql.scores))
      .filter(({ name }) => !ofRequests.includes(name))
      .map(({ name }) => (name === "hallucination" ? name : `score:${name}`));
    const families = {
      score: scores,
      consistency: Object.keys(repeats).flatMap((name) => (repeats[name] ? [`consistency:${name}`] : [])),
      effective_context: [],
    };
    const names: string[] = [];
    for (const one of metrics) {
      if ("family" in one) names.push(...families[one.family]);
      else if (one.offered.includes("list") && (await known(one.needs ?? "true"))) names.push(one.name);
    }
    return names;
  } finally {
    connection.closeSync();
  }
}
