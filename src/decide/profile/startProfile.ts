import { directionNote, metric } from "../../measures/metric";
import { metricNames } from "../../measures/metricNames";
import { metricTable } from "../../measures/metricTable";
import { isEstimate, type Row } from "../../measures/table";
import type { Store } from "../../store/open";
import type { Criterion } from "./criterion";
import type { Profile } from "./profile";

/** The default criteria by weight: from each line, the first that the log can measure. */
const candidates: { weight: number; of: (name: string) => boolean }[] = [
  {
    weight: 4,
    of: (name) => name === "resolve_rate" || name === "hallucination" || name.startsWith("score:"),
  },
  { weight: 3, of: (name) => /^cost_per_(task|call)$/.test(name) },
  { weight: 2, of: (name) => /^(time_to_first_token|duration)_p95$/.test(name) },
  { weight: 1, of: (name) => name === "error_rate" },
];
const preferred = ["resolve_rate", "cost_per_task", "time_to_first_token_p95"];

/**
 * A profile to start your own from: quality, cost, waiting and failures as far as a store can measure them, each
 * worth 1 at the ideal (no wait, all resolved) and 0 at the worst that the models' intervals allow.
 *
 * @throws RangeError for a store that can measure none of them
 */
export async function startProfile(store: Store, name: string): Promise<Profile> {
  const known = await metricNames(store);
  const chosen = candidates.flatMap(({ weight, of }) => {
    const fitting = known.filter(of);
    const metric =
      fitting.find((one) => preferred.includes(one)) ??
      fitting.find((one) => directionNote([one]) === undefined) ??
      fitting[0];
    return metric === undefined ? [] : [{ metric, weight }];
  });
  const { rows } =
    chosen.length === 0
      ? { rows: [] }
      : await metricTable(store, { metrics: chosen.map(({ metric }) => metric), by: "model" });
  const criteria = chosen.flatMap(({ metric, weight }) => {
    const ends = endsOf(metric, rows);
    return ends === undefined ? [] : [{ metric, weight, ...ends }];
  });
  if (criteria.length === 0)
    throw new RangeError(
      "profile new requires a store with a duration, a cost, an outcome or a score, got none: ingest logs, or copy a built-in profile by its name",
    );
  const total = criteria.reduce((sum, { weight }) => sum + weight, 0);
  return {
    name,
    description:
      "A draft from what this log can measure: good is the ideal, bad the worst that its models may show. Replace these and the weights by what the work needs.",
    criteria: withWhole(
      criteria.map((one) => ({ ...one, weight: Math.floor((100 * one.weight) / total) / 100 })),
    ),
  };
}

/** Gives the first weight what rounding took from all. */
function withWhole(criteria: Criterion[]): Criterion[] {
  const rest = criteria.slice(1).reduce((sum, { weight }) => sum + Math.round(100 * weight), 0);
  return criteria.map((one, at) => (at === 0 ? { ...one, weight: (100 - rest) / 100 } : one));
}

/** From the ideal, if there is one, to the worst that the models' intervals allow; undefined without a value. */
function endsOf(name: string, rows: readonly Row[]): { good: number; bad: number } | undefined {
  const estimates = rows
    .map((row) => row[name])
    .filter(isEstimate)
    .filter(({ value }) => Number.isFinite(value));
  if (estimates.length === 0) return undefined;
  const bounds = estimates.flatMap(({ low, value, high }) => [low, value, high]).filter(Number.isFinite);
  const [least, most] = [rounded(Math.min(...bounds), Math.floor), rounded(Math.max(...bounds), Math.ceil)];
  const { better, unit } = metric(name);
  if (better === "lower") return { good: 0, bad: most === 0 ? 1 : most };
  const best = unit === "1" ? 1 : most;
  return { good: best, bad: least < best ? least : 0 };
}

function rounded(value: number, round: (value: number) => number): number {
  if (value === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((round(value / step) * step).toPrecision(3));
}
