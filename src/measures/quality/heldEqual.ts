import { modelName } from "../../logs/models/modelName";
import { clusterNotes, FEWEST_CLUSTERS } from "../../stats/clusterError";
import { logistic } from "../../stats/comparisons";
import { defined } from "../../stats/defined";
import { type Estimate, noted, renoted, toldBy, withNotes } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { studentTQuantile } from "../../stats/studentT";
import { quadraticForm } from "../../stats/symmetric";
import { grouped } from "../../stats/text";
import { type Fitted, fitOf, slopesDiffer, type UsedVerdict } from "./judgeFit";
import { lengthsOf, needed } from "./promptLengths";

/** What may sway a judge besides the quality of the answer. */
export const sways = ["output_length", "family"] as const;
export type Sway = (typeof sways)[number];

/** The verdicts on the answers of a group, one by one. */
export interface Verdicts {
  value: number[];
  judge: string[];
  model: (string | null)[];
  /** The logarithm of the answer's length. */
  length: (number | null)[];
  prompt: (string | null)[];
  cluster: string[];
}

export interface Settings {
  wanted: readonly Sway[];
  level: number;
  clusterBy: string;
}

/**
 * The rates of groups that differ only in the model with the controls held equal, and notes on how much each control
 * sways the judge.
 *
 * @param raw the rate of each group as it is
 */
export function atEqual(
  groups: readonly Verdicts[],
  raw: readonly (Estimate | undefined)[],
  { wanted, level, clusterBy }: Settings,
): { rates: Estimate[]; notes: string[] } {
  const { used, known, fits, held, notes } = usedOf(groups, wanted);
  const byLength = held.includes("output_length");
  const lengths = byLength ? lengthsOf(used, known.length) : undefined;
  const about = { places: known.length, lengths, family: held.includes("family") };
  const common = fitOf(used, { ...about, slopes: "common" });
  const own = byLength && known.length > 1 ? fitOf(used, { ...about, slopes: "own" }) : undefined;
  const isOwn = own !== undefined && slopesDiffer(own);
  const fit = isOwn ? own : common;
  const none = (why: Reservation, n: number): Estimate => ({
    ...{ value: Number.NaN, low: Number.NaN, high: Number.NaN, level },
    ...{ method: "none", n, clusters: 0, clusterBy, unit: "1" },
    ...noted([why]),
  });
  const rates = groups.map(({ value }, group): Estimate => {
    const place = known.indexOf(group);
    if (!fits[group]) return none(reserve("none.verdicts"), value.length);
    if (place < 0) return none(reserve("none.known", { what: "the length of its answers" }), value.length);
    if (held.length === 0) return none(reserve("none.equal"), value.length);
    if (!fit.converged) return none(reserve("none.fit", { what: "odds" }), value.length);
    const found = rateOf(fit, place, { level, clusterBy, n: value.length });
    return lengths === undefined || lengths.isTold ? found : hull(found, raw[group]);
  });
  if (fit.converged && used.length > 0) notes.push(...swayed(fit, held, level));
  if (fit.converged && lengths !== undefined && !lengths.isTold && known.length > 1)
    notes.push(
      `Fewer than ${needed} prompts were answered by several models: a judge who likes long answers and hard prompts with long answers look alike, so the interval of controlled holds the raw one as well. If both are so at once they may cancel out: then it misses the truth.`,
    );
  notes.push(...turned(groups, rates));
  return { rates, notes };
}

/** The verdicts that can be fitted, the groups that they are of, and the controls that can be held equal. */
function usedOf(groups: readonly Verdicts[], wanted: readonly Sway[]) {
  const notes: string[] = [];
  const fits = groups.map(({ value }) => value.some((x) => x > 0) && value.some((x) => x < 1));
  const all = groups.flatMap(({ value, judge, model, length, prompt, cluster }, group) =>
    fits[group]
      ? value.map((value, at) => ({
          ...{ group, value, judge: judge[at], length: length[at], prompt: prompt[at], cluster: cluster[at] },
          isOwn: model[at] !== null && brandOf(judge[at]) === brandOf(model[at]),
        }))
      : [],
  );
  const families = new Set(all.map(({ judge }) => brandOf(judge)));
  const held = wanted.filter((name) => name === "output_length" || families.size > 1);
  if (held.length < wanted.length)
    notes.push(
      "Whether a judge prefers its own family cannot be told apart from how good that family is: all judges are of one family.",
    );
  const kept = all.filter(({ length }) => length !== null || !held.includes("output_length"));
  if (kept.length < all.length)
    notes.push(
      `${grouped(all.length - kept.length)} verdicts are left out: the answer's length is not known.`,
    );
  const known = [...new Set(kept.map(({ group }) => group))].sort((a, b) => a - b);
  const used = kept.map(
    (one): UsedVerdict => ({ ...one, length: one.length ?? 0, place: known.indexOf(one.group) }),
  );
  return { used, known, fits, held, notes };
}

const quantileOf = ({ effective, effectiveAll }: Fitted, level: number) =>
  effectiveAll >= FEWEST_CLUSTERS ? studentTQuantile((1 + level) / 2, effective - 1) : Number.NaN;

/** A group's rate over all verdicts used, as if it had answered each: as long, for the same judges, none of its family. */
function rateOf(
  fit: Fitted,
  place: number,
  { level, clusterBy, n }: { level: number; clusterBy: string; n: number },
): Estimate {
  const gradient = new Float64Array(fit.values.length);
  let rate = 0;
  for (let at = 0; at < fit.verdicts; at++) {
    const { parameters, factors } = fit.terms(at, place, false);
    const p = logistic(parameters.reduce((sum, one, k) => sum + fit.values[one] * factors[k], 0));
    rate += p / fit.verdicts;
    for (const [k, one] of parameters.entries()) gradient[one] += ((p * (1 - p)) / fit.verdicts) * factors[k];
  }
  const error = Math.sqrt(quadraticForm(fit.covariance, gradient)) / (rate * (1 - rate));
  const reach = quantileOf(fit, level) * error;
  const middle = Math.log(rate / (1 - rate));
  return defined({
    value: rate,
    low: logistic(middle - reach),
    high: logistic(middle + reach),
    level,
    method: "logistic-standardised",
    n,
    clusters: fit.clusters,
    clusterBy,
    unit: "1",
    ...noted(clusterNotes(fit.effectiveAll).slice(0, 1)),
  });
}

/**
 * Both intervals, where it is not known which of them holds; no end decides where the two disagree, and where they agree
 * length and difficulty may have cancelled out.
 */
function hull(found: Estimate, raw: Estimate | undefined): Estimate {
  if (raw === undefined || Number.isNaN(found.low)) return found;
  if (Number.isNaN(raw.low)) return renoted({ ...found, low: raw.low, high: raw.high }, toldBy(raw));
  const isOutside = (value: number, { low, high }: Estimate) => value < low || value > high;
  const ends = { low: Math.min(found.low, raw.low), high: Math.max(found.high, raw.high) };
  const both = { ...found, ...ends, method: "logistic-standardised-or-raw" };
  const disagree = isOutside(found.value, raw) && isOutside(raw.value, found);
  return withNotes(both, [
    reserve(disagree ? "method.length-or-difficulty" : "method.length-not-both", { needed }),
  ]);
}

/** How many times the odds of a verdict of 1 change with each control. */
function swayed(fit: Fitted, held: readonly Sway[], level: number): string[] {
  const quantile = quantileOf(fit, level);
  const times = (gradient: Float64Array, step: number) => {
    const middle = gradient.reduce((sum, one, k) => sum + one * fit.values[k], 0);
    const error = quantile * Math.sqrt(quadraticForm(fit.covariance, gradient));
    const [value, low, high] = [0, -1, 1].map((side) =>
      Number(Math.exp(step * (middle + side * error)).toPrecision(2)),
    );
    return `${value} [${low}, ${high}]`;
  };
  const ofSum = (parameters: readonly number[]) =>
    Float64Array.from(fit.values, (_, k) => Number(parameters.includes(k)));
  return held.map((name) => {
    if (name === "family")
      return `An answer by a model of the judge's own family has ${times(ofSum([fit.family!]), 1)} times the odds of a verdict of 1.`;
    if (fit.ownSlopes.length === 0)
      return `An answer twice as long has ${times(ofSum([fit.slope!]), Math.LN2)} times the odds of a verdict of 1.`;
    const slopes = [undefined, ...fit.ownSlopes].map((own) =>
      ofSum(own === undefined ? [fit.slope!] : [fit.slope!, own]),
    );
    const at = (gradient: Float64Array) => gradient.reduce((sum, one, k) => sum + one * fit.values[k], 0);
    const ordered = slopes.sort((a, b) => at(a) - at(b));
    return `How length sways the judge differs by model: an answer twice as long has ${times(ordered[0], Math.LN2)} to ${times(ordered[ordered.length - 1], Math.LN2)} times the odds of a verdict of 1, and each model is held equal by its own.`;
  });
}

/** Notes how many pairs of models change order when the controls are held equal. */
function turned(groups: readonly Verdicts[], rates: readonly Estimate[]): string[] {
  const known = groups.flatMap((_, at) => (Number.isNaN(rates[at].value) ? [] : [at]));
  const raw = groups.map(({ value }) => value.reduce((sum, x) => sum + x, 0) / value.length);
  const pairs = known.flatMap((a, at) => known.slice(at + 1).map((b): [number, number] => [a, b]));
  if (pairs.length === 0) return [];
  const flips = pairs.filter(([a, b]) => (raw[a] - raw[b]) * (rates[a].value - rates[b].value) < 0);
  return [`${flips.length} of ${pairs.length} pairs of rows change their order, by the estimates alone.`];
}

/** The family that a name begins with: "claude" for claude-3.7-sonnet. */
function brandOf(name: string): string {
  return (/[a-z]+/i.exec(modelName(name).name)?.[0] ?? name).toLowerCase();
}
