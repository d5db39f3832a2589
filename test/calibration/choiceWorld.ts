import { type Candidate, utilities } from "../../src/decide/choose/utility";
import { jointNormals } from "../../src/decide/draws";
import { criterionValue, keeps } from "../../src/decide/profile/criterion";
import { binomialQuantile } from "../../src/stats/binomial";
import type { Estimate } from "../../src/stats/estimate";
import { normalCdf } from "../../src/stats/normal";
import { random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";

/** A kind of world whose true best is known. */
export interface ChoiceWorld {
  name: string;
  what: string;
  /** Relative standard deviation of the true values between models, from one world to the next. */
  gap: (uniform: number) => number;
  /** Correlation of the noise of one model's time and cost, and of one metric between two models. */
  shared?: { within: number; between: number };
  /** The maximum share of errors that a model may make. */
  floor?: number;
  /** The share of models whose time has no upper end. */
  open?: number;
  /** How many times noisier the least known model is than the best known one. Default 3. */
  uneven?: number;
}

/** What one world's log says about its models, and what is true. */
export interface Answer {
  stated: number[];
  /** 1 for the best, shared between ties; all 0 if none meets the floor. */
  truth: number[];
}

const criteria = [
  { metric: "time_to_first_token_p95", weight: 0.4, good: 0.4, bad: 3 },
  { metric: "cost_per_task", weight: 0.3, good: 0, bad: 0.03 },
  { metric: "error_rate", weight: 0.3, good: 0, bad: 0.1 },
];

/** Draws a world of two to six models, what a log says about them, and the resulting chances. */
export function answerOf(world: ChoiceWorld, seed: number): Answer {
  const source = random(seed);
  const models = 2 + source.integer(5);
  const gap = world.gap(source.uniform());
  const { within = 0, between = 0 } = world.shared ?? {};
  const floors = world.floor === undefined ? [] : [{ metric: "error_rate", at_most: world.floor }];
  const correlation = (a: [number, string], b: [number, string]) => {
    if (a[1] === "error_rate" || b[1] === "error_rate") return a[0] === b[0] && a[1] === b[1] ? 1 : 0;
    return (a[0] === b[0] ? 1 : between) * (a[1] === b[1] ? 1 : within);
  };
  const cells = Array.from({ length: models }, (_, i) =>
    criteria.map(({ metric }): [number, string] => [i, metric]),
  );
  const noise = jointNormals(
    cells.flat().map((a) => cells.flat().map((b) => correlation(a, b))),
    { draws: 1, seed: seed + 500_000 },
  ).map(([z]) => z);
  const truths: number[] = [];
  const candidates = Array.from({ length: models }, (_, i): Candidate => {
    const drawn = (middle: number) => middle * Math.exp(gap * source.normal());
    const [time, cost, errors] = [drawn(1.2), drawn(0.012), Math.min(0.9, drawn(0.03))];
    const size = world.uneven === undefined ? 1 : world.uneven ** (source.uniform() - 0.5);
    const error = () => 0.08 * size * (0.5 + source.uniform());
    const calls = Math.round((300 + source.integer(1500)) / size ** 2);
    const share = Math.min(1 - 1e-12, Math.max(1e-12, normalCdf(noise[3 * i + 2])));
    const seen = seenOf(time, error(), noise[3 * i]);
    const late = source.uniform() < (world.open ?? 0);
    const found = {
      time_to_first_token_p95: late ? { ...seen, high: Number.POSITIVE_INFINITY } : seen,
      cost_per_task: seenOf(cost, error(), noise[3 * i + 1]),
      error_rate: wilson(binomialQuantile(share, calls, errors), calls),
    };
    const worth = [time, cost, errors].reduce(
      (sum, value, k) => sum + criteria[k].weight * criterionValue(value, criteria[k]),
      0,
    );
    truths.push(floors.every((floor) => keeps(errors, floor)) ? worth : Number.NEGATIVE_INFINITY);
    return { name: `m${i}`, estimates: found };
  });
  const { rows } = utilities(candidates, { criteria, floors, correlation, draws: 2000, seed });
  const most = Math.max(...truths);
  const best = truths.map((one) => (one === most && most > Number.NEGATIVE_INFINITY ? 1 : 0));
  const ties = best.reduce((sum: number, one) => sum + one, 0);
  return { stated: rows.map(({ p_best }) => p_best), truth: best.map((one) => one / Math.max(1, ties)) };
}

/** A positive amount as a log would show it: with log-normal noise, and its interval. */
function seenOf(truth: number, error: number, z: number): Estimate {
  const value = truth * Math.exp(error * z);
  const factor = Math.exp(1.959964 * error);
  const how = { level: 0.95, method: "", n: 100, clusters: 100, clusterBy: "" };
  return { value, low: value / factor, high: value * factor, ...how };
}

const any = (uniform: number) => 0.03 * 20 ** uniform;

export const choiceWorlds: readonly ChoiceWorld[] = [
  { name: "any gap", what: "Models differ by 3 to 60 %, each size as likely as its double.", gap: any },
  { name: "wide gaps", what: "Models differ by 30 %, far more than the noise of about 8 %.", gap: () => 0.3 },
  {
    name: "narrow gaps",
    what: "Models differ by 10 % in every world, about as much as the noise. `choose` does not know how much models differ and\nasks each log; a kind of world that is always at the edge is not the mean of what it reckons with, and chances may be a\nfew points off, low and middling ones the most.",
    gap: () => 0.1,
  },
  {
    name: "shared noise",
    what: "Any gap; a model's time and cost share half of their noise, and so do two models.",
    gap: any,
    shared: { within: 0.5, between: 0.5 },
  },
  {
    name: "a floor",
    what: "Any gap; a model may fail in no more than 4 % of its calls.",
    gap: any,
    floor: 0.04,
  },
  {
    name: "open ends",
    what: "Any gap; the time of every fifth model has no upper end.",
    gap: any,
    open: 0.2,
  },
  {
    name: "unequal sizes",
    what: "Any gap; of some models a hundred times as many calls are logged as of others.",
    gap: any,
    uneven: 10,
  },
  {
    name: "no difference",
    what: "All models are the same, and each is the best to the same part, so that only even chances come true. What counts is\nhow seldom a choice is settled.",
    gap: () => 0,
  },
];
