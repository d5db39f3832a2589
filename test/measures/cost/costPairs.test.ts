import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cost } from "../../../src/measures/cost/cost";
import { costPairs } from "../../../src/measures/cost/costPairs";
import { costSteps } from "../../../src/measures/cost/costSteps";
import { costMonthly } from "../../../src/measures/cost/monthlyBill";
import { random } from "../../../src/stats/random";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { sharedWork } from "../../calibration/sentenceWorlds";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, put, sharedPrompts, withCalls } from "../calls";

/** Tasks of two models: "lean" has cheap calls and resolves 30 %, "able" costs twice as much and resolves 90 %. */
function calls(tasks: number): Call[] {
  const r = random(2);
  return Array.from({ length: tasks }, (_, at) => {
    const model = at % 2 === 0 ? "lean" : "able";
    const tries = model === "lean" ? 1 + r.integer(3) : 1;
    return Array.from({ length: tries }, (_, attempt) => ({
      call_id: `${at}-${attempt}`,
      task_id: `${at}`,
      attempt: attempt + 1,
      user_id: `u${Math.floor(at / 2) % 60}`,
      model,
      workload: "w",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 3e5).toISOString().slice(0, 19),
      status: "ok",
      input_tokens: 800 + r.integer(400),
      output_tokens: 100,
      cost: (model === "lean" ? 1 : 2) * (0.9 + 0.2 * r.uniform()),
    }));
  }).flat();
}

const settled = (store: Store) =>
  run(
    store.connection,
    `insert into tasks (task_id, resolved)
     select distinct task_id, case when model = 'lean' then task_id::int % 20 < 6 else task_id::int % 20 <> 1 end from calls`,
  );

describe("two models' costs", () => {
  thorough(
    "the one cheaper a call is dearer a resolved task, with its probability and what makes it so",
    () =>
      withCalls(calls(600), async (store) => {
        await settled(store);
        const { rows, notes } = await costPairs(store);
        const [row, ...more] = rows;
        assert.equal(more.length, 0);
        assert.equal(
          notes[0],
          "w: lean is the cheapest per call, able per resolved task (probability 1.00 that this order of the two holds).",
        );
        assert.deepEqual([row.workload, row.model, row.against], ["w", "lean", "able"]);
        assert.equal(row.reversal, 1);
        const table = await cost(store, { by: "model" });
        const of = (model: string) =>
          table.rows.find((one) => one.model === model)?.cost_per_resolved.value as number;
        near(row.from.value, of("lean"), "from");
        near(row.to.value, of("able"), "to");
        near(row.cost_per_resolved.value, of("able") / of("lean"), "ratio");
        for (const { value, low, high } of [row.cost_per_call, row.cost_per_resolved, row.attempts_per_task])
          assert.ok(low < value && value < high);
        assert.ok(row.cost_per_call.low > 1 && row.cost_per_resolved.high < 1);
        const { from, to, steps } = costSteps(row);
        near(
          steps.reduce((product, { factor }) => product * factor.value, from.estimate.value),
          to.estimate.value,
          "steps",
        );
      }),
  );

  thorough("equal models are not told apart, and their order is as likely as not", () =>
    withCalls(
      calls(400).map((call) => ({ ...call, model: Number(call.task_id) % 4 < 2 ? "one" : "two" })),
      async (store) => {
        await run(
          store.connection,
          "insert into tasks (task_id, resolved) select distinct task_id, task_id::int % 3 = 0 from calls",
        );
        const [row] = (await costPairs(store)).rows;
        assert.ok(row.cost_per_resolved.low < 1 && row.cost_per_resolved.high > 1);
        assert.ok(row.reversal < 0.7);
      },
    ),
  );

  test("calls without a cost count at 0 at one end of a ratio and at their bound at the other", async () => {
    const pairOf = (lacking: (call: Call, at: number) => boolean) =>
      withCalls(
        calls(200).map((call, at) => (lacking(call, at) ? { ...call, cost: null } : call)),
        async (store) => {
          await settled(store);
          return costPairs(store);
        },
      );
    const [known] = (await pairOf(() => false)).rows;
    const { rows, notes } = await pairOf((_, at) => at % 10 === 0);
    for (const name of ["cost_per_call", "cost_per_resolved", "price_per_token"] as const) {
      assert.ok(rows[0][name].low < known[name].low && known[name].high < rows[0][name].high, name);
    }
    assert.deepEqual(rows[0].tokens_per_attempt, known.tokens_per_attempt);
    assert.ok(notes.some((note) => /^\d+ of \d+ calls of tasks have no known cost: the ends/.test(note)));
    const dark = await pairOf(({ model }) => model === known.model);
    assert.deepEqual(dark.rows, []);
    assert.ok(dark.notes.includes(`Left out, since no call of theirs has a known cost: ${known.model}.`));
  });

  test("by must hold what is compared", () =>
    withCalls(calls(4), async (store) => {
      await assert.rejects(
        costPairs(store, { by: "workload" }),
        /requires by to include "model", got "workload"/,
      );
    }));

  test("factors of tokens are unknown where a model's calls have none, and not 0", () =>
    withCalls(
      calls(400).map((call) =>
        call.model === "lean" ? { ...call, input_tokens: null, output_tokens: null } : call,
      ),
      async (store) => {
        await settled(store);
        const [row] = (await costPairs(store)).rows;
        for (const factor of [row.price_per_token, row.tokens_per_attempt]) {
          assert.ok([factor.value, factor.low, factor.high].every(Number.isNaN));
          assert.match(factor.note ?? "", /^\d+ of \d+ calls have no known tokens$/);
        }
        assert.deepEqual(
          costSteps(row).steps.map(({ name }) => name),
          ["attempts per task", "1 / resolve rate"],
        );
      },
    ));
});

thorough("a monthly bill is the cost of a task times their number, with its interval", () =>
  withCalls(calls(200), async (store) => {
    await settled(store);
    const table = await cost(store, { by: "" });
    const bill = await costMonthly(store, { tasks: 1000, by: "" });
    const [row, one] = [bill.rows[0], table.rows[0].cost_per_task];
    assert.deepEqual([row.monthly_bill.value, row.monthly_bill.high], [1000 * one.value, 1000 * one.high]);
    assert.equal(row.monthly_bill.unit, "USD/month");
    await assert.rejects(costMonthly(store, { tasks: -1 }), /tasks >= 0, got -1/);
  }),
);

thorough("a month's bill prices models of the same price alike, whichever got the long inputs", async () => {
  const store = await sharedWork(5, { long: [0.75, 0.25] });
  try {
    await put(store, sharedPrompts({ ash: 1, elm: 1 }));
    const { rows, balance, notes } = await costMonthly(store, { tasks: 1000 });
    const [ash, elm] = rows;
    assert.ok(elm.cost_per_task.low > ash.cost_per_task.high, "each on its own tasks");
    const ratio = elm.monthly_bill.value / ash.monthly_bill.value;
    assert.ok(Math.abs(ratio - 1) < 0.1, `at one mix ${ratio}`);
    const lengths = balance.filter(({ what }) => what === "input length of the first turn");
    for (const row of lengths)
      assert.ok(Math.abs(row.apart) > 0.2 && Math.abs(row.apart_at_the_mix) < 0.05, JSON.stringify(row));
    assert.match(notes[1], /^The rows had different tasks: each is priced on the mix of all/);
  } finally {
    store.close();
  }
});
