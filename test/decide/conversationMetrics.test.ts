import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check } from "../../src/decide/check/check";
import { choose } from "../../src/decide/choose/choose";
import { compare } from "../../src/decide/compare/compare";
import { plan } from "../../src/decide/plan/plan";
import { trend } from "../../src/measures/trend/trend";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { type Call, withCalls } from "../measures/calls";
import { near } from "../same";

const start = Date.UTC(2026, 2, 2);
const when = (hours: number) => new Date(start + hours * 3_600_000).toISOString().slice(0, 19);

/** Four weeks of 40 users, each day a conversation of one task with one of two models; birch is dearer and resolves more. */
const calls: Call[] = Array.from({ length: 1_120 }, (_, i): Call => {
  const [day, user] = [Math.floor(i / 40), i % 40];
  const model = (day + user) % 2 === 0 ? "alder" : "birch";
  const cost = (model === "alder" ? 1 : 2) * (1 + ((i * 7) % 5) / 10);
  return {
    ...{ call_id: `c${i}`, task_id: `t${i}`, conversation_id: `s${i}`, user_id: `u${user}`, model, cost },
    ...{ workload: "chat", status: "ok", duration: 2 + ((i * 13) % 11) / 5, input_tokens: 100 },
    started_at: when(24 * day + 8 + (user % 9)),
  };
});
const tell = (store: Store) =>
  run(
    store.connection,
    `insert into tasks (task_id, resolved)
     select task_id, hash(task_id) % 100 < case model when 'alder' then 60 else 85 end from calls`,
  );
const onLog = (work: (store: Store) => Promise<unknown>, log = calls) =>
  withCalls(log, async (store) => {
    await tell(store);
    await work(store);
  });
const pairs = { conversation_resolve_rate: "resolve_rate", cost_per_conversation: "cost_per_task" };
const assertAlike = (one: Estimate, other: Estimate, what: string) => {
  for (const end of ["value", "low", "high", "n"] as const) near(one[end], other[end], `${what} ${end}`);
};

describe("metrics of conversations, where every conversation is one task", () => {
  test("are compared as those of tasks are", () =>
    onLog(async (store) => {
      const metrics = Object.entries(pairs).flat();
      const sides = { a: "model = 'alder'", b: "model = 'birch'" };
      const { rows } = await compare(store, { ...sides, metrics });
      for (const [ofTalk, ofTask] of Object.entries(pairs)) {
        const [talk, task] = [ofTalk, ofTask].map((name) => rows.find(({ metric }) => metric === name));
        assert.ok(talk !== undefined && task !== undefined);
        for (const name of ["a", "b", "within"] as const)
          assertAlike(talk[name], task[name], `${ofTalk} ${name}`);
        assert.equal(talk.claim.status, task.claim.status);
      }
      // A rule that resolves every conversation leaves no difference, and what is claimed rests on it.
      const ruled = { grain: "conversation", outcomeRule: "left-midway" } as const;
      const asked = { ...sides, ...ruled, metrics: ["resolve_rate", "cost_per_resolved"] };
      const { rows: declared, assumptions } = await compare(store, asked);
      assert.deepEqual(
        declared.map(({ metric, verdict, claim }) => [metric, verdict, claim.declared]),
        [
          ["conversation_resolve_rate", "cannot tell", undefined],
          ["cost_per_resolved_conversation", "dearer", ["outcome-rule"]],
        ],
      );
      assert.ok(assumptions.some(({ id, state }) => id === "outcome-rule" && state === "declared"));
    }));

  test("choose a model, follow a course, hold to limits and size a study as those of tasks do", () =>
    onLog(async (store) => {
      const grains = ["conversation", "task"] as const;
      const [name, ofTask] = [Object.keys(pairs), Object.values(pairs)];
      const criteria = [
        { metric: ofTask[0], weight: 0.6, good: 1, bad: 0 },
        { metric: ofTask[1], weight: 0.4, good: 0, bad: 4 },
      ];
      const chosen = (grain: (typeof grains)[number]) =>
        choose(store, { profile: { name: "mine", grain, criteria } });
      const [{ rows: talks, criteria: of }, { rows: tasks }] = await Promise.all(grains.map(chosen));
      assert.deepEqual(
        of.map(({ metric }) => metric),
        name,
      );
      assert.deepEqual(
        talks.map(({ model }) => model),
        tasks.map(({ model }) => model),
      );
      talks.forEach((row, place) => {
        assertAlike(row.utility, tasks[place].utility, "utility");
      });
      const course = async (grain: (typeof grains)[number]) =>
        (await trend(store, { metric: "resolve_rate", by: "model", grain })).rows;
      const courses = await course("task");
      (await course("conversation")).forEach(({ latest }, place) => {
        near(latest.value, courses[place].latest.value, "latest");
      });
      const gate = { name: "gate", limits: [{ metric: "resolve_rate", at_least: 0.5 }] };
      const held = async (grain: (typeof grains)[number]) =>
        (await check(store, { limits: gate, grain })).rows;
      const limits = await held("task");
      (await held("conversation")).forEach(({ metric, why, verdict }, place) => {
        assert.equal(metric, "conversation_resolve_rate");
        assert.deepEqual([verdict, why], [limits[place].verdict, limits[place].why]);
      });
      const sized = (grain: (typeof grains)[number]) => plan(store, { metrics: ["resolve_rate"], grain });
      const [{ rows: study }, { rows: usual }] = await Promise.all(grains.map(sized));
      assert.deepEqual([study[0].metric, study[0].takes], ["conversation_resolve_rate", usual[0].takes]);
      assert.ok(study[0].n > 0);
    }));
});

describe("two sides that share conversations", () => {
  test("have each what was spent on it", () => {
    // Each of these conversations has a second task, with the other model.
    const both = calls.flatMap((call): Call[] => [
      call,
      {
        ...call,
        ...{ call_id: `${call.call_id}b`, task_id: `${call.task_id}b` },
        ...{ model: call.model === "alder" ? "birch" : "alder", cost: 5 },
        started_at: String(call.started_at).replace(":00:00", ":10:00"),
      },
    ]);
    return onLog(async (store) => {
      const metrics = "cost_per_conversation";
      const { rows } = await compare(store, { a: "model = 'alder'", b: "model = 'birch'", metrics });
      const [{ a, b, within, mix }] = rows;
      const mean = (model: string) => {
        const own = both.filter((call) => call.model === model);
        return own.reduce((sum, { cost }) => sum + Number(cost), 0) / own.length;
      };
      near(a.value, mean("alder"));
      near(b.value, mean("birch"));
      near(within.value + mix.value, b.value - a.value, "within and mix");
      assert.match(String(a.note), /1,?120 of 1,?120 conversations have calls outside the row/);
    }, both);
  });
});
