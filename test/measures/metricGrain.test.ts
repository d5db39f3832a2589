import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check } from "../../src/decide/check/check";
import { compare } from "../../src/decide/compare/compare";
import { cost } from "../../src/measures/cost/cost";
import { latency } from "../../src/measures/latency/latency";
import { atGrain, ofConversations } from "../../src/measures/metricGrain";
import { metricTable } from "../../src/measures/metricTable";
import { quality } from "../../src/measures/quality/quality";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { near } from "../same";
import { putInto } from "./agree/hostile";
import { type Call, withCalls } from "./calls";

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2) + 60_000 * minutes).toISOString().slice(0, 19);
const models = ["alder", "birch"];

/** 160 conversations of 40 users over 16 days, one task of one call each; alder costs more and fails less. */
const single: Call[] = Array.from({ length: 160 }, (_, i) => ({
  ...{ call_id: `c${i}`, task_id: `t${i}`, conversation_id: `s${i}`, user_id: `u${i % 40}` },
  ...{
    model: models[i % 2],
    status: i % 9 === 0 ? "error" : "ok",
    started_at: at(140 * i),
    duration: 1 + (i % 7),
  },
  ...{ cost: i % 2 === 0 ? 4 + (i % 5) : 1 + (i % 3) },
}));
const told = single.map(({ task_id }, i) => ({
  task_id,
  resolved: i % 2 === 0 ? i % 20 > 0 : i % 3 > 0,
  ingest_id: 1,
}));
const withSingle = (work: (store: Store) => Promise<void>) =>
  withCalls(single, async (store) => {
    await putInto(store, "tasks", told);
    await work(store);
  });
const alike = (one: Estimate, other: Estimate, what: string) => {
  for (const end of ["value", "low", "high", "n", "clusters"] as const)
    near(one[end], other[end], `${what} ${end}`);
};
const sides = { a: "model = 'alder'", b: "model = 'birch'" };
const named = ["resolve_rate", "cost_per_task", "cost_per_resolved", "error_rate"];

describe("where every conversation is one task, conversations have the numbers of tasks", () => {
  test("in a table of metrics, and in a check of them", () =>
    withSingle(async (store) => {
      const [tasks, talks] = [named, named.map(ofConversations)];
      const [ofTasks] = (await metricTable(store, { metrics: tasks, by: "model" })).rows;
      const [ofTalks] = (await metricTable(store, { metrics: talks, by: "model" })).rows;
      for (const [i, name] of tasks.entries())
        if (name !== "error_rate") alike(ofTalks[talks[i]] as Estimate, ofTasks[name] as Estimate, name);
      near((ofTalks.conversation_error_rate as Estimate).value, (ofTasks.error_rate as Estimate).value);
      const limits = { name: "l", by: "model", limits: [{ metric: "resolve_rate", at_least: 0.8 }] };
      const [one, other] = [
        await check(store, { limits }),
        await check(store, { limits, grain: "conversation" }),
      ];
      for (const [i, row] of one.rows.entries()) {
        alike(other.rows[i].value, row.value, "check");
        assert.deepEqual([other.rows[i].verdict, other.rows[i].why], [row.verdict, row.why]);
      }
    }));
});

describe("a declared rule of what is resolved", () => {
  const limits = { name: "l", limits: [{ metric: "resolve_rate", at_least: 0.7 }] };

  test("replaces what the log says in every decision, whose claims say that it is declared", () =>
    withSingle(async (store) => {
      // 18 of 160 calls are errors, and the log tells of more that was not resolved.
      const ruled = { grain: "conversation", outcomeRule: "left-after-failure" } as const;
      await run(store.connection, "delete from tasks");
      await run(
        store.connection,
        "insert into tasks (conversation_id, resolved) select conversation_id, false from calls",
      );
      const checked = await check(store, { limits, ...ruled });
      near(checked.rows[0].value.value, 142 / 160);
      assert.deepEqual(checked.rows[0].claim.declared, ["outcome-rule"]);
      assert.match(checked.notes.join(" "), /Declared, not checked: outcome-rule/);
      const { rows, notes } = await cost(store, { ...ruled, by: [] });
      assert.equal(rows[0].resolved, 142);
      assert.match(notes.join(" "), /Declared: a conversation is resolved if its last answer did not fail/);
      assert.equal(
        notes.some((note) => note.startsWith("A conversation is resolved if the log says so")),
        false,
      );
      await run(store.connection, "update calls set finish_reason = 'tool_calls' where cost > 6");
      const left = await cost(store, { grain: "conversation", outcomeRule: "left-midway", by: [] });
      assert.equal(left.rows[0].resolved, single.filter(({ cost: usd }) => Number(usd) <= 6).length);
    }));

  test("is corrected by people's labels of a sample, as a judge is", () =>
    withSingle(async (store) => {
      // Of every tenth conversation people say that it was not resolved, though nothing failed at its end.
      const labels = single.flatMap(({ conversation_id, status }, i) =>
        i % 2 === 0 ? [{ subject_id: conversation_id, value: status === "ok" && i % 10 > 0 ? 1 : 0 }] : [],
      );
      await run(store.connection, "delete from tasks");
      const human = { subject: "conversation", rater: "human", name: "resolved" };
      await putInto(
        store,
        "scores",
        labels.map((label) => ({ ...human, ...label })),
      );
      const ruled = { grain: "conversation", outcomeRule: "left-after-failure" } as const;
      const [row] = (await quality(store, { score: "resolved", by: [], ...ruled })).rows;
      assert.deepEqual([row.rater, row.n], ["judge", 160]);
      near(row.mean.value, 142 / 160);
      assert.ok(row.corrected !== undefined && row.corrected.value < row.mean.value - 0.05);
      const byLabels = { name: "l", limits: [{ metric: "score:resolved", at_least: 0.7 }] };
      const [held] = (await check(store, { limits: byLabels, ...ruled })).rows;
      near(held.value.value, row.corrected.value, "checked is what is corrected", 1e-6);
    }));

  test("is refused where no metric is of conversations, and one that nobody knows", async () =>
    withSingle(async (store) => {
      await assert.rejects(
        check(store, { limits, outcomeRule: "came-back" }),
        /check requires grain "conversation", or a metric of conversations, with outcomeRule, got resolve_rate/,
      );
      await assert.rejects(
        check(store, { limits, grain: "conversation", outcomeRule: "liked" }),
        /requires outcomeRule to be logged, left-after-failure/,
      );
      const ruled = { outcomeRule: "came-back" };
      await assert.rejects(
        cost(store, ruled),
        /cost requires grain "conversation" with outcomeRule "came-back"/,
      );
      await assert.rejects(
        latency(store, { credit: "all" }),
        /latency requires grain "conversation" with credit "all"/,
      );
      const asked = { score: "faithful", grain: "conversation", ...ruled } as const;
      await assert.rejects(quality(store, asked), /quality requires score "resolved" with outcomeRule/);
    }));
});

describe("a conversation over several models", () => {
  /** 30 conversations that alder begins and birch ends. */
  const mixed: Call[] = Array.from({ length: 60 }, (_, i) => ({
    ...{ call_id: `c${i}`, task_id: `t${i}`, conversation_id: `s${i >> 1}`, user_id: `u${i >> 1}` },
    ...{ model: models[i % 2], status: "ok", started_at: at(i), cost: i % 2 === 0 ? 3 : 1 },
  }));

  test("has its money where it was spent, and its outcome for the first, the last or all that answered", () =>
    withCalls(mixed, async (store) => {
      const ended = Array.from({ length: 30 }, (_, i) => ({
        conversation_id: `s${i}`,
        resolved: i > 9,
        ingest_id: 1,
      }));
      await putInto(store, "tasks", ended);
      for (const [credit, resolved] of [
        ["first", [20, 0]],
        ["last", [0, 20]],
        ["all", [20, 20]],
      ] as const) {
        const { rows, notes } = await cost(store, { grain: "conversation", by: "model", credit });
        assert.deepEqual(
          rows.map((row) => row.resolved),
          resolved,
        );
        assert.deepEqual(
          rows.map((row) => row.total_cost),
          [90, 30],
        );
        assert.match(
          String(rows[0].cost_per_conversation.note),
          /30 of 30 conversations have calls outside the row/,
        );
        assert.match(notes.join(" "), /30 of 30 conversations \(100 %\) have calls in several rows/);
      }
    }));

  test("counts what people say of the whole for the model that its outcome is credited to", () =>
    withCalls(mixed, async (store) => {
      const scores = Array.from({ length: 30 }, (_, i) => ({
        ...{ subject: "conversation", subject_id: `s${i}`, rater: "user", name: "stars", value: 1 + (i % 5) },
      }));
      await putInto(store, "scores", scores);
      await run(
        store.connection,
        "update calls set model = 'birch' where conversation_id in ('s1', 's3', 's5', 's7', 's9', 's11', 's13', 's15', 's17', 's19', 's21', 's23')",
      );
      const [row] = (await compare(store, { ...sides, metrics: ["score:stars"], grain: "conversation" }))
        .rows;
      assert.deepEqual([row.metric, row.a.n, row.b.n], ["conversation_score:stars", 18, 12]);
    }));
});

test("metrics that only calls have stay those of calls, unless nobody named them", () => {
  const asked = { grain: "conversation" } as const;
  assert.deepEqual(
    atGrain("plan", ["duration_p95", "resolve_rate", "cost_per_call", "cost_per_task"], asked),
    [...["duration_p95", "conversation_resolve_rate", "cost_per_conversation"]],
  );
  assert.deepEqual(atGrain("plan", ["duration_p95", "resolve_rate"], asked, { usual: true }), [
    "conversation_resolve_rate",
  ]);
});
