import assert from "node:assert/strict";
import { test } from "node:test";
import { everything } from "../../../src/facts/request";
import { groupsOf, select } from "../../../src/facts/select";
import { beyondChance, gapsOf } from "../../../src/measures/mix/imbalance";
import { prepareMix } from "../../../src/measures/mix/mixTables";
import { oneMix } from "../../../src/measures/mix/oneMix";
import { requestOf } from "../../../src/measures/options";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, sharedPrompts, withCalls } from "../calls";

const countAlike = sharedPrompts({ alder: 1, birch: 1 });

/** Two models with the same prices, that count tokens alike; birch gets long inputs, which cost more, three times as often. */
function uneven(count: number): Call[] {
  const r = random(11);
  const calls = Array.from({ length: count }, (_, at): Call => {
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
  return [...calls.map((call, at): Call => ({ call_id: `c${at}`, ...call })), ...countAlike];
}

test("a mean moves to the mix of all calls together, where models of one price are alike", () =>
  withCalls(uneven(2000), async (store) => {
    const mix = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "workload,model" }));
    assert.deepEqual([mix.uneven, mix.byChance], [true, false]);
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

thorough("prompt versions that tell candidates apart are no work that these were given", () =>
  withCalls(
    uneven(2000).map((call, at): Call => ({ ...call, prompt_version: at % 4 < 2 ? "v1" : "v2" })),
    async (store) => {
      const own = await oneMix(
        store,
        ["cost_per_call"],
        requestOf("oneMix", { by: "model", candidate: "prompt_version,model" }),
      );
      assert.equal(own.of, "workload, input length of the first turn and working hours");
      assert.ok(own.balance.every(({ what }) => what !== "prompt version"));
      const models = await oneMix(store, ["cost_per_call"], requestOf("oneMix", { by: "workload,model" }));
      assert.equal(models.of, "prompt version, input length of the first turn and working hours");
    },
  ),
);

test("an effective context, which is measured length by length, holds at any mix", () =>
  withCalls(uneven(400), async (store) => {
    const mix = await oneMix(store, ["effective_context"], requestOf("oneMix", { by: "workload,model" }));
    assert.equal(mix.tells("effective_context"), true);
    assert.equal(mix.tells("effective_context:0.7"), true);
  }));

/** Users of two models, each with a length, a workload and a favourite of its own, drawn by lot. */
function byLot(seed: number, { users = 40, longer = 1, loyal = 0.85 } = {}): Call[] {
  const r = random(seed);
  const calls = Array.from({ length: users }, (_, user) => {
    const [length, workload, favourite] = [
      Math.exp(r.normal()),
      r.uniform() < 0.4 ? "chat" : "code",
      r.integer(2),
    ];
    return Array.from({ length: 3 + r.integer(25) }, (): Call => {
      const model = r.uniform() < loyal ? favourite : r.integer(2);
      return {
        model: ["alder", "birch"][model],
        workload,
        user_id: `u${user}`,
        input_tokens: Math.round(500 * length * (model === 0 ? longer : 1) * Math.exp(0.3 * r.normal())),
        cost: 1,
        status: "ok",
        started_at: new Date(Date.UTC(2026, 2, 2) + r.integer(7 * 86_400) * 1000).toISOString().slice(0, 19),
      };
    });
  }).flat();
  return calls.map((call, at): Call => ({ call_id: `c${at}`, ...call }));
}

thorough(
  "work that users brought to models by lot is not called different work, and twice the length is",
  async () => {
    const isUneven = (seed: number, work: { longer?: number; loyal?: number } = {}) =>
      withCalls([...byLot(seed, work), ...countAlike], async (store) => {
        const { uneven, byChance } = await oneMix(
          store,
          ["cost_per_call"],
          requestOf("oneMix", { by: "model" }),
        );
        return uneven && !byChance;
      });
    let by = 0;
    for (let seed = 1; seed <= 6; seed++) if (await isUneven(seed)) by++;
    assert.ok(by <= 2, `${by} of 6`);
    assert.equal(await isUneven(9, { longer: 2, loyal: 0 }), true);
  },
);

test("how far a group is from all has the variance of its users' pulls", () =>
  withCalls([...byLot(21), ...countAlike], async (store) => {
    const calls = byLot(21);
    const selection = await select(store, everything, {
      by: "model",
      cluster: "user_id",
      population: "judged",
    });
    try {
      await run(
        selection.connection,
        "create or replace temp view sided as select *, case when production then true end as second from selected",
      );
      const groups = await groupsOf(selection);
      await prepareMix(selection, {
        weigh: async () => [],
        returning: async () => false,
        wholeOf: new Map(groups.map(({ g }) => [g, "all"])),
        together: true,
        candidates: false,
        freely: false,
      });
      const gaps = await gapsOf(selection.connection);
      const own = calls.filter(({ model }) => model === "alder");
      const share = (some: Call[], is: (call: Call) => number) =>
        some.reduce((sum, one) => sum + is(one), 0) / some.length;
      for (const [what, value, is] of [
        ["workload", "chat", (call: Call) => (call.workload === "chat" ? 1 : 0)],
        ["length", "", (call: Call) => call.input_tokens as number],
      ] as const) {
        const [p, q] = [share(own, is), share(calls, is)];
        const pulls = new Map<string, number>();
        for (const call of calls) {
          const user = call.user_id as string;
          const pull =
            (call.model === "alder" ? (is(call) - p) / own.length : 0) - (is(call) - q) / calls.length;
          pulls.set(user, (pulls.get(user) ?? 0) + pull);
        }
        const variance = [...pulls.values()].reduce((sum, pull) => sum + pull * pull, 0);
        const found = gaps.filter((one) => one.what === what && one.value === value);
        assert.equal(found.length, 2);
        const one = found.find(({ gap }) => Math.sign(gap) === Math.sign(p - q)) as (typeof found)[number];
        near(one.gap, p - q, `${what} gap`, 1e-9);
        near(one.variance, variance, `${what} variance`, 1e-6);
      }
      assert.equal(beyondChance([], ["workload"]), false);
    } finally {
      selection.close();
    }
  }));
