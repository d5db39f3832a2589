import type { GroupSummary } from "./distribution";
import type { GroupKey, Places, Summaries } from "./summaries";

/** Exact order statistics of one group, at the fetched ranks. */
export interface Fetched {
  /** Censored values count as the value that they at least have. */
  atLeast: (rank: number) => number;
  /** Censored values count as Infinity. */
  atMost: (rank: number) => number;
}

/** Fetches order statistics for many groups in one scan. */
export async function fetchOrderStatistics(
  summaries: Summaries,
  groups: readonly GroupSummary[],
  ranks: (group: GroupSummary) => readonly number[],
): Promise<Map<GroupKey, Fetched>> {
  const wanted: Wanted[] = [];
  for (const group of groups) {
    const requested = [...new Set(ranks(group))]
      .filter((rank) => rank >= 1 && rank <= group.n)
      .sort((a, b) => a - b);
    wanted.push(...placesOf(group, requested));
  }
  const values = new Map<GroupKey, Found>(groups.map(({ g }) => [g, { all: new Map(), open: new Map() }]));
  if (wanted.length > 0) await lookUp(summaries, wanted, values);
  return new Map(
    groups.map((group) => {
      const { all, open } = values.get(group.g) as Found;
      const uncensored = group.n - group.censored;
      const at = (found: Map<number, number>, rank: number) => {
        const value = found.get(rank);
        if (value === undefined) throw new Error(`order statistic ${rank} of ${group.n} was not fetched`);
        return value;
      };
      const atLeast = (rank: number) => at(all, rank);
      const atMost = (rank: number) =>
        group.censored === 0 ? at(all, rank) : rank > uncensored ? Number.POSITIVE_INFINITY : at(open, rank);
      return [group.g, { atLeast, atMost }];
    }),
  );
}

/** Values by rank: among all, and among the uncensored. */
interface Found {
  all: Map<number, number>;
  open: Map<number, number>;
}

interface Wanted extends Places {
  /** Number of values in lower buckets, all and uncensored. */
  below: number;
  openBelow: number;
}

function placesOf(group: GroupSummary, ranks: number[]): Wanted[] {
  const wanted: Wanted[] = [];
  let below = 0;
  let openBelow = 0;
  let next = 0;
  let nextOpen = 0;
  for (const { bucket, n, censored } of group.buckets) {
    const places: number[] = [];
    const openPlaces: number[] = [];
    for (; next < ranks.length && ranks[next] <= below + n; next++) places.push(ranks[next] - below);
    if (group.censored > 0) {
      const open = n - censored;
      for (; nextOpen < ranks.length && ranks[nextOpen] <= openBelow + open; nextOpen++) {
        openPlaces.push(ranks[nextOpen] - openBelow);
      }
    }
    if (places.length + openPlaces.length > 0) {
      wanted.push({ g: group.g, bucket, places, openPlaces, below, openBelow });
    }
    below += n;
    openBelow += n - censored;
  }
  return wanted;
}

async function lookUp(summaries: Summaries, wanted: Wanted[], found: Map<GroupKey, Found>): Promise<void> {
  const requested = new Map(wanted.map((one) => [`${one.g} ${one.bucket}`, one]));
  const places = wanted.map(({ below, openBelow, ...one }) => one);
  for (const { g, bucket, values, openValues } of await summaries.orderStatistics(places)) {
    const one = requested.get(`${g} ${bucket}`) as Wanted;
    const own = found.get(g) as Found;
    for (const [at, place] of one.places.entries()) own.all.set(one.below + place, values[at]);
    for (const [at, place] of one.openPlaces.entries()) own.open.set(one.openBelow + place, openValues[at]);
  }
}
