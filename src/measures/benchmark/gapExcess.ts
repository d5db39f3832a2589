import { odds } from "../../stats/claim";
import { fewerThan } from "../../stats/clusterError";
import { type Estimate, noEnds, withNotes } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { standsAbove } from "../../stats/standsAbove";
import { studentTCdf, studentTQuantile } from "../../stats/studentT";

/**
 * A model's score on a public benchmark and on one that it cannot have seen, both oriented so that higher is better.
 */
export interface PublicPrivate {
  model: string;
  public: number;
  private: number;
  /** Standard errors, in the unit of the scores; absent if unknown. */
  publicError?: number;
  privateError?: number;
  /** The items behind the scores; absent if unknown. */
  publicItems?: number;
  privateItems?: number;
}

/** A model is compared with at least this many others. */
export const LEAST_OTHERS = 3;

/** How far a model's gap lies above those of the others, how likely that is by chance, and its items on the thinner side. */
export interface Judged {
  excess: Estimate;
  p: number;
  /** The same where gaps of clean models scatter with heavier tails than a normal law's. */
  heavy: number;
  items: number;
}

const tooFew = (count: number) => fewerThan(LEAST_OTHERS + 1, "models with both scores", count);

/** The gaps of shares, as odds: those of models whose errors are not known are no one's measure. */
export function inOdds(models: readonly PublicPrivate[], ceiling: number, level: number): Judged[] {
  const gaps = models.map((one) => {
    const open = logOddsOf({ score: one.public, error: one.publicError, items: one.publicItems }, ceiling);
    const hidden = logOddsOf(
      { score: one.private, error: one.privateError, items: one.privateItems },
      ceiling,
    );
    if ("why" in open) return open;
    if ("why" in hidden) return hidden;
    return {
      value: open.value - hidden.value,
      variance: open.variance + hidden.variance,
      ability: (open.value + hidden.value) / 2,
      items: Math.min(open.items, hidden.items),
    };
  });
  const sure = gaps.flatMap((gap) => ("why" in gap ? [] : [gap]));
  const values = sure.map(({ value }) => value);
  const variances = sure.map(({ variance }) => variance);
  const abilities = sure.map(({ ability }) => ability);
  const about = { level, n: sure.length - 1, clusters: sure.length - 1, clusterBy: "model", unit: "×" };
  const unjudged = { value: Number.NaN, ...noEnds, ...about, method: "none" };
  return gaps.map((gap): Judged => {
    if ("why" in gap || sure.length <= LEAST_OTHERS) {
      const why = "why" in gap ? reserve("none.needs", { what: gap.why }) : tooFew(sure.length);
      return { excess: withNotes(unjudged, [why]), p: Number.NaN, heavy: Number.NaN, items: Number.NaN };
    }
    const { excess, p, heavy, bounds } = standsAbove(values, variances, abilities, sure.indexOf(gap));
    const [low, high] = bounds(level).map(Math.exp);
    const estimate = { value: Math.exp(excess), low: low!, high: high!, ...about, method: "mixture" };
    return { excess: estimate, p, heavy, items: gap.items };
  });
}

/** The gaps of scores on a scale that is not known to end. */
export function inPoints(gaps: readonly number[], errors: readonly number[], level: number): Judged[] {
  // An unknown error still shows up in the spread of the gaps.
  const squares = errors.map((error) => (Number.isNaN(error) ? 0 : error * error));
  return gaps.map((gap, at): Judged => {
    const others = gaps.filter((_, other) => other !== at);
    const count = others.length;
    const mean = others.reduce((sum, one) => sum + one / count, 0);
    const excess = gap - mean;
    if (count < LEAST_OTHERS) {
      const unjudged = estimateOf(excess, Number.NaN, level, "none", count);
      return {
        excess: withNotes(unjudged, [tooFew(gaps.length)]),
        p: Number.NaN,
        heavy: Number.NaN,
        items: Number.NaN,
      };
    }
    const variance = others.reduce((sum, one) => sum + (one - mean) ** 2 / (count - 1), 0);
    const noise = squares.reduce((sum, square, other) => (other === at ? sum : sum + square / count), 0);
    const between = Math.max(0, variance - noise);
    const error = Math.sqrt(between + squares[at] + Math.max(variance, noise) / count);
    const t = error > 0 ? excess / error : excess === 0 ? 0 : Math.sign(excess) * Infinity;
    const reach = studentTQuantile((1 + level) / 2, count - 1) * error;
    const p = Number.isFinite(t) ? 1 - studentTCdf(t, count - 1) : t > 0 ? 0 : 1;
    return {
      excess: estimateOf(excess, reach, level, "prediction-interval", count),
      p,
      // What stands out in points leads only if the scale has no ceiling, whatever the law of its gaps.
      heavy: p,
      items: Number.NaN,
    };
  });
}

export function estimateOf(value: number, reach: number, level: number, method: string, n: number): Estimate {
  return {
    value,
    low: value - reach,
    high: value + reach,
    level,
    method,
    n,
    clusters: n,
    clusterBy: "model",
    unit: "",
  };
}

/** A score that is a share, on the scale of log odds; `why` it is not known there. */
type LogOdds = { value: number; variance: number; items: number } | { why: string };

/** A score, and what is known of its error. */
interface Score {
  score: number;
  error?: number;
  items?: number;
}

/**
 * The log odds of a score that is a share of `ceiling`, and their variance: of its items, or by the delta method from its
 * standard error, the larger where both are known, since runs over the same items may differ as well.
 */
export function logOddsOf(
  { score, error = Number.NaN, items = Number.NaN }: Score,
  ceiling: number,
): LogOdds {
  const counted = items >= 1;
  // Half a success and half a failure more, so that none or all of the items have finite odds.
  const seen = Math.abs(score) / ceiling;
  const share = counted ? (seen * items + 0.5) / (items + 1) : seen;
  const given = error > 0 ? error / ceiling : Number.NaN;
  if (!counted && Number.isNaN(given)) return { why: "the items or the standard errors of both scores" };
  if (!(share > 0 && share < 1)) return { why: "the items of a score at an end of the scale" };
  const within = share * (1 - share);
  const variances = [1 / ((items + 1) * within), (given / within) ** 2].filter((one) => !Number.isNaN(one));
  return {
    // Turned round where lower is better, also of 0.
    value: Math.sign(1 / score) * Math.log(odds(share)),
    variance: Math.max(...variances),
    items: counted ? items : within / given ** 2,
  };
}
