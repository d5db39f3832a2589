import { logGamma } from "./gamma";
import { normalCdf } from "./normal";
import type { Random } from "./random";
import { findRoot } from "./root";
import { deviations } from "./studentisedRange";
import { studentTQuantile } from "./studentT";

/** How the scores of models vary from run to run, beyond what all runs of a model share. */
export interface RunSpread {
  /** The variance of one run of each model, as its own runs show it; NaN where there is one run. */
  variances: ArrayLike<number>;
  /** The runs behind each score. */
  counts: ArrayLike<number>;
}

/** The degrees of freedom of all variances together: of each model the runs less 1. */
export const runDegrees = ({ counts }: RunSpread): number =>
  Array.from(counts).reduce((sum, count) => sum + count - 1, 0);

/** The variances of all models together, each weighing as much as it has degrees of freedom. */
export function pooledVariance({ variances, counts }: RunSpread): number {
  const own = Array.from(counts, (count, i) => (count > 1 ? (count - 1) * variances[i]! : 0));
  return own.reduce((sum, one) => sum + one, 0) / runDegrees({ variances, counts });
}

/**
 * How models may differ in their variances: as scaled inverse chi-squares with so many degrees of freedom, around a variance that
 * falls with the number of runs, or rises, by a power.
 */
interface Origin {
  degrees: number;
  variance: number;
  power: number;
  chance: number;
}

/** How far the standard deviations of models may lie apart, on the log scale, each as likely before runs are seen. */
const APART = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
/** The steps of the middle variance on the log scale, from the pooled one: with one degree of freedom it may be far above it. */
const STEPS = Array.from({ length: 57 }, (_, at) => (at - 16) / 4);
/** The powers of the number of runs by which the variance may change, where numbers of runs differ: 0 is as likely as all others. */
const POWERS = [-2, -1, 0, 1, 2];
/** Runs that happen to agree do not show that there is no variance. */
const LEAST_SHARE = 1e-3;
const LEAST_CHANCE = 1e-4;

/** What the runs say of how the variances of models lie apart, and around what. */
function originsOf(runs: RunSpread): Origin[] {
  const pooled = pooledVariance(runs);
  const own = Array.from(runs.counts, (count, i) => ({ nu: count - 1, variance: runs.variances[i]! }));
  const several = own.filter(({ nu }) => nu > 0);
  const powers = several.some(({ nu }) => nu !== several[0].nu) ? POWERS : [0];
  const usual = Math.exp(several.reduce((sum, { nu }) => sum + Math.log(nu + 1) / several.length, 0));
  const points = APART.flatMap((apart) =>
    powers.flatMap((power) => STEPS.map((step) => ({ apart, power, step }))),
  );
  const origins = points.map(({ apart, power, step }) => {
    const [degrees, variance] = [1 / (2 * apart ** 2), pooled * Math.exp(step)];
    const prior = power === 0 && powers.length > 1 ? Math.log(powers.length - 1) : 0;
    const log = several.reduce((sum, { nu, variance: seen }) => {
      const x = (nu * Math.max(seen, LEAST_SHARE * pooled)) / (variance * ((nu + 1) / usual) ** power);
      if (degrees === Infinity) return sum + (nu * Math.log(x / 2) - x) / 2 - logGamma(nu / 2);
      const beta = logGamma((nu + degrees) / 2) - logGamma(nu / 2) - logGamma(degrees / 2);
      return sum + beta + (nu * Math.log(x / degrees) - (nu + degrees) * Math.log1p(x / degrees)) / 2;
    }, prior);
    return { degrees, variance: variance / usual ** power, power, log };
  });
  const most = Math.max(...origins.map(({ log }) => log));
  const all = origins.reduce((sum, { log }) => sum + Math.exp(log - most), 0);
  return origins
    .map(({ log, ...origin }) => ({ ...origin, chance: Math.exp(log - most) / all }))
    .filter(({ chance }) => chance > LEAST_CHANCE);
}

/** The variance of a model's runs by its own runs and those of all, and the degrees of freedom that it then has. */
function joint({ degrees, variance: of, power }: Origin, { variances, counts }: RunSpread, i: number) {
  const nu = counts[i]! - 1;
  const variance = of * counts[i]! ** power;
  if (degrees === Infinity) return { degrees, variance };
  const squares = degrees * variance + (nu > 0 ? nu * variances[i]! : 0);
  return { degrees: degrees + nu, variance: squares / (degrees + nu) };
}

/** The errors of scores whose runs are few, at once for all models. */
export interface RunErrors {
  /** The error of each score, at the variance that its own runs and those of all models lead to expect. */
  expected: Float64Array;
  /** The same at other variances that the runs may have as well, which differ by model. */
  drawn(random: Random): Float64Array;
  /** How far the interval of each score alone reaches to either side. */
  reach(level: number): Float64Array;
}

/**
 * The errors of scores of which few runs show how they vary, and which may vary differently by model: how differently is
 * drawn from what all runs show.
 *
 * @remarks A model's variance is a scaled inverse chi-square around that of all (Smyth 2004,
 * https://doi.org/10.2202/1544-6115.1027), here over a grid of how far models lie apart instead of at one estimate.
 * @param errors what the runs of each model share
 */
export function runErrors(errors: ArrayLike<number>, runs: RunSpread): RunErrors {
  const origins = originsOf(runs);
  const both = (variance: (i: number) => number) =>
    Float64Array.from(errors, (error, i) => Math.sqrt(error * error + variance(i) / runs.counts[i]!));
  const ends: number[] = [];
  for (const { chance } of origins) ends.push((ends.at(-1) ?? 0) + chance);
  const last = ends.length - 1;
  const expected = both((i) => {
    const precision = origins.reduce((sum, one) => sum + one.chance / joint(one, runs, i).variance, 0);
    return 1 / precision;
  });
  return {
    expected,
    drawn({ uniform, gamma }) {
      const place = uniform() * ends[last]!;
      const origin =
        origins[
          Math.min(
            last,
            ends.findIndex((end) => end >= place),
          )
        ]!;
      return both((i) => {
        const { degrees, variance } = joint(origin, runs, i);
        return degrees === Infinity ? variance : (variance * degrees) / (2 * gamma(degrees / 2));
      });
    },
    reach(level) {
      const known = new Map<number, ReturnType<typeof deviations>>();
      const spreadOf = (degrees: number) => {
        const spread = known.get(degrees) ?? deviations(degrees);
        known.set(degrees, spread);
        return spread;
      };
      return expected.map((error, i) => {
        if (!(error > 0) || error === Infinity) return error;
        const scales = scalesOf(origins, errors[i]!, runs, i, spreadOf);
        const beyond = (log: number) =>
          scales.reduce(
            (sum, [scale, chance]) => sum + chance * normalCdf(-Math.exp(log) / (scale / error)),
            0,
          );
        return error * Math.exp(findRoot((log) => (1 - level) / 2 - beyond(log), -7, 18, 1e-10));
      });
    },
  };
}

/** The errors that a score may have, and how likely each is, in steps of a twentieth on the log scale. */
function scalesOf(
  origins: readonly Origin[],
  error: number,
  runs: RunSpread,
  i: number,
  spreadOf: typeof deviations,
): [number, number][] {
  const found = new Map<number, [number, number]>();
  const add = (scale: number, chance: number) => {
    const bin = Math.round(20 * Math.log(scale));
    const [sum, before] = found.get(bin) ?? [0, 0];
    found.set(bin, [sum + chance * scale, before + chance]);
  };
  for (const origin of origins) {
    const { degrees, variance } = joint(origin, runs, i);
    const own = Math.sqrt(variance / runs.counts[i]!);
    if (degrees === Infinity) add(Math.hypot(error, own), origin.chance);
    else
      for (const [deviation, chance] of spreadOf(degrees))
        add(Math.hypot(error, own / deviation), origin.chance * chance);
  }
  return [...found.values()].map(([sum, chance]) => [sum / chance, chance]);
}

/**
 * Whether the own runs of two models alone tell them apart, whatever the other models' runs are like; true where one of
 * them has no runs of its own to tell.
 *
 * @remarks Welch 1947, https://doi.org/10.1093/biomet/34.1-2.28.
 * @param above how far the one's score lies above the other's
 */
export function apartAlone(
  above: number,
  errors: ArrayLike<number>,
  { variances, counts }: RunSpread,
  pair: readonly [number, number],
  level: number,
): boolean {
  if (pair.some((i) => counts[i]! < 2)) return true;
  const own = pair.map((i) => variances[i]! / counts[i]!);
  const squares = own.reduce((sum, one, k) => sum + one + errors[pair[k]!]! ** 2, 0);
  const degrees = squares ** 2 / own.reduce((sum, one, k) => sum + one ** 2 / (counts[pair[k]!]! - 1), 0);
  // Beyond so many degrees of freedom the normal law, to which runs that happen to agree lead.
  const t = studentTQuantile((1 + level) / 2, Math.min(1e6, degrees));
  return above > t * Math.sqrt(squares);
}
