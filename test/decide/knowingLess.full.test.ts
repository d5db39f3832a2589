import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { route } from "../../src/decide/route/route";
import { agreement } from "../../src/measures/agreement/agreement";
import { costTiers } from "../../src/measures/cost/costTiers";
import { latencyBetween } from "../../src/measures/latency/varianceByProvider";
import { metricTable } from "../../src/measures/metricTable";
import { preferences } from "../../src/measures/preferences/preferences";
import { qualityFloor } from "../../src/measures/service/effectiveContext";
import { trend } from "../../src/measures/trend/trend";
import { findingsIn } from "../../src/page/sideFindings";
import { type Claim, isSettled } from "../../src/stats/claim";
import { random } from "../../src/stats/random";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { cascadeLog } from "../calibration/cascadeWorld";
import { comparisonsOf } from "../calibration/rankWorlds";
import { alike, type Shared, storeOfLogs, type Work, workOf } from "../calibration/sentenceWorlds";
import { fc, runs } from "../property";

/** What becomes unknown, or doubtful, of a log: of a share of its tasks, or of one model's alone. */
const faults = {
  "outcomes are unknown": ({ calls, outcomes }: Work, isHit: (task: string) => boolean): Work => ({
    calls,
    outcomes: outcomes.filter(([task]) => !isHit(task)),
  }),
  "failures are unknown": ({ calls, outcomes }: Work, isHit: (task: string) => boolean): Work => ({
    calls,
    outcomes: outcomes.filter(([task, good]) => good || !isHit(task)),
  }),
  "costs are unknown": ({ calls, outcomes }: Work, isHit: (task: string) => boolean): Work => ({
    calls: calls.map((call) => (isHit(String(call.task_id)) ? { ...call, cost: null } : call)),
    outcomes,
  }),
  "costs are 0": ({ calls, outcomes }: Work, isHit: (task: string) => boolean): Work => ({
    calls: calls.map((call) => (isHit(String(call.task_id)) ? { ...call, cost: 0 } : call)),
    outcomes,
  }),
  "waits are 0": ({ calls, outcomes }: Work, isHit: (task: string) => boolean): Work => ({
    calls: calls.map((call) => (isHit(String(call.task_id)) ? { ...call, duration: 0 } : call)),
    outcomes,
  }),
  "statuses of failures are strange": (
    { calls, outcomes }: Work,
    isHit: (task: string) => boolean,
  ): Work => ({
    calls: calls.map((call) =>
      call.status === "error" && isHit(String(call.task_id)) ? { ...call, status: "finished" } : call,
    ),
    outcomes,
  }),
};

const metrics = ["resolve_rate", "cost_per_task", "cost_per_resolved", "error_rate"];
const profile = {
  name: "desk",
  criteria: [
    { metric: "resolve_rate", weight: 0.6, good: 1, bad: 0.4 },
    { metric: "cost_per_task", weight: 0.4, good: 0, bad: 0.04 },
  ],
  floors: [{ metric: "resolve_rate", at_least: 0.6 }],
};

/** The claims of every command about a log, each under what it is about. */
async function claimsOf(store: Store): Promise<Map<string, Claim>> {
  const claims: [string, Claim][] = [];
  const limits = {
    name: "gate",
    limits: [
      { metric: "resolve_rate", at_least: 0.7, where: "model = 'elm'" },
      { metric: "cost_per_task", at_most: 0.022, where: "model = 'elm'" },
      { metric: "error_rate", at_most: 0.12 },
      { metric: "resolve_rate", at_least_times: 0.9, where: "model = 'ash'" },
    ],
  };
  const checked = await check(store, { limits, against: "model = 'elm'" });
  claims.push(...checked.rows.map(({ limit, claim }): [string, Claim] => [`check ${limit}`, claim]));
  const sides = await compare(store, { a: "model = 'elm'", b: "model = 'ash'", metrics });
  claims.push(...sides.rows.map(({ metric, claim }): [string, Claim] => [`compare ${metric}`, claim]));
  const choice = await choose(store, { profile, draws: 500 });
  claims.push([`choose ${choice.rows[0].name}`, choice.claim]);
  const routes = await route(store);
  for (const { model, claim } of routes.candidates) if (claim) claims.push([`route ${model}`, claim]);
  claims.push([`route ${routes.rows[0].model} saves`, routes.rows[0].saves]);
  const tiers = await costTiers(store, { by: "model" });
  for (const { model, claim, saves } of tiers.rows)
    claims.push(
      [`tiers ${model}`, claim],
      ...(saves ? [[`tiers ${model} saves`, saves] as [string, Claim]] : []),
    );
  const table = await metricTable(store, { metrics, by: "model" });
  claims.push(
    ...findingsIn(table).map(({ column, best, claim }): [string, Claim] => [
      `best by ${column}: ${best.model}`,
      claim,
    ]),
  );
  const floors = await qualityFloor(store, { by: "model", floor: 0.5 });
  claims.push(...floors.rows.map(({ model, claim }): [string, Claim] => [`context ${model}`, claim]));
  for (const metric of ["resolve_rate", "cost_per_task", "duration_p50"]) {
    const { rows, series } = await trend(store, { metric });
    const changes = series.flatMap((one) => [...one.changes, ...one.alerts]);
    for (const { claim } of [...rows, ...changes]) claims.push([`trend ${metric}`, claim]);
  }
  const places = await latencyBetween(store, { by: "model" });
  for (const { model, claim } of places.rows) claims.push([`providers of ${model}`, claim]);
  const names = (await metricTable(store, { metrics: ["error_rate"], by: "model" })).rows.map(
    ({ model }) => model,
  );
  for (const [at, model] of names.entries())
    await run(
      store.connection,
      "insert into benchmarks (model, benchmark, score, standard_error) values ($model, 'board', $score, 0.1)",
      { model: String(model), score: -at },
    );
  const metricsOfOrder = ["resolve_rate", "cost_per_task", "duration_p50"];
  const orders = await agreement(store, { benchmark: "board", metric: metricsOfOrder, resamples: 500 });
  for (const { metric, claim } of orders.rows) claims.push([`agreement ${metric}`, claim]);
  // Of several of one id, such as changes on different days, the surest counts.
  claims.sort(([, a], [, b]) => Number(isSettled(a)) - Number(isSettled(b)));
  return new Map(claims.map(([about, claim]) => [`${about}: ${claim.id}`, claim]));
}

const worlds: Shared[] = [
  { resolved: [0.9, 0.7], price: [1, 1.6], failing: [0.02, 0.15], tasks: 600 },
  { resolved: [0.85, 0.8, 0.78], price: [1, 0.5, 0.9], failing: [0.05, 0.05, 0.08], tasks: 800 },
  {
    ...{ resolved: [0.92, 0.85, 0.75, 0.65, 0.5], price: [1, 1.3, 1.7, 2.2, 3] },
    ...{ slower: [1, 1.3, 1.7, 2.2, 3], providers: [1, 1.3], later: 1.6, days: 28, tasks: 1500 },
  },
  { resolved: alike(2), price: [1, 0.7], users: 12, userOdds: 0.6, dayOdds: 0.4, tasks: 500 },
];

/** No command settles by what is taken from a log: unknown outcomes, unknown costs and doubts open claims, or keep them. */
test("knowing less of a log never settles a claim of any command", () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        world: fc.constantFrom(...worlds),
        seed: fc.integer({ min: 1, max: 50 }),
        fault: fc.constantFrom(...(Object.keys(faults) as (keyof typeof faults)[])),
        share: fc.double({ min: 0.05, max: 1, noNaN: true }),
        model: fc.constantFrom("elm", "ash", undefined),
      }),
      async ({ world, seed, fault, share, model }) => {
        const whole = workOf(seed, world);
        const { uniform } = random(seed, 40);
        const hit = new Set(
          whole.calls.flatMap((call) =>
            uniform() < share && (model === undefined || call.model === model) ? [String(call.task_id)] : [],
          ),
        );
        const less = faults[fault](whole, (task) => hit.has(task));
        const [before, after] = await Promise.all(
          [whole, less].map(async (work) => {
            const store = await storeOfLogs([work], (name) => name);
            try {
              return await claimsOf(store);
            } finally {
              store.close();
            }
          }),
        );
        for (const [about, claim] of after)
          if (claim.status === "settled")
            assert.equal(before.get(about)?.status, "settled", `${about}, where ${fault}`);
      },
    ),
    { numRuns: runs(6) },
  ));

const columnsOfComparisons = "comparison_id, model_a, model_b, preferred, rater_id, prompt_id, shown_first";

/** What becomes unknown of comparisons of answers. */
const unknownOfRaters = {
  "who judged is unknown": "update preferences set rater_id = null",
  "who judged is unknown of some": "update preferences set rater_id = null where hash(comparison_id) % 3 = 0",
  "what was asked is unknown": "update preferences set prompt_id = null",
  "what was shown first is unknown": "update preferences set shown_first = null",
  "what was shown first is unknown of some":
    "update preferences set shown_first = null where hash(comparison_id) % 3 = 0",
  "all is unknown": "update preferences set rater_id = null, prompt_id = null, shown_first = null",
};

test("knowing less of who compared answers, and how, settles no first place", () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        strengths: fc.constantFrom([0.8, 0, 0], [0.3, 0, 0], [0, 0, 0, 0], [0.5, 0.3, 0, -0.5]),
        raters: fc.constantFrom(1, 3, 8, 30),
        taste: fc.constantFrom(0, 0.6),
        suits: fc.constantFrom(0, 0.6),
        uneven: fc.boolean(),
        comparisons: fc.integer({ min: 150, max: 900 }),
        seed: fc.integer({ min: 1, max: 1000 }),
        fault: fc.constantFrom(...(Object.keys(unknownOfRaters) as (keyof typeof unknownOfRaters)[])),
      }),
      async ({ seed, fault, ...world }) => {
        const all = comparisonsOf({ ...world, prompts: 40 }, seed);
        const ids = [...all.clusters, ...all.fewClusters];
        const [prompt] = ids.filter((of) => Math.max(...of) >= world.raters);
        const rater = ids.find((of) => of !== prompt);
        const rows = all.first.map((first, at) => {
          const [one, two] = [first, all.second[at]];
          const place = all.shown[at] === 0 ? "null" : all.shown[at] === 1 ? "'a'" : "'b'";
          return `('${at}', 'm${one}', 'm${two}', ${all.preferred[at]}, 'r${rater?.[at] ?? 0}', 'p${prompt?.[at] ?? at}', ${place})`;
        });
        const store = await open(":memory:");
        try {
          await run(
            store.connection,
            `insert into preferences (${columnsOfComparisons}) values ${rows.join(", ")}`,
          );
          const claims = async () =>
            new Map(
              (await preferences(store)).rows.map(({ model, claim }) => [`${model}: ${claim.id}`, claim]),
            );
          const before = await claims();
          await run(store.connection, unknownOfRaters[fault]);
          for (const [about, claim] of await claims())
            if (claim.status === "settled")
              assert.equal(before.get(about)?.status, "settled", `${about}, where ${fault}`);
        } finally {
          store.close();
        }
      },
    ),
    { numRuns: runs(60) },
  ));

/** What becomes unknown of a cascade. */
const unknownOfCascades = {
  "outcomes are unknown": "delete from tasks where hash(task_id) % 10 < $tenths",
  "failures are unknown": "delete from tasks where hash(task_id) % 10 < $tenths and not resolved",
  "outcomes of the cheap one are unknown":
    "delete from tasks where hash(task_id) % 10 < $tenths and task_id not in (select task_id from calls where model = 'dear')",
  "costs are unknown": "update calls set cost = null where hash(call_id) % 10 < $tenths",
  "costs of the dear one are unknown":
    "update calls set cost = null where hash(call_id) % 10 < $tenths and model = 'dear'",
  "costs are 0": "update calls set cost = 0 where hash(call_id) % 10 < $tenths and model = 'cheap'",
  "users are unknown": "update calls set user_id = null where $tenths >= 0",
};

test("knowing less of a cascade settles none of its thresholds", () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        cheap: fc.constantFrom(1, 2, 3),
        tells: fc.constantFrom(1, 2.5),
        log: fc.constantFrom("sent on" as const, "prompts" as const, "by score" as const),
        users: fc.constantFrom(12, 60),
        seed: fc.integer({ min: 1, max: 1000 }),
        tenths: fc.integer({ min: 1, max: 10 }),
        fault: fc.constantFrom(...(Object.keys(unknownOfCascades) as (keyof typeof unknownOfCascades)[])),
      }),
      async ({ seed, fault, tenths, ...world }) => {
        const store = await cascadeLog({ dear: 2, tasks: 900, ...world }, seed);
        try {
          const claims = async () => {
            const { rows } = await route(store, { cascade: ["cheap", "dear"], validator: "confidence" });
            return new Map(rows.flatMap(({ claim, saves }) => [claim, saves].map((one) => [one.id, one])));
          };
          const before = await claims();
          await run(store.connection, unknownOfCascades[fault], { tenths });
          for (const [about, claim] of await claims())
            if (claim.status === "settled")
              assert.equal(before.get(about)?.status, "settled", `${about}, where ${fault}`);
        } finally {
          store.close();
        }
      },
    ),
    { numRuns: runs(25) },
  ));
