import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { everything } from "../../../src/facts/request";
import { select } from "../../../src/facts/select";
import { groupSummaries } from "../../../src/measures/estimate/distribution";
import { duckdbSummaries } from "../../../src/measures/estimate/duckdbSummaries";
import { fetchOrderStatistics } from "../../../src/measures/estimate/orderStatistics";
import { spreads } from "../../../src/measures/estimate/spread";
import type {
  Cell,
  Places,
  RatioSummaries,
  Summaries,
  Thresholds,
} from "../../../src/measures/estimate/summaries";
import { durationView } from "../../../src/measures/latency/number";
import { powerSums } from "../../../src/stats/powerSums";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

interface Value {
  g: string;
  cluster: string;
  hour: string;
  x: number;
  cut: boolean;
}

const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);
const bucketOf = (x: number) => Math.floor(200 * Math.sqrt(Math.sqrt(x)) + 0.5);
const logOdds = (below: number, n: number) => Math.log(Math.max(below, 0.5) / Math.max(n - below, 0.5));

function by<T>(values: T[], key: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of values) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return found;
}

/** What an engine would return, from plain arrays: nothing is cached or sampled. */
function ofArrays(values: Value[], clusterBy: string, hours: boolean): Summaries {
  const groups = by(values, ({ g }) => g);
  const sizes = (g: string, unit: (one: Value) => string, thresholds: readonly number[]) =>
    [...by(groups.get(g) ?? [], unit).values()].map((own) => ({
      m: own.length,
      s: sum(own.map(({ x }) => x)),
      c: thresholds.map((t) => sum(own.map(({ x }) => (x < t ? 1 : x === t ? 0.5 : 0)))),
    }));
  const squares = (
    unit: (one: Value) => string,
    about: readonly (Thresholds & { shares: readonly number[] })[],
  ) =>
    about.map(({ g, mean, thresholds, shares }) => {
      const units = sizes(g, unit, thresholds);
      return {
        g,
        residualSquares: sum(units.map(({ m, s }) => (s - mean * m) ** 2)),
        belowSquares: shares.map((p, at) => sum(units.map(({ m, c }) => (c[at] - p * m) ** 2))),
      };
    });
  return {
    clusterBy,
    hours,
    names: async () => [...groups.keys()].map((g) => ({ g, by: { model: g } })),
    histogram: async () =>
      values.map(({ g, x, cut }): Cell => {
        return { g, bucket: bucketOf(x), cut, failed: false, n: 1, total: x, squares: x * x };
      }),
    expect: async () => {},
    orderStatistics: async (places: readonly Places[]) =>
      places.map(({ g, bucket, places, openPlaces }) => {
        const own = (groups.get(g) ?? []).filter(({ x }) => bucketOf(x) === bucket).sort((a, b) => a.x - b.x);
        const open = own.filter(({ cut }) => !cut);
        return {
          g,
          bucket,
          values: places.map((place) => own[place - 1].x),
          openValues: openPlaces.map((place) => open[place - 1].x),
        };
      }),
    clusterSums: async (about) =>
      about.map(({ g, mean, thresholds }) => {
        const units = sizes(g, ({ cluster }) => cluster, thresholds);
        const of = (f: (m: number, d: number) => number) => sum(units.map(({ m, s }) => f(m, s - mean * m)));
        const n = of((m) => m);
        const below = thresholds.map((_, at) => sum(units.map(({ c }) => c[at])));
        const shifts = below.map((all, at) =>
          units.map(({ m, c }) => logOdds(all - c[at], n - m) - logOdds(all, n)),
        );
        return {
          g,
          clusters: units.length,
          n,
          sizeSquares: of((m) => m ** 2),
          sizeCubes: of((m) => m ** 3),
          sizeFourths: of((m) => m ** 4),
          residualSquares: of((_, d) => d ** 2),
          residualSizes: of((m, d) => d ** 2 * m),
          residualSizeSquares: of((m, d) => d ** 2 * m ** 2),
          residualCubes: of((_, d) => d ** 3),
          below,
          leaveOneOut: shifts.map((own) => sum(own.map((d) => d * d))),
          leaveOneOutCubes: shifts.map((own) => sum(own.map((d) => d ** 3))),
        };
      }),
    sharedTimes: async (about) => ({
      hours: new Map(
        about.map(({ g, thresholds }) => {
          const units = sizes(g, ({ hour }) => hour, thresholds);
          const hours = [...new Set((groups.get(g) ?? []).map(({ hour }) => hour))];
          return [
            g,
            {
              hours: hours.map((hour) => Date.parse(`${hour}:00Z`) / 3_600_000),
              sizes: units.map(({ m }) => m),
              totals: units.map(({ s }) => s),
              below: thresholds.map((_, at) => units.map(({ c }) => c[at])),
            },
          ];
        }),
      ),
      parts: squares(({ cluster, hour }) => `${cluster} ${hour}`, about),
    }),
    means: (): RatioSummaries => {
      const units = (g: string) => sizes(g, ({ cluster }) => cluster, []);
      return {
        laws: async () =>
          [...groups.keys()].map((g) => ({
            g,
            kind: "mean",
            ...powerSums(
              units(g).map(({ s }) => s),
              units(g).map(({ m }) => m),
            ),
          })),
        totals: async (wanted) =>
          wanted.map((one) => {
            const own = units(one.g).sort((a, b) => a.m - b.m || a.s - b.s);
            return { ...one, totals: own.map(({ s }) => s), sizes: own.map(({ m }) => m) };
          }),
        sharedTimes: async () => ({ hours: [], parts: [] }),
      };
    },
  };
}

const r = random(3);
const calls: Call[] = Array.from({ length: 1500 }, (_, at) => ({
  model: at % 3 === 0 ? "few" : "many",
  user_id: `u${r.integer(60)}`,
  started_at: new Date(Date.UTC(2026, 2, 2) + 3_600_000 * r.integer(40)).toISOString().slice(0, 23),
  // The tail of one lies among the middle values of the other.
  duration: (at % 3 === 0 ? 8 : 1) * (r.uniform() < 0.1 ? 2 : Math.exp(r.normal())),
  status: r.uniform() < 0.02 ? "timeout" : "ok",
}));
const values = (clusterBy: string) =>
  calls.map(
    ({ model, user_id, started_at, duration, status }, at): Value => ({
      g: String(model),
      cluster: clusterBy === "call_id" ? String(at) : String(user_id),
      hour: String(started_at).slice(0, 13),
      x: duration as number,
      cut: status === "timeout",
    }),
  );

/** Runs work on the engine's summaries of the calls' durations. */
const stored = <T>(cluster: string, work: (summaries: Summaries) => Promise<T>): Promise<T> =>
  withCalls(calls, async (store) => {
    const selection = await select(store, everything, { by: "model", cluster, hours: true });
    try {
      await run(selection.connection, `set variable metric = 'duration'; ${durationView}`);
      return await work(await duckdbSummaries(selection));
    } finally {
      selection.close();
    }
  });

describe("estimates follow from summaries, whichever engine makes them", () => {
  // Middle and tails, more thresholds than fit in one statement, only tails, and no tails.
  for (const q of [
    [0.5, 0.95, 0.99, 0.999],
    [0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95, 1],
    [0.95, 0.99],
    [0.25, 0.75],
  ])
    for (const cluster of ["call_id", "user_id", "auto"])
      for (const interval of ["auto", "bootstrap"] as const)
        test(`${q.join(", ")} by ${cluster}, ${interval}`, async () => {
          const options = { unit: "s", interval };
          const theirs = await stored(cluster, async (summaries) => {
            const groups = await groupSummaries(summaries, ["model"]);
            const found = await spreads(summaries, groups, q, options);
            return new Map(groups.map(({ g, by }) => [by.model, found.get(g)]));
          });
          const clusterBy = cluster === "auto" ? "user_id and hour" : cluster;
          const own = ofArrays(values(clusterBy), clusterBy, cluster === "auto");
          const ours = await spreads(own, await groupSummaries(own, ["model"]), q, options);
          assert.deepEqual([...theirs.keys()].sort(), [...ours.keys()].sort());
          for (const [model, { mean, quantiles }] of ours)
            for (const [name, one] of [["mean", mean] as const, ...Object.entries(quantiles)]) {
              const { quantiles: others, mean: other } = theirs.get(model) as typeof ours extends Map<
                string,
                infer S
              >
                ? S
                : never;
              const two = name === "mean" ? other : others[name];
              for (const end of ["value", "low", "high", "n", "designEffect"] as const)
                near(two[end] ?? 0, one[end] ?? 0, `${model} ${name} ${end}`, 1e-9);
              assert.deepEqual([two.note, two.method, two.clusters], [one.note, one.method, one.clusters]);
            }
        });
});

test("values that were not expected are looked up among all", () =>
  stored("user_id", async (summaries) => {
    const groups = await groupSummaries(summaries, ["model"]);
    await summaries.expect(
      groups.map(({ g, buckets }) => ({ g, buckets: [buckets[0].bucket], tail: Infinity })),
    );
    for (const ranks of [[1], [250], [1, 250]]) {
      const found = await fetchOrderStatistics(summaries, groups, () => ranks);
      for (const { g, by: own } of groups) {
        const sorted = calls
          .filter(({ model }) => model === own.model)
          .map(({ duration }) => duration as number);
        sorted.sort((a, b) => a - b);
        for (const rank of ranks) assert.equal(found.get(g)?.atLeast(rank), sorted[rank - 1]);
      }
    }
  }));

test("the key of a group is its digits, however many", () =>
  stored("user_id", async (summaries) => {
    for (const { g } of await summaries.histogram()) assert.match(g, /^\d+$/);
    for (const { g } of await summaries.names(2)) assert.match(g, /^\d+$/);
  }));

test("what estimates know of an engine is the types of its answers", () => {
  const folder = join(__dirname, "..", "..", "..", "src", "measures", "estimate");
  for (const name of [
    "summaries",
    "spread",
    "distribution",
    "clusterSums",
    "clusterTotals",
    "orderStatistics",
  ])
    assert.doesNotMatch(
      readFileSync(join(folder, `${name}.ts`), "utf8"),
      /store\/|@duckdb|connection|\bsql\b/i,
      name,
    );
});
