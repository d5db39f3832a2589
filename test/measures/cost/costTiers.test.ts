import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openDemo } from "../../../src/demo/openDemo";
import { tiersOf } from "../../../src/measures/cost/costTierRows";
import { costTiers } from "../../../src/measures/cost/costTiers";
import type { Estimate } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";
import { wilson } from "../../../src/stats/rate";
import { reserve } from "../../../src/stats/reservation";
import { runs, thorough } from "../../property";
import { type Call, withCalls } from "../calls";

const level = 0.99;
const cost = (value: number): Estimate => ({
  ...wilson(500, 1000, { level }),
  value,
  low: 0.9 * value,
  high: 1.1 * value,
  unit: "USD/task",
});
const model = (name: string, resolved: number, price: number, n = 1000) => ({
  row: { model: name },
  quality: { ...wilson(resolved, n, { level }), unit: "1" },
  cost: cost(price),
});

describe("cost tiers", () => {
  test("keep who is not shown to be worse, with the loss that is left open, cheapest first", () => {
    const rows = tiersOf([model("dear", 900, 10), model("even", 890, 2), model("poor", 700, 1)], 1);
    assert.deepEqual(
      rows.map(({ model, tier }) => [model, tier]),
      [
        ["poor", "worse"],
        ["even", "not shown to be worse"],
        ["dear", "best"],
      ],
    );
    const [poor, even, dear] = rows;
    assert.equal(even.cost_ratio.value, 0.2);
    assert.ok(even.worse_by_at_most > 0.01 && even.worse_by_at_most < 0.06);
    assert.ok(poor.worse_by_at_most > 0.2);
    assert.ok(dear.worse_by_at_most < even.worse_by_at_most && dear.worse_by_at_most > 0);
  });
  test("tell what a model saves with its unknown costs at their most", () => {
    const half = model("half", 890, 2);
    const unpriced = { calls: 90, of: 100, at_most: 12 };
    const rows = tiersOf(
      [model("dear", 900, 10), { ...half, cost: { ...half.cost, high: 12.2, unpriced } }],
      1,
    );
    const [{ cost_ratio }] = rows.filter((row) => row.model === "half");
    assert.ok(cost_ratio.low < 0.2 && cost_ratio.high > 1.3, `${cost_ratio.low} ${cost_ratio.high}`);
    assert.deepEqual(
      rows.map((row) => row.model),
      ["dear", "half"],
    );
  });
  test("say that a model saves only if its upper end may carry it, and if its work is not shorter", () => {
    const half = model("half", 890, 2);
    const claims = (more: object) =>
      tiersOf([model("dear", 900, 10), { ...half, ...more }], 1).flatMap(({ saves }) => saves ?? []);
    assert.deepEqual(
      claims({}).map(({ id, status }) => [id, status]),
      [["tiers.saves", "settled"]],
    );
    const open = { ...half.cost, reservations: [reserve("costs.unbounded", { calls: 5, of: 100 })] };
    assert.deepEqual(
      claims({ cost: open }).map(({ status, because }) => [status, because]),
      [["open", "costs.unbounded"]],
    );
    const dear = model("dear", 900, 10);
    const counted = { quality: half.quality, cost: dear.cost };
    const [{ saves }] = tiersOf(
      [
        { ...dear, asCounted: dear },
        { ...half, asCounted: counted },
      ],
      1,
    );
    assert.equal(saves?.status, "open", "as each counts tokens, it is the work");
  });
  test("say that nobody can tell who is cheaper than a best whose cost is unknown", async () => {
    const calls = Array.from({ length: 600 }, (_, i): Call => {
      const model = ["unpriced", "priced"][i % 2];
      return {
        ...{ call_id: `c${i}`, task_id: `t${i}`, user_id: `u${i % 100}`, workload: "w", model, status: "ok" },
        ...{ input_tokens: 100, output_tokens: 10, cost: model === "priced" ? 1 : null },
        started_at: new Date(Date.UTC(2026, 2, 2) + i * 600_000).toISOString().slice(0, 19),
      };
    });
    const resolved = (i: number) => (i % 2 === 0 ? i % 40 > 4 : i % 40 > 7);
    await withCalls(calls, async (store) => {
      const values = calls.map(({ task_id }, i) => `('${task_id}', ${resolved(i)}, 1)`);
      await store.connection.run(
        `insert into tasks (task_id, resolved, ingest_id) values ${values.join(", ")}`,
      );
      const { rows, notes } = await costTiers(store, { by: "workload,model" });
      const [best] = rows.filter(({ tier }) => tier === "best");
      assert.deepEqual([best.model, best.cost_ratio.value], ["unpriced", Number.NaN]);
      assert.match(notes[0], /whether one of these is cheaper cannot be told: no cost of unpriced is known/);
    });
  });
  test("turn round where low is good", () => {
    const rows = tiersOf([model("few", 20, 10), model("many", 300, 1)], -1);
    assert.deepEqual(
      rows.map(({ model, tier }) => [model, tier]),
      [
        ["many", "worse"],
        ["few", "best"],
      ],
    );
  });
  test("tell nothing of a model without quality, nor of one with nobody to compare it with", () => {
    const none = model("none", 0, 1, 0);
    assert.deepEqual(
      tiersOf([none, model("one", 900, 2)], 1).map(({ tier }) => tier),
      ["cannot tell", "cannot tell"],
    );
    assert.deepEqual(
      tiersOf([none], 1).map(({ tier }) => tier),
      ["cannot tell"],
    );
  });
  test("lose the truly best, or understate a loss, no more often than they say", () => {
    const truth = [0.8, 0.8, 0.79, 0.75, 0.7];
    const source = random(7);
    const worlds = runs(1500);
    let wrong = 0;
    const strict = 1 - 0.05 / (truth.length - 1);
    for (let world = 0; world < worlds; world++) {
      const rows = tiersOf(
        truth.map((p, at) => {
          const resolved = Array.from({ length: 300 }, () => source.uniform() < p).filter(Boolean).length;
          return {
            row: { model: String(at) },
            quality: wilson(resolved, 300, { level: strict }),
            cost: { ...cost(at + 1), level: strict },
          };
        }),
        1,
      );
      const lost = rows.some(({ model, tier }) => truth[Number(model)] === 0.8 && tier === "worse");
      const short = rows.some(({ model, worse_by_at_most }) => {
        const others = truth.filter((_, at) => at !== Number(model));
        return Math.max(...others) - truth[Number(model)] > worse_by_at_most + 1e-12;
      });
      if (lost || short) wrong++;
    }
    assert.ok(wrong / worlds < 0.05 + 2 * Math.sqrt((0.05 * 0.95) / worlds), `${wrong} of ${worlds}`);
  });
});

describe("the demo company", () => {
  thorough("could answer chats for less at a quality not shown to be worse", async () => {
    const store = await openDemo();
    try {
      const { rows, notes } = await costTiers(store, { by: "model", where: "workload = 'chat-assistant'" });
      assert.equal(rows.filter(({ tier }) => tier === "best").length, 1);
      assert.match(
        notes[0],
        /the cheapest of these, saves \d+ % \[\d+ %, \d+ %\] of the cost per task, and may be worse by up to [\d.]+ points/,
      );
      await assert.rejects(costTiers(store, { by: "workload" }), /requires by to include "model"/);
      await assert.rejects(costTiers(store, { quality: "duration_p50" }), /requires a metric of quality/);
    } finally {
      store.close();
    }
  });
});
