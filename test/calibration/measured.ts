import { cost } from "../../src/measures/cost/cost";
import { latency } from "../../src/measures/latency/latency";
import { reliability } from "../../src/measures/service/reliability";
import { isEstimate, type Row } from "../../src/measures/table";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";

const ofReliability = ["error", "timeout", "rate_limited", "cancelled", "retry", "fallback"];
const ofCost = ["cost_per_call", "cost_per_task", "cost_per_resolved", "attempts_per_task", "resolve_rate"];

/** Every estimate of a store by workload and model, under its name in the truth. */
export async function measured(store: Store, cluster: string): Promise<Map<string, Estimate>> {
  const found = new Map<string, Estimate>();
  const put = (row: object, name: string, cell: unknown) => {
    const { workload, model } = row as { workload: string; model: string };
    if (isEstimate(cell)) found.set(keyOf(workload, model, name), cell);
  };
  for (const metric of ["duration", "time_to_first_token"] as const) {
    for (const row of (await latency(store, { metric, cluster })).rows) {
      put(row, `${metric}.mean`, row.mean);
      for (const [p, one] of Object.entries(row.quantiles)) put(row, `${metric}.${p}`, one);
    }
  }
  for (const row of (await reliability(store, { cluster })).rows)
    for (const kind of ofReliability) put(row, `${kind}_rate`, (row as Row)[`${kind}_rate`]);
  for (const row of (await cost(store, { cluster })).rows)
    for (const name of ofCost) put(row, name, (row as Row)[name]);
  return found;
}

/** The name of one number for one model and workload. */
export const keyOf = (workload: string, model: string, name: string) => `${workload}|${model}|${name}`;
