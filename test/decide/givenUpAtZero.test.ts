import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { route } from "../../src/decide/route/route";
import { cost } from "../../src/measures/cost/cost";
import { metricTable } from "../../src/measures/metricTable";
import { findingsIn } from "../../src/page/sideFindings";
import { random } from "../../src/stats/random";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Call, storeOf } from "../measures/calls";

/** Two models of one price; three in ten calls of the second were given up after their tokens, at a logged cost of 0. */
function calls(): Call[] {
  const source = random(3);
  return Array.from({ length: 2400 }, (_, at): Call => {
    const model = at % 2 === 0 ? "alder" : "birch";
    const isGivenUp = model === "birch" && source.uniform() < 0.3;
    return {
      call_id: `c${at}`,
      task_id: `t${at}`,
      user_id: `u${source.integer(200)}`,
      workload: "chat",
      model,
      status: isGivenUp ? "cancelled" : "ok",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e5).toISOString().slice(0, 19),
      duration: 2 * Math.exp(0.4 * source.normal()),
      input_tokens: 1000 + source.integer(100),
      output_tokens: 200 + source.integer(50),
      cost: isGivenUp ? 0 : 0.01 * Math.exp(0.2 * source.normal()),
      cost_source: "log",
    };
  });
}

describe("calls with tokens that were given up at a logged cost of 0 make no model cheaper", () => {
  let store: Store;
  before(async () => {
    store = await storeOf(calls());
    await run(
      store.connection,
      "insert into tasks (task_id, resolved) select task_id, hash(task_id) % 10 < 7 from calls",
    );
  });
  after(() => store.close());

  test("in cost, whose upper end counts each at its bound", async () => {
    const { rows } = await cost(store, { by: "model" });
    const birch = rows.find(({ model }) => model === "birch");
    assert.ok((birch?.unpriced_calls as number) > 300);
    assert.equal(birch?.cost_per_task.reservations?.[0].id, "costs.bounded");
  });

  test("in compare", async () => {
    const { rows } = await compare(store, { a: "model = 'alder'", b: "model = 'birch'" });
    for (const { metric, claim } of rows)
      if (metric.startsWith("cost")) assert.equal(claim.status, "open", metric);
  });

  test("in choose, where the cheaper one is open", async () => {
    const criteria = [{ metric: "cost_per_task", weight: 1, good: 0, bad: 0.02 }];
    const choice = await choose(store, { profile: { name: "thrift", criteria } });
    assert.notEqual(choice.best, "birch");
  });

  test("in choose, which unknown costs leave open whatever is declared of unknown outcomes", async () => {
    const criteria = [
      { metric: "cost_per_task", weight: 0.9, good: 0, bad: 0.02 },
      { metric: "resolve_rate", weight: 0.1, good: 1, bad: 0 },
    ];
    await store.connection.run("update tasks set resolved = null where hash(task_id) % 9 = 0");
    for (const assume of [[], ["outcomes-alike"]] as const) {
      const choice = await choose(store, { profile: { name: "thrift", criteria, assume: [...assume] } });
      assert.deepEqual(
        [choice.best, choice.claim.status, choice.claim.because],
        [null, "open", "costs.unknown"],
      );
      assert.equal(/no known outcome/.test(choice.verdict), assume.length === 0, choice.verdict);
    }
  });

  test("in check, whose limit lies above the known costs and below the bound", async () => {
    const limits = {
      name: "gate",
      where: "model = 'birch'",
      limits: [{ metric: "cost_per_task", at_most: 0.0085 }],
    };
    const { rows } = await check(store, { limits });
    assert.deepEqual([rows[0].verdict, rows[0].claim.status], ["cannot tell", "open"]);
  });

  test("in route, which saves nothing by it", async () => {
    const { rows } = await route(store, { floor: "resolve_rate>=0.5" });
    for (const { model, claim } of rows)
      assert.ok(model === "alder" || claim.status !== "settled", `${model} ${claim.status}`);
  });

  test("in the headline", async () => {
    const metrics = await metricTable(store, { metrics: ["cost_per_resolved", "duration_p95"], by: "model" });
    for (const { claim } of findingsIn(metrics)) assert.notEqual(claim.status, "settled");
  });
});
