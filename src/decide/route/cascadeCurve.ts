import { FEWEST_CLUSTERS } from "../../stats/clusterError";
import type { Estimate } from "../../stats/estimate";
import type { Banded } from "./cascadeBand";
import { type BandsAbout, CascadeBands } from "./cascadeBands";
import { cascadeGood, type Goodness, type GoodPoint } from "./cascadeGood";
import { type CascadeCell, CascadeSums, type CellSum, minus, plus } from "./cascadeSums";
import { bounded } from "./counterfactual";

type CheapCost = "c_cost" | "c_high";
type DearCost = "d_cost" | "d_high";

/** The cascade that accepts answers in bins from `from` on and sends all others to the dear model. */
export interface CurvePoint extends GoodPoint {
  from: number;
  /** Share of the tasks that go on to the dear model. */
  passed_on: Estimate;
  /** US dollars per task, and how much less that is than with the dear model alone. */
  cost_per_task: Estimate;
  saving: Estimate;
  /** What it saves if every unknown cost is at its worst for it, and at its best. */
  saved: [least: number, most: number];
  /** Why the log does not show the saving or the difference; empty if it does. */
  unknown: string;
}

/** All thresholds of one type of requests. */
export interface Curve extends Pick<Goodness, "quality_dear" | "tells" | "turnsAt"> {
  points: CurvePoint[];
  /** The dear model alone on all of these tasks. */
  cost_dear: Estimate;
}

/** Tries in a bin for which both models' costs and goodness must be known, and clusters of them. */
export const fewestOfBin = 20;

/** What a curve is made for. */
export interface CurveAbout extends BandsAbout {
  seed?: number | undefined;
  /** How unlike the known results of a bin the others may be, as a factor; 1 if the known ones were drawn at random. */
  factor: number;
}

/**
 * Cost and quality of a cascade by the point where it starts to accept the cheap model's answers, against the dear
 * model alone.
 *
 * A bin's mean is that of its known tries, which is right if the known ones were drawn at random within the bin; otherwise the
 * ends of what is good are further away, by the factor. Bands hold for all thresholds together, so that whichever is picked after
 * looking keeps its interval.
 *
 * @remarks Method: whole clusters resampled for all numbers at once, bands as wide as the largest of the
 * thresholds' standardised deviations (a bootstrap of the maximum, Romano & Wolf 2005,
 * doi:10.1198/016214504000000539), and no narrower than t for the effective clusters. If all answers were alike,
 * their error is that of about one and a half unseen ones, which makes the bound after m alike 3 / m, as in the
 * rule of three.
 * @param bins how many bins the score has
 */
export function cascadeCurve(cells: readonly CascadeCell[], bins: number, about: CurveAbout): Curve {
  const sums = new CascadeSums(cells, bins, about.seed);
  const bands = new CascadeBands(sums, about);
  const { every } = sums;
  const dearCosts = (some: readonly number[], name: DearCost) => sums.perTry(some, name, "d_tried");
  const costs = (cheap: CheapCost, dear: DearCost) => {
    const ofCheap = sums.perTry(every, cheap);
    return bands.band(({ passed }) => plus(ofCheap, dearCosts(passed, dear)), "USD/task");
  };
  const savings = (cheap: CheapCost, dear: DearCost) => {
    const ofCheap = sums.perTry(every, cheap);
    return bands.band(({ accepted }) => minus(dearCosts(accepted, dear), ofCheap), "USD/task");
  };
  const passedOn = bands.band(({ passed }) => sums.perTry(passed, "n"), "1", { ends: [0, 1] });
  const cost = costs("c_cost", "d_cost");
  const mostCost = sums.isOpen ? [costs("c_high", "d_high")] : [];
  const saving = savings("c_cost", "d_cost");
  const extremeSavings = sums.isOpen ? [savings("c_high", "d_cost"), savings("c_cost", "d_high")] : [];
  const within = (at: number, known: readonly Banded[], extremes: readonly (readonly Banded[])[]) =>
    bounded(known[at].estimate, ...extremes.map((band) => band[at].estimate));
  const [leastSaving = saving, mostSaving = saving] = extremeSavings;
  const { points, ...good } = cascadeGood(sums, bands, about.factor);
  const dearAlone = (name: DearCost) => bands.single(dearCosts(every, name), "USD/task");
  return {
    ...good,
    points: bands.froms.map(({ from, accepted }, at) => ({
      ...points[at],
      from,
      passed_on: passedOn[at].estimate,
      cost_per_task: within(at, cost, mostCost),
      saving: within(at, saving, extremeSavings),
      saved: [leastSaving[at].estimate.value, mostSaving[at].estimate.value],
      unknown: unknownOf(accepted, cells),
    })),
    cost_dear: bounded(dearAlone("d_cost"), ...(sums.isOpen ? [dearAlone("d_high")] : [])),
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
