import { checkCount, checkLevel, checkSameLength } from "./checks";
import { type Estimate, noted } from "./estimate";
import { allFits, BEFORE, type Fitted, fittedLevels } from "./levelFit";
import { type Course, FEWEST_STEPS, type Series, seriesOf } from "./levelSeries";
import { type Reservation, reserve } from "./reservation";
import { findRoot } from "./root";
import { studentTCdf } from "./studentT";

export interface LevelChangesOptions {
  /** Steps after which a pattern repeats: 7 for days of the week. Default: no pattern. */
  period?: number;
  /** The probability from which a change is stated, and the confidence of its interval (default 0.95). */
  level?: number;
  /** Average number of steps between two false alarms if nothing changes (default 365). */
  quiet?: number;
}

/** A step at which the level changed. */
export interface LevelChange {
  /** Index of the first value after it, and the range of indices where it may truly be. */
  index: number;
  low: number;
  high: number;
  /** The probability that the level changed, given the other changes. */
  chance: number;
  /** By how much. */
  by: Estimate;
}

/** A look at the data that found a change of level; there is one look after every value. */
export interface Alert {
  /** Index of the last value known at that look. */
  index: number;
  /** Where the look placed the change. */
  since: number;
  /** Index of the last value known at the first look that found it even if steps much resemble the ones before. */
  sure?: number;
}

export interface LevelChanges {
  changes: LevelChange[];
  /** The probability of a change, or of one more; NaN if it cannot be computed. */
  chance: number;
  alerts: Alert[];
  /** The level at each value, without the periodic pattern. */
  levels: Float64Array;
  /** What each place in the period adds, by `at` modulo the period; empty without a period. */
  pattern: Float64Array;
  /** Why no change could be looked for, or what was not used. */
  reservations?: readonly Reservation[];
  note?: string;
}

const MOST_CHANGES = 5;
/** How many of the latest values are used. */
export const MOST_STEPS = 400;
/**
 * Where the level of a series changed, how likely that is, and when someone who checked it at every step would
 * have been alerted.
 *
 * In: one number per step. Steps correlate with the ones before (0 to .9, all equally likely in the prior), vary
 * less with more units behind them, and follow a periodic pattern. The prior gives a change even odds, anywhere
 * from the 8th value on, with a size of two standard deviations of a step; a change is stated from a probability
 * of `level` on. A value far from its neighbours is capped at three standard deviations, so that no single one
 * makes a change. An alert is raised when the sum of the odds of a change at each step exceeds `quiet`: without
 * a change, that many steps pass on average before a false one, fewer if the correlation is above .6. After an
 * alert its change is known, and later ones are looked for. Fewer than 14 values, or all the same: no change is
 * stated, and the note says why.
 *
 * @remarks Methods: the marginal likelihood of a normal regression with autoregressive errors, with the variance
 * integrated out under the prior 1/s; Shiryaev (1963), doi:10.1137/1108002, and Roberts (1966),
 * doi:10.1080/00401706.1966.10490374, for the alert, whose sum of odds less the number of steps is a martingale
 * without a change; several changes one after the other.
 * @throws RangeError if a value is not finite, steps do not rise, or an option is out of range.
 * @example
 * const values = Array.from({ length: 40 }, (_, at) => Math.sin(7 * at) + (at < 25 ? 0 : 4));
 * levelChanges({ at: values.map((_, at) => at), values, units: values.map(() => 1) }).changes[0].index // 25
 */
export function levelChanges(course: Course, options: LevelChangesOptions = {}): LevelChanges {
  const { level = 0.95, quiet = 365, period = 0 } = options;
  checkLevel("levelChanges", level);
  checkCount("levelChanges", "quiet", quiet, 1);
  checkCount("levelChanges", "period", period);
  const { at, values, units } = course;
  checkSameLength("levelChanges", "values", values.length, "at", at.length);
  checkSameLength("levelChanges", "values", values.length, "units", units.length);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new RangeError(`levelChanges requires finite values, got ${values[i]}`);
    if (!(units[i] > 0)) throw new RangeError(`levelChanges requires units above 0, got ${units[i]}`);
    if (!Number.isInteger(at[i]) || (i > 0 && at[i] <= at[i - 1]))
      throw new RangeError(
        `levelChanges requires whole steps that rise, got ${at[i]} after ${at[i - 1] ?? "none"}`,
      );
  }
  const n = values.length;
  const first = Math.max(0, n - MOST_STEPS);
  const none = {
    changes: [],
    chance: Number.NaN,
    alerts: [],
    levels: new Float64Array(n).fill(Number.NaN),
    pattern: new Float64Array(period),
  };
  if (n < FEWEST_STEPS) {
    const few = { what: "a change", needed: FEWEST_STEPS, counted: "values", has: n };
    return { ...none, ...noted([reserve("few.needed", few)]) };
  }
  const whole = seriesOf(course, first, n, period);
  if (whole.flat) return { ...none, ...noted([reserve("none.flat")]) };
  const steps = stated(whole, level);
  const changes = steps.map((one) => changeOf(whole, one, steps, { level, n: n - first, first }));
  const { chance } = look(whole, steps);
  const { levels, pattern } = fittedLevels(whole, steps);
  return {
    changes,
    chance: changes.length === MOST_CHANGES ? Number.NaN : chance,
    alerts: alertsOf(course, { first, period, quiet }),
    levels: Float64Array.from({ length: n }, (_, i) => (i < first ? levels[0] : levels[i - first])),
    pattern,
    ...noted([first > 0 ? reserve("left-out.early", { used: MOST_STEPS, n }) : undefined]),
  };
}

/** The evidence for a further change besides those at `steps`. */
interface Look {
  chance: number;
  /** The sum of the odds over all steps, and the most likely step. */
  sum: number;
  best: number;
  /** The odds of each step, and their breakdown by grid point. */
  odds: Float64Array;
  parts: { weight: number; fit: Fitted }[];
}

function look(series: Series, steps: readonly number[], weigh: (carried: number) => number = () => 1): Look {
  const fits = allFits(series, steps, true).map((fit) => ({
    ...fit,
    logP: fit.logP + Math.log(weigh(fit.carried)),
  }));
  const top = Math.max(...fits.map(({ logP }) => logP));
  const all = fits.reduce((sum, { logP }) => sum + Math.exp(logP - top), 0);
  const parts = fits.map((fit) => ({ weight: Math.exp(fit.logP - top) / all, fit }));
  const odds = new Float64Array(series.values.length);
  let [candidates, best] = [0, BEFORE];
  for (let k = BEFORE; k < odds.length; k++) {
    if (fits[0].odds[k] === Number.NEGATIVE_INFINITY) continue;
    candidates++;
    for (const { weight, fit } of parts) odds[k] += weight * Math.exp(Math.min(600, fit.odds[k]));
    if (odds[k] > odds[best]) best = k;
  }
  const sum = odds.reduce((total, one) => total + one, 0);
  return { chance: sum / (sum + candidates), sum, best, odds, parts };
}

/**
 * The steps at which a change is stated: found one after the other, then each checked again given the others.
 */
function stated(series: Series, level: number): number[] {
  let steps: number[] = [];
  while (steps.length < MOST_CHANGES) {
    const { chance, best } = look(series, steps);
    if (!(chance >= level)) break;
    steps = [...steps, best];
  }
  if (steps.length > 1)
    for (const one of [...steps]) {
      const others = steps.filter((step) => step !== one);
      const { chance, best } = look(series, others);
      steps = chance >= level ? [...others, best] : others;
    }
  return steps.sort((a, b) => a - b);
}

function changeOf(
  series: Series,
  step: number,
  steps: readonly number[],
  { level, n, first }: { level: number; n: number; first: number },
): LevelChange {
  const found = look(
    series,
    steps.filter((one) => one !== step),
  );
  const tail = (1 - level) / 2;
  let [sum, low, high] = [0, -1, found.odds.length - 1];
  for (let k = 0; k < found.odds.length; k++) {
    sum += found.odds[k] / found.sum;
    if (low < 0 && sum > tail) low = k;
    if (sum >= 1 - tail) {
      high = k;
      break;
    }
  }
  const parts: { weight: number; effect: number; error: number }[] = [];
  for (const { weight, fit } of found.parts)
    for (let k = low; k <= high; k++) {
      const own = (weight * Math.exp(Math.min(600, fit.odds[k]))) / found.sum;
      if (own > 1e-6) parts.push({ weight: own, effect: fit.effect[k], error: fit.error[k] });
    }
  const all = parts.reduce((total, { weight }) => total + weight, 0);
  const below = (x: number) =>
    parts.reduce(
      (total, { weight, effect, error }) =>
        total + weight * studentTCdf((x - effect) / error, n - Math.max(1, series.period)),
      0,
    ) / all;
  const least = Math.min(...parts.map(({ effect, error }) => effect - 60 * error));
  const most = Math.max(...parts.map(({ effect, error }) => effect + 60 * error));
  const at = (share: number) => findRoot((x) => below(x) - share, least, most);
  return {
    index: first + step,
    low: first + Math.min(step, low),
    high: first + Math.max(step, high),
    chance: found.chance,
    by: {
      value: parts.reduce((total, { weight, effect }) => total + weight * effect, 0) / all,
      low: at(tail),
      high: at(1 - tail),
      level,
      method: "level-change-posterior",
      n,
      clusters: n,
      clusterBy: "step",
    },
  };
}

/** A prior under which steps resemble the ones before much, as a weight: wandering is then no change. */
const carrying = (carried: number) => (0.1 + carried) ** 4;

/** One look after every value; an alert's change is known from then on, and later ones are looked for. */
function alertsOf(
  course: Course,
  { first, period, quiet }: { first: number; period: number; quiet: number },
): Alert[] {
  const alerts: Alert[] = [];
  const steps: number[] = [];
  let from = BEFORE;
  let doubted: { alert: Alert; others: number[]; start: number } | undefined;
  for (let to = first + FEWEST_STEPS; to <= course.values.length; to++) {
    const series = seriesOf(course, first, to, period);
    if (series.flat || to - first <= from) continue;
    const sumFrom = (odds: Float64Array, start: number) =>
      odds.subarray(start).reduce((total, one) => total + one, 0);
    if (doubted !== undefined) {
      const { alert, others, start } = doubted;
      if (sumFrom(look(series, others, carrying).odds, start) >= quiet) {
        alert.sure = to - 1;
        doubted = undefined;
      }
    }
    const { odds } = look(series, steps);
    if (sumFrom(odds, from) < quiet) continue;
    let best = from;
    for (let k = from; k < odds.length; k++) if (odds[k] > odds[best]) best = k;
    const alert: Alert = { index: to - 1, since: first + best };
    if (sumFrom(look(series, steps, carrying).odds, from) >= quiet) alert.sure = to - 1;
    else doubted = { alert, others: [...steps], start: from };
    alerts.push(alert);
    steps.push(best);
    from = odds.length;
    if (steps.length > MOST_CHANGES) steps.shift();
  }
  return alerts;
}
