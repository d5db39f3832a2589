import { type Comparison, compare } from "../../src/decide/compare/compare";
import type { Store } from "../../src/store/open";
import { type Change, half, traffic } from "../decide/traffic";
import { withCalls } from "../measures/calls";

/** Something that happens, or doesn't, halfway through many artificial logs. */
export interface Happening {
  name: string;
  change: Change;
  /** True factor on the durations at the same mix. */
  slower: number;
  mixMoves: boolean;
}

export const happenings: readonly Happening[] = [
  { name: "a slowdown, the same mix", change: { slower: 1.3 }, slower: 1.3, mixMoves: false },
  { name: "another mix, the same model", change: { shareAfter: 0.8 }, slower: 1, mixMoves: true },
  { name: "neither", change: {}, slower: 1, mixMoves: false },
  { name: "both", change: { slower: 1.3, shareAfter: 0.8 }, slower: 1.3, mixMoves: true },
];

/** How often each thing was said, over many logs. */
export interface CompareTally {
  logs: number;
  /** Said: durations are longer at the same mix. */
  slower: number;
  /** Said: durations or tokens changed by the mix alone, or their mix moved. */
  mix: number;
  /** False: something is said to have changed at the same mix that did not, or the wrong way round. */
  wrong: number;
  /** False: a mix is said to have moved that did not. */
  wrongMix: number;
  /** Intervals at the same mix that hold the truth, of all. */
  held: number;
  intervals: number;
  /** A change point is found, and it is at the right date. */
  point: number;
  atDate: number;
}

const metrics = ["duration_p50", "duration_p95", "error_rate", "output_tokens", "cost_per_call"];

/** Compares the halves of many logs, one by one, and counts what is said. */
export async function compareMany(
  { change, slower, mixMoves }: Happening,
  logs: number,
  perDay: number,
): Promise<CompareTally> {
  const tally = { slower: 0, mix: 0, wrong: 0, wrongMix: 0, held: 0, intervals: 0, point: 0, atDate: 0 };
  for (let log = 1; log <= logs; log++) {
    const found = await withCalls(traffic(10_000 + log, { ...change, perDay, users: 80 }), (store: Store) =>
      compare(store, { switch: half, metrics: metrics.join() }),
    );
    count(tally, found, slower, mixMoves);
  }
  return { logs, ...tally };
}

function count(
  tally: Omit<CompareTally, "logs">,
  { rows, changePoint }: Comparison,
  slower: number,
  mixMoves: boolean,
): void {
  const truth = (metric: string) => (metric.startsWith("duration") ? slower : 1);
  const blamed = rows.filter(({ p_holm }) => p_holm <= 0.05);
  const isTrue = ({ metric, within }: (typeof rows)[number]) => truth(metric) > 1 && within.value > 0;
  if (blamed.some(isTrue)) tally.slower++;
  if (blamed.some((row) => !isTrue(row))) tally.wrong++;
  if (rows.some(({ mix_p_holm }) => mix_p_holm <= 0.05)) tally[mixMoves ? "mix" : "wrongMix"]++;
  for (const { metric, within_ratio: one } of rows) {
    if (Number.isNaN(one.low)) continue;
    tally.intervals++;
    if (one.low <= truth(metric) && truth(metric) <= one.high) tally.held++;
  }
  if (changePoint.at !== null) tally.point++;
  if (changePoint.at_switch === true) tally.atDate++;
}
