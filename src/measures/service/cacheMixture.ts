import { checkProbability } from "../../stats/checks";
import { type Estimate, noted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { studentTQuantile } from "../../stats/studentT";
import { percent } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { spreads } from "../estimate/spread";
import { probabilities } from "../latency/latency";
import { type Ladder, ladderQuantile, quantileMargin } from "../mix/mixMargin";
import type { Keyed, Row } from "../table";

const sql = statements(__dirname, "cacheMixture.sql");

/** The waits of one row as a mixture of calls that a cache answered and calls that it did not. */
export type CacheMixtureRow = Keyed<{
  /** Calls with a wait. */
  calls: number;
  /**
   * The share of them that a response cache answered, and the same among those beyond the highest quantile.
   */
  hits: Estimate;
  hits_in_tail: Estimate;
  /** Quantiles of all calls, of hits, of misses, and of all at the requested share of hits. */
  all: Record<string, Estimate>;
  hit: Record<string, Estimate>;
  miss: Record<string, Estimate>;
  at_hit_rate: Record<string, Estimate>;
}>;

/**
 * Quantiles of the wait as a mixture of calls that a response cache answered and calls that it did not, and
 * what they would be at another share of hits.
 *
 * At another share, hits and misses are assumed to keep their waits, though a cache that answers more may
 * answer different calls: where those that come again are the short ones, the median has been half of the truth. So no end
 * of these decides. n counts calls with a wait; a call that does not say that a cache answered it is a
 * miss.
 *
 * @remarks Methods: the quantiles of the parts as in `latency`, without correlation within hours; at another
 * share by weights, Woodruff (1952), doi:10.1080/01621459.1952.10483443, the share below clustered, in
 * buckets of 0.1 %.
 * @returns a table with a row for each group of `by` in which a cache answered at least one call
 * @throws RangeError for a share outside [0, 1], an invalid probability, column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latencyCacheMixture(store, { by: "workload", hitRate: 0.3 });
 * rows[0].hits.value.toFixed(3) // "0.018"
 */
export const latencyCacheMixture = defineMeasure({
  name: "cache-mixture",
  of: "latency",
  was: ["cost --mixture", "cache-hits --mixture"],
  about:
    "quantiles of the wait as a mixture of hits and misses, and what they would be at another share of hits",
  needs: ["cache_hit", "duration"],
  options: {
    hitRate: {
      value: "<share>",
      about: "the share of calls that the cache is to answer",
      as: "number",
      default: 0.5,
      check: (caller: string, share: number) => checkProbability(caller, "hitRate", share),
    },
    q: {
      value: "<list>",
      about: "quantiles",
      as: "numbers",
      default: [0.5, 0.95],
      check: probabilities,
    },
  },
  async table({ selection, options }): Promise<Result<CacheMixtureRow>> {
    const { connection, by, clusterBy } = selection;
    const { hitRate, level = 0.95 } = options;
    const q = probabilities("latencyCacheMixture", options.q);
    await run(connection, sql.parted);
    await run(connection, sql.measured);
    const groups = await rowsOf<Group>(connection, sql.rows);
    const summaries = await duckdbSummaries({ ...selection, hours: false });
    const parts = await spreads(summaries, await groupSummaries(summaries), q, { ...options, unit: "s" });
    const quantiles = (g: GroupKey) => parts.get(g)?.quantiles ?? {};
    const top = String(q.at(-1));
    const tails = groups.map(({ g, all }) => ({ g, beyond: quantiles(all)[top].value }));
    await run(connection, sql.tails, { tails: JSON.stringify(tails) });
    const ratios = await ratiosOf(selection, sql.shares, { ...options, clusterBy, whole: true });
    const moved = await atRate(connection, { groups, q, hitRate, level, clusterBy });
    const rows = groups.map(({ g, by: keys, calls, all, hits, misses }): CacheMixtureRow => {
      const rate = (kind: string, counted: string) =>
        ratios.rate(g, kind, { n: ratios.size(g, kind), unit: "1", counted });
      return {
        ...(by.length === 0 ? {} : keys),
        calls,
        hits: rate("hits", "calls with a wait"),
        hits_in_tail: rate("tail", `calls beyond p${100 * Number(top)}`),
        all: quantiles(all),
        hit: quantiles(hits),
        miss: quantiles(misses),
        at_hit_rate: moved(g),
      };
    });
    const assumed = `at hit rate: what all calls would take if ${percent(hitRate)} were answered by the cache, and hits and misses took as long as they do.`;
    return {
      rows,
      notes: rows.length === 0 ? [] : [assumed],
      none: "No call says that a response cache answered it.",
      behind: {
        from: "select g, at_row, x as amount from parted where not failed",
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        n: ({ calls }) => calls,
      },
    };
  },
});

interface Group {
  g: GroupKey;
  by: Row;
  hits: GroupKey;
  misses: GroupKey;
  all: GroupKey;
  calls: number;
}

interface Mixing {
  groups: readonly Group[];
  q: readonly number[];
  hitRate: number;
  level: number;
  clusterBy: string;
}

/** The quantiles of every group at another share of hits. */
async function atRate(
  connection: Parameters<typeof run>[0],
  { groups, q, hitRate, level, clusterBy }: Mixing,
): Promise<(g: GroupKey) => Record<string, Estimate>> {
  const buckets = await rowsOf<Bucket>(connection, sql.ladder);
  const mixed = new Map(
    groups.map(({ g }) => {
      const ofGroup = buckets.filter((bucket) => bucket.g === g);
      return [g, mixedLadder(ofGroup, hitRate)];
    }),
  );
  const thresholds = [...mixed].flatMap(([g, { ladder, n, hit, miss }]) =>
    n > 0 ? q.map((p) => ({ g, q: p, x: ladderQuantile(ladder, n, p), hit, miss })) : [],
  );
  const squares = await rowsOf<{ g: GroupKey; q: number; clusters: number; sizes: number; squares: number }>(
    connection,
    sql.squares,
    { thresholds: JSON.stringify(thresholds) },
  );
  const about = { level, clusterBy, unit: "s" };
  return (g) =>
    Object.fromEntries(
      q.map((p): [string, Estimate] => {
        const { ladder, n, calls } = mixed.get(g) as Mixed;
        const sums = squares.find((square) => square.g === g && square.q === p);
        if (sums === undefined) {
          const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN, n: 0, clusters: 0 };
          return [String(p), { ...none, ...about, method: "none", ...noted([noWait]) }];
        }
        const { clusters } = sums;
        const variance = clusters > 1 ? (sums.squares * clusters) / (clusters - 1) : Number.NaN;
        const margin = quantileMargin(ladder, n, p, variance, level);
        const degrees = Math.max(1, Math.sqrt(clusters / sums.sizes) - 1);
        const [low, high] = margin.bounds(studentTQuantile((1 + level) / 2, degrees));
        return [
          String(p),
          {
            value: margin.value,
            low: Math.max(0, low),
            high,
            n: calls,
            clusters,
            ...about,
            method: margin.method,
            ...noted([...(margin.reservations ?? []), reserve("hits.alike")]),
          },
        ];
      }),
    );
}

const noWait = reserve("none.waits");

interface Bucket {
  g: GroupKey;
  x: number;
  cut: boolean;
  hits: number;
  misses: number;
}

/** Waits with hits and misses weighted so that hits are the requested share. */
interface Mixed {
  ladder: Ladder;
  /** The effective number of calls of equal weight, and the number of calls. */
  n: number;
  calls: number;
  /** The weight of a hit and of a miss: all weights add up to 1. */
  hit: number;
  miss: number;
}

function mixedLadder(buckets: readonly Bucket[], hitRate: number): Mixed {
  const sum = (name: "hits" | "misses") => buckets.reduce((all, bucket) => all + bucket[name], 0);
  const [hits, misses] = [sum("hits"), sum("misses")];
  const hit = hitRate === 0 ? 0 : hitRate / hits;
  const miss = hitRate === 1 ? 0 : (1 - hitRate) / misses;
  const weightOf = (bucket: Bucket) => hit * bucket.hits + miss * bucket.misses;
  const weighty = buckets.filter((bucket) => weightOf(bucket) > 0);
  // Hits, or misses, cannot be mixed in if there are none.
  const known = Number.isFinite(hit) && Number.isFinite(miss);
  return {
    ladder: {
      x: weighty.map(({ x }) => x),
      weights: weighty.map(weightOf),
      censored: weighty.map(({ cut }) => cut),
    },
    n: known ? 1 / (hit * hit * hits + miss * miss * misses) : 0,
    calls: hits + misses,
    hit,
    miss,
  };
}
