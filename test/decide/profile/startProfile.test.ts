import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readProfile } from "../../../src/decide/profile/readProfile";
import { startProfile } from "../../../src/decide/profile/startProfile";
import { run } from "../../../src/store/run";
import { type Call, withCalls } from "../../measures/calls";
import { fc, runs, thorough } from "../../property";

const call = (at: number, more: Call = {}): Call => ({
  model: at % 2 ? "a" : "b",
  started_at: `2026-03-02 09:00:${String(at % 60).padStart(2, "0")}`,
  status: at % 9 ? "ok" : "error",
  user_id: `u${at % 7}`,
  task_id: `t${at}`,
  duration: 1 + (at % 5),
  cost: 0.001 * (1 + (at % 3)),
  ...more,
});
const calls = (more?: Call) => Array.from({ length: 40 }, (_, at) => call(at, more));
const outcomes =
  "insert into tasks by name select distinct task_id, right(task_id, 1) > '3' as resolved from calls";

describe("a profile to start from", () => {
  test("weighs quality, cost, waiting and failures, from the ideal to the worst shown", () =>
    withCalls(calls(), async (store) => {
      await run(store.connection, outcomes);
      const { criteria } = await startProfile(store, "mine");
      assert.deepEqual(
        criteria.map(({ metric, weight, good }) => [metric, weight, good]),
        [
          ["resolve_rate", 0.4, 1],
          ["cost_per_task", 0.3, 0],
          ["duration_p95", 0.2, 0],
          ["error_rate", 0.1, 0],
        ],
      );
      for (const { bad } of criteria.slice(1)) assert.ok(bad > 0);
      assert.ok(criteria[2].bad >= 5, "the slowest p95 is 5 s");
    }));

  thorough("takes the first token before the whole answer, and a score where no task has an outcome", () =>
    withCalls(calls({ time_to_first_token: 0.4 }), async (store) => {
      await run(
        store.connection,
        "insert into scores by name select call_id as subject_id, 'call' as subject, 'stars' as name, 4.0 as value, 'person' as rater from calls",
      );
      const { criteria } = await startProfile(store, "mine");
      const of = (metric: string) => criteria.find((one) => one.metric === metric);
      assert.deepEqual(of("score:stars")?.good, 4, "no share: the best shown");
      assert.ok(of("time_to_first_token_p95"));
      assert.equal(of("duration_p95"), undefined);
    }),
  );

  thorough("takes a score whose name tells which way is better before one whose name does not", () =>
    withCalls(calls(), async (store) => {
      await run(
        store.connection,
        `insert into scores by name select call_id as subject_id, 'call' as subject, name, 0.5 as value, 'rule' as rater
         from calls, (values ('ampel'), ('helpful')) v(name)`,
      );
      const { criteria } = await startProfile(store, "mine");
      assert.equal(criteria[0].metric, "score:helpful");
    }),
  );

  thorough("can be read back, whatever the log has", () =>
    fc.assert(
      fc.asyncProperty(
        fc.subarray(["duration", "cost", "status", "task_id", "user_id"] as const, { minLength: 0 }),
        (missing) =>
          withCalls(calls(Object.fromEntries(missing.map((name) => [name, null]))), async (store) => {
            const profile = await startProfile(store, "mine").catch((error: unknown) => error as Error);
            if (profile instanceof Error) assert.match(profile.message, /got none: ingest logs/);
            else assert.equal(readProfile(profile).criteria.length, profile.criteria.length);
          }),
      ),
      { numRuns: runs(20) },
    ),
  );
});
