import { FEWEST_CLUSTERS } from "../../stats/clusterError";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { type Banded, bandOf } from "./cascadeBand";
import { type CascadeCell, CascadeSums, type CellSum, minus, plus, type Series } from "./cascadeSums";
import { bounded } from "./counterfactual";

type CheapCost = "c_cost" | "c_high";
type DearCost = "d_cost" | "d_high";
const zeroToOne = [0, 1] as const;

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
  const sums = new CascadeSums(cells, bins, about.seed);
  const every = sums.bins;
  const froms = every.slice(1);
  const accepted = (from: number) => every.filter((bin) => bin >= from);
  const passed = (from: number) => every.filter((bin) => bin < from);
  const shared = { ...about, n: sums.tries, clusters: sums.effective(every, "n"), units: sums.units };
  const band = (
    seriesOf: (from: number) => Series,
    unit: string,
    { floor = () => 0, ends }: { floor?: (from: number) => number; ends?: readonly [number, number] } = {},
  ) => bandOf(froms.map(seriesOf), froms.map(floor), defined({ ...shared, unit, ends }));
  const single = (series: Series, unit: string, floor: number, ends?: readonly [number, number]) =>
    bandOf([series], [floor], defined({ ...shared, unit, ends }))[0].estimate;

  const cheapGood = (some: readonly number[]) => sums.perTry(some, "c_good", "c_judged");
  const dearGood = (some: readonly number[]) => sums.perTry(some, "d_good", "d_judged");
  const dearCosts = (some: readonly number[], name: DearCost) => sums.perTry(some, name, "d_tried");
  const costs = (cheap: CheapCost, dear: DearCost) => {
    const ofCheap = sums.perTry(every, cheap);
    return band((from) => plus(ofCheap, dearCosts(passed(from), dear)), "USD/task");
  };
  const savings = (cheap: CheapCost, dear: DearCost) => {
    const ofCheap = sums.perTry(every, cheap);
    return band((from) => minus(dearCosts(accepted(from), dear), ofCheap), "USD/task");
  };
  const passedOn = band((from) => sums.perTry(passed(from), "n"), "1", { ends: zeroToOne });
  const cost = costs("c_cost", "d_cost");
  const mostCost = sums.isOpen ? [costs("c_high", "d_high")] : [];
  const saving = savings("c_cost", "d_cost");
  const extremeSavings = sums.isOpen ? [savings("c_high", "d_cost"), savings("c_cost", "d_high")] : [];
  const quality = band((from) => plus(cheapGood(accepted(from)), dearGood(passed(from))), "1", {
    floor: (from) =>
      Math.hypot(sums.unseen(accepted(from), "c_judged"), sums.unseen(passed(from), "d_judged")),
    ends: zeroToOne,
  });
  const difference = band((from) => minus(cheapGood(accepted(from)), dearGood(accepted(from))), "1", {
    floor: (from) =>
      Math.hypot(sums.unseen(accepted(from), "c_judged"), sums.unseen(accepted(from), "d_judged")),
    ends: [-1, 1],
  });
  const within = (from: number, known: readonly Banded[], extremes: readonly (readonly Banded[])[]) =>
    bounded(known[from].estimate, ...extremes.map((bands) => bands[from].estimate));
  const [leastSaving = saving, mostSaving = saving] = extremeSavings;
  return {
    points: froms.map((from) => ({
      from,
      passed_on: passedOn[from].estimate,
      cost_per_task: within(from, cost, mostCost),
      saving: within(from, saving, extremeSavings),
      saved: [leastSaving[from].estimate.value, mostSaving[from].estimate.value],
      quality: quality[from].estimate,
      quality_difference: difference[from].estimate,
      not_worse: difference[from].below,
      unknown: unknownOf(accepted(from), cells),
    })),
    cost_dear: bounded(
      single(dearCosts(every, "d_cost"), "USD/task", 0),
      ...(sums.isOpen ? [single(dearCosts(every, "d_high"), "USD/task", 0)] : []),
    ),
    quality_dear: single(dearGood(every), "1", sums.unseen(every, "d_judged"), zeroToOne),
  };
}

/**
 * Why the bins that a cascade accepts do not show what the dear model would have made of them; empty if they do.
 */
function unknownOf(some: readonly number[], cells: readonly CascadeCell[]): string {
  for (const bin of some) {
    const own = cells.filter((cell) => cell.bin === bin);
    const sum = (name: CellSum) => own.reduce((all, cell) => all + cell[name], 0);
    const units = (name: CellSum) =>
      new Set(own.filter((cell) => cell[name] > 0).map(({ unit }) => unit)).size;
    const few = (name: CellSum) => sum(name) < fewestOfBin || units(name) < FEWEST_CLUSTERS;
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
