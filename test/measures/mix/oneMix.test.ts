import assert from "node:assert/strict";
import { test } from "node:test";
import { oneMix } from "../../../src/measures/mix/oneMix";
import { random } from "../../../src/stats/random";
import { type Call, withCalls } from "../calls";

/** Two models with the same prices; birch gets long inputs, which cost more, three times as often. */
function uneven(count: number): Call[] {
  const r = random(11);
  return Array.from({ length: count }, (_, at): Call => {
    const model = at % 2 === 0 ? "alder" : "birch";
    const long = r.uniform() < (model === "birch" ? 0.75 : 0.25);
    return {
      model,
      workload: "chat",
      input_tokens: long ? 9000 + (at % 7) : 500 + (at % 7),
      cost: (long ? 6 : 1) * Math.exp(0.2 * r.normal()),
      status: "ok",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e4).toISOString().slice(0, 19),
    };
  });
}

test("a mean moves to the mix of all calls together, where models of one price are alike", () =>
  withCalls(uneven(2000), async (store) => {
    const mix = await oneMix(store, ["cost_per_call"], { by: "workload,model" });
    assert.equal(mix.uneven, true);
    assert.ok(mix.balance.some(({ apart }) => Math.abs(apart) > 0.3));
    const raw = { alder: 2.25, birch: 4.75 };
    const at = (model: "alder" | "birch") =>
      mix.move({ workload: "chat", model }, "cost_per_call", {
        value: raw[model],
        low: raw[model] - 0.1,
        high: raw[model] + 0.1,
        level: 0.95,
        method: "t",
        n: 1000,
        clusters: 1000,
        clusterBy: "call_id",
      }).value;
    assert.ok(Math.abs(at("alder") / at("birch") - 1) < 0.1, `${at("alder")} and ${at("birch")}`);
  }));

test("an effective context, which is measured length by length, holds at any mix", () =>
  withCalls(uneven(400), async (store) => {
    const mix = await oneMix(store, ["effective_context"], { by: "workload,model" });
    assert.equal(mix.tells("effective_context"), true);
    assert.equal(mix.tells("effective_context:0.7"), true);
  }));
