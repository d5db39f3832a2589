import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { latencyAttainment } from "../../../src/measures/latency/attainment";
import { latencyExposure } from "../../../src/measures/latency/exposure";
import { latency } from "../../../src/measures/latency/latency";
import { shift } from "../../../src/measures/latency/shift";
import { costCacheHits } from "../../../src/measures/service/cacheHits";
import { wilson } from "../../../src/stats/rate";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

const many = (count: number, call: (at: number) => Call): Call[] =>
  Array.from({ length: count }, (_, i) => ({
    call_id: `c${i}`,
    model: "m",
    status: "ok",
    duration: 1,
    ...call(i),
  }));

describe("latencyAttainment", () => {
  test("is the share of calls within a limit, a failed one having kept none and a cancelled one left out", () => {
    const calls = [
      ...many(60, (i) => ({ time_to_first_token: i < 45 ? 0.3 : 1 })),
      ...many(20, (i) => ({
        call_id: `e${i}`,
        status: i < 5 ? "error" : i < 10 ? "cancelled" : "timeout",
        time_to_first_token: i < 15 ? null : 0.2,
        duration: 30,
      })),
    ];
    return withCalls(calls, async (store) => {
      const { rows } = await latencyAttainment(store, {
        cluster: "call_id",
        firstToken: [0.4, 2],
        duration: [5],
      });
      const { within } = rows[0];
      // 45 in time and 5 timeouts with a first token in time, of 60 + 5 errors + 5 timeouts without and 5 with a first
      // token.
      near(within["time to first token <= 0.4 s"].value, 50 / 75, "first token");
      near(within["time to first token <= 0.4 s"].low, wilson(50, 75).low, "low");
      near(within["time to first token <= 2 s"].value, 65 / 75, "2 s");
      near(within["duration <= 5 s"].value, 60 / 75, "duration");
    });
  });

  test("what is never streamed has no first token to be late", () =>
    withCalls(
      many(20, (i) => ({ status: i < 3 ? "error" : "ok" })),
      async (store) => {
        const { within } = (await latencyAttainment(store, { firstToken: [0.4, 2] })).rows[0];
        assert.ok(Object.values(within).every(({ value }) => Number.isNaN(value)));
      },
    ));

  test("the usual limits on a number that no call has are left out, and the reason is told", () =>
    withCalls(
      many(20, () => ({ status: "ok", duration: 5 })),
      async (store) => {
        const { rows, notes } = await latencyAttainment(store);
        assert.deepEqual(Object.keys(rows[0].within), ["duration <= 10 s"]);
        assert.ok(notes.includes("No call has a time to first token: its usual limits are left out."));
      },
    ));

  test("limits that are none are refused", () =>
    withCalls([], async (store) => {
      await assert.rejects(latencyAttainment(store, { duration: [0] }), /limits > 0 seconds, got duration 0/);
      await assert.rejects(
        latencyAttainment(store, { firstToken: 1 as never }),
        /requires firstToken as a list of seconds, such as \[10\], got 1/,
      );
    }));
});

describe("latencyExposure", () => {
  // User k of 100 makes k calls; every tenth call of all is slow.
  const users = Array.from({ length: 100 }, (_, k) => k + 1);
  const calls = users.flatMap((k) => Array.from({ length: k }, (_, i) => ({ user_id: `u${k}`, k, i })));
  const logged = calls.map(({ user_id }, i) => ({
    call_id: `c${i}`,
    user_id,
    duration: i % 10 === 0 ? 9 : 1,
    status: "ok",
  }));
  const slowOf = (k: number) =>
    logged.filter(({ user_id, duration }) => user_id === `u${k}` && duration > 5).length;

  test("the chance to meet a slow call grows with use, while the share of slow calls does not", () =>
    withCalls(logged, async (store) => {
      const { rows, notes } = await latencyExposure(store, { slow: 5 });
      assert.deepEqual(
        rows.map(({ tenth }) => tenth),
        ["all", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
      );
      const lightest = users.slice(0, 10);
      assert.deepEqual([rows[1].users, rows[1].calls, rows[1].calls_per_user], [10, 55, "1 to 10"]);
      near(rows[1].met_slow.value, lightest.filter((k) => slowOf(k) > 0).length / 10, "met by the lightest");
      assert.equal(rows[10].met_slow.value, 1);
      near(
        rows[0].of_calls.value,
        logged.filter(({ duration }) => duration > 5).length / logged.length,
        "of calls",
      );
      near(rows[0].of_users.value, users.reduce((sum, k) => sum + slowOf(k) / k, 0) / 100, "of users");
      assert.equal(rows[0].of_calls.clusters, 100);
      assert.deepEqual(notes, ["Slow is more than 5 s."]);
    }));

  test("none slow is no certainty, and no user is said", async () => {
    await withCalls(logged, async (store) => {
      const [all] = (await latencyExposure(store, { slow: 100 })).rows;
      assert.equal(all.of_users.value, 0);
      assert.ok(all.of_users.high > 0.01 && all.met_slow.high > 0.01);
    });
    await withCalls([{ duration: 1 }], async (store) =>
      assert.match((await latencyExposure(store)).notes[0], /^No call has a user/),
    );
  });
});

test("caches: how often they answer, and what calls take and cost with and without", () =>
  withCalls(
    many(100, (i) => ({
      cache_hit: i < 30,
      duration: i < 30 ? 0.1 : 2,
      cost: i < 30 ? 0 : 0.01,
      input_tokens: 100,
      cache_read_input_tokens: i % 2 === 0 ? 50 : 0,
    })),
    async (store) => {
      const [row] = (await costCacheHits(store)).rows;
      near(row.hit_rate.value, 0.3, "hits");
      near(row.cached_tokens.value, 0.25, "tokens");
      assert.deepEqual([row.duration_hit.n, row.duration_miss.n], [30, 70]);
      near(row.duration_hit.value, 0.1, "hit");
      near(row.duration_miss.value, 2, "miss");
      near(row.cost_miss.value, 0.01, "cost without");
      near(row.cost.value, 0.007, "cost as paid");
    },
  ));

test("the shift function has the difference of two rows at every quantile", () =>
  withCalls(
    ["a", "b"].flatMap((model, at) =>
      many(200, (i) => ({ call_id: `${model}${i}`, model, duration: (1 + i / 100) * (1 + at) })),
    ),
    async (store) => {
      const table = await latency(store, { by: "model", q: [0.1, 0.5, 0.9] });
      const { rows } = shift(table, { a: { model: "a" }, b: { model: "b" } });
      assert.deepEqual(
        rows.map(({ quantile }) => quantile),
        ["p10", "p50", "p90"],
      );
      for (const { a, b, difference } of rows) {
        near(difference.value, b.value - a.value, "difference");
        assert.ok(
          difference.low > 0 && difference.low < difference.value && difference.high > difference.value,
        );
        assert.equal(difference.unit, "s");
      }
      assert.throws(
        () => shift(table, { a: { model: "c" }, b: { model: "b" } }),
        /requires a to name one row, got 0/,
      );
    },
  ));
