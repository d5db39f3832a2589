import type { DuckDBConnection } from "@duckdb/node-api";
import type { Keyed, Table } from "../measures/table";
import { chiSquareQuantile } from "../stats/chiSquare";
import { type Claim, claim, exactly, isSettled } from "../stats/claim";
import type { Estimate } from "../stats/estimate";
import { wilson } from "../stats/rate";
import { grouped } from "../stats/text";
import type { Store } from "../store/open";
import { rowsOf, run } from "../store/run";
import { statements } from "../store/statements";
import type { Item } from "./item";
import { selectRequests } from "./requests";
import { reweigh, type Stratum } from "./reweigh";

const sql = statements(__dirname, "compareWithTraffic.sql");

/** One value of a dimension, with its shares of the traffic and of the set. */
export type ShareRow = Keyed<{
  dimension: string;
  value: string;
  requests: number;
  /** Its share of the requests. */
  in_traffic: number;
  items: number;
  /** Its share of the examples, each counted once. */
  in_set: Estimate;
  /** Its share of the set, each example weighted by the requests it represents. */
  weighted: number;
}>;

/** How far the set is from the traffic in one dimension. */
export type DimensionRow = Keyed<{
  dimension: string;
  /** Total variation distance: the share of the set that would need another value. */
  total_variation: number;
  total_variation_weighted: number;
  /** Population stability index. */
  psi: number;
  psi_weighted: number;
  /** The 95 % limit: random samples with as many effective examples stay below it in 95 of 100 draws. */
  psi_by_chance: number;
  /** Largest gap between the cumulative shares, for length only, and its 95 % limit by chance. */
  ks?: number;
  ks_weighted?: number;
  ks_by_chance?: number;
  /** For the weighted set: "like the traffic", "not shown to be unlike it", "somewhat unlike it" or "unlike it". */
  verdict: string;
  /** The verdict, and how far it stands. */
  claim: Claim;
}>;

/** How well a set represents the traffic. */
export interface TrafficComparison {
  shares: Table<ShareRow>;
  dimensions: Table<DimensionRow>;
  /** The items, re-weighted so that workloads and lengths have the traffic's shares. */
  reweighed: Item[];
}

/** An index above the first is read as a shift, above the second as a large one (Siddiqi 2006). */
const shifts = [0.1, 0.25] as const;

/**
 * Measures how well an eval set represents the traffic: shares by workload, length, user, time, script of the prompt
 * and kind of edge case, in the set and in the requests of the store.
 *
 * A request is the first answering call of its task that has its prompt stored. Examples whose call is not among them
 * are counted in a note and left out.
 *
 * @remarks Method: population stability index with its law under the null (Yurdakul & Naranjo 2020,
 * doi:10.21314/JRMV.2020.227) at Kish's effective sample size; a zero share counts as half an example;
 * Kolmogorov-Smirnov distance for lengths.
 * @param options `where`, a predicate over calls: the traffic that the set should represent
 * @returns shares (n of an estimate counts examples), distances by dimension, and the items re-weighted to the
 * traffic's shares of workload and length
 * @throws Error if no prompts are stored
 * @example
 * const store = await openDemo();
 * const { items } = await build(store, { size: 200 });
 * const { shares } = await compareWithTraffic(store, items);
 * shares.rows[0].in_traffic.toFixed(2) // "0.45"
 */
export async function compareWithTraffic(
  store: Store,
  items: readonly Item[],
  { where }: { where?: string } = {},
): Promise<TrafficComparison> {
  const { selection, summary } = await selectRequests(store, "compareWithTraffic", where);
  try {
    const { connection } = selection;
    await choose(connection, items);
    const found = await rowsOf<Found>(connection, sql.shares);
    const [lengths] = await rowsOf<{ plain: number; weighted: number }>(connection, sql.lengths);
    const strata = await rowsOf<Stratum>(connection, sql.strata);
    const inTraffic = new Set(strata.flatMap(({ call_ids }) => call_ids));
    const known = items.filter(({ call_id }) => call_id !== null && inTraffic.has(call_id));
    const shares = sharesOf(found, summary.requests);
    const notes = notesOf(items.length - known.length, items.length);
    return {
      shares: { measure: "evalset compare", by: ["dimension", "value"], rows: shares, notes },
      dimensions: {
        measure: "distance of the set from the traffic",
        by: ["dimension"],
        rows: dimensionsOf(shares, { effective: effectiveSize(known), requests: summary.requests, lengths }),
        notes: [
          "The verdict is on the weighted set: a psi below 0.1 is like the traffic, above 0.25 it is not; one that chance gives a set of this size is not shown to be unlike it.",
        ],
      },
      reweighed: reweigh(items, strata),
    };
  } finally {
    selection.close();
  }
}

interface Found {
  dimension: string;
  value: string;
  requests: number;
  items: number;
  weight: number;
}

async function choose(connection: DuckDBConnection, items: readonly Item[]): Promise<void> {
  const rows = items.map(({ call_id, weight }) => ({ call_id, weight }));
  await run(connection, sql.chosen, { items: JSON.stringify(rows) });
}

/** Kish's effective sample size: the number of equally weighted examples with as much information. */
function effectiveSize(items: readonly Item[]): number {
  const sum = items.reduce((total, { weight }) => total + weight, 0);
  const squares = items.reduce((total, { weight }) => total + weight * weight, 0);
  return squares === 0 ? 0 : (sum * sum) / squares;
}

function sharesOf(found: readonly Found[], requests: number): ShareRow[] {
  const one = found.filter(({ dimension }) => dimension === "workload");
  const items = one.reduce((sum, row) => sum + row.items, 0);
  const weight = one.reduce((sum, row) => sum + row.weight, 0);
  return found.map((row) => ({
    dimension: row.dimension,
    value: row.value,
    requests: row.requests,
    in_traffic: row.requests / requests,
    items: row.items,
    in_set: { ...wilson(row.items, items), clusterBy: "item_id" },
    weighted: weight === 0 ? Number.NaN : row.weight / weight,
  }));
}

function dimensionsOf(
  rows: readonly ShareRow[],
  all: { effective: number; requests: number; lengths: { plain: number; weighted: number } },
): DimensionRow[] {
  const names = [...new Set(rows.map(({ dimension }) => dimension))];
  return names.map((dimension) => {
    const own = rows.filter((row) => row.dimension === dimension);
    const traffic = own.map(({ in_traffic }) => in_traffic);
    const plain = own.map(({ in_set }) => in_set.value);
    const weighted = own.map((row) => row.weighted);
    const items = own.reduce((sum, row) => sum + row.items, 0);
    const room = 1 / all.effective + 1 / all.requests;
    const chance = own.length < 2 ? 0 : chiSquareQuantile(0.95, own.length - 1) * room;
    const index = stabilityIndex(weighted, traffic, all.effective);
    return {
      dimension,
      total_variation: variation(plain, traffic),
      total_variation_weighted: variation(weighted, traffic),
      psi: stabilityIndex(plain, traffic, items),
      psi_weighted: index,
      psi_by_chance: chance,
      ...(dimension === "length"
        ? {
            ks: all.lengths.plain,
            ks_weighted: all.lengths.weighted,
            // The asymptotic 95 % point of Kolmogorov's distribution.
            ks_by_chance: 1.3581 * Math.sqrt(room),
          }
        : {}),
      ...judged(index, chance),
    };
  });
}

/**
 * What the index says. It is exactly that of this set and this traffic; one that chance gives a random set of this size is
 * neither like it nor shown to be unlike it.
 */
function judged(index: number, chance: number): Pick<DimensionRow, "verdict" | "claim"> {
  const bound = (holds: (x: number) => boolean) => [
    { estimate: exactly(index), end: "high" as const, holds },
  ];
  const unlike = claim(
    "evalset.unlike",
    "differs",
    bound((x) => x > Math.max(shifts[0], chance)),
  );
  if (isSettled(unlike))
    return { verdict: index <= shifts[1] ? "somewhat unlike it" : "unlike it", claim: unlike };
  const like = claim(
    "evalset.like",
    "agrees",
    bound((x) => x <= shifts[0]),
  );
  if (Number.isNaN(index)) return { verdict: "cannot tell", claim: like };
  return { verdict: isSettled(like) ? "like the traffic" : "not shown to be unlike it", claim: like };
}

function variation(p: readonly number[], q: readonly number[]): number {
  return exact(p.reduce((sum, share, at) => sum + Math.abs(share - q[at]), 0) / 2);
}

/** The sum of (p - q) ln(p / q); a zero share counts as half an example of n. */
function stabilityIndex(p: readonly number[], q: readonly number[], n: number): number {
  const terms = p.map((share, at) => {
    const [a, b] = [share === 0 ? 0.5 / n : share, q[at]];
    return (a - b) * Math.log(a / b);
  });
  return exact(terms.reduce((sum, one) => sum + one, 0));
}

/** A distance that is only rounding error counts as zero. */
function exact(distance: number): number {
  return distance < 1e-12 ? 0 : distance;
}

function notesOf(strange: number, items: number): string[] {
  if (items === 0) return ["The set has no examples."];
  if (strange === 0) return [];
  return [
    `${grouped(strange)} of ${grouped(items)} examples were drawn from no request of this traffic and are left out.`,
  ];
}
