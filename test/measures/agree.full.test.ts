import { describe, test } from "node:test";
import { agreement } from "../../src/measures/agreement/agreement";
import { cost } from "../../src/measures/cost/cost";
import { costMonthly } from "../../src/measures/cost/monthlyBill";
import { latencyAttainment } from "../../src/measures/latency/attainment";
import { latencyByOutcome } from "../../src/measures/latency/outcomeByLatency";
import { metricTable } from "../../src/measures/metricTable";
import { quality } from "../../src/measures/quality/quality";
import { qualityStructured } from "../../src/measures/quality/structured";
import { reliabilityFallbacks } from "../../src/measures/service/fallbackChains";
import { reliability } from "../../src/measures/service/reliability";
import { throughput } from "../../src/measures/service/throughput";
import { isEstimate } from "../../src/measures/table";
import type { Estimate } from "../../src/stats/estimate";
import { fc } from "../property";
import { assertClose } from "../same";
import {
  type AgreeOptions,
  both,
  chooseSays,
  compareSays,
  families,
  measuresSay,
  only,
  orNothing,
  pairsSay,
  planSays,
  routeSays,
  type Sides,
  sideSays,
  tableSays,
} from "./agree/collect";
import { type Check, large, settings, small, wheres } from "./agree/hold";
import { complete, type Log, production, putInto } from "./agree/hostile";
import { plain } from "./agree/plain";
import { disagreements, Saying } from "./agree/said";
import { keyOf } from "./reference";

type Family = keyof typeof families;
const kinds = Object.keys(families) as Family[];
const sum = (values: readonly number[]) => values.reduce((all, x) => all + x, 0);

const parted = (a: string, b: string): Sides => ({ options: { a, b }, a, b });
const switched = (at: string): Sides => ({
  options: { switch: at },
  a: `started_at < '${at}'`,
  b: `started_at >= '${at}'`,
});
const ways = [
  parted("model = 'm0'", "model = 'm1'"),
  parted("status = 'ok'", "status <> 'ok'"),
  parted("user_id = 'u0'", "user_id is distinct from 'u0'"),
];
const sides = fc.constantFrom(...ways, switched("2026-03-02 09:00:01"));
/** Those for the larger logs, which last two weeks. */
const halves = fc.constantFrom(...ways.slice(0, 2), switched("2026-03-09 12:00:00"));

// While the engine works for one test, another can estimate.
const together = { concurrency: 2 };

/** What compare can compare. */
const compared: Record<Family, readonly string[]> = {
  ...families,
  waits: ["duration_p50", "duration_p95", "time_to_first_token_p50"],
  failures: ["error_rate"],
};

/**
 * The names of scores that one kind of rater gave by far most often, and all others, because a comparison uses one kind
 * for both sides.
 */
const given = (names: readonly string[], { scores }: Log) =>
  names.filter((name) => {
    if (!name.startsWith("score:")) return true;
    const own = scores.filter((one) => `score:${one.name}` === name);
    const kinds = new Set(own.map(({ rater }) => rater));
    return own.length > 0 && (kinds.size === 1 || own.length > 100);
  });

describe("a table of metrics says what the measures say that it is made of", together, () => {
  const check =
    (family: Family): Check<AgreeOptions> =>
    async (store, own) => {
      const table = await tableSays(store, families[family], own);
      return table === undefined ? [] : disagreements(table, await measuresSay(store, family, own));
    };
  for (const family of kinds) test(family, small(settings, check(family)));
  // If people labelled enough of what a judge judged, the judge's errors are known.
  test("scores of larger logs", large(settings, check("scores")));
});

describe(
  "the two sides of a comparison are what a table of metrics says of each side alone",
  together,
  () => {
    const check =
      (family: Family): Check<[Sides, AgreeOptions]> =>
      async (store, [two, own], log) => {
        const names = given(compared[family], log);
        if (names.length === 0) return [];
        const said = await compareSays(store, names, two, own);
        if (said === undefined) return [];
        const table = (side: string) =>
          sideSays(store, names, said.asJudged, { ...own, where: both(own.where, side) });
        const [a, b] = [await table(two.a), await table(two.b)];
        // A side without such clusters has no numbers.
        if (a === undefined || b === undefined) return [];
        // A row has both sides, or it is left out.
        const estimateOf = (group: string, name: string) =>
          [a, b].every((side) => Number.isFinite(side.get(group, name)?.value)) ||
          said.a.get(group, name) !== undefined;
        return [...disagreements(said.a, only(a, estimateOf)), ...disagreements(said.b, only(b, estimateOf))];
      };
    for (const family of kinds) {
      test(`${family} in small logs`, small(fc.tuple(sides, settings), check(family)));
      test(`${family} in larger logs`, large(fc.tuple(halves, settings), check(family)));
    }
    test(
      "their difference is b minus a, their ratio b over a",
      small(
        fc.tuple(sides, settings),
        async (store, [two, own]) => {
          const names = [...compared.waits.slice(0, 1), ...compared.failures, ...compared.costs];
          return (await compareSays(store, names, two, own))?.own ?? [];
        },
        { numRuns: 12 },
      ),
    );
    test(
      "and so are the calls that it counts",
      small(fc.tuple(sides, settings), async (store, [two, own]) => {
        const said = await compareSays(store, ["error_rate"], two, own);
        const counts = new Saying("compare");
        const wanted = new Saying("reliability");
        for (const side of ["a", "b"] as const) {
          const table = await orNothing(reliability(store, { ...own, where: both(own.where, two[side]) }));
          if (said === undefined || table === undefined) continue;
          counts.say(`side ${side}`, "calls", { n: said.calls[side === "a" ? 0 : 1] });
          wanted.say(`side ${side}`, "calls", { n: sum(table.rows.map(({ calls }) => calls)) });
        }
        return disagreements(counts, wanted);
      }),
    );
  },
);

describe("a choice, a plan and an agreement rest on a table of metrics", together, () => {
  const chosen = [
    ["duration_p50", "time_to_first_token_p50", "cost_per_call", "resolve_rate"],
    ["duration_p95", "cost_per_task", "error_rate", "score:good"],
    ["cost_per_resolved", "attempts_per_task", "output_tokens_per_second_p50", "score:grade"],
  ];
  const byModel = fc.tuple(
    fc.constantFrom(...chosen),
    settings.map((own): AgreeOptions => ({ ...own, by: ["model"] })),
  );
  const choice: Check<[string[], AgreeOptions]> = async (store, [names, own], log) => {
    const metrics = given(names, log);
    const table = await tableSays(store, metrics, own);
    const { criteria } = await chooseSays(store, metrics, own);
    if (table === undefined || criteria === undefined) return [];
    // A metric that the log has for no model is not a criterion.
    const used = new Set([...criteria.groups.values()].flatMap((row) => [...row.keys()]));
    const settings = only(table, (_, name) => used.has(name));
    return disagreements(criteria, settings);
  };
  test("a choice from small logs", small(byModel, choice));
  test("a choice from larger logs", large(byModel, choice));
  test(
    "the calls that a choice rests on",
    small(byModel, async (store, [names, own], log) => {
      const { calls } = await chooseSays(store, given(names, log), own);
      const table = await orNothing(reliability(store, own));
      if (calls === undefined || table === undefined) return [];
      const [said, wanted] = [new Saying("choose"), new Saying("reliability")];
      said.say("all models", "calls", { n: calls });
      wanted.say("all models", "calls", { n: sum(table.rows.map((row) => row.calls)) });
      return disagreements(said, wanted);
    }),
  );

  const planned: Check<[string[], AgreeOptions]> = async (store, [names, own], log) => {
    const metrics = given(names, log);
    const [said, table] = [await planSays(store, metrics, own), await tableSays(store, metrics, own)];
    return said === undefined || table === undefined ? [] : disagreements(said, table);
  };
  const planning = fc.tuple(fc.constantFrom(...chosen), settings);
  test("a plan from small logs", small(planning, planned));
  test("a plan from larger logs", large(planning, planned));

  test(
    "an agreement with a benchmark",
    large(byModel, async (store, [names, own], log) => {
      const metric = given(names, log);
      const models = ["m0", "m1", "m2", "m3", "m4"];
      const scores = models.map((model, at) => ({ model, benchmark: "b", score: [40, 80, 60, 70, 50][at] }));
      await putInto(store, "benchmarks", scores);
      const measured = await metricTable(store, { ...own, metrics: metric });
      const options = { ...own, metric, resamples: 199 };
      const said = await agreement(store, options);
      const wanted = await agreement(store, { ...options, measured });
      try {
        assertClose(said.rows, wanted.rows);
      } catch (error) {
        return [`agreement and metricTable: ${(error as Error).message}`];
      }
      return said.rows.flatMap(({ metric: name, models: n }) => {
        const known = measured.rows.filter((row) => {
          const cell = row[name];
          return isEstimate(cell) && [cell.value, cell.low, cell.high].every(Number.isFinite);
        });
        return known.length === n
          ? []
          : [`models with ${name}: agreement says ${n}; metricTable says ${known.length}`];
      });
    }),
  );
});

describe("what is made of a table of costs says what it says", together, () => {
  test(
    "a monthly bill",
    small(
      settings,
      async (store, own) => {
        const table = await orNothing(cost(store, own));
        if (table === undefined) return [];
        const [said, wanted] = [new Saying("monthlyBill"), new Saying("cost")];
        for (const row of (await costMonthly(store, { ...own, tasks: 8 })).rows) {
          const { value, low, high, n } = row.monthly_bill;
          said.say(keyOf(own.by, row), "cost_per_task", row.cost_per_task);
          said.say(keyOf(own.by, row), "an eighth of a bill", {
            ...{ value: value / 8, low: low / 8, high: high / 8, n },
          });
          wanted.say(keyOf(own.by, row), "an eighth of a bill", row.at_one_mix);
        }
        for (const row of table.rows) wanted.say(keyOf(own.by, row), "cost_per_task", row.cost_per_task);
        return disagreements(said, wanted);
      },
      { numRuns: 6 },
    ),
  );

  const pairs: Check<AgreeOptions> = async (store, own) => {
    const { said } = await pairsSay(store, own);
    const costs = await measuresSay(store, "costs", own);
    const kept = only(costs, (group, name) => said.get(group, name) !== undefined);
    return disagreements(said, kept);
  };
  const paired = settings.map((own): AgreeOptions => ({ ...own, by: ["model"] }));
  test("pairs of models in small logs", small(paired, pairs, { numRuns: 8 }));
  test("pairs of models in larger logs", large(paired, pairs));
  const ratios: Check<AgreeOptions> = async (store, own) => (await pairsSay(store, own)).ratios;
  test("ratios of pairs in small logs", small(paired, ratios));
  test("ratios of pairs in larger logs", large(paired, ratios));

  // A call without a task is routed as its own task, which a table of costs does not count.
  const routed = settings.map(
    (own): AgreeOptions => ({ ...own, by: ["workload"], where: both(own.where, "task_id is not null") }),
  );
  const routes: Check<AgreeOptions> = async (store, own) => {
    const costs = await orNothing(cost(store, { ...own, by: [...own.by, "model"] }));
    const found = await routeSays(store, own);
    if (costs === undefined || found === undefined) return [];
    const wanted = new Saying("cost");
    for (const row of costs.rows) {
      const group = keyOf([...own.by, "model"], row);
      wanted.say(group, "tasks", { n: row.tasks });
      // A model without tasks has no row among the candidates.
      if (row.tasks === 0) continue;
      wanted.say(group, "resolve_rate", { value: row.resolve_rate.value });
      wanted.say(group, "cost_per_task", { value: row.cost_per_task.value });
    }
    const tasks = sum(costs.rows.map((row) => row.tasks));
    const total =
      found.tasks === tasks ? [] : [`tasks in all: route says ${found.tasks}; cost says ${tasks}`];
    return [...disagreements(found.said, wanted), ...total];
  };
  test("routes of small logs", small(routed, routes));
  test("routes of larger logs", large(routed, routes));
  test(
    "a route of all tasks to the only model there is",
    large(routed, async (store, own) => {
      const alone = { ...own, by: [], where: both(own.where, "model = 'm1'") };
      const costs = await orNothing(cost(store, alone));
      const found = await routeSays(store, alone);
      const [value, wanted] = [found?.flagship.value, costs?.rows[0]?.total_cost];
      if (value === undefined || wanted === undefined || Number.isNaN(value)) return [];
      const [said, total] = [new Saying("route"), new Saying("cost")];
      said.say("m1", "US dollars of all tasks", { value });
      total.say("m1", "US dollars of all tasks", { value: wanted });
      return disagreements(said, total);
    }),
  );
});

describe("measures of the service count the calls and tasks that others count", together, () => {
  test(
    "calls of reliability, throughput and attainment",
    small(
      settings,
      async (store, own) => {
        const options = { ...own, cluster: "call_id" };
        const counted = async (
          name: string,
          table: { rows: (Record<string, unknown> & { calls: number })[] },
        ) => {
          const said = new Saying(name);
          for (const row of table.rows) said.say(keyOf(own.by, row), "calls", { n: row.calls });
          return said;
        };
        const wanted = await counted("reliability", await reliability(store, options));
        return [
          ...disagreements(await counted("throughput", await throughput(store, options)), wanted),
          ...disagreements(
            await counted("latencyAttainment", await latencyAttainment(store, options)),
            wanted,
          ),
        ];
      },
      { numRuns: 8 },
    ),
  );

  test(
    "tasks, costs, attempts and outcomes of chains of calls",
    small(settings, async (store, own) => {
      const [chains, costs] = [
        await orNothing(reliabilityFallbacks(store, own)),
        await orNothing(cost(store, own)),
      ];
      if (chains === undefined || costs === undefined) return [];
      const [said, wanted] = [new Saying("fallbackChains, summed up"), new Saying("cost")];
      const groups = new Map<string, typeof chains.rows>();
      for (const row of chains.rows) {
        const key = keyOf(own.by, row);
        groups.set(key, [...(groups.get(key) ?? []), row]);
      }
      for (const [group, rows] of groups) {
        // A chain about which nothing is known adds nothing.
        const all = (of: (row: (typeof rows)[number]) => number) =>
          sum(rows.map(of).map((x) => (Number.isNaN(x) ? 0 : x)));
        const tasks = all((row) => row.tasks);
        said.say(group, "tasks", { n: tasks });
        said.say(group, "attempts_per_task", {
          value: all((row) => row.tasks * row.attempts.value) / tasks,
        });
        const spent = all((row) => row.tasks * row.cost_per_task.value);
        const isUnknown = rows.every((row) => Number.isNaN(row.cost_per_task.value));
        said.say(group, "cost_per_task", { value: isUnknown ? Number.NaN : spent / tasks });
        const settled = all((row) => row.resolve_rate.n);
        const resolved = all((row) => row.resolve_rate.n * row.resolve_rate.value);
        said.say(group, "resolve_rate", { n: settled, value: resolved / settled });
        for (const row of rows) {
          const chain = `${row.chain} by ${row.served}`;
          if (row.share.n !== tasks) said.say(`${chain} of ${group}`, "tasks", { n: row.share.n });
        }
      }
      for (const row of costs.rows) {
        const group = keyOf(own.by, row);
        wanted.say(group, "tasks", { n: row.tasks });
        if (!groups.has(group)) continue;
        const { attempts_per_task, cost_per_task, resolve_rate } = row;
        for (const [name, one] of Object.entries({ attempts_per_task, cost_per_task, resolve_rate }))
          wanted.say(group, name, { value: one.value, n: one.n });
      }
      return disagreements(said, wanted);
    }),
  );

  test(
    "outcomes by waiting, in one bin, of tasks that all have times",
    small(
      settings,
      async (store, own) => {
        const bins = await orNothing(latencyByOutcome(store, { ...own, bins: 1 }));
        const costs = await orNothing(cost(store, own));
        if (bins === undefined || costs === undefined) return [];
        const [said, wanted] = [new Saying("outcomeByLatency"), new Saying("cost")];
        for (const row of bins.rows) said.say(keyOf(own.by, row), "resolve_rate", row.outcome);
        for (const row of costs.rows) wanted.say(keyOf(own.by, row), "resolve_rate", row.resolve_rate);
        return disagreements(said, wanted);
      },
      { logs: complete },
    ),
  );

  test(
    "outcomes as a score",
    small(
      settings,
      async (store, own) => {
        // Judged subjects have clusters of their own, except for the task.
        const options = { ...own, cluster: "task_id" };
        const scores = await orNothing(quality(store, { ...options, score: "resolved" }));
        const costs = await orNothing(cost(store, options));
        if (scores === undefined || costs === undefined) return [];
        const [said, wanted] = [new Saying("quality"), new Saying("cost")];
        // Without groups, outcomes of tasks without calls in the log count as well.
        if (own.by.length === 0) return [];
        for (const row of scores.rows) said.say(keyOf(own.by, row), "resolve_rate", row.mean);
        for (const row of costs.rows) wanted.say(keyOf(own.by, row), "resolve_rate", row.resolve_rate);
        return disagreements(said, wanted);
      },
      { logs: fc.oneof(complete, production), numRuns: 12 },
    ),
  );

  test(
    "JSON in structured output and as a score",
    small(
      settings,
      async (store, own) => {
        const options = { ...own, where: undefined, cluster: "call_id" };
        const [said, wanted] = [new Saying("structured"), new Saying("quality")];
        for (const row of (await qualityStructured(store, options)).rows)
          said.say(keyOf(own.by, row), "json_valid", row.json_valid);
        const scores = await orNothing(quality(store, { ...options, score: "json_valid" }));
        for (const row of scores?.rows ?? []) wanted.say(keyOf(own.by, row), "json_valid", row.mean);
        return disagreements(said, wanted);
      },
      { logs: production },
    ),
  );
});

describe("numbers are those that the definitions make of the calls", together, () => {
  const held =
    (names: readonly string[]): Check<AgreeOptions> =>
    async (store, own, log) => {
      const predicate = own.where === undefined ? undefined : wheres[own.where];
      const wanted = plain(log, { by: own.by, where: predicate });
      const options = { ...own, cluster: "call_id" };
      const table = names.filter((name) => name !== "calls");
      const said = new Saying(names.includes("tasks") ? "cost" : "metricTable");
      for (const row of (await reliability(store, options)).rows)
        said.say(keyOf(own.by, row), "calls", { n: row.calls });
      if (names.includes("tasks"))
        for (const row of (await cost(store, options)).rows) {
          const group = keyOf(own.by, row);
          said.say(group, "tasks", { n: row.tasks });
          said.say(group, "resolved", { n: row.resolved });
          for (const name of ["attempts_per_task", "resolve_rate"] as const) said.say(group, name, row[name]);
        }
      else
        for (const row of (await metricTable(store, { ...options, metrics: table })).rows)
          for (const name of table) said.say(keyOf(own.by, row), name, row[name] as Estimate);
      const heard = only(said, (_, name) => names.includes(name));
      const settings = only(wanted, (_, name) => names.includes(name));
      return disagreements(heard, settings, ["n", "value"]);
    };
  const parts = {
    "calls, waits and failures": ["calls", "duration_p50", "error_rate"],
    "costs of calls": ["cost_per_call"],
    "tasks, attempts and outcomes": ["tasks", "resolved", "attempts_per_task", "resolve_rate"],
    "costs of tasks": ["cost_per_task", "cost_per_resolved"],
  };
  for (const [what, names] of Object.entries(parts)) {
    // Numbers about tasks depend on which of several simultaneous calls is the first.
    if (names.includes("tasks"))
      test(`${what} where every call answers`, small(settings, held(names), { logs: complete, numRuns: 12 }));
    test(`${what} of small logs`, small(settings, held(names), { numRuns: 8 }));
    test(`${what} of larger logs`, large(settings, held(names)));
  }
});
