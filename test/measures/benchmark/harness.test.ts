import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agreement } from "../../../src/measures/agreement/agreement";
import { benchmarkTiers } from "../../../src/measures/benchmark/saturation";
import { tiersOfBenchmark } from "../../../src/measures/benchmark/tiers";
import { run } from "../../../src/store/run";
import { withCalls } from "../calls";

// The same five models, whose order under one harness is the reverse of that under the other.
const scores = ["a", "b", "c", "d", "e"].flatMap((model, at) => [
  `('${model}', 'mmlu', ${0.5 + 0.1 * at}, 1000, 'lm-eval', 5)`,
  `('${model}', 'mmlu', ${0.9 - 0.1 * at}, 1000, 'helm', null)`,
  `('${model}', 'gsm8k', ${0.5 + 0.1 * at}, 1000, 'lm-eval', 8)`,
]);
const calls = ["a", "b", "c", "d", "e"].flatMap((model, at) =>
  Array.from({ length: 40 }, (_, n) => ({
    call_id: `${model}${n}`,
    model,
    duration: 5 - at + 0.01 * n,
    status: "ok",
  })),
);

describe("a benchmark that several harnesses ran", () => {
  const insert = `insert into benchmarks (model, benchmark, score, items, harness, shots) values ${scores.join(", ")}`;
  test("has one score per harness and number of shots, which are never mixed", async () => {
    await withCalls(calls, async (store) => {
      await run(store.connection, insert);
      const all = await benchmarkTiers(store);
      assert.deepEqual(all.rows.map(({ benchmark }) => benchmark).sort(), [
        "gsm8k",
        "mmlu (helm)",
        "mmlu (lm-eval, 5-shot)",
      ]);
      const { rows } = await agreement(store, { benchmark: "mmlu", metric: "duration_p50" });
      assert.deepEqual(
        rows.map(({ benchmark, kendall }) => [benchmark, (kendall as { value: number }).value]),
        [
          ["mmlu (helm)", -1],
          ["mmlu (lm-eval, 5-shot)", 1],
        ],
      );
    });
  });
  test("is asked for by its harness too where one is wanted", async () => {
    await withCalls([], async (store) => {
      await run(store.connection, insert);
      await assert.rejects(
        tiersOfBenchmark(store, { benchmark: "mmlu" }),
        /requires one benchmark, got "mmlu", whose scores come from 2 sources, harnesses or numbers of shots; name one of "mmlu \(helm\)", "mmlu \(lm-eval, 5-shot\)"/,
      );
      const one = await tiersOfBenchmark(store, { benchmark: "MMLU (lm-eval, 5-shot)" });
      assert.equal(one.rows[0].model, "e");
    });
  });
});
