import { boundedMeanDraws, middle } from "../../stats/boundedMean";
import { type Estimate, noted } from "../../stats/estimate";
import { normalQuantile } from "../../stats/normal";
import { type Random, random } from "../../stats/random";
import { type Reservation, reserve } from "../../stats/reservation";
import { studentTQuantile } from "../../stats/studentT";

/** The number of subjects with this verdict and this label, null if nobody labelled them. */
export interface JudgedCell {
  judged: number;
  label: number | null;
  n: number;
}

/** How the rates of one group are estimated. */
export interface JudgedSettings {
  level: number;
  seed: number;
  clusterBy: string;
  clusters: number;
  /** The effective number of clusters: that many of equal size are as informative. */
  effective: number;
  /** How many times larger clustering makes the variance. */
  designEffect: number;
}

/** A judge's rate corrected for its errors, and how good the judge is on labelled subjects. */
export interface CorrectedRates {
  corrected: Estimate;
  sensitivity: Estimate;
  specificity: Estimate;
}

/** The maximum number of distinct pairs of verdict and label that can be corrected. */
const mostCells = 20_000;
const resamples = 4_999;
/** Design effects up to this one are ignored. */
const slight = 1.02;
/** A verdict that nobody labelled gets a note if it has more than this share of the subjects. */
const worthWord = 0.01;

/** How a rate is corrected for a judge's errors, in an estimate's `method`. */
export const correctedMethod = "verdict-weighted";

/**
 * Estimates the true rate from counts of a judge's verdicts and people's labels.
 *
 * Within each verdict, for and against, this is the judge's mean plus its mean error on labelled subjects. The two are
 * weighted by how often the judge gives them, because people may look at one more often. A verdict that nobody labelled
 * keeps the judge's value with the widest possible uncertainty.
 *
 * @remarks Source: Begg & Greenes 1983, https://doi.org/10.2307/2530820; Fisch et al. 2024,
 * https://arxiv.org/abs/2406.04291.
 */
export function correctedRates(cells: readonly JudgedCell[], settings: JudgedSettings): CorrectedRates {
  const { level, clusterBy, clusters } = settings;
  const [positive, negative] = [true, false].map((kind) => labelledOf(cells, kind));
  const base = { low: Number.NaN, high: Number.NaN, level, method: correctedMethod, clusterBy, clusters };
  const none = (n: number, why: Reservation): Estimate => ({
    ...base,
    value: Number.NaN,
    n,
    unit: "1",
    ...noted([why]),
  });
  const full = { ...base, unit: "1", resamples };
  const all = count(cells);
  const seen = labelledOf(cells);
  const refused =
    cells.length > mostCells
      ? reserve("none.scores")
      : !cells.every(({ judged, label }) => isShare(judged) && (label === null || isShare(label)))
        ? reserve("none.needs", { what: "scores from 0 to 1" })
        : seen < 2 || all === 0
          ? reserve("none.needs", { what: "at least 2 labelled subjects" })
          : undefined;
  if (refused !== undefined)
    return {
      corrected: none(all, refused),
      sensitivity: none(positive, refused),
      specificity: none(negative, refused),
    };
  const generator = random(settings.seed);
  const sides = [true, false].map((flagged) => sideOf(cells, flagged, generator));
  const share = betaDraws(sides[0].n, sides[1].n, generator);
  const mixed = (of: (side: Side) => Float64Array) => {
    const [up, down] = sides.map(of);
    return share.map((w, i) => w * up[i] + (1 - w) * down[i]);
  };
  const whole = (of: (side: Side) => number) =>
    sides.reduce((sum, side) => sum + (side.n === 0 ? 0 : (side.n * of(side)) / all), 0);
  const ends = (value: number, draws: Float64Array) => widened(value, middle(draws, level, value), settings);
  const rate = whole(({ value }) => value);
  const dark = sides.find(({ n, labelled }) => labelled === 0 && n > worthWord * all);
  const note =
    dark && reserve("few.labelled", { n: dark.n, verdict: dark === sides[0] ? "positive" : "negative" });
  /** Of the subjects that people call positive (negative), the share to which the judge gives the same verdict. */
  const caught = (kind: "positive" | "negative", n: number): Estimate => {
    if (n === 0) return none(0, reserve("none.counted", { counted: `labelled subject is ${kind}` }));
    const part = (w: number, a: number, b: number) =>
      kind === "positive"
        ? (w * a) / (w * a + (1 - w) * b)
        : ((1 - w) * (1 - b)) / ((1 - w) * (1 - b) + w * (1 - a));
    const [up, down] = sides;
    const value = part(up.n / all, up.wrong, down.wrong);
    const draws = share.map((w, i) => part(w, up.wrongDraws[i], down.wrongDraws[i]));
    return { ...full, value, ...ends(value, draws), n };
  };
  return {
    corrected: {
      ...full,
      value: rate,
      ...ends(
        rate,
        mixed(({ draws }) => draws),
      ),
      n: all,
      ...(settings.designEffect > slight ? { designEffect: settings.designEffect } : {}),
      ...noted([note]),
    },
    sensitivity: caught("positive", positive),
    specificity: caught("negative", negative),
  };
}

/** The subjects with one of the two verdicts. */
interface Side {
  n: number;
  labelled: number;
  /** The estimated mean of people's labels over all of them. */
  value: number;
  draws: Float64Array;
  /** The share of them that the majority of people call positive; ties are left out. */
  wrong: number;
  wrongDraws: Float64Array;
}

function sideOf(cells: readonly JudgedCell[], flagged: boolean, generator: Random): Side {
  const own = cells.filter(({ judged }) => isFlagged(judged) === flagged);
  const looked = own.filter(({ label }) => label !== null);
  const open = own.filter(({ label }) => label === null);
  const [n, labelled] = [count(own), count(looked)];
  const weight = n === 0 ? 0 : (n - labelled) / n;
  const judged = meanOf(open, (cell) => cell.judged);
  const error = (cell: JudgedCell) => (cell.label as number) - weight * cell.judged;
  const range = own.length === 0 ? [0, 0] : [least(own), -least(own, -1)];
  const scores = drawsOf(open, (cell) => cell.judged, [range[0], range[1]], generator);
  const errors = drawsOf(looked, error, [-weight * range[1], 1 - weight * range[0]], generator);
  const [yes, no] = [labelledOf(looked, true), labelledOf(looked, false)];
  return {
    n,
    labelled,
    value: clip((weight === 0 ? 0 : weight * judged) + (labelled === 0 ? 0 : meanOf(looked, error))),
    draws: scores.map((score, i) => clip((weight === 0 ? 0 : weight * score) + errors[i])),
    wrong: yes + no === 0 ? Number(flagged) : yes / (yes + no),
    wrongDraws: betaDraws(yes, no, generator),
  };
}

/** True for a positive verdict; an even split between several judges counts as positive. */
const isFlagged = (judged: number) => judged >= 0.5;
const isShare = (value: number) => value >= 0 && value <= 1;
const clip = (rate: number) => Math.max(0, Math.min(1, rate));
const count = (cells: readonly JudgedCell[]) => cells.reduce((sum, { n }) => sum + n, 0);
const least = (cells: readonly JudgedCell[], sign = 1) =>
  cells.reduce((low, { judged }) => Math.min(low, sign * judged), Number.POSITIVE_INFINITY);
const meanOf = (cells: readonly JudgedCell[], of: (cell: JudgedCell) => number) =>
  cells.reduce((sum, cell) => sum + cell.n * of(cell), 0) / count(cells);

/** Counts labelled subjects, or only those that a majority of people call positive (negative). */
function labelledOf(cells: readonly JudgedCell[], positive?: boolean): number {
  return count(
    cells.filter(
      ({ label }) =>
        label !== null && (positive === undefined || (label !== 0.5 && label > 0.5 === positive)),
    ),
  );
}

function drawsOf(
  cells: readonly JudgedCell[],
  of: (cell: JudgedCell) => number,
  bounds: [number, number],
  generator: Random,
): Float64Array {
  const values = cells.flatMap((cell) => new Array<number>(cell.n).fill(of(cell)));
  return boundedMeanDraws(values, bounds, resamples, generator);
}

/** Draws of a share from its Jeffreys posterior. */
function betaDraws(yes: number, no: number, { gamma }: Random): Float64Array {
  return Float64Array.from({ length: resamples }, () => {
    const [a, b] = [gamma(yes + 0.5), gamma(no + 0.5)];
    return a / (a + b);
  });
}

/** Widens an interval by as much as clusters increase the standard error. */
function widened(
  value: number,
  [low, high]: [number, number],
  { designEffect, effective, level }: JudgedSettings,
): { low: number; high: number } {
  if (designEffect <= slight) return { low, high };
  const upper = (1 + level) / 2;
  const wider =
    Math.sqrt(designEffect) * (studentTQuantile(upper, Math.max(1, effective - 1)) / normalQuantile(upper));
  return { low: clip(value - wider * (value - low)), high: clip(value + wider * (high - value)) };
}
