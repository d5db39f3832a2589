import { type Estimate, type WorstCase, withNotes } from "./estimate";
import { normalQuantile } from "./normal";
import { reserve } from "./reservation";
import { percent } from "./text";

/** True if so many outcomes are unknown that a number says so. Verdicts read fewer as well: they may still turn one. */
export const areMany = (unknown: number, all: number) => unknown > 0.05 * all;

/**
 * A rate with bounds that hold whatever the unknown outcomes are: none of them an event, or all.
 *
 * @param known units whose outcome is known, of `all`
 * @remarks Manski (1989), Anatomy of the selection problem, doi:10.2307/145818. The ends are those of the share of all units
 * that are known to be events, or known to be none: see `endsAtWorst`.
 * @example
 * const rate = { value: 0.5, low: 0.4, high: 0.6, level: 0.95, method: "wilson", n: 80, clusters: 80, clusterBy: "" };
 * rateAtWorst(rate, { known: 80, all: 100 }).worst_case.high.toFixed(2) // "0.69"
 */
export function rateAtWorst(estimate: Estimate, { known, all }: { known: number; all: number }): Estimate {
  const unknown = 1 - known / all;
  if (known === 0 || !(all > known)) return estimate;
  const { value } = estimate;
  return withCase(estimate, areMany(all - known, all), {
    unknown,
    values: [value * (1 - unknown), value * (1 - unknown) + unknown],
    ...endsAtWorst(estimate, unknown),
  });
}

/**
 * The ends of a rate whatever the unknown outcomes are. Another log has another share of them as well, so the variance of the
 * share of all units known to be events is that of the rate among the known and that of the share known; both count their
 * clusters.
 *
 * @param estimate of the n units whose outcome is known
 */
export function endsAtWorst(
  { value, low, high, level, n, clusters }: Estimate,
  unknown: number,
): Record<"low" | "high", number> {
  const known = 1 - unknown;
  const z = normalQuantile(0.5 + level / 2);
  const one = (value * (1 - value)) / n;
  const alike = one > 0 ? ((high - low) / (2 * z)) ** 2 / one : 1;
  const ofShare = z * Math.sqrt((known * unknown * design(n / clusters, alike) * known) / n);
  const least = known * value - Math.hypot(known * (value - low), value * ofShare);
  const most = known * (1 - value) - Math.hypot(known * (high - value), (1 - value) * ofShare);
  return { low: Math.max(0, least), high: 1 - Math.max(0, most) };
}

/** How many times as much the share known varies as with independent units: at most as what is known does, `alike`. */
const design = (units: number, alike: number): number =>
  Math.min(Math.max(1, units), Math.max(1, alike)) || 1;

/**
 * A cost per event, all costs over all events, with bounds that hold whatever the unknown outcomes are.
 *
 * @param cost `cost` of the units whose outcome is known, and the cost `of` all units; `events` among the `known` units,
 * and the number of `all` units
 * @remarks As of a rate, the variance of the share known counts beside that of the cost, both on the log scale. How often the
 * ends hold: docs/simulations/worst.md.
 * @example
 * const one = { value: 2, low: 1.8, high: 2.2, level: 0.95, method: "", n: 80, clusters: 80, clusterBy: "" };
 * costAtWorst(one, { cost: 80, of: 100, events: 40, known: 80, all: 100 }).worst_case.high.toFixed(2) // "2.87"
 */
export function costAtWorst(
  estimate: Estimate,
  { cost, of, events, known, all }: Record<"cost" | "of" | "events" | "known" | "all", number>,
): Estimate {
  const unknown = 1 - known / all;
  if (!(all > known) || !(events > 0) || !(cost > 0)) return estimate;
  const none = of / cost;
  const every = (none * events) / (events + all - known);
  const { value, low, high, level, n, clusters } = estimate;
  const z = normalQuantile(0.5 + level / 2);
  // What is known varies by its costs as well: as if by the events alone, no less.
  const alike = (Math.log(high / value) / z) ** 2 / ((1 - events / known) / events);
  const varied = z * Math.sqrt((design(n / clusters, alike) * unknown) / all / (1 - unknown));
  const far = (end: number, by: number) => Math.exp(Math.hypot(Math.log(end / value), by));
  const failed = (known - events) / (events + all - known);
  return withCase(estimate, areMany(all - known, all), {
    unknown,
    values: [value * every, value * none],
    low: low > 0 ? (value * every) / far(low, varied * (1 - unknown) * failed) : low * every,
    high: value * none * far(high, varied),
  });
}

/** The estimate with a worst case, and a sentence about it if so many outcomes are unknown that it says so. */
export function withCase(estimate: Estimate, isSaid: boolean, worst_case: WorstCase): Estimate {
  const { unknown, values } = worst_case;
  // Too few to have an interval: the bounds of the value itself.
  const [low, high] = [worst_case.low, worst_case.high].map((end, at) =>
    Number.isNaN(end) ? values[at] : end,
  );
  const shown = (x: number) => (estimate.unit === "1" ? percent(x, 3) : `${Number(x.toPrecision(3))}`);
  const numbers = { share: percent(unknown), low: shown(low), high: shown(high) };
  return withNotes({ ...estimate, worst_case }, isSaid ? [reserve("outcomes.unknown", numbers)] : []);
}

/** What unknown outcomes may make of a number that was brought to another mix of work: each end is moved alike. */
export const movedCase = (
  { unknown, values, low, high }: WorstCase,
  at: (value: number) => number,
): WorstCase => ({ unknown, values: [at(values[0]), at(values[1])], low: at(low), high: at(high) });

/**
 * The value that a cost is ranked by: with every unknown cost at the most that it may be, so that no model is the cheapest
 * for what is not known.
 */
export const rankedValue = ({ value, unpriced }: Estimate): number => unpriced?.at_most ?? value;

/** True if the unknown costs can raise a cost so far that it is seen: by half a percent. */
export const maySeeUnpriced = ({ value, unpriced }: Estimate): boolean =>
  unpriced !== undefined && !(unpriced.at_most <= 1.005 * value);

/**
 * A cost with each unknown one at 0, or at the most that it may be; unchanged if all are known.
 *
 * @example
 * const perTask = { value: 2, low: 1, high: 9, level: 0.95, method: "", n: 9, clusters: 9, clusterBy: "", unpriced: { calls: 1, of: 9, at_most: 4 } };
 * pricedAt(perTask, "high").low // 3
 */
export function pricedAt(estimate: Estimate, end: "low" | "high"): Estimate {
  const { unpriced, ...priced } = estimate;
  if (unpriced === undefined) return estimate;
  const { value, low, high, worst_case } = priced;
  const { at_most } = unpriced;
  const margin = value - low;
  if (end === "low") return { ...priced, high: value + (at_most < high ? high - at_most : margin) };
  const raised = value > 0 ? at_most / value : 1;
  const cost = { ...priced, value: at_most, low: at_most - margin };
  if (worst_case === undefined) return cost;
  const [least, most] = worst_case.values;
  return { ...cost, worst_case: { ...worst_case, values: [least, most * raised] } };
}

/**
 * A number computed from two costs, with ends that hold whatever the unknown ones of either are.
 *
 * @param of computes it; the value is that with unknown costs at 0
 */
export function whateverUnpriced(
  of: (one: Estimate, other: Estimate) => Estimate,
  [one, other]: readonly [Estimate, Estimate],
): Estimate {
  if (one.unpriced === undefined && other.unpriced === undefined) return of(one, other);
  const at = (first: "low" | "high", second: "low" | "high") =>
    of(pricedAt(one, first), pricedAt(other, second));
  const plain = at("low", "low");
  // What nothing bounds has a value at its extreme, and no ends.
  const ends = (end: "low" | "high") =>
    [at("high", "low"), at("low", "high")].map((extreme) =>
      Number.isNaN(extreme[end]) ? extreme.value : extreme[end],
    );
  return {
    ...plain,
    low: Math.min(plain.low, ...ends("low")),
    high: Math.max(plain.high, ...ends("high")),
  };
}

/** The estimate at one end of its worst cases; unchanged if all outcomes and costs are known. */
export function atEnd(estimate: Estimate, end: "low" | "high"): Estimate {
  const { worst_case, ...known } = pricedAt(estimate, end);
  if (worst_case === undefined) return known;
  const { value, low, high } = known;
  const [least, most] = worst_case.values;
  if (end === "high") return { ...known, value: most, low: most - (value - low), high: worst_case.high };
  const shrunk = value > 0 ? least / value : 1;
  return { ...known, value: least, low: worst_case.low, high: least + (high - value) * shrunk };
}
