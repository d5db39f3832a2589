import { columnsOfResult } from "../../store/columns";
import type { Selection } from "../../store/select";
import { distributionSql, type GroupSummary } from "./distribution";

/** Exact order statistics of one group, at the ranks that were fetched. */
export interface Fetched {
  /** Censored values stand at what they are known to be at least. */
  atLeast: (rank: number) => number;
  /** Censored values stand at Infinity. */
  atMost: (rank: number) => number;
}

/** Fetches order statistics for many groups in one scan. */
export async function fetchOrderStatistics(
  selection: Selection,
  groups: readonly GroupSummary[],
  ranks: (group: GroupSummary) => readonly number[],
): Promise<Map<bigint, Fetched>> {
  const wanted: Wanted[] = [];
  for (const group of groups) {
    const asked = [...new Set(ranks(group))]
      .filter((rank) => rank >= 1 && rank <= group.n)
      .sort((a, b) => a - b);
    wanted.push(...placesOf(group, asked));
  }
  const values = new Map(
    groups.map(({ g }) => [g, { all: new Map<number, number>(), open: new Map<number, number>() }]),
  );
  if (wanted.length > 0) await lookUp(selection, wanted, values);
  return new Map(
    groups.map((group) => {
      const { all, open } = values.get(group.g) as { all: Map<number, number>; open: Map<number, number> };
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

/** Places within one bucket: of all its values, and of those that are not censored. */
interface Wanted {
  g: string;
  bucket: number;
  places: number[];
  open_places: number[];
  /** Values in lower buckets, all and uncensored. */
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
      wanted.push({ g: String(group.g), bucket, places, open_places: openPlaces, below, openBelow });
    }
    below += n;
    openBelow += n - censored;
  }
  return wanted;
}

async function lookUp(
  { connection }: Selection,
  wanted: Wanted[],
  values: Map<bigint, { all: Map<number, number>; open: Map<number, number> }>,
): Promise<void> {
  const found = await columnsOfResult<"g" | "bucket" | "values" | "open_values">(
    connection,
    distributionSql.order_statistics,
    {
      wanted: JSON.stringify(
        wanted.map(({ g, bucket, places, open_places }) => ({ g, bucket, places, open_places })),
      ),
    },
  );
  const asked = new Map(wanted.map((one) => [`${one.g} ${one.bucket}`, one]));
  for (let row = 0; row < found.rows; row++) {
    const g = found.g[row] as bigint;
    const one = asked.get(`${g} ${found.bucket[row]}`) as Wanted;
    const own = values.get(g) as { all: Map<number, number>; open: Map<number, number> };
    const put = (into: Map<number, number>, places: number[], before: number, list: unknown) => {
      const items = (list as { items: readonly number[] } | null)?.items ?? [];
      for (const [at, place] of places.entries()) into.set(before + place, items[at]);
    };
    put(own.all, one.places, one.below, found.values[row]);
    put(own.open, one.open_places, one.openBelow, found.open_values[row]);
  }
}
