import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { route } from "../../src/decide/route/route";
import { costTiers } from "../../src/measures/cost/costTiers";
import { metricTable } from "../../src/measures/metricTable";
import { qualityFloor } from "../../src/measures/service/effectiveContext";
import { trend } from "../../src/measures/trend/trend";
import { findingsIn } from "../../src/page/sideFindings";
import type { Claim } from "../../src/stats/claim";
import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
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
  for (const metric of ["resolve_rate", "cost_per_task"])
    for (const { claim } of (await trend(store, { metric })).rows) claims.push([`trend ${metric}`, claim]);
  return new Map(claims.map(([about, claim]) => [`${about}: ${claim.id}`, claim]));
}

const worlds: Shared[] = [
  { resolved: [0.9, 0.7], price: [1, 1.6], failing: [0.02, 0.15], tasks: 600 },
  { resolved: [0.85, 0.8, 0.78], price: [1, 0.5, 0.9], failing: [0.05, 0.05, 0.08], tasks: 800 },
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
