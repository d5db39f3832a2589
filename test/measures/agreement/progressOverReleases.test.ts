import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agreementReleases } from "../../../src/measures/agreement/progressOverReleases";
import { run } from "../../../src/store/run";
import { withCalls } from "../calls";

const releases = ["gpt-4o-2024-05-13", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20", "claude-3-haiku-2024-03-07"];
/** Durations: the second release is twice as fast as the first, the third as slow as the first. */
const calls = Array.from({ length: 400 }, (_, at) => ({
  call_id: `c${at}`,
  model: releases[at % 4],
  duration: [2, 1, 2, 5][at % 4] * (1 + ((at * 7) % 11) / 50),
  status: "ok",
}));

describe("releases of a model", () => {
  test("that gain on a benchmark may gain in production or not, each against the one before", async () => {
    await withCalls(calls, async (store) => {
      for (const [at, score] of [60, 70, 80, 90].entries())
        await run(
          store.connection,
          "insert into benchmarks (model, benchmark, score, standard_error) values ($model, 'B', $score, 1)",
          { model: releases[at], score },
        );
      const { rows, by } = await agreementReleases(store, { metric: "duration_p50" });
      assert.deepEqual(by, ["model", "from", "to", "benchmark", "metric"]);
      assert.deepEqual(
        rows.map(({ model, from, to, verdict }) => [model, from, to, verdict]),
        [
          ["gpt-4o", releases[0], releases[1], "shows"],
          ["gpt-4o", releases[1], releases[2], "does not show"],
        ],
      );
      const [first, second] = rows;
      assert.ok(Math.abs(first.production_change.value - 0.5) < 0.02 && first.production_change.unit === "×");
      assert.ok(first.production_change.high < 1 && second.production_change.low > 1);
      assert.deepEqual([first.benchmark_gain.value, first.benchmark_gain.low > 0], [10, true]);
      assert.deepEqual(
        rows.map(({ claim }) => `${claim.id} ${claim.status}`),
        ["releases.shows settled", "releases.does-not-show settled"],
      );
      await run(store.connection, "update benchmarks set standard_error = null");
      const exact = await agreementReleases(store, { metric: "duration_p50" });
      assert.deepEqual(
        exact.rows.map(({ verdict, claim }) => [verdict, claim.status, claim.needs]),
        [
          ["shows", "leads if", "scores-exact"],
          ["does not show", "leads if", "scores-exact"],
        ],
      );
    });
  });

  test("may be none", async () => {
    await withCalls(calls.slice(0, 1), async (store) => {
      await run(
        store.connection,
        "insert into benchmarks (model, benchmark, score) values ('gpt-4o-2024-05-13', 'B', 1)",
      );
      const { rows, notes } = await agreementReleases(store, { metric: "duration_p50" });
      assert.equal(rows.length, 0);
      // What a measure says about its numbers would be noise where there are none.
      assert.equal(notes.length, 1);
      assert.match(notes[0], /No model is in the logs and on a benchmark with two of its releases/);
    });
  });
});
