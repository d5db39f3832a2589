import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { latencyAttainment } from "../../../src/measures/latency/attainment";
import { latencyExposure } from "../../../src/measures/latency/exposure";
import { latency } from "../../../src/measures/latency/latency";
import { latencyByOutcome } from "../../../src/measures/latency/outcomeByLatency";
import { costCacheHits } from "../../../src/measures/service/cacheHits";
import { qualityByLength } from "../../../src/measures/service/contextLength";
import { throughputLoad } from "../../../src/measures/service/throughput";
import { run } from "../../../src/store/run";
import { withCalls } from "../calls";

const start = "2026-03-02T09:00:00.000";
const one = { user_id: "u", started_at: start, input_tokens: 10, cache_hit: true };
/** A successful call, a timeout, a failure, one whose clocks disagree and one with NaN. */
const calls = [
  { ...one, status: "ok", duration: 1 },
  { ...one, status: "timeout", duration: 10 },
  { ...one, status: "error", duration: 4 },
  { ...one, status: "ok", duration: -1 },
  { ...one, status: "ok", duration: Number.NaN },
];
const options = { by: "", cluster: "call_id" };

describe("a wait is one in every measure: that of a call that went well, or was given up", () => {
  test("latency has the facts' own", () =>
    withCalls(calls, async (store) => {
      const [{ n, timeouts, failed, mean }] = (await latency(store, options)).rows;
      assert.deepEqual([n, timeouts, failed, mean.value], [2, 1, 1, 5.5]);
    }));
  test("a timeout keeps no limit, however long it had been waited for, and a wait that is not known tells nothing", () =>
    withCalls(calls, async (store) => {
      const [{ within }] = (await latencyAttainment(store, { ...options, duration: [20] })).rows;
      const { n, value } = within["duration <= 20 s"];
      assert.deepEqual([n, value], [3, 1 / 3]);
    }));
  test("a timeout at the limit would have taken longer, and is slow", () =>
    withCalls([...calls, { ...one, status: "ok", duration: 10 }], async (store) => {
      const [{ calls: all, of_calls }] = (await latencyExposure(store, { slow: 10 })).rows;
      assert.deepEqual([all, of_calls.value], [3, 1 / 3]);
    }));
  test("the load curve and caches have the same", () =>
    withCalls(calls, async (store) => {
      const [{ calls: all, duration, quantiles }] = (await throughputLoad(store, { ...options, bins: 1 }))
        .rows;
      assert.deepEqual([all, duration.value], [2, 5.5]);
      assert.match(String(quantiles["0.5"].note), /at least this/);
      const [{ duration_hit }] = (await costCacheHits(store, { by: "", cluster: "user_id" })).rows;
      assert.deepEqual([duration_hit.n, duration_hit.value], [2, 5.5]);
    }));
  test("by length of the input as well, where timeouts count as errors", () =>
    withCalls(calls, async (store) => {
      const [{ duration, error_rate }] = (await qualityByLength(store, { ...options, bins: 1 })).rows;
      assert.deepEqual([duration.n, duration.value], [2, 5.5]);
      assert.deepEqual([error_rate.n, error_rate.value], [5, 2 / 5]);
    }));
});

test("rows of one level fall into the bin that their middle lies in", () =>
  withCalls(
    [1, 1, 2, 2].map((input_tokens) => ({ ...one, input_tokens })),
    async (store) => {
      const { rows } = await qualityByLength(store, { ...options, bins: 2 });
      assert.deepEqual(
        rows.map(({ calls: all, from_tokens, to_tokens }) => [all, from_tokens, to_tokens]),
        [
          [2, 1, 1],
          [2, 2, 2],
        ],
      );
    },
  ));

test("nobody waits for a judge or an embedding", () =>
  withCalls(
    [
      { ...one, task_id: "t", status: "ok", duration: 1 },
      {
        ...one,
        task_id: "t",
        status: "ok",
        duration: 1,
        role: "judge",
        started_at: "2026-03-02T09:01:00.000",
      },
      {
        ...one,
        task_id: "t",
        status: "ok",
        duration: 1,
        operation: "embeddings",
        started_at: "2026-03-02T09:02:00.000",
      },
    ],
    async (store) => {
      await run(store.connection, "insert into tasks (task_id, resolved) values ('t', true)");
      const [row] = (await latencyByOutcome(store, { by: "", bins: 1 })).rows;
      assert.deepEqual([row.n, row.to_seconds], [1, 1]);
    },
  ));
