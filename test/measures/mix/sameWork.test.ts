import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choose } from "../../../src/decide/choose/choose";
import { compare } from "../../../src/decide/compare/compare";
import { oneMix } from "../../../src/measures/mix/oneMix";
import { requestOf } from "../../../src/measures/options";
import type { Estimate } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, sharedPrompts, withCalls } from "../calls";

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2) + minute * 6e4).toISOString().slice(0, 19);

/** Models that were each asked the same 55 prompts; "m1" counts tokens most coarsely, "m9" twice as finely. */
const benchmark = (times: (model: number, prompt: number) => number = () => 1): Call[] =>
  Array.from({ length: 9 }, (_, model) =>
    Array.from({ length: 55 }, (_, prompt) =>
      Array.from({ length: times(model, prompt) }, (_, run): Call => {
        const length = 200 * Math.exp(prompt / 15);
        return {
          call_id: `${model}-${prompt}-${run}`,
          model: `m${model + 1}`,
          prompt_id: `p${prompt}`,
          input_tokens: Math.round(length * (1 + model / 8)),
          cost: (0.001 + model / 9e3) * (prompt % 5 === 0 ? 8 : 1) * (1 + (prompt % 7) / 10),
          status: "ok",
          started_at: at(model * 60 + prompt),
        };
      }),
    ).flat(),
  ).flat();

/** Calls of two equal models on long and short work; the tokens of b are 1.2 times those of a. */
const twoModels = (
  seed: number,
  { longOfB = 0.5, workload = false, finer = 1.2, effect = 1 } = {},
): Call[] => {
  const r = random(seed);
  return Array.from({ length: 2000 }, (_, call): Call => {
    const model = call % 2 === 0 ? "a" : "b";
    const long = r.uniform() < (model === "b" ? longOfB : 0.5);
    const length = (long ? 6000 : 800) * Math.exp(0.4 * r.normal());
    return {
      call_id: `c${call}`,
      model,
      workload: workload ? (long ? "documents" : "chat") : "work",
      input_tokens: Math.round(length * (model === "b" ? finer : 1)),
      cost: 1e-3 * (length / 1000) ** effect * Math.exp(0.2 * r.normal()),
      duration: (length / 1000) ** effect * Math.exp(0.3 * r.normal()),
      status: "ok",
      started_at: at(call * 5),
    };
  });
};

const estimate = (value: number): Estimate => ({
  ...{ value, low: 0.9 * value, high: 1.1 * value, level: 0.95, method: "t", n: 55, clusters: 55 },
  clusterBy: "call_id",
});
/** Mean cost of the calls of a model. */
const meanCost = (calls: Call[], model: string) => {
  const own = calls.filter((call) => call.model === model && call.environment === undefined);
  return own.reduce((sum, { cost }) => sum + Number(cost), 0) / own.length;
};

describe("models that were asked the same prompts", () => {
  test("keep their numbers, however finely each counts tokens", () =>
    withCalls(benchmark(), async (store) => {
      const mix = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "model" }));
      assert.deepEqual([mix.uneven, mix.of], [false, "prompt"]);
      for (const [model, value] of [
        ["m1", 1.327],
        ["m9", 0.345],
      ] as const)
        assert.equal(mix.move({ model }, "cost_per_call", estimate(value)).value, value);
    }));

  test("are compared prompt by prompt: the ratio is as measured, and what a prompt does to both is no noise", () =>
    withCalls(benchmark(), async (store) => {
      const sides = { a: "model = 'm1'", b: "model = 'm9'", metrics: "cost_per_call" };
      const found = await compare(store, sides);
      const [row] = found.rows;
      near(row.ratio.value, 17 / 9, "ratio", 1e-9);
      near(row.within_ratio.value, 17 / 9, "at the same mix", 1e-9);
      assert.equal(row.mix.value, 0);
      assert.match(row.within.clusterBy, /^prompt_id/);
      assert.equal(row.verdict, "dearer");
      assert.ok(found.notes.some((note) => note.startsWith("The mix is compared by prompt,")));
      assert.deepEqual(
        found.balance.map(({ what, apart }) => [what, apart]),
        [["prompt", 0]],
      );
    }));

  test("count each prompt as often as all had it, where one was asked some more often than others", () => {
    const calls = benchmark((model, prompt) => (model === 0 && prompt % 5 === 0 ? 12 : 1));
    return withCalls(calls, async (store) => {
      const mix = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "model" }));
      assert.deepEqual([mix.uneven, mix.byChance], [true, false]);
      const own = meanCost(calls, "m1");
      const there = mix.move({ model: "m1" }, "cost_per_call", estimate(own)).value;
      const other = mix.move({ model: "m9" }, "cost_per_call", estimate(meanCost(calls, "m9"))).value;
      near(other / there, 17 / 9, "m9 over m1", 1e-9);
      assert.ok(own > 1.5 * meanCost(benchmark(), "m1"));
      const [row] = (await compare(store, { a: "model = 'm1'", b: "model = 'm9'", metrics: "cost_per_call" }))
        .rows;
      near(row.within_ratio.value, 17 / 9, "within", 1e-9);
      assert.ok(row.ratio.value < 1.2);
    });
  });

  test("stay apart if one was asked too few of them, and the rest keep their numbers", () =>
    withCalls(
      benchmark((model, prompt) => (model === 8 && prompt > 25 ? 0 : 1)),
      async (store) => {
        const mix = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "model" }));
        assert.deepEqual(
          mix.apart.map(({ by }) => by.model),
          ["m9"],
        );
        assert.ok(Math.abs(mix.apart[0].covered - 234 / 466) < 1e-9);
      },
    ));
});

describe("tokens of different models", () => {
  test("are not compared where nothing tells how each counts: length is left out, and a note says so", () =>
    withCalls(twoModels(1), async (store) => {
      const mix = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "model" }));
      assert.equal(mix.of, "workload, prompt version and working hours");
      assert.match(mix.notes.join(" "), /^Input length is left out of the mix: each model counts tokens/);
      const { notes, balance } = await compare(store, { a: "model = 'a'", b: "model = 'b'" });
      assert.ok(notes.some((note) => note.startsWith("Input length is left out of the mix")));
      assert.ok(balance.every(({ what }) => !what.startsWith("input length")));
    }));

  test("still leave the workload to be held fixed, where one model got the long work", () => {
    const calls = twoModels(2, { longOfB: 0.8, workload: true });
    return withCalls(calls, async (store) => {
      const mix = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "model" }));
      assert.deepEqual([mix.uneven, mix.byChance], [true, false]);
      const moved = ["a", "b"].map(
        (model) => mix.move({ model }, "cost_per_call", estimate(meanCost(calls, model))).value,
      );
      assert.ok(meanCost(calls, "b") > 1.3 * meanCost(calls, "a"));
      assert.ok(Math.abs(moved[1] / moved[0] - 1) < 0.08, `${moved}`);
    });
  });

  test("are divided by how finely each counts once shared prompts show it", () => {
    const calls = [...twoModels(3, { longOfB: 0.8 }), ...sharedPrompts({ a: 1, b: 1.2 })];
    return withCalls(calls, async (store) => {
      const mix = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "model" }));
      assert.equal(mix.of, "workload, prompt version, input length of the first turn and working hours");
      assert.match(mix.notes.join(" "), /how finely it counts: b by 1\.20, from 8 or more prompts/);
      const moved = ["a", "b"].map(
        (model) => mix.move({ model }, "cost_per_call", estimate(meanCost(calls, model))).value,
      );
      assert.ok(Math.abs(moved[1] / moved[0] - 1) < 0.05, `${moved}`);
    });
  });

  test("are not divided by what four prompts, or prompts with other inputs each time, show", async () => {
    const shared = sharedPrompts({ a: 1, b: 1.2 });
    for (const some of [
      shared.filter(({ prompt_id }) => String(prompt_id) < "shared 4"),
      shared.map(
        (call, place): Call => ({
          ...call,
          input_tokens: Number(call.input_tokens) * (1 + (place % 3)),
        }),
      ),
    ])
      await withCalls([...twoModels(4), ...some], async (store) => {
        const mix = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "model" }));
        assert.equal(mix.of, "workload, prompt version and working hours");
      });
  });

  test("compare where a model is compared with itself, before and after a switch", () => {
    const calls = twoModels(5, { longOfB: 0.8, finer: 1 }).map(
      (call, place): Call => ({
        ...call,
        model: "m",
        started_at: at((call.model === "a" ? 0 : 20_160) + (place >> 1) * 20),
      }),
    );
    return withCalls(calls, async (store) => {
      const found = await compare(store, { switch: "2026-03-16", metrics: "cost_per_call" });
      const [row] = found.rows;
      assert.ok(row.ratio.value > 1.3, `${row.ratio.value}`);
      assert.ok(Math.abs(row.within_ratio.value - 1) < 0.06, `${row.within_ratio.value}`);
      assert.ok(found.balance.some(({ what }) => what.startsWith("input length")));
    });
  });

  thorough("make two equal models differ in at most 5 % of logs", async () => {
    let claims = 0;
    for (let log = 0; log < 20; log++)
      await withCalls(twoModels(100 + log), async (store) => {
        const sides = { a: "model = 'a'", b: "model = 'b'", metrics: "cost_per_call,duration_p50" };
        const { rows } = await compare(store, sides);
        if (rows.some(({ verdict }) => /faster|slower|dearer|cheaper/.test(verdict))) claims++;
      });
    assert.ok(claims <= 3, `${claims} of 20`);
  });
});

test("a change that is the other way as measured is no claim, and both numbers are given", () => {
  const calls = twoModels(6, { longOfB: 0.1, workload: true }).map(
    (call): Call => ({
      ...call,
      cost: Number(call.cost) * (call.model === "b" ? 1.3 : 1),
    }),
  );
  return withCalls(calls, async (store) => {
    const { rows, verdict } = await compare(store, {
      ...{ a: "model = 'a'", b: "model = 'b'", metrics: "cost_per_call" },
    });
    assert.ok(rows[0].within.value > 0 && rows[0].difference.value < 0);
    assert.equal(rows[0].verdict, "dearer, but not as measured");
    assert.match(
      verdict,
      /^Not claimed, since it is the other way as measured: cost per call is 1\.\d+ times, .+, but 0\.\d+ times, .+ as measured\./,
    );
  });
});

test("a difference that goes if tokens are taken alike is not claimed", () =>
  withCalls(twoModels(9, { longOfB: 0.75, finer: 1 }), async (store) => {
    const sides = { a: "model = 'a'", b: "model = 'b'", metrics: "cost_per_call,duration_p50" };
    const { rows, notes } = await compare(store, sides);
    for (const { within_ratio, verdict } of rows) {
      assert.ok(within_ratio.low > 1, "length is left out, and the inputs of b are longer");
      assert.equal(verdict, "cannot tell");
    }
    assert.ok(notes.some((note) => note.includes("A difference that goes if tokens are taken alike is not")));
  }));

describe("a choice is open", () => {
  const cheap = { metric: "cost_per_call", weight: 1, good: 5e-4, bad: 8e-3 };
  const chosen = (calls: Call[]) =>
    withCalls(calls, (store) =>
      choose(store, { profile: { name: "cheap", criteria: [cheap] }, draws: 1000 }),
    );

  test("where the leader would not lead if models counted tokens alike, and the verdict says so", async () => {
    const { best, verdict } = await chosen(twoModels(7, { longOfB: 0.75, finer: 1 }));
    assert.equal(best, null);
    assert.match(
      verdict,
      /^a leads, but models count tokens each in their own way: .+: the choice is open\./,
    );
  });

  test("where the leader is not ahead as measured, with both chances", async () => {
    const calls = twoModels(8, { longOfB: 0.1, workload: true }).map(
      (call): Call => ({
        ...call,
        cost: Number(call.cost) * (call.model === "b" ? 1.3 : 1),
      }),
    );
    const { best, verdict } = await chosen(calls);
    assert.equal(best, null);
    assert.match(
      verdict,
      /^a leads, but only at one mix of work \(a chance of .+\), while as measured b is ahead \(.+ against .+\): the choice is open\./,
    );
  });
});
