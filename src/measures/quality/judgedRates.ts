import type { Estimate } from "../../stats/estimate";
import { normalQuantile } from "../../stats/normal";
import { predictionPowered } from "../../stats/predictionPowered";
import { wilson } from "../../stats/rate";
import { type JudgedCounts, roganGladen } from "../../stats/roganGladen";
import { studentTQuantile } from "../../stats/studentT";

/** How many subjects have a verdict and a label, null where people did not look. */
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
  /** Clusters that count, were all of one size. */
  effective: number;
  /**
   * How many times fewer the judged and the labelled subjects count, since they come in clusters, and how much larger
   * that makes the variance of the prediction-powered rate.
   */
  designEffects: { judged: number; labelled: number; powered: number };
}

/** A judge's rate corrected for its errors in two ways, and how good the judge is where people looked too. */
export interface CorrectedRates {
  corrected: Estimate;
  prediction_powered: Estimate;
  sensitivity: Estimate;
  specificity: Estimate;
}

/** Distinct pairs of verdict and label beyond which no correction is made. */
const mostCells = 20_000;
/** Design effects that are not worth a second look. */
const slight = 1.02;

/** The rate behind a judge's verdicts, from the table of its verdicts and people's labels. */
export function correctedRates(cells: readonly JudgedCell[], settings: JudgedSettings): CorrectedRates {
  const { level, clusterBy, clusters } = settings;
  const counts = countsOf(cells);
  const { foundPositives, truePositives, foundNegatives, trueNegatives } = counts;
  const own = (estimate: Estimate, note: string) =>
    estimate.n === 0 ? { ...estimate, clusterBy, note } : { ...estimate, clusterBy };
  return {
    corrected: { ...rogan(cells, counts, settings), clusterBy, clusters },
    prediction_powered: { ...powered(cells, settings), clusterBy },
    sensitivity: own(wilson(foundPositives, truePositives, level), "no labelled subject is positive"),
    specificity: own(wilson(foundNegatives, trueNegatives, level), "no labelled subject is negative"),
  };
}

/** How many subjects there are, and the sum of the squared sizes of their clusters. */
interface ClusterSizes {
  n: number;
  size_squares: number;
}

/**
 * The design effects of judged and labelled subjects from that of the judge's own rate: verdicts of one cluster resemble
 * each other as much among the labelled, of which a cluster has fewer.
 */
export function effectsOf(
  designEffect: number | undefined,
  judged: ClusterSizes,
  labelled: ClusterSizes,
): { judged: number; labelled: number } {
  const effect = Math.max(1, designEffect ?? 1);
  const more = judged.size_squares / judged.n - 1;
  const alike = more > 0 ? Math.min(1, (effect - 1) / more) : 0;
  const own = labelled.n === 0 ? 1 : 1 + alike * (labelled.size_squares / labelled.n - 1);
  return { judged: effect, labelled: own };
}

/** By the majority where a subject was judged or labelled several times; ties say nothing. */
function countsOf(cells: readonly JudgedCell[]): JudgedCounts {
  const sum = (of: (cell: JudgedCell) => boolean) =>
    cells.reduce((all, cell) => all + (of(cell) && cell.judged !== 0.5 ? cell.n : 0), 0);
  return {
    positives: sum(({ judged }) => judged > 0.5),
    judged: sum(() => true),
    foundPositives: sum(({ judged, label }) => label !== null && label > 0.5 && judged > 0.5),
    truePositives: sum(({ label }) => label !== null && label > 0.5),
    foundNegatives: sum(({ judged, label }) => label !== null && label < 0.5 && judged < 0.5),
    trueNegatives: sum(({ label }) => label !== null && label < 0.5),
  };
}

function rogan(cells: readonly JudgedCell[], counts: JudgedCounts, settings: JudgedSettings): Estimate {
  const { level, designEffects } = settings;
  const {
    raw: _raw,
    sensitivity: _se,
    specificity: _sp,
    ...full
  } = roganGladen(counts, {
    level,
    partOf: Math.max(1, counts.judged),
  });
  if (cells.some(({ judged, label }) => !isVerdict(judged) || !(label === null || isVerdict(label))))
    return {
      ...full,
      value: Number.NaN,
      low: Number.NaN,
      high: Number.NaN,
      note: "needs verdicts of 0 or 1",
    };
  if (Math.max(designEffects.judged, designEffects.labelled) <= slight) return full;
  const fewer = (k: number, n: number, effect: number) => {
    const effective = Math.round(n / Math.max(1, effect));
    return [Math.min(effective, Math.round((k / Math.max(1, n)) * effective)), effective];
  };
  const [positives, judged] = fewer(counts.positives, counts.judged, designEffects.judged);
  const [foundPositives, truePositives] = fewer(
    counts.foundPositives,
    counts.truePositives,
    designEffects.labelled,
  );
  const [foundNegatives, trueNegatives] = fewer(
    counts.foundNegatives,
    counts.trueNegatives,
    designEffects.labelled,
  );
  const { low, high, note } = roganGladen(
    { positives, judged, foundPositives, truePositives, foundNegatives, trueNegatives },
    { level, partOf: Math.max(1, counts.judged) },
  );
  return {
    ...full,
    low: Math.min(full.value, low),
    high: Math.max(full.value, high),
    designEffect: designEffects.judged,
    ...(note === undefined ? {} : { note: full.note ?? note }),
  };
}

const isVerdict = (value: number) => value === 0 || value === 1 || value === 0.5;

/** The judge's mean over all subjects plus people's mean correction where they looked. */
function powered(cells: readonly JudgedCell[], settings: JudgedSettings): Estimate {
  const { level, seed, effective, designEffects } = settings;
  const labelled = cells.filter(({ label }) => label !== null);
  const count = (some: readonly JudgedCell[]) => some.reduce((sum, { n }) => sum + n, 0);
  const [all, seen] = [count(cells), count(labelled)];
  const none = (note: string): Estimate => ({
    ...{ value: Number.NaN, low: Number.NaN, high: Number.NaN, level, method: "prediction-powered" },
    ...{ n: all, clusters: seen, clusterBy: "", unit: "1", note },
  });
  if (cells.length > mostCells) return none("too many different scores to correct");
  if (cells.some(({ judged, label }) => !isShare(judged) || !(label === null || isShare(label))))
    return none("needs scores from 0 to 1");
  const spread = (of: (cell: JudgedCell) => number, some: readonly JudgedCell[]) =>
    some.flatMap((cell) => new Array<number>(cell.n).fill(of(cell)));
  const {
    raw: _raw,
    labelled: _labelled,
    ...rate
  } = predictionPowered(
    {
      judged: spread(
        ({ judged }) => judged,
        cells.filter(({ label }) => label === null),
      ),
      judgedLabelled: spread(({ judged }) => judged, labelled),
      labels: spread(({ label }) => label as number, labelled),
    },
    // The mean over the unlabelled, weighed by their share, is the judge's mean over all.
    { level, seed, weight: all === 0 ? 1 : (all - seen) / all },
  );
  const effect = designEffects.powered;
  if (effect <= slight || Number.isNaN(rate.low)) return rate;
  const upper = (1 + level) / 2;
  const wider =
    Math.sqrt(effect) * (studentTQuantile(upper, Math.max(1, effective - 1)) / normalQuantile(upper));
  return {
    ...rate,
    low: Math.max(0, rate.value - wider * (rate.value - rate.low)),
    high: Math.min(1, rate.value + wider * (rate.high - rate.value)),
    designEffect: effect,
  };
}

const isShare = (value: number) => value >= 0 && value <= 1;
