import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choose } from "../../../src/decide/choose/choose";
import { compare } from "../../../src/decide/compare/compare";
import { namedMetrics } from "../../../src/measures/metrics";
import { countsTokens, ownTokens } from "../../../src/measures/mix/ownTokens";
import { reached } from "../../../src/stats/claim";
import type { Estimate } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";
import { near } from "../../same";
import { type Call, sharedPrompts, withCalls } from "../calls";

const speed = "output_tokens_per_second_p50";

/** Two models as fast as each other in words; b counts `finer` times the tokens, and is `faster` times as fast. */
const calls = ({ finer = 1.3, faster = 1 } = {}): Call[] => {
  const r = random(3);
  return Array.from({ length: 1200 }, (_, at): Call => {
    const b = at % 2 === 1;
    const words = 100 * Math.exp(0.3 * r.normal());
    return {
      call_id: `c${at}`,
      model: b ? "b" : "a",
      workload: "work",
      status: "ok",
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 3e5).toISOString().slice(0, 19),
      input_tokens: 500,
      output_tokens: Math.round(words * (b ? finer : 1)),
      duration: (words / 50 / (b ? faster : 1)) * Math.exp(0.2 * r.normal()),
    };
  });
};

const compared = (log: Call[]) =>
  withCalls(log, async (store) => {
    const { rows } = await compare(store, {
      a: "model = 'a'",
      b: "model = 'b'",
      metrics: `${speed},output_tokens`,
    });
    return rows.map(({ verdict }) => verdict);
  });
const chosen = (log: Call[]) =>
  withCalls(log, (store) => {
    const criteria = [{ metric: speed, weight: 1, good: 200, bad: 10 }];
    return choose(store, { profile: { name: "fast", criteria }, draws: 1000 });
  });

describe("numbers that count tokens", () => {
  test("make no claim between models that count each in their own way", async () => {
    assert.deepEqual(await compared(calls()), ["cannot tell", "cannot tell"]);
    const { best, verdict } = await chosen(calls());
    assert.equal(best, null);
    assert.match(verdict, /in tokens, which each model counts in its own way/);
  });

  test("still tell a difference that no way of counting explains", async () => {
    assert.deepEqual(await compared(calls({ faster: 2.5 })), ["faster", "cannot tell"]);
    assert.equal((await chosen(calls({ faster: 2.5 }))).best, "b");
  });

  test("compare where shared prompts show that models count alike, and not where they show that they do not", async () => {
    const alike = [...calls({ finer: 1 }), ...sharedPrompts({ a: 1, b: 1 })];
    assert.deepEqual(await compared(calls({ finer: 1, faster: 1.25 })), ["cannot tell", "cannot tell"]);
    const faster = [...calls({ finer: 1, faster: 1.25 }), ...alike.slice(1200)];
    assert.deepEqual(await compared(faster), ["faster", "cannot tell"]);
    const finer = [...calls(), ...sharedPrompts({ a: 1, b: 1.3 })];
    assert.deepEqual(await compared(finer), ["cannot tell", "cannot tell"]);
  });

  test("are the metrics per token and of tokens, and no others", () => {
    const named = namedMetrics().flatMap(({ name }) => (name.includes("token") ? [name] : []));
    for (const name of named) assert.equal(countsTokens(name), !name.startsWith("time_to_first"), name);
  });

  test("carry a decision by an end that holds at 1.35 times the tokens, or at one 1.35th", () => {
    const rate: Estimate = {
      value: 60,
      low: 54,
      high: 66,
      level: 0.95,
      method: "t",
      n: 9,
      clusters: 9,
      clusterBy: "",
    };
    const [low, high] = ownTokens(rate);
    near(reached(rate, "low", low as typeof high), 40, "one 1.35th of 54");
    near(reached(rate, "high", high as typeof low), 89.1, "1.35 times 66");
    // b is 20 more than a, which is at 40: at one 1.35th of b's tokens 15 of its lower end of 14 are gone.
    const more = { ...rate, value: 20, low: 14, high: 26 };
    near(reached(more, "low", ownTokens(more, 40)[0] as typeof low), 0, "54 / 1.35 - 40");
  });
});
