import { FEWEST_CLUSTERS } from "../../stats/clusterError";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { sumDraws } from "../../stats/sumDraws";
import { type Banded, bandOf, spreadOf } from "./cascadeBand";
import { bounded } from "./counterfactual";

const names = ["n", "c_cost", "c_judged", "c_good", "d_tried", "d_cost", "d_judged", "d_good"] as const;
/** Costs with every unknown one at its most. */
const highs = ["c_high", "d_high"] as const;
type Drawn = (typeof names)[number] | (typeof highs)[number];
type Name = Drawn | "c_costed" | "d_costed";

/**
 * Sums over the tries of one bin of the score and one cluster: for the cheap model (`c_`) and the dear one (`d_`). Costs
 * count unknown ones at 0; `_costed` counts the tries in which all are known.
 */
export interface CascadeCell extends Record<Name, number> {
  /** Bins by their score, from 0; -1 has the failed answers. */
  bin: number;
  unit: unknown;
  /** Scores of answers with a known result of the dear model, and of those without; null if there are none. */
  most_on: number | null;
  least_on: number | null;
  most_kept: number | null;
  least_kept: number | null;
}

/** The cascade that accepts answers in bins from `from` on and sends all others to the dear model. */
export interface CurvePoint {
  from: number;
  /** Share of the tasks that go on to the dear model. */
  passed_on: Estimate;
  /** US dollars per task, and how much less that is than with the dear model alone. */
  cost_per_task: Estimate;
  saving: Estimate;
  /** What it saves if every unknown cost is at its worst for it, and at its best. */
  saved: [least: number, most: number];
  /** Share of good answers, and how much more than with the dear model alone. */
  quality: Estimate;
  quality_difference: Estimate;
  /** The one-sided lower bound of that difference, for all thresholds together. */
  not_worse: number;
  /** Why the log does not show the saving or the difference; empty if it does. */
  unknown: string;
}

/** All thresholds of one type of requests. */
export interface Curve {
  points: CurvePoint[];
  /** The dear model alone on all of these tasks. */
  cost_dear: Estimate;
  quality_dear: Estimate;
}

/** Tries in a bin for which both models' costs and goodness must be known, and clusters of them. */
export const fewestOfBin = 20;

/**
 * Cost and quality of a cascade by the point where it starts to accept the cheap model's answers, against the dear
 * model alone.
 *
 * A bin's mean is that of its known tries, which is right if the known ones were drawn at random within the bin.
 * Bands hold for all thresholds together, so that whichever is picked after looking keeps its interval.
 *
 * @remarks Method: whole clusters resampled for all numbers at once, bands as wide as the largest of the
 * thresholds' standardised deviations (a bootstrap of the maximum, Romano & Wolf 2005,
 * doi:10.1198/016214504000000539), and no narrower than t for the effective clusters. If all answers were alike,
 * their error is that of about one and a half unseen ones, which makes the bound after m alike 3 / m, as in the
 * rule of three.
 * @param bins how many bins the score has
 */
export function cascadeCurve(
  cells: readonly CascadeCell[],
  bins: number,
  about: { level: number; clusterBy: string; seed?: number | undefined },
): Curve {
  const units = new Map([...new Set(cells.map(({ unit }) => unit))].map((unit, at) => [unit, at]));
  const every = Array.from({ length: bins + 1 }, (_, at) => at - 1);
  const column = (bin: number, name: Name) => {
    const sums = new Float64Array(units.size);
    for (const cell of cells) if (cell.bin === bin) sums[units.get(cell.unit) as number] += cell[name];
    return sums;
  };
  const isOpen = cells.some((cell) => cell.c_high !== cell.c_cost || cell.d_high !== cell.d_cost);
  const drawnNames: readonly Drawn[] = isOpen ? [...names, ...highs] : names;
  const columns = new Map(every.map((bin) => [bin, drawnNames.map((name) => column(bin, name))]));
  const all = every.flatMap((bin) => columns.get(bin) as Float64Array[]);
  const drawn = sumDraws(all, about.seed === undefined ? {} : { seed: about.seed });
  const resamples = drawn[0].length;
  /** The whole first, then every resample. */
  const series = new Map(
    every.map((bin, b) => [
      bin,
      Object.fromEntries(
        drawnNames.map((name, at) => {
          const whole = (columns.get(bin) as Float64Array[])[at].reduce((sum, one) => sum + one, 0);
          return [name, Float64Array.of(whole, ...drawn[b * drawnNames.length + at])];
        }),
      ) as Record<Drawn, Float64Array>,
    ]),
  );
  const of = (bin: number) => series.get(bin) as Record<Drawn, Float64Array>;
  const total = Float64Array.from({ length: resamples + 1 }, (_, draw) =>
    every.reduce((sum, bin) => sum + of(bin).n[draw], 0),
  );
  const sumOf = (some: readonly number[], term: (bin: number, draw: number) => number) =>
    total.map(
      (n, draw) => some.reduce((sum, bin) => (of(bin).n[draw] === 0 ? sum : sum + term(bin, draw)), 0) / n,
    );
  /** The totals over all tries of a bin, from the known ones. */
  const scaled = (sum: Drawn, known: Drawn) => (bin: number, draw: number) =>
    (of(bin).n[draw] * of(bin)[sum][draw]) / of(bin)[known][draw];
  const cheapGood = scaled("c_good", "c_judged");
  const cheapCosts = (name: "c_cost" | "c_high") => sumOf(every, (bin, draw) => of(bin)[name][draw]);
  const dearCosts = (some: readonly number[], name: "d_cost" | "d_high") =>
    sumOf(some, scaled(name, "d_tried"));
  const dearGood = scaled("d_good", "d_judged");
  /** Effective clusters among the known tries of some bins. */
  const effective = (some: readonly number[], name: (typeof names)[number]) => {
    const sums = new Float64Array(units.size);
    for (const bin of some)
      for (const [at, one] of (columns.get(bin) as Float64Array[])[names.indexOf(name)].entries())
        sums[at] += one;
    const [n, squares] = sums.reduce(([a, b], one) => [a + one, b + one * one], [0, 0]);
    return squares > 0 ? (n * n) / squares : 0;
  };
  const accepted = (from: number) => every.filter((bin) => bin >= from);
  const passed = (from: number) => every.filter((bin) => bin < from);
  const share = (some: readonly number[]) => some.reduce((sum, bin) => sum + of(bin).n[0], 0) / total[0];
  /** How much clusters widen the error of a share of all answers; not at all if all were alike. */
  const designOf = (judged: Drawn, good: Drawn) => {
    const sums = (name: Drawn) =>
      total.map((_, draw) => every.reduce((sum, bin) => sum + of(bin)[name][draw], 0));
    const [n, events] = [sums(judged), sums(good)];
    const rates = events.map((one, draw) => one / n[draw]);
    const [p] = rates;
    return p * (1 - p) > 0
      ? Math.max(1, (spreadOf(rates.subarray(1)) ** 2 * n[0]) / (p * (1 - p)))
      : Number.NaN;
  };
  const design = { c_judged: designOf("c_judged", "c_good"), d_judged: designOf("d_judged", "d_good") };
  /** What unseen answers could add to the error of a share, if all seen ones are alike. */
  const unseen = (some: readonly number[], name: "c_judged" | "d_judged") => {
    if (some.length === 0) return 0;
    const known = some.reduce((sum, bin) => sum + of(bin)[name][0], 0);
    const independent = Number.isNaN(design[name]) ? 0 : known / design[name];
    return (share(some) * Math.SQRT2) / Math.max(1, independent, effective(some, name));
  };
  const froms = Array.from({ length: bins }, (_, at) => at);
  const clusters = effective(every, "n");
  const shared = { ...about, n: total[0], clusters, units: units.size };
  const banded = (
    make: (from: number) => Float64Array,
    unit: string,
    floor: (from: number) => number = () => 0,
    ends: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ) => bandOf(froms.map(make), froms.map(floor), { ...shared, unit, ends });
  const doubt = (from: number) =>
    Math.hypot(unseen(accepted(from), "c_judged"), unseen(accepted(from), "d_judged"));
  const zeroOne = [0, 1] as const;
  const passedOn = banded(
    (from) => sumOf(passed(from), (bin, draw) => of(bin).n[draw]),
    "1",
    () => 0,
    zeroOne,
  );
  const costs = (c: "c_cost" | "c_high", d: "d_cost" | "d_high") =>
    banded((from) => {
      const on = dearCosts(passed(from), d);
      return cheapCosts(c).map((one, draw) => one + on[draw]);
    }, "USD/task");
  const savings = (c: "c_cost" | "c_high", d: "d_cost" | "d_high") =>
    banded((from) => {
      const own = cheapCosts(c);
      return dearCosts(accepted(from), d).map((one, draw) => one - own[draw]);
    }, "USD/task");
  const [cost, saving] = [costs("c_cost", "d_cost"), savings("c_cost", "d_cost")];
  const mostCost = isOpen ? costs("c_high", "d_high") : cost;
  const [leastSaving, mostSaving] = isOpen
    ? [savings("c_high", "d_cost"), savings("c_cost", "d_high")]
    : [saving, saving];
  const within = (from: number, [plain, ...extremes]: readonly (readonly Banded[])[]) =>
    bounded(plain[from].estimate, ...(isOpen ? extremes.map((bands) => bands[from].estimate) : []));
  const qualities = banded(
    (from) => {
      const kept = sumOf(accepted(from), cheapGood);
      const on = sumOf(passed(from), dearGood);
      return kept.map((one, draw) => one + on[draw]);
    },
    "1",
    (from) => Math.hypot(unseen(accepted(from), "c_judged"), unseen(passed(from), "d_judged")),
    zeroOne,
  );
  const differences = banded(
    (from) => {
      const kept = sumOf(accepted(from), cheapGood);
      const spared = sumOf(accepted(from), dearGood);
      return kept.map((one, draw) => one - spared[draw]);
    },
    "1",
    doubt,
    [-1, 1],
  );
  const single = (values: Float64Array, unit: string, floor: number, ends?: readonly [number, number]) =>
    bandOf([values], [floor], defined({ ...shared, unit, ends }))[0].estimate;
  return {
    points: froms.map((from) => ({
      from,
      passed_on: passedOn[from].estimate,
      cost_per_task: within(from, [cost, mostCost]),
      saving: within(from, [saving, leastSaving, mostSaving]),
      saved: [leastSaving[from].estimate.value, mostSaving[from].estimate.value],
      quality: qualities[from].estimate,
      quality_difference: differences[from].estimate,
      not_worse: differences[from].below,
      unknown: unknownOf(accepted(from), cells),
    })),
    cost_dear: bounded(
      single(dearCosts(every, "d_cost"), "USD/task", 0),
      ...(isOpen ? [single(dearCosts(every, "d_high"), "USD/task", 0)] : []),
    ),
    quality_dear: single(sumOf(every, dearGood), "1", unseen(every, "d_judged"), zeroOne),
  };
}

/**
 * Why the bins that a cascade accepts do not show what the dear model would have made of them; empty if they do.
 */
function unknownOf(some: readonly number[], cells: readonly CascadeCell[]): string {
  for (const bin of some) {
    const own = cells.filter((cell) => cell.bin === bin);
    const sum = (name: Name) => own.reduce((all, cell) => all + cell[name], 0);
    const units = (name: Name) => new Set(own.filter((cell) => cell[name] > 0).map(({ unit }) => unit)).size;
    const few = (name: Name) => sum(name) < fewestOfBin || units(name) < FEWEST_CLUSTERS;
    // Sending on more would not help.
    if (!few("d_judged") && !few("c_judged") && (sum("d_costed") === 0 || sum("c_costed") === 0))
      return "the cost of the answers it would accept, or of those that were sent on, is not known";
    if (few("d_judged") || few("d_costed")) return "too few of the answers it would accept were also sent on";
    if (few("c_judged") || few("c_costed")) return "too few of the answers it would accept were judged";
    const ends = (name: "most_on" | "least_on" | "most_kept" | "least_kept") =>
      own.flatMap((cell) => (cell[name] === null ? [] : [cell[name]]));
    const [on, kept] = [ends("most_on"), ends("most_kept")];
    const [onFrom, keptFrom] = [ends("least_on"), ends("least_kept")];
    const apart = (upper: number[], lower: number[]) =>
      upper.length > 0 && lower.length > 0 && Math.max(...upper) < Math.min(...lower);
    if (apart(on, keptFrom) || apart(kept, onFrom))
      return "what was sent on of the answers it would accept was picked by the score, not at random";
  }
  return "";
}
