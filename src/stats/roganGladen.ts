import { checkCount, checkLevel } from "./checks";
import { type Estimate, noEnds, noted, withNotes } from "./estimate";
import { normalQuantile } from "./normal";
import { reserve } from "./reservation";

/** A judge's verdicts on all items, and how it did on those that people labelled. */
export interface JudgedCounts {
  /** Items that the judge calls positive (hallucinated, say), and all judged items. */
  positives: number;
  judged: number;
  /** Of the items that people call positive: how many the judge also calls positive, and how many there are. */
  foundPositives: number;
  truePositives: number;
  /** Of the items that people call negative: how many the judge also calls negative, and how many there are. */
  foundNegatives: number;
  trueNegatives: number;
}

export interface JudgedRate extends Estimate {
  /** The judge's own rate. */
  raw: number;
  /** Share of true positives that the judge detects. */
  sensitivity: number;
  /** Share of true negatives that the judge lets pass. */
  specificity: number;
}

export interface RoganGladenOptions {
  level?: number;
  /**
   * If the labelled items are among the judged ones: how many independent items were judged. The judge's errors on
   * them are then in its rate too, and what both have in common cancels. Default: people labelled other items.
   */
  partOf?: number;
}

/**
 * A judge's rate corrected for its errors, which a labelled part reveals: (raw + specificity - 1) / (sensitivity +
 * specificity - 1), cut at 0 and 1.
 *
 * In: counts; the labelled items must be a random part of each kind. n and clusters count the judged items. The
 * interval carries the uncertainty of all three rates. A judge that is no better than chance, or may be no better
 * as far as its labelled items show: [0, 1] and a note. No judged item, none labelled of one kind, or a raw rate
 * that the labelled errors rule out: NaN and a note.
 *
 * @remarks Method: "rogan-gladen" (Rogan & Gladen 1978, https://doi.org/10.1093/oxfordjournals.aje.a112510) with the
 * interval of Lang & Reiczigel 2014, https://doi.org/10.1016/j.prevetmed.2013.09.015; with `partOf` less the
 * covariance of the judge's rate and its errors, by the delta method.
 * @throws RangeError if a count is not whole or exceeds its total.
 * @example
 * roganGladen({ positives: 30, judged: 100, foundPositives: 45, truePositives: 50, foundNegatives: 45, trueNegatives: 50 }).value.toFixed(3) // "0.250"
 */
export function roganGladen(counts: JudgedCounts, options: RoganGladenOptions = {}): JudgedRate {
  const { level = 0.95, partOf } = options;
  checkLevel("roganGladen", level);
  if (partOf !== undefined && !(partOf > 0))
    throw new RangeError(`roganGladen requires partOf > 0, got ${String(partOf)}`);
  const { positives, judged, foundPositives, truePositives, foundNegatives, trueNegatives } = counts;
  for (const [name, k, n] of [
    ["positives", positives, judged],
    ["foundPositives", foundPositives, truePositives],
    ["foundNegatives", foundNegatives, trueNegatives],
  ] as const) {
    checkCount("roganGladen", name, k);
    checkCount("roganGladen", `total of ${name}`, n);
    if (k > n) throw new RangeError(`roganGladen requires ${name} <= its total, got ${k} of ${n}`);
  }
  const raw = positives / judged;
  const sensitivity = foundPositives / truePositives;
  const specificity = foundNegatives / trueNegatives;
  const youden = sensitivity + specificity - 1;
  const rate = (raw + specificity - 1) / youden;
  const result: JudgedRate = {
    value: Number.NaN,
    ...noEnds,
    level,
    method: "rogan-gladen",
    n: judged,
    clusters: judged,
    clusterBy: "item",
    unit: "1",
    raw,
    sensitivity,
    specificity,
  };
  if (judged === 0 || truePositives === 0 || trueNegatives === 0)
    return withNotes(result, [
      reserve("none.needs", { what: "judged items and labelled ones of both kinds" }),
    ]);
  const useless = { low: 0, high: 1, ...noted([reserve("none.judge")]) };
  if (youden <= 0) return { ...result, ...useless };
  const value = Math.max(0, Math.min(1, rate));
  const note = value === rate ? undefined : reserve("method.cut", { given: rate.toPrecision(2), cut: value });
  const z = normalQuantile((1 + level) / 2);
  // A share of n, shrunk towards one half.
  const smooth = (k: number, n: number, more: number) => (k + more / 2) / (n + more);
  const p = smooth(positives, judged, z * z);
  const se = smooth(foundPositives, truePositives, 2);
  const sp = smooth(foundNegatives, trueNegatives, 2);
  const gain = se + sp - 1;
  const ofSe = (se * (1 - se)) / (truePositives + 2);
  const ofSp = (sp * (1 - sp)) / (trueNegatives + 2);
  if (gain - z * Math.sqrt(ofSe + ofSp) <= 0) return { ...result, value, ...useless };
  const centre = (p + sp - 1) / gain;
  const shift = 2 * z * z * (centre * ofSe - (1 - centre) * ofSp);
  const apart = (p * (1 - p)) / (judged + z * z) + centre ** 2 * ofSe + (1 - centre) ** 2 * ofSp;
  const share = Math.max(0, Math.min(1, centre));
  const shared =
    partOf === undefined ? 0 : (2 * (share * se * (1 - se) + (1 - share) * sp * (1 - sp))) / (partOf + z * z);
  // No labels make the rate surer than knowing the truth of every judged item would.
  const least = (share * (1 - share) * gain ** 2) / (judged + z * z);
  const spread = Math.sqrt(Math.max(Math.min(apart, least), apart - shared)) / gain;
  const low = centre + shift - z * spread;
  const high = centre + shift + z * spread;
  if (high <= 0 || low >= 1) return withNotes({ ...result, value }, [reserve("none.errors")]);
  return {
    ...result,
    value,
    low: Math.max(0, Math.min(value, low)),
    high: Math.min(1, Math.max(value, high)),
    ...noted([note]),
  };
}
