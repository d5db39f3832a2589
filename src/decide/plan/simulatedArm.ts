import { meanBounds } from "../../stats/mean";
import type { Random } from "../../stats/random";
import { type Log, relativeValues, seenOf, type Users } from "./likeLogs";

/** How long a study is, and with what traffic. */
export interface Length {
  days: number;
  /** How many times the log's users it has; 1 is the same traffic. */
  times?: number;
  /** How much more than in the log a unit of the second arm varies: its variance over that of the first. */
  spread?: number;
}

/** Users drawn for an arm beyond which fewer are drawn, each for several. */
const MOST_DRAWN = 800;
/** How far a study's bound is smeared, in standard deviations, so that power grows smoothly with a difference. */
export const SMEARED = 0.25;

/** Some clusters, of which an arm has this many, from slot to slot, with this many times what they brought there. */
interface Part {
  clusters: Int32Array;
  count: number;
  from: number;
  to: number;
  grown: number;
}

/**
 * The clusters of an arm: in a study shorter than the log those of some slots in a row; in a longer one those who
 * stay, with more from each, and so many more of those who do not.
 */
export function partsOf(users: Users, log: Log, { days, times = 1 }: Length, { integer }: Random): Part[] {
  const { slots, clusters } = users;
  const each = (0.5 * times * clusters) / log.all.length;
  const longer = days / users.days;
  if (longer >= 1)
    return [
      { clusters: log.stayers, count: each * log.stayers.length, from: 0, to: slots, grown: longer },
      { clusters: log.leavers, count: each * log.leavers.length * longer, from: 0, to: slots, grown: 1 },
    ];
  const width = Math.max(1, Math.round(longer * slots));
  const from = integer(slots - width + 1);
  const to = from + width;
  const seen = seenOf(users, log, from, to);
  return [{ clusters: seen, count: (each * seen.length * longer * slots) / width, from, to, grown: 1 }];
}

/** How an arm's deviations grow with its clusters. */
interface Growth {
  within: number;
  between: number;
  withinB: number;
  betweenB: number;
}

/** An arm's sums over its clusters: powers of the m units of each, of its deviation d, and of both. */
class ArmSums {
  clusters = 0;
  m = 0;
  m2 = 0;
  m3 = 0;
  m4 = 0;
  d = 0;
  d2 = 0;
  d3 = 0;
  dm = 0;
  d2m = 0;
  d2m2 = 0;
  dm2 = 0;
  dm3 = 0;

  /** Adds so many clusters like one; their deviations lie on either side, and add up to its own times the root. */
  add(times: number, root: number, m: number, d: number): void {
    const tm = times * m;
    const tm2 = tm * m;
    const tm3 = tm2 * m;
    const td = times * d;
    const tdm = td * m;
    const tdm2 = tdm * m;
    const td2 = td * d;
    const td2m = td2 * m;
    this.clusters += times;
    this.m += tm;
    this.m2 += tm2;
    this.m3 += tm3;
    this.m4 += tm3 * m;
    this.d += root * d;
    this.d2 += td2;
    this.d3 += td2 * d;
    this.dm += tdm;
    this.d2m += td2m;
    this.d2m2 += td2m * m;
    this.dm2 += tdm2;
    this.dm3 += tdm2 * m;
  }
}

/** Adds the drawn clusters of a part to an arm's sums. */
function addPart(
  sums: ArmSums,
  part: Part,
  { sizes, deviations, slots }: Users,
  { within, between, withinB, betweenB }: Growth,
  { tail, values }: Log,
  { relative, random: { integer, uniform } }: { relative: Float64Array; random: Random },
): void {
  const count = Math.round(part.count);
  if (count === 0 || part.clusters.length === 0) return;
  const drawn = Math.min(count, MOST_DRAWN);
  const times = count / drawn;
  const root = Math.sqrt(times);
  const row = slots + 1;
  for (let i = 0; i < drawn; i++) {
    const k = part.clusters[integer(part.clusters.length)]!;
    const at = k * row;
    const size = sizes[at + part.to]! - sizes[at + part.from]!;
    const whole = sizes[at + slots]!;
    const grown = part.grown * tail.shrunk * (whole > tail.from ? tail.drawn(uniform()) / whole : 1);
    const m = size * grown;
    // What is alike in a cluster grows with its size, what is not with the root, and both with the metric's spread.
    const more = Math.sqrt((m * withinB + m * m * betweenB) / (size * within + size * size * between));
    const value = relative[k]!;
    const further = value > values.from ? (values.drawn(uniform()) - 1) / (value - 1) : 1;
    const d = (deviations[at + part.to]! - deviations[at + part.from]!) * more * further;
    sums.add(times, root, m, d);
  }
}

/** The interval of an arm's deviation from the true value. */
export function arm(
  users: Users,
  parts: readonly Part[],
  { spread, level }: { spread: number; level: number },
  log: Log,
  random: Random,
): ReturnType<typeof meanBounds> {
  const { noise, correlation, skewed } = users;
  const [within, between] = [1 - correlation, correlation];
  const growth = { within, between, withinB: within * spread, betweenB: between * spread * spread };
  const sums = new ArmSums();
  const drawing = { relative: relativeValues(users), random };
  for (const part of parts) addPart(sums, part, users, growth, log, drawing);
  const { clusters, m: n, m2, m3, m4, d2, d3, dm, d2m, d2m2, dm2, dm3 } = sums;
  const mean = sums.d / n;
  // What is left of equal deviations is rounding, which is no spread.
  const about = (square: number, once: number, none: number) => {
    const left = square - 2 * mean * once + mean * mean * none;
    return left > 1e-12 * square ? left : 0;
  };
  return meanBounds(
    {
      n,
      total: mean * n,
      deviations: noise * spread * n,
      clusters,
      sizeSquares: m2,
      sizeCubes: m3,
      sizeFourths: m4,
      residualSquares: about(d2, dm, m2),
      residualSizes: about(d2m, dm2, m3),
      residualSizeSquares: about(d2m2, dm3, m4),
      ...(skewed ? { residualCubes: d3 - 3 * mean * d2m + 3 * mean ** 2 * dm2 - mean ** 3 * m3 } : {}),
    },
    { level },
  );
}
