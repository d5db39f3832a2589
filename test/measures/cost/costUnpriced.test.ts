import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { costQualityFront } from "../../../src/charts/costQualityFront";
import { compare } from "../../../src/decide/compare/compare";
import { firsts } from "../../../src/decide/firsts";
import { cost } from "../../../src/measures/cost/cost";
import { costFindings } from "../../../src/page/costFindings";
import { random } from "../../../src/stats/random";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

/** Dollars per token: "dark" is the dearest. */
const prices = { lean: 1e-6, able: 4e-6, dark: 2e-5 };

/** One call a task, of three models in turn; one in ten fails, free of charge, without output. */
function calls(count: number, change: (call: Call, at: number) => Partial<Call> = () => ({})): Call[] {
  const r = random(7);
  return Array.from({ length: count }, (_, at) => {
    const model = (["lean", "able", "dark"] as const)[at % 3];
    const failed = r.uniform() < 0.1;
    const [input, output] = [500 + r.integer(500), failed ? 0 : 100 + r.integer(100)];
    const call: Call = {
      call_id: `c${at}`,
      task_id: `t${at}`,
      user_id: `u${Math.floor(at / 3) % 50}`,
      workload: "w",
      model,
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e4).toISOString().slice(0, 19),
      duration: 1 + r.uniform(),
      status: failed ? "error" : "ok",
      input_tokens: input,
      output_tokens: output,
      cost: failed ? 0 : (input + output) * prices[model],
      cost_source: "log",
    };
    return { ...call, ...change(call, at) };
  });
}

const settled = async (store: Store) =>
  run(
    store.connection,
    "insert into tasks (task_id, resolved) select task_id, status = 'ok' and hash(task_id) % 4 > 0 from calls",
  );

const costOf = (rows: Call[]) =>
  withCalls(rows, async (store) => {
    await settled(store);
    return cost(store, { by: "workload,model" });
  });
type Costs = Awaited<ReturnType<typeof costOf>>;
const rowOf = ({ rows }: Costs, name: string) => rows.find(({ model }) => model === name) as Costs["rows"][0];
const money = ["cost_per_call", "cost_per_task", "cost_per_resolved", "cost_per_user"] as const;

describe("a model whose answered calls have no known cost", () => {
  for (const [what, unknown] of [
    ["no price", { cost: null }],
    ["a logged cost of 0 with tokens", { cost: 0 }],
    ["a logged cost of 0 without tokens", { cost: 0, input_tokens: null, output_tokens: null }],
    ["a logged cost of 0 and no tokens counted", { cost: 0, input_tokens: 0, output_tokens: 0 }],
  ] as const)
    test(`has no cost with ${what}, though its failed calls are free, and is nowhere the cheapest`, async () => {
      const table = await costOf(
        calls(900, ({ model, status }) => (model === "dark" && status === "ok" ? unknown : {})),
      );
      const dark = rowOf(table, "dark");
      for (const name of money)
        assert.ok(Number.isNaN(dark[name]?.value) && Number.isNaN(dark[name]?.low), name);
      assert.ok(Number.isNaN(dark.total_cost) && dark.unpriced_calls > 250);
      const [finding] = costFindings(table);
      assert.match(
        finding,
        /^w: open between lean, which measured the lowest .*, and dark, of which it is not known/,
      );
      assert.match(costQualityFront(table).description, /dark: –,/);
      assert.match(costQualityFront(table).description, /On the front: w · lean\.$/);
    });

  test("costs nothing where a cache answered, with or without tokens", async () => {
    for (const tokens of [{}, { input_tokens: null, output_tokens: null }]) {
      const cached = (call: Call) =>
        call.model === "dark" ? { cost: 0, cost_source: "log", cache_hit: true, ...tokens } : {};
      const dark = rowOf(await costOf(calls(300, cached)), "dark");
      assert.deepEqual([dark.cost_per_task.value, dark.unpriced_calls], [0, 0]);
    }
  });

  test("costs nothing where its list price is 0", async () => {
    const table = await costOf(
      calls(300, ({ model }) => (model === "dark" ? { cost: 0, cost_source: "price" } : {})),
    );
    assert.deepEqual([rowOf(table, "dark").cost_per_task.value, rowOf(table, "dark").unpriced_calls], [0, 0]);
  });
});

describe("a call without a known cost", () => {
  test("counts between 0 and its tokens at the highest price of the log", async () => {
    const whole = rowOf(await costOf(calls(900)), "able");
    const table = await costOf(
      calls(900, ({ model, status }, at) =>
        model === "able" && status === "ok" && at % 10 === 1 ? { cost: null } : {},
      ),
    );
    const able = rowOf(table, "able");
    const lacking = calls(900).filter(
      ({ model, status }, at) => model === "able" && status === "ok" && at % 10 === 1,
    );
    const tokens = lacking.reduce(
      (sum, one) => sum + Number(one.input_tokens) + Number(one.output_tokens),
      0,
    );
    for (const name of ["cost_per_call", "cost_per_task"] as const) {
      const { value, low, high, unpriced } = able[name];
      near(value, able.total_cost / 300, name);
      assert.equal(unpriced?.calls, lacking.length);
      near(unpriced?.at_most as number, (able.total_cost + tokens * prices.dark) / 300, `${name} at most`);
      assert.ok(low < whole[name].value && whole[name].value < high && high > (unpriced?.at_most as number));
    }
    const [lean, alone] = [
      rowOf(table, "lean").cost_per_call,
      rowOf(await costOf(calls(900)), "lean").cost_per_call,
    ];
    for (const end of ["value", "low", "high"] as const) near(lean[end], alone[end], `of others: ${end}`);
  });

  test("counts up to what 999 of 1,000 calls cost where its tokens are not known", async () => {
    const able = rowOf(
      await costOf(
        calls(900, (_, at) => (at === 1 ? { cost: null, input_tokens: null, output_tokens: null } : {})),
      ),
      "able",
    );
    const dearest = Math.max(...calls(900).map((one) => Number(one.cost)));
    near(able.cost_per_call.unpriced?.at_most as number, (able.total_cost + dearest) / 300, "at most");
  });

  test("has an open end where most calls of its model have none: prices of other models bound nothing", async () => {
    // One call in ten of the dearest model is priced, by what it cost before it was given up.
    const table = await costOf(
      calls(900, ({ model, status, input_tokens }) =>
        model === "dark"
          ? { cost: status === "ok" ? null : 1e-4, input_tokens: Math.ceil(Number(input_tokens) / 20) }
          : {},
      ),
    );
    const dark = rowOf(table, "dark");
    for (const name of money.slice(0, 3)) assert.equal(dark[name]?.high, Number.POSITIVE_INFINITY, name);
    assert.match(costFindings(table)[0] ?? "", /^w: open between lean, .+, and dark;/);
  });

  test("has an open end where no call has a cost to bound it by", async () => {
    const table = await costOf(
      calls(300, ({ model }, at) => ({
        cost: model === "able" && at % 2 === 0 ? null : 0,
        cost_source: "price",
      })),
    );
    assert.ok(Number.isNaN(rowOf(table, "able").cost_per_call.value));
    assert.equal(rowOf(table, "lean").cost_per_call.value, 0);
  });

  test("that failed after it had read is not priced by what it read", async () => {
    const lean = rowOf(
      await costOf(
        calls(900, (_, at) => (at === 0 ? { status: "timeout", output_tokens: null, cost: null } : {})),
      ),
      "lean",
    );
    assert.equal(lean.unpriced_calls, 1);
  });

  thorough(
    "among a hundred thousand changes no number that is shown, and leaves no note in a cell",
    async () => {
      const [whole, table] = [
        await costOf(calls(100_000)),
        await costOf(calls(100_000, (_, at) => (at === 1 ? { cost: null } : {}))),
      ];
      for (const name of ["cost_per_call", "cost_per_task", "cost_per_resolved"] as const) {
        const [one, other] = [rowOf(whole, "able")[name], rowOf(table, "able")[name]];
        for (const end of ["value", "low", "high"] as const)
          assert.ok(Math.abs(other[end] / one[end] - 1) < 2e-3, `${name} ${end}`);
        assert.equal(other.note, one.note);
      }
    },
  );
});

describe("models that differ only in which calls have a known cost", () => {
  const equal = (share: number) =>
    calls(2400, ({ model, input_tokens: read, output_tokens: wrote, status }, at) => ({
      cost:
        model === "dark" && at % 100 < share && status === "ok"
          ? null
          : status === "ok"
            ? (Number(read) + Number(wrote)) * prices.able
            : 0,
    }));

  test("are not told apart by cost, in a comparison or by rank", () =>
    withCalls(equal(50), async (store) => {
      await settled(store);
      const { rows } = await compare(store, {
        a: "model = 'able'",
        b: "model = 'dark'",
        metrics: "cost_per_call,cost_per_task,cost_per_resolved",
      });
      for (const { verdict, within_ratio, a, b } of rows) {
        assert.ok(b.value < 0.6 * a.value);
        assert.ok(
          within_ratio.low < 0.7 && within_ratio.high > 0.95,
          `${within_ratio.low} ${within_ratio.high}`,
        );
        assert.equal(verdict, "cannot tell");
      }
    }));

  test("the one with fewer known costs is not first", async () => {
    const table = await costOf(equal(50));
    const estimates = table.rows.map((row) => row.cost_per_task);
    const [{ best, near: others }] = firsts([{ better: "lower", estimates }], 0.95);
    assert.notEqual(table.rows[best].model, "dark");
    assert.ok(others.length > 0);
  });
});
