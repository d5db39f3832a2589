import { type Random, random } from "../../stats/random";
import { drawnInOrder, those } from "./drawnClusters";
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
  /** What a study of this log's clusters is to be multiplied by: how much more the log at hand varies than this one. */
  turned: number;
}

const drawnLogs = new WeakMap<Users, Map<string, Log[]>>();

const seenBySlots = new WeakMap<Users, Map<number, Uint8Array>>();

/** For each cluster 1 if it has units in the slots from one to another: every simulated log asks the same of it. */
function seenIn(users: Users, from: number, to: number): Uint8Array {
  const { sizes, slots } = users;
  const row = slots + 1;
  const windows = seenBySlots.get(users) ?? new Map<number, Uint8Array>();
  seenBySlots.set(users, windows);
  const place = from * row + to;
  const seen =
    windows.get(place) ??
    Uint8Array.from({ length: sizes.length / row }, (_, k) =>
      (sizes.at(k * row + to) as number) > (sizes.at(k * row + from) as number) ? 1 : 0,
    );
  windows.set(place, seen);
  return seen;
}

const seenOfLog = new WeakMap<Log, { place: string; seen: Int32Array }>();

/** The clusters of a log that have units in some slots; kept for the last slots asked for, as a search asks for them again and again. */
export function seenOf(users: Users, log: Log, from: number, to: number): Int32Array {
  const place = `${from} ${to}`;
  const before = seenOfLog.get(log);
  if (before?.place === place) return before.seen;
  const isSeen = seenIn(users, from, to);
  const seen = those(log.all, (k) => isSeen[k] === 1);
  seenOfLog.set(log, { place, seen });
  return seen;
}

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
  const chances = chancesToStay(users);
  const count = chances.length;
  const { sizes, values } = inOrder(users);
  // Filled in a loop: Int32Array.from takes ten times as long.
  const all = new Int32Array(count);
  for (let at = 0; at < count; at++) all[at] = integer(count);
  const stays = all.map((k) => (uniform() < chances[k]! ? 1 : 0));
  return {
    all,
    stayers: those(all, (_, at) => stays[at] === 1),
    leavers: those(all, (_, at) => stays[at] === 0),
    tail: tailOf(sizes(all)),
    values: tailOf(values(all)),
    turned: turnedBy(users, all, stays),
  };
}

/** For clusters drawn from all, with those drawn several times: their sizes and their relative values in ascending order. */
interface InOrder {
  sizes(all: Int32Array): Float64Array;
  values(all: Int32Array): Float64Array;
}

const ordered = new WeakMap<Users, InOrder>();

function inOrder(users: Users): InOrder {
  const known = ordered.get(users);
  if (known !== undefined) return known;
  const found = {
    sizes: drawnInOrder(wholeOf(users).sizes),
    values: users.skewed ? drawnInOrder(relativeValues(users)) : () => new Float64Array(),
  };
  ordered.set(users, found);
  return found;
}

/** The largest factor by which a log's variance is corrected. */
const MOST_TURNED = 3;

/**
 * The variance of the log at hand over that of a log drawn from it, as far as its calls are of clusters that do not
 * stay: those who stay are the ones that a study will have.
 *
 * @remarks The traffic is to the log at hand what that log is to those drawn from it (the basic bootstrap, Davison &
 * Hinkley 1997, doi:10.1017/CBO9780511802843, 5.2): most logs of few large clusters vary less than their traffic, so
 * logs that vary less than the one at hand stand for traffic that varies more. Of the log's variance V and a drawn
 * one's W, the traffic's is V * V / W: a study of the drawn log, with W, multiplied by V / W.
 */
function turnedBy(users: Users, all: Int32Array, stays: Int32Array): number {
  const ratio = varianceOfLog(users) / varianceOfMean(users, all);
  if (Number.isNaN(ratio)) return 1;
  const { sizes } = wholeOf(users);
  let [units, leaving] = [0, 0];
  for (let at = 0; at < all.length; at++) {
    const size = sizes[all[at]!]!;
    units += size;
    leaving += size * (1 - stays[at]!);
  }
  return Math.min(MOST_TURNED, Math.max(1 / MOST_TURNED, ratio)) ** (leaving / units);
}

const variances = new WeakMap<Users, number>();

/** The variance of the mean over the log's own clusters. */
function varianceOfLog(users: Users): number {
  const known = variances.get(users);
  if (known !== undefined) return known;
  const every = Int32Array.from({ length: users.sizes.length / (users.slots + 1) }, (_, k) => k);
  const variance = varianceOfMean(users, every);
  variances.set(users, variance);
  return variance;
}

const wholes = new WeakMap<Users, Pick<Users, "sizes" | "deviations">>();

/** The totals of each cluster over all slots, side by side: every draw of a log reads them in no order. */
function wholeOf(users: Users): Pick<Users, "sizes" | "deviations"> {
  const known = wholes.get(users);
  if (known !== undefined) return known;
  const { slots } = users;
  const last = (running: Float64Array) => running.filter((_, at) => at % (slots + 1) === slots);
  const found = { sizes: last(users.sizes), deviations: last(users.deviations) };
  wholes.set(users, found);
  return found;
}

/** The variance of the mean over some clusters. */
function varianceOfMean(users: Users, some: Int32Array): number {
  const { sizes, deviations } = wholeOf(users);
  let [units, total] = [0, 0];
  for (let at = 0; at < some.length; at++) {
    units += sizes[some[at]!]!;
    total += deviations[some[at]!]!;
  }
  let squares = 0;
  for (let at = 0; at < some.length; at++) {
    const k = some[at]!;
    squares += (deviations[k]! - (total / units) * sizes[k]!) ** 2;
  }
  return squares / units ** 2;
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
