import { FEWEST_CLUSTERS } from "../../stats/clusterError";
import { sandwichesOf } from "../../stats/clusterSandwich";
import { numbered } from "../../stats/comparisons";
import { fisherFCdf } from "../../stats/fisherF";
import { type Design, fitted } from "../../stats/logisticFit";
import { choleskyOf, inverseOf, quadraticForm } from "../../stats/symmetric";
import type { JudgedLength, Lengths } from "./promptLengths";

/** A verdict and what it may rest on. */
export interface UsedVerdict extends JudgedLength {
  value: number;
  judge: string;
  /** Whether judge and model are of one family. */
  isOwn: boolean;
}

/** What verdicts are fitted by, besides group and judge. */
interface Asked {
  places: number;
  lengths: Lengths | undefined;
  family: boolean;
  /** Whether length sways the judge alike for all groups, or for each in its own way. */
  slopes: "common" | "own";
}

/** What adds up to the log-odds of a verdict. */
interface Terms {
  parameters: number[];
  factors: number[];
}

/** A logistic regression of verdicts. */
export interface Fitted {
  values: Float64Array;
  covariance: Float64Array[];
  converged: boolean;
  verdicts: number;
  /** The terms of a verdict, had it been on another group's answer. */
  terms: (at: number, place: number, isOwn: boolean) => Terms;
  /** The parameters of length: of the first group, what each other has beside it; and of the own family. */
  slope: number | undefined;
  ownSlopes: number[];
  family: number | undefined;
  clusters: number;
  /** Effective clusters of all verdicts, and of those that show how length sways. */
  effectiveAll: number;
  effective: number;
}

export function fitOf(verdicts: readonly UsedVerdict[], { places, lengths, family, slopes }: Asked): Fitted {
  const judges = [...new Set(verdicts.map(({ judge }) => judge))].sort();
  const judgeOf = verdicts.map(({ judge }) => judges.indexOf(judge));
  const difficulty = lengths?.difficulty ?? [];
  let parameters = places + Math.max(0, judges.length - 1);
  const hard = difficulty.map(() => parameters++);
  const slope = lengths === undefined ? undefined : parameters++;
  const others = Math.max(0, places - 1);
  const ownSlopes = slopes === "common" ? [] : Array.from({ length: others }, () => parameters++);
  const ofFamily = family ? parameters++ : undefined;
  const terms = (at: number, place: number, isOwn: boolean): Terms => {
    const found: Terms = { parameters: [place], factors: [1] };
    const add = (parameter: number | undefined, factor: number) => {
      if (parameter === undefined || factor === 0) return;
      found.parameters.push(parameter);
      found.factors.push(factor);
    };
    if (judgeOf[at] > 0) add(places + judgeOf[at] - 1, 1);
    for (const [k, one] of hard.entries()) add(one, difficulty[k][at]);
    add(slope, lengths?.length[at] ?? 0);
    if (place > 0) add(ownSlopes[place - 1], lengths?.length[at] ?? 0);
    add(ofFamily, Number(isOwn));
    return found;
  };
  const each = verdicts.map(({ place, isOwn }, at) => terms(at, place, isOwn));
  const design: Design = {
    rows: verdicts.map((_, at) => at),
    kind: verdicts.map((_, at) => at),
    parameters,
    at: each.map((one) => one.parameters),
    factor: each.map(({ factors }) => factors),
    preferred: verdicts.map(({ value }) => value),
    controls: [],
  };
  const fit = fitted(design);
  const ids = numbered(verdicts.map(({ cluster }) => cluster));
  const { covariances, effective, clusters } = sandwichesOf(design, fit, [ids]);
  return {
    ...{ values: fit.values, converged: fit.converged, covariance: covariances[0] },
    ...{ verdicts: verdicts.length, terms, slope, ownSlopes, family: ofFamily, clusters },
    effectiveAll: effective,
    effective: Math.min(effective, lengths?.effective ?? effective),
  };
}

/** The chance of a Wald statistic as large by chance below which groups have slopes of their own. */
const ALPHA = 0.05;

/** Whether length sways the judge differently by group: Wald's test, with as many clusters as Hotelling's T squared has values. */
export function slopesDiffer({ converged, values, covariance, ownSlopes, effective }: Fitted): boolean {
  const tested = ownSlopes.length;
  const degrees = effective - tested;
  if (!converged || tested === 0 || degrees < FEWEST_CLUSTERS) return false;
  const covariances = ownSlopes.map((i) => Float64Array.from(ownSlopes, (k) => covariance[i][k]));
  const wald = quadraticForm(
    inverseOf(choleskyOf(covariances)),
    ownSlopes.map((k) => values[k]),
  );
  return 1 - fisherFCdf((wald * degrees) / (tested * (effective - 1)), tested, degrees) < ALPHA;
}
