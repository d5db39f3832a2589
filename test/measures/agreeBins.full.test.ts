import { describe, test } from "node:test";
import { check } from "../../src/decide/check/check";
import { cost } from "../../src/measures/cost/cost";
import { latencyDistribution } from "../../src/measures/latency/distribution";
import { latency } from "../../src/measures/latency/latency";
import { metricTable } from "../../src/measures/metricTable";
import { costCacheHits } from "../../src/measures/service/cacheHits";
import { qualityByLength } from "../../src/measures/service/contextLength";
import { reliabilityFallbacks } from "../../src/measures/service/fallbackChains";
import { reliability } from "../../src/measures/service/reliability";
import { throughputLoad } from "../../src/measures/service/throughput";
import type { Row, Table } from "../../src/measures/table";
import { trend } from "../../src/measures/trend/trend";
import type { Estimate } from "../../src/stats/estimate";
import { fc } from "../property";
import { type AgreeOptions, both, families, only, orNothing } from "./agree/collect";
import { type Check, large, settings, small } from "./agree/hold";
import { disagreements, Saying } from "./agree/said";
import { keyOf } from "./reference";

const together = { concurrency: 2 };

/** Judges and embeddings are part of what tasks cost, and no other measure counts them. */
const answering = "(role is null or role = 'answer') and operation is distinct from 'embeddings'";

/** What is said of the number itself: intervals by other methods differ, but not whether they have an upper end. */
function sayNumber(said: Saying, group: string, name: string, { value, low, high, n }: Estimate): void {
  said.say(group, name, { value, n });
  if (n > 0 && Number.isFinite(low))
    said.say(group, `an upper end of ${name}`, { value: Number.isFinite(high) ? 1 : 0 });
}

/** What a table says in some of its columns, each under the name of a number. */
function numbersOf<R extends Row>(
  measure: string,
  table: Table<R> | undefined,
  by: string[],
  columns: Record<string, (row: R) => Estimate>,
): Saying {
  const said = new Saying(measure);
  for (const row of table?.rows ?? [])
    for (const [name, of] of Object.entries(columns)) sayNumber(said, keyOf(by, row), name, of(row));
  return said;
}

/** Compares what one measure says with what others say about the same groups and numbers. */
function heldTo(said: Saying, ...wanted: Saying[]): string[] {
  return wanted.flatMap((one) => {
    const has = (group: string, name: string) => one.get(group, name) !== undefined;
    const its = (group: string, name: string) => said.get(group, name) !== undefined;
    return disagreements(only(said, has), only(one, its));
  });
}

/** True for a number that a course states at the mix of all its weeks. */
const isMoved = ({ reservations = [] }: Estimate) =>
  reservations.some(({ id }) => id === "method.mix" || id === "method.part-of-mix");

/** True if an interval is narrower than another; money and waits by their factor, shares unless cut at 0 or 1. */
function isNarrower(one: Estimate, other: Estimate): boolean {
  if (one.unit === "1")
    return one.low > 0 && one.high < 1 && one.high - one.low < other.high - other.low - 1e-9;
  return one.high / one.low < (other.high / other.low) * (1 - 1e-9);
}

const waits = { duration: ({ mean }: { mean: Estimate }) => mean };

describe(
  "a measure that cuts calls into bins says of one bin what others say of all its calls",
  together,
  () => {
    const byLength: Check<AgreeOptions> = async (store, own) => {
      const { by } = own;
      const options = { ...own, where: both(own.where, answering, "input_tokens is not null") };
      const said = numbersOf(
        "contextLength",
        await orNothing(qualityByLength(store, { ...options, bins: 1 })),
        by,
        {
          duration: (row) => row.duration,
          error_rate: (row) => row.error_rate,
          cost_per_call: (row) => row.cost_per_call,
        },
      );
      return heldTo(
        said,
        numbersOf("latency", await orNothing(latency(store, options)), by, waits),
        numbersOf("reliability", await orNothing(reliability(store, options)), by, {
          error_rate: (row) => row.error_rate,
        }),
        numbersOf("cost", await orNothing(cost(store, options)), by, {
          cost_per_call: (row) => row.cost_per_call,
        }),
      );
    };
    test("by the length of the input in small logs", small(settings, byLength, { numRuns: 12 }));
    test("by the length of the input in larger logs", large(settings, byLength));

    const byLoad: Check<AgreeOptions> = async (store, own) => {
      const options = { ...own, where: both(own.where, "started_at is not null") };
      const said = numbersOf(
        "loadCurve",
        await orNothing(throughputLoad(store, { ...options, bins: 1 })),
        own.by,
        {
          duration: (row) => row.duration,
        },
      );
      return heldTo(said, numbersOf("latency", await orNothing(latency(store, options)), own.by, waits));
    };
    test("by the calls in flight in small logs", small(settings, byLoad, { numRuns: 12 }));
    test("by the calls in flight in larger logs", large(settings, byLoad));

    const byCache: Check<AgreeOptions> = async (store, own) => {
      const { by } = own;
      const options = { ...own, where: both(own.where, answering) };
      const table = await orNothing(costCacheHits(store, options));
      const missed = { ...options, where: both(options.where, "cache_hit is not true") };
      const hit = { ...options, where: both(options.where, "cache_hit") };
      const costs = (row: { cost_per_call: Estimate }) => row.cost_per_call;
      return [
        ...heldTo(
          numbersOf("costCacheHits", table, by, {
            duration_miss: (row) => row.duration_miss,
            cost_miss: (row) => row.cost_miss,
          }),
          numbersOf("latency of misses", await orNothing(latency(store, missed)), by, {
            duration_miss: (row) => row.mean,
          }),
          numbersOf("cost of misses", await orNothing(cost(store, missed)), by, { cost_miss: costs }),
        ),
        ...heldTo(
          numbersOf("costCacheHits", table, by, {
            duration_hit: (row) => row.duration_hit,
            cost: (row) => row.cost,
          }),
          numbersOf("latency of hits", await orNothing(latency(store, hit)), by, {
            duration_hit: (row) => row.mean,
          }),
          numbersOf("cost", await orNothing(cost(store, options)), by, { cost: costs }),
        ),
      ];
    };
    test("by whether a cache answered", small(settings, byCache, { numRuns: 12 }));

    const ofChains: Check<AgreeOptions> = async (store, own) => {
      // Calls without a task cost something, and are in no chain.
      const options = { ...own, where: both(own.where, "task_id is not null"), cluster: "task_id" };
      const chains = await orNothing(reliabilityFallbacks(store, options));
      const alone = new Map<string, number>();
      for (const row of chains?.rows ?? []) {
        const key = keyOf(own.by, row);
        alone.set(key, (alone.get(key) ?? 0) + 1);
      }
      // A group with one kind of chain has all its tasks in that row.
      const single = { rows: chains?.rows.filter((row) => alone.get(keyOf(own.by, row)) === 1) ?? [] };
      const said = numbersOf("reliabilityFallbacks", single as typeof chains, own.by, {
        cost_per_task: (row) => row.cost_per_task,
      });
      const costs = await orNothing(cost(store, options));
      return heldTo(said, numbersOf("cost", costs, own.by, { cost_per_task: (row) => row.cost_per_task }));
    };
    test("by the chain of calls, where there is one kind", small(settings, ofChains, { numRuns: 16 }));
  },
);

describe("a distribution says what latency and cost say", together, () => {
  const kinds = [
    "duration",
    "time_to_first_token",
    "time_per_output_token",
    "output_tokens_per_second",
  ] as const;
  test(
    "of waits, in full",
    small(fc.tuple(fc.constantFrom(...kinds), settings), async (store, [name, own]) => {
      const q = [0.5, 0.95];
      const said = new Saying("distribution");
      const wanted = new Saying("latency");
      const options = { ...own, metric: name, q };
      for (const row of (await orNothing(latencyDistribution(store, options)))?.rows ?? []) {
        said.say(keyOf(own.by, row), "mean", row.mean);
        for (const p of q) said.say(keyOf(own.by, row), `p${p}`, row.quantiles[String(p)]);
      }
      for (const row of (await orNothing(latency(store, options)))?.rows ?? []) {
        wanted.say(keyOf(own.by, row), "mean", row.mean);
        for (const p of q) wanted.say(keyOf(own.by, row), `p${p}`, row.quantiles[String(p)]);
      }
      return heldTo(said, wanted);
    }),
  );
  const ofMoney = ["cost_per_call", "cost_per_task", "attempts_per_task"] as const;
  test(
    "of money and attempts: the mean and what it counts, with what has no known cost",
    small(
      fc.tuple(fc.constantFrom(...ofMoney), settings),
      async (store, [name, own]) => {
        const options = { ...own, where: both(own.where, answering) };
        const [said, wanted] = [new Saying("distribution"), new Saying("cost")];
        const spreadRows =
          (await orNothing(latencyDistribution(store, { ...options, metric: name })))?.rows ?? [];
        for (const { mean, n, ...keys } of spreadRows)
          said.say(keyOf(own.by, keys), name, { value: mean.value, n });
        for (const row of (await orNothing(cost(store, options)))?.rows ?? []) {
          const { value, n } = row[name];
          wanted.say(keyOf(own.by, row), name, { value, n });
        }
        return heldTo(said, wanted);
      },
      { numRuns: 12 },
    ),
  );
});

describe("limits and courses rest on a table of metrics", together, () => {
  const names = [...families.waits.slice(1), ...families.costs, ...families.failures.slice(0, 1)];
  const limited: Check<[string, AgreeOptions]> = async (store, [name, own]) => {
    const level = 0.95;
    const limits = { name: "night", limits: [{ metric: name, at_most: 1 }] };
    const found = await orNothing(check(store, { ...own, level, limits }));
    const table = await orNothing(metricTable(store, { ...own, level: 2 * level - 1, metrics: [name] }));
    const [said, wanted] = [new Saying("check"), new Saying("metricTable")];
    // Several limits share the error rate of a run, which widens their bounds.
    const whole = found?.rows.length === 1;
    for (const row of found?.rows ?? []) {
      const { value, n } = row.value;
      said.say(keyOf(own.by, row), name, whole ? row.value : { value, n });
    }
    for (const row of table?.rows ?? []) wanted.say(keyOf(own.by, row), name, row[name] as Estimate);
    return heldTo(said, wanted);
  };
  const limiting = fc.tuple(fc.constantFrom(...names), settings);
  test("a limit in small logs", small(limiting, limited, { numRuns: 8 }));
  test("a limit in larger logs", large(limiting, limited));

  test(
    "the weeks of a course: as the measure gives them, or moved to one mix, with the same n and no narrower",
    large(
      fc.tuple(fc.constantFrom("duration_p50", "error_rate", "cost_per_call"), settings),
      async (store, [name, own]) => {
        const by = [...own.by, "week"];
        const course = await orNothing(trend(store, { ...own, metric: name, per: "week" }));
        const table = await orNothing(metricTable(store, { ...own, by, metrics: [name] }));
        const [said, wanted] = [new Saying("trend"), new Saying("metricTable")];
        const narrower: string[] = [];
        for (const row of table?.rows ?? []) wanted.say(keyOf(by, row), name, row[name] as Estimate);
        for (const { by: group, points } of course?.series ?? [])
          for (const { at, value: point } of points) {
            const key = keyOf(by, { ...group, week: at });
            const ofWeek = wanted.get(key, name) as Estimate;
            if (!isMoved(point)) said.say(key, name, point);
            else {
              said.say(key, name, { n: point.n });
              narrower.push(...(isNarrower(point, ofWeek) ? [`${name} of ${key}: trend is narrower`] : []));
            }
          }
        return [...narrower, ...heldTo(said, wanted)];
      },
    ),
  );
});

describe("a candidate of several columns is what these columns are", together, () => {
  test(
    "in waits, failures and costs",
    small(
      settings,
      async (store, own) => {
        const options = { ...own, by: ["model"], candidate: "workload,model" };
        const by = ["workload", "model"];
        const apart = { ...own, by };
        const label = ({ workload, model }: Row) => `${workload ?? "no workload"} · ${model ?? "no model"}`;
        const said = new Saying("by a candidate");
        const wanted = new Saying("by its columns");
        const names = ["duration_p50", "error_rate", "cost_per_call", "cost_per_task", "resolve_rate"];
        const one = await orNothing(metricTable(store, { ...options, metrics: names }));
        const other = await orNothing(metricTable(store, { ...apart, metrics: names }));
        for (const row of one?.rows ?? [])
          for (const name of names) said.say(String(row.model), name, row[name] as Estimate);
        for (const row of other?.rows ?? [])
          for (const name of names) wanted.say(label(row), name, row[name] as Estimate);
        return disagreements(said, wanted);
      },
      { numRuns: 6 },
    ),
  );
});
