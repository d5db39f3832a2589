import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { metricTable } from "../../../src/measures/metricTable";
import { promptPairs } from "../../../src/measures/mix/promptPairs";
import { requestOf } from "../../../src/measures/options";
import { random } from "../../../src/stats/random";
import { type Call, withCalls } from "../calls";

/** Two models on the same 40 prompts, which cost from a thousandth to a hundred times that; the second a fifth more. */
function onPrompts(id: (model: number, prompt: number) => string): Call[] {
  const r = random(3);
  const sizes = Array.from({ length: 40 }, () => 0.001 * Math.exp(1.2 * r.normal()));
  return sizes.flatMap((size, prompt) =>
    [1, 1.2].map((times, model): Call => {
      const cost = size * times * Math.exp(0.05 * r.normal());
      return { model: `m${model}`, prompt_id: id(model, prompt), cost, duration: 1000 * cost, status: "ok" };
    }),
  );
}

const metrics = ["cost_per_call", "duration_p50"];

/** The pair of the two models by each metric. */
const pairsOf = (calls: readonly Call[]) =>
  withCalls(calls, async (store) => {
    const request = requestOf("report", { by: ["model"] });
    const table = await metricTable(store, { ...request, metrics });
    const pairs = await promptPairs(store, table, request);
    const [first, second] = table.rows;
    return { first, pairs: metrics.map((name) => first && second && pairs?.(name, second, first)) };
  });

describe("models on the same prompts", () => {
  test("are told apart by differences that their intervals hide", async () => {
    const { first, pairs } = await pairsOf(onPrompts((_, prompt) => `p${prompt}`));
    const [cost, wait] = pairs;
    const own = first?.cost_per_call as { value: number; high: number };
    assert.ok(cost !== undefined && wait !== undefined);
    assert.equal(cost.prompts, 40);
    // The interval of one model reaches further than the other is away.
    assert.ok(own.high > own.value + cost.difference.value);
    assert.ok(cost.difference.low > 0 && cost.p < 0.01, String(cost.p));
    assert.ok(wait.difference.low > -own.value * 1000 && wait.p < 1);
  });

  test("are not paired where their prompts differ, nor where a prompt was asked by several users", async () => {
    const { pairs } = await pairsOf(onPrompts((model, prompt) => `${model} ${prompt}`));
    assert.deepEqual(pairs, [undefined, undefined]);
    const calls = onPrompts((_, prompt) => `p${prompt}`).map((call, at) => ({
      ...call,
      user_id: `u${at % 30}`,
    }));
    assert.deepEqual((await pairsOf(calls)).pairs, [undefined, undefined]);
  });
});
