import { callsAlone } from "../../facts/cluster";
import { clusterSampleRate } from "../../facts/grain";
import type { Selection } from "../../facts/select";
import { columnsOfResult } from "../../store/columns";
import { fitsInMemory } from "../../store/memory";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { duckdbRatios } from "./duckdbRatios";
import type {
  Cell,
  GroupKey,
  HoursOfGroup,
  SquaresOfParts,
  Summaries,
  SumsOfClusters,
  Thresholds,
} from "./summaries";
import { clusterSums, hourSums, type Looked, partSquares, thresholdsTable } from "./thresholdSums";

const sql = statements(__dirname, "distribution.sql");

/** Maximum number of thresholds in one statement. */
const atOnce = 4;

/** Bytes that a call takes in the table of kept values. */
const BYTES_KEPT = 40;

/**
 * Summarises the view `measured` of a selection's connection, which distribution.sql describes.
 *
 * @param signed true if values may be below 0. Default false.
 */
export async function duckdbSummaries(selection: Selection, signed = false): Promise<Summaries> {
  const { connection, clusterBy, hours, sample } = selection;
  await run(connection, `set variable signed = ${signed}; ${sql.values}`);
  // Where every call is a cluster, it is read twice at most.
  if (clusterBy !== "call_id" && (await fitsInMemory(connection, "calls", BYTES_KEPT)))
    await run(connection, sql.kept);
  await run(connection, sql.whole);
  await run(connection, sql.bucketed);
  const kept = new Set<string>();
  let known = "";

  type ShareThresholds = Thresholds & { shares?: readonly number[] };
  /** Processes thresholds four at a time, of which `tails` at most are looked for among the values near them alone. */
  async function inFours(
    groups: readonly ShareThresholds[],
    { tails, grain }: { tails: number; grain: Looked["grain"] },
    look: (looked: Looked, from: number) => Promise<void>,
  ): Promise<void> {
    const most = groups[0]?.thresholds.length ?? 0;
    for (let from = 0; from < Math.max(1, most); from += atOnce) {
      const some = groups.map(({ g, mean, thresholds, shares = [] }) => ({
        g,
        mean,
        t: thresholds.slice(from, from + atOnce),
        p: shares.slice(from, from + atOnce),
      }));
      const count = Math.min(atOnce, most - from);
      const thresholds = json(some);
      if (thresholds !== known) await run(connection, thresholdsTable(count), { thresholds });
      known = thresholds;
      await look({ thresholds: count, mids: Math.max(0, Math.min(count, most - tails - from)), grain }, from);
    }
  }

  /** The rows of a statement, combined. */
  async function rowsInFours<Row extends { g: GroupKey }>(
    groups: readonly ShareThresholds[],
    at: { tails: number; grain: Looked["grain"] },
    statementOf: (looked: Looked) => string,
  ): Promise<Row[]> {
    const found = new Map<GroupKey, Row>();
    await inFours(groups, at, async (looked) => {
      for (const row of await rowsOf<Row>(connection, statementOf(looked))) {
        const before = found.get(row.g);
        found.set(row.g, before === undefined ? row : withMore(before, row));
      }
    });
    return [...found.values()];
  }

  async function hoursOf(
    groups: readonly ShareThresholds[],
    tails: number,
  ): Promise<Map<GroupKey, HoursOfGroup>> {
    const found = new Map<GroupKey, HoursOfGroup>();
    await inFours(groups, { tails, grain: "hour" }, async (looked, from) => {
      const rows = await columnsOfResult<"g" | "hour" | "m" | "s" | `c${number}`>(
        connection,
        hourSums(looked),
      );
      for (let row = 0; row < rows.rows; row++) {
        const g = rows.g[row] as string;
        const ofGroup = found.get(g) ?? { hours: [], sizes: [], totals: [], below: [] };
        found.set(g, ofGroup);
        if (from === 0) {
          ofGroup.hours.push(rows.hour[row] as number);
          ofGroup.sizes.push(rows.m[row] as number);
          ofGroup.totals.push(rows.s[row] as number);
        }
        for (let k = 0; k < looked.thresholds; k++) {
          ofGroup.below[from + k] ??= [];
          ofGroup.below[from + k].push(rows[`c${k + 1}`][row] as number);
        }
      }
    });
    return found;
  }

  return {
    clusterBy,
    hours,
    async names(groups) {
      // A full pass for the names costs as much as the counts; the first rows nearly always have them all.
      const some = await rowsOf<Named>(connection, sql.some_groups);
      return some.length >= groups ? some : rowsOf<Named>(connection, sql.groups);
    },
    async histogram() {
      // Read by column, which costs far less than rows of many types.
      const cells = await columnsOfResult<keyof Cell>(connection, sql.histogram);
      return Array.from({ length: cells.rows }, (_, row) => ({
        g: cells.g[row] as string,
        bucket: cells.bucket[row] as number | null,
        cut: cells.cut[row] as boolean,
        failed: cells.failed[row] as boolean,
        n: cells.n[row] as number,
        total: cells.total[row] as number,
        squares: cells.squares[row] as number,
      }));
    },
    async expect(expected) {
      let [low, high, tail] = [Infinity, -Infinity, Infinity];
      kept.clear();
      for (const one of expected) {
        for (const bucket of one.buckets) {
          kept.add(`${one.g} ${bucket}`);
          if (bucket >= one.tail) tail = Math.min(tail, edge(bucket, -1));
          else [low, high] = [Math.min(low, edge(bucket, -1)), Math.max(high, edge(bucket, 1))];
        }
      }
      const wanted = json(inOrder(expected).map(({ g, buckets }) => ({ g, buckets })));
      // As texts: a large whole double would be bound as a 64-bit integer.
      const bounds = { low: String(Math.min(low, tail)), high: String(high), tail: String(tail) };
      await run(connection, sql.near, { wanted, ...bounds });
    },
    async orderStatistics(places) {
      const near = places.every(({ g, bucket }) => kept.has(`${g} ${bucket}`));
      const statement = `with within_reach as (${near ? "from near" : sql.within_reach})\n${sql.order_statistics}`;
      const wanted = inOrder(places).map(({ openPlaces, ...one }) => ({ ...one, open_places: openPlaces }));
      const found = await columnsOfResult<"g" | "bucket" | "values" | "open_values">(connection, statement, {
        wanted: json(wanted),
        ...rangesOf(places.map(({ bucket }) => bucket)),
      });
      const list = (value: unknown) => (value as { items: readonly number[] } | null)?.items ?? [];
      return Array.from({ length: found.rows }, (_, row) => ({
        g: found.g[row] as string,
        bucket: found.bucket[row] as number,
        values: list(found.values[row]),
        openValues: list(found.open_values[row]),
      }));
    },
    clusterSums: (groups, tails) => rowsInFours<SumsOfClusters>(groups, { tails, grain: "own" }, clusterSums),
    async sharedTimes(groups, tails) {
      const every = clusterSampleRate(
        groups.reduce((sum, { n }) => sum + n, 0),
        groups.length,
      );
      const hours = await hoursOf(groups, tails);
      if (callsAlone(clusterBy)) return { hours, parts: [] };
      // With so few clusters, looking at all values costs less than finding the nearby ones.
      await sample(every);
      await run(connection, sql.parts);
      const parts = await rowsInFours<SquaresOfParts>(groups, { tails: 0, grain: "both" }, partSquares);
      await run(connection, sql.whole);
      for (const part of parts) {
        part.residualSquares *= every;
        part.belowSquares = part.belowSquares.map((one) => every * one);
      }
      return { hours, parts };
    },
    means: () => duckdbRatios(selection, sql.means),
  };
}

type Named = Awaited<ReturnType<Summaries["names"]>>[number];

/** A row with another row's lists, one entry for each threshold, appended to its own. */
function withMore<Row extends object>(row: Row, more: Row): Row {
  const lists = Object.entries(more).filter(([, value]) => Array.isArray(value));
  return {
    ...row,
    ...Object.fromEntries(lists.map(([name, list]) => [name, [...(row[name as keyof Row] as []), ...list]])),
  };
}

/**
 * The values of some buckets as two ranges, split at the widest gap between buckets. As texts, like those of
 * `expect`.
 */
function rangesOf(buckets: readonly number[]): Record<"low" | "high" | "from" | "to", string> {
  const sorted = [...new Set(buckets)].sort((a, b) => a - b);
  let cut = 0;
  for (let at = 1; at < sorted.length - 1; at++)
    if (sorted[at + 1] - sorted[at] > sorted[cut + 1] - sorted[cut]) cut = at;
  const next = Math.min(cut + 1, sorted.length - 1);
  return {
    low: String(edge(sorted[0], -1)),
    high: String(edge(sorted[cut], 1)),
    from: String(edge(sorted[next], -1)),
    to: String(edge(sorted[sorted.length - 1], 1)),
  };
}

/**
 * A value beyond a bucket on one side: one bucket further, since edges are rounded, and a few digits more for
 * large values.
 */
function edge(bucket: number, side: -1 | 1): number {
  const value = valueAt(bucket + side);
  return Number.isFinite(value) ? value + side * 1e-9 * Math.abs(value) : value;
}

/** The value in the middle of a bucket of distribution.sql. */
const valueAt = (bucket: number) => Math.sign(bucket) * (bucket / 200) ** 4;

/** JSON for the engine, with infinities as texts. */
const json = (value: unknown) =>
  JSON.stringify(value, (_, one) => (one === Infinity || one === -Infinity ? String(one) : one));

/** By group: the engine's rows come in any order, and the statements that follow from them should be the same each time. */
const inOrder = <T extends { g: GroupKey }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => (String(a.g) < String(b.g) ? -1 : Number(String(a.g) > String(b.g))));
