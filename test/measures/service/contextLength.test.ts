import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ContextLengthRow, qualityByLength } from "../../../src/measures/service/contextLength";
import { effectiveContext, heldContext } from "../../../src/measures/service/effectiveContext";
import { random } from "../../../src/stats/random";
import { wilson } from "../../../src/stats/rate";
import { rateInterval } from "../../../src/stats/rateInterval";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

/** Longer inputs are slower and more expensive, and beyond 10,000 tokens hardly ever resolve their task. */
function calls(count: number): Call[] {
  const r = random(5);
  return Array.from({ length: count }, (_, i) => {
    const tokens = Math.round(100 * Math.exp(6 * r.uniform()));
    return {
      call_id: `c${i}`,
      task_id: `t${i}`,
      user_id: `u${i % 50}`,
      model: "m",
      input_tokens: tokens,
      duration: 1 + tokens / 1000,
      cost: tokens * 1e-6,
      status: i % 20 === 0 ? "error" : "ok",
      attempt: tokens > 10_000 ? 1 : 2,
    };
  });
}

const settle =
  "insert into tasks (task_id, resolved) select task_id, input_tokens <= 10000 or substr(task_id, -1) = '7' from calls";

test("a length that holds is the longest of several, so that its bound holds for all of them", () => {
  const none = { ...wilson(1, 2), value: Number.NaN };
  const bins = [95, 60, 60, 79, 60, 60].map((good, at): ContextLengthRow => {
    const about = { from_tokens: 1000 * at, to_tokens: 1000 * (at + 1), calls: 100, quantiles: {} };
    return { ...about, duration: none, cost_per_call: none, error_rate: none, score: wilson(good, 100) };
  });
  // Named before, the fourth would hold .7; as one of six it does not.
  assert.ok(bins[3].score.low > 0.69);
  const { low, value } = heldContext(bins, 0.69, false);
  assert.deepEqual([low, value], [1000, 4000]);
});

describe("context length", () => {
  test("bins hold about as many calls, and each number is that of the calls in them", () =>
    withCalls(calls(800), async (store) => {
      await run(store.connection, settle);
      const { rows, by } = await qualityByLength(store, { by: "model", bins: 4, cluster: "user_id" });
      assert.deepEqual(by, ["model", "from_tokens", "to_tokens"]);
      assert.equal(rows.length, 4);
      for (const row of rows) {
        const own = calls(800).filter(
          ({ input_tokens: tokens }) => Number(tokens) >= row.from_tokens && Number(tokens) <= row.to_tokens,
        );
        assert.equal(row.calls, own.length);
        assert.ok(Math.abs(row.calls - 200) < 20);
        near(
          row.cost_per_call.value,
          own.reduce((sum, { cost }) => sum + Number(cost), 0) / own.length,
          "cost",
        );
        const timed = own.filter(({ status }) => status === "ok");
        near(
          row.duration.value,
          timed.reduce((sum, { duration }) => sum + Number(duration), 0) / timed.length,
          "duration",
        );
        const good = own.map(
          ({ task_id, input_tokens }) => Number(input_tokens) <= 10_000 || String(task_id).endsWith("7"),
        );
        const wanted = rateInterval(good, { clusters: own.map(({ user_id }) => String(user_id)) });
        near(row.score.value, wanted.value, "score");
        // If a bin has few failures, the correlation within users is estimated from the other bins as well.
        assert.ok(row.score.low <= row.score.value && Math.abs(row.score.low - wanted.low) < 0.1);
      }
    }));

  test("a length at which nothing bounds the score from above may hold", () => {
    const about = { level: 0.95, method: "none", n: 5, clusters: 2, clusterBy: "user_id" };
    const bin = (to_tokens: number, low: number, high: number) =>
      ({ to_tokens, calls: 5, score: { ...about, value: 0.9, low, high } }) as ContextLengthRow;
    const held = heldContext([bin(100, 0.85, 0.95), bin(900, Number.NaN, Number.NaN)], 0.8, false);
    assert.deepEqual([held.low, held.value, held.high], [100, 900, 900]);
  });

  thorough(
    "the effective context says what surely holds the floor, what may, and from where on it fails",
    () =>
      withCalls(calls(800), async (store) => {
        await run(store.connection, settle);
        const table = await qualityByLength(store, { by: "model", bins: 8 });
        const [{ effective_context, fails_from, longest, verdict }] = effectiveContext(table, {
          floor: 0.8,
        }).rows;
        const { low, value, high } = effective_context;
        assert.ok(3000 < low && low <= value && value <= high && high < 16_000, `${low} ${value} ${high}`);
        assert.ok(fails_from >= high && fails_from < longest && longest > 30_000);
        assert.match(verdict, /^holds up to [\d,]+ tokens, fails from [\d,]+ on$/);
        const own = (tokens: number) => ({ [String(table.rows[0].model)]: tokens });
        const beside = effectiveContext(table, { floor: 0.8, advertised: own(2 * low) }).rows[0];
        assert.deepEqual([beside.advertised, beside.share], [2 * low, 0.5]);
        assert.throws(
          () => effectiveContext(table, { floor: 0.8, advertised: own(0) }),
          /advertised lengths > 0 tokens, got 0/,
        );
        const [never] = effectiveContext(table, { floor: 1.1 }).rows;
        assert.match(never.verdict, /^not shown to hold at any length, fails from/);
        const [always] = effectiveContext(table, { floor: 0.01 }).rows;
        assert.ok(Number.isNaN(always.fails_from));
        assert.match(always.verdict, /^holds up to .*, not shown to fail up to/);
      }),
  );

  test("a score by name is looked up for the call, then for its task", () =>
    withCalls(calls(100), async (store) => {
      await run(
        store.connection,
        "insert into scores (subject, subject_id, name, value) select 'call', call_id, 'good', 0.25 from calls where call_id <> 'c1' union all select 'task', 't1', 'good', 0.5",
      );
      const { rows } = await qualityByLength(store, { bins: 1, score: "good" });
      near(rows[0].score.value, (99 * 0.25 + 0.5) / 100, "score");
      assert.equal(rows[0].score.n, 100);
    }));

  test("what is missing is said", () =>
    withCalls([...calls(30), { call_id: "x", input_tokens: null }], async (store) => {
      const { notes, rows } = await qualityByLength(store, { bins: 1 });
      assert.ok(notes.includes("1 of 31 calls have no input tokens and are left out."));
      assert.ok(notes.includes("No task is known to be resolved or not: quality is unknown."));
      assert.ok(Number.isNaN(rows[0].score.value));
    }));

  test("scores named like SQL are names", () =>
    withCalls(calls(10), async (store) => {
      const { notes } = await qualityByLength(store, { score: "x'; drop table calls; --" });
      assert.ok(notes.some((note) => note.includes("drop table")));
      assert.equal((await qualityByLength(store, { bins: 1 })).rows[0].calls, 10);
    }));
});

thorough("a group of few calls has fewer bins, none of a call or two, unless so many are asked for", () =>
  withCalls(calls(12), async (store) => {
    const few = await qualityByLength(store);
    assert.deepEqual(
      few.rows.map((row) => row.calls),
      [6, 6],
    );
    const finer = await qualityByLength(store, { bins: 6 });
    assert.equal(finer.rows.length, 6);
  }),
);
