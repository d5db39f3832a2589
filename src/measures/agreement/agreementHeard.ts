import { defined } from "../../stats/defined";
import { doubtsOf } from "../../stats/doubtsOf";
import { type Estimate, withNotes } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { percent } from "../../stats/text";
import type { Pair } from "./agreementSides";

/**
 * A rank correlation with what its models' numbers know of themselves: how far unknown outcomes may order them otherwise, what is
 * doubted of their columns, and what a verdict by any of them takes for granted.
 *
 * Each model's rank lies between the first and the last that it may have; the correlation lies within those at which all ranks are as far
 * from the benchmark's as they may be, or as close.
 */
export function heard(correlation: Estimate, { benchmark, estimates = [], lowerIsBetter }: Pair): Estimate {
  const told = [
    ...doubtsOf(estimates).flat(),
    ...estimates.flatMap(({ reservations = [] }) => reservations.filter(({ needs }) => needs !== undefined)),
  ].map(({ reach: _, ...one }): Reservation => ({ ...one, side: "both" }));
  const held = [...new Map(told.map((one) => [one.id, one])).values()];
  const unknown = Math.max(0, ...estimates.map(({ worst_case }) => worst_case?.unknown ?? 0));
  const noted = held.length === 0 ? correlation : withNotes(correlation, held);
  if (unknown === 0 || Number.isNaN(correlation.value)) return noted;
  const sign = lowerIsBetter ? -1 : 1;
  const ends = estimates.map(({ value, worst_case }) => {
    const [a, b] = (worst_case?.values ?? [value, value]).map((end) => sign * end);
    return { low: Math.min(a, b), high: Math.max(a, b) };
  });
  const [least, most] = reachOf(benchmark, ends);
  const measured = reachOf(
    benchmark,
    estimates.map(({ value }) => ({ low: sign * value, high: sign * value })),
  );
  const [down, up] = [Math.min(0, least - measured[0]), Math.max(0, most - measured[1])];
  if (down === 0 && up === 0) return noted;
  const { value, low, high } = correlation;
  const values: [number, number] = [Math.max(-1, value + down), Math.min(1, value + up)];
  const [from, to] = values.map((end) => end.toFixed(2));
  return withNotes(defined({ ...noted, worst_case: { unknown, values, low: low + down, high: high + up } }), [
    reserve("outcomes.unknown", { share: percent(unknown), low: from, high: to }),
  ]);
}

interface Ends {
  low: number;
  high: number;
}

/** The least and the greatest rank correlation with a benchmark's scores of models whose values lie between two ends. */
function reachOf(benchmark: readonly number[], values: readonly Ends[]): [number, number] {
  const n = values.length;
  const ranks = rangesOf(benchmark.map((score) => ({ low: score, high: score })));
  const may = rangesOf(values);
  const sum = (distance: (rank: number, range: Ends) => number) =>
    may.reduce((all, range, at) => all + distance((ranks[at].low + ranks[at].high) / 2, range) ** 2, 0);
  const far = sum((rank, { low, high }) => Math.max(Math.abs(rank - low), Math.abs(rank - high)));
  const close = sum((rank, { low, high }) => Math.max(0, low - rank, rank - high));
  const correlation = (squares: number) => Math.max(-1, 1 - (6 * squares) / (n * (n * n - 1)));
  return [correlation(far), correlation(close)];
}

/** The first and the last rank that each of some values may have. */
const rangesOf = (values: readonly Ends[]): Ends[] =>
  values.map(({ low, high }, at) => {
    const others = values.filter((_, other) => other !== at);
    return {
      low: 1 + others.filter((one) => one.high < low).length,
      high: values.length - others.filter((one) => one.low > high).length,
    };
  });
