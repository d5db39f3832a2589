import { type Random, random } from "../../stats/random";
import { type Tail, tailOf } from "./tail";

/**
 * The clusters (users) of a log in one metric: what each brought to it in each of the equal parts, or slots, of its
 * days.
 */
export interface Users {
  /** The days of the log and its slots. */
  days: number;
  slots: number;
  /** Clusters in the log; those listed here are a random part of them if there are more. */
  clusters: number;
  /**
   * For each listed cluster, `slots` + 1 running totals: its units (calls, tasks), and its deviations: what its total
   * exceeds units times the metric's value by.
   */
  sizes: Float64Array;
  deviations: Float64Array;
  /** The variance of a single unit, in the square of the deviations' unit. */
  noise: number;
  /** The correlation of two units of a cluster. */
  correlation: number;
  /** True if the metric's interval follows the skewness of the deviations, as that of a mean or a cost does. */
  skewed: boolean;
}

/** Which clusters stay when a log goes on: the chance of each. */
const staying = new WeakMap<Users, Float64Array>();

/**
 * The chance of each cluster that it goes on as long as the traffic does; the others are replaced by new ones like
 * them.
 *
 * @remarks Clusters seen in both halves of the log stay. Of those seen in one half so many do that pairs of units of
 * one cluster are as frequent across the halves as within them, which holds if everyone stays.
 */
export function chancesToStay(users: Users): Float64Array {
  const known = staying.get(users);
  if (known !== undefined) return known;
  const { slots, sizes } = users;
  const count = sizes.length / (slots + 1);
  const chances = new Float64Array(count);
  let [across, inBoth, inOne] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const [first, all] = [sizes[k * (slots + 1) + (slots >> 1)]!, sizes[k * (slots + 1) + slots]!];
    const second = all - first;
    const within = Math.max(0, first * (first - 1)) + Math.max(0, second * (second - 1));
    if (first > 0 && second > 0) {
      chances[k] = 1;
      across += 2 * first * second;
      inBoth += within;
    } else inOne += within;
  }
  // An odd number of slots has halves of unequal length, between which pairs are a little rarer.
  const half = (slots >> 1) / slots;
  const expected = across / ((2 * half * (1 - half)) / (half ** 2 + (1 - half) ** 2));
  const stay = slots < 2 || inOne === 0 ? 0 : Math.min(1, Math.max(0, (expected - inBoth) / inOne));
  for (let k = 0; k < count; k++) if (chances[k] === 0) chances[k] = stay;
  staying.set(users, chances);
  return chances;
}

/** The clusters of one simulated log, by what becomes of them when it goes on. */
export interface Log {
  all: Int32Array;
  stayers: Int32Array;
  leavers: Int32Array;
  /** How large the largest clusters of such traffic are, and for skewed deviations their largest values. */
  tail: Tail;
  values: Tail;
}

const drawnLogs = new WeakMap<Users, Map<string, Log[]>>();

/** Logs that the traffic could equally well have produced: clusters drawn anew from the log's. */
export function logsOf(users: Users, count: number, seed: number): Log[] {
  const known = drawnLogs.get(users) ?? new Map<string, Log[]>();
  drawnLogs.set(users, known);
  const key = `${count} ${seed}`;
  const logs = known.get(key) ?? Array.from({ length: count }, (_, at) => logOf(users, random(seed, at)));
  known.set(key, logs);
  return logs;
}

function logOf(users: Users, { integer, uniform }: Random): Log {
  const { sizes, slots } = users;
  const row = slots + 1;
  const count = sizes.length / row;
  const chances = chancesToStay(users);
  const relative = relativeValues(users);
  const all = Int32Array.from({ length: count }, () => integer(count));
  const stays = all.map((k) => (uniform() < chances[k]! ? 1 : 0));
  return {
    all,
    stayers: all.filter((_, at) => stays[at] === 1),
    leavers: all.filter((_, at) => stays[at] === 0),
    tail: tailOf(Float64Array.from(all, (k) => sizes[k * row + slots]!)),
    values: tailOf(Float64Array.from(users.skewed ? all : [], (k) => relative[k]!)),
  };
}

const valuesOf = new WeakMap<Users, Float64Array>();

/**
 * Each cluster's mean over that of all, if deviations are relative to it: as far from 1 as it would be if the cluster
 * were of the size that calls come from on average. Small ones lie further off.
 */
export function relativeValues(users: Users): Float64Array {
  const known = valuesOf.get(users);
  if (known !== undefined) return known;
  const { sizes, deviations, slots } = users;
  const usual = usualSize(users);
  const variance = varianceOf(users, usual);
  const values = Float64Array.from({ length: sizes.length / (slots + 1) }, (_, k) => {
    const at = k * (slots + 1) + slots;
    return 1 + (deviations[at]! / usual) * Math.sqrt(variance / varianceOf(users, sizes[at]!));
  });
  valuesOf.set(users, values);
  return values;
}

const varianceOf = ({ correlation }: Users, size: number) =>
  size * (1 - correlation) + size * size * correlation;

/** The mean size of a unit's cluster. */
function usualSize({ sizes, slots }: Users): number {
  let [sum, squares] = [0, 0];
  for (let at = slots; at < sizes.length; at += slots + 1) {
    sum += sizes[at]!;
    squares += sizes[at]! ** 2;
  }
  return squares / sum;
}
