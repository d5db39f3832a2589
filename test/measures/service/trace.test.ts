import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { traceFigure } from "../../../src/charts/traceFigure";
import { trace } from "../../../src/measures/service/trace";
import { bundleOf } from "../../../src/notebook/show";
import { tableText } from "../../../src/page/table";
import { barOf, traceRows } from "../../../src/page/traceText";
import { open, type Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { putInto } from "../agree/hostile";
import { withCalls } from "../calls";
import { putScores, putTasks } from "../scores";

const at = (second: number) => `2026-03-02 09:00:${String(second).padStart(2, "0")}`;
const own = { task_id: "t", conversation_id: "s", user_id: "u", workload: "chat" };

/** A task of 10 s: a failed attempt of 2 s, a tool for 3 s with a shorter one in parallel, and the answer for 4 s. */
const task = [
  {
    ...own,
    call_id: "first",
    model: "alder",
    started_at: at(0),
    duration: 2,
    status: "error",
    error_type: "overload",
  },
  {
    ...own,
    call_id: "second",
    model: "birch",
    fallback_from: "alder",
    attempt: 2,
    started_at: at(6),
    duration: 4,
    status: "ok",
    input_tokens: 100,
    output_tokens: 20,
    cost: 0.25,
  },
  { call_id: "alone", model: "alder", conversation_id: "s", started_at: at(30), duration: 1, status: "ok" },
];
const span = (
  span_id: string,
  parent_id: string | null,
  start: number,
  duration: number,
  call_id: string | null = null,
) => ({
  span_id,
  parent_id,
  task_id: "t",
  call_id,
  stage: span_id,
  started_at: at(start),
  duration,
  status: "ok",
});

function withTask<T>(work: (store: Store) => Promise<T>): Promise<T> {
  return withCalls(task, async (store) => {
    await putInto(store, "spans", [
      span("agent", null, 0, 10),
      span("tool", "agent", 2, 3),
      span("lookup", "agent", 2, 1),
      span("answer", "agent", 6, 4, "second"),
    ]);
    await putTasks(store, [{ task: "t", resolved: true }]);
    await putScores(store, [{ call: "second", name: "good", value: 1 }]);
    await putInto(store, "texts", [{ call_id: "second", prompt: "the question", output: "the answer" }]);
    return work(store);
  });
}

describe("trace", () => {
  test("names uses of tools, and calls that are no answers, in words and in the figure", async () => {
    const calls = [
      { ...own, call_id: "answer", model: "alder", role: "answer", started_at: at(0), duration: 2 },
      { ...own, call_id: "said", model: "alder", role: "other", started_at: at(6), duration: 1 },
      { ...own, call_id: "judged", model: "birch", role: "judge", started_at: at(8), duration: 1 },
    ];
    await withCalls(calls, async (store) => {
      await putInto(store, "spans", [{ ...span("find", null, 3, 2), tool: "find" }]);
      const found = await trace(store, "t");
      assert.deepEqual(
        found.rows.map(({ step, kind, role }) => [step, kind, role]),
        [
          ["alder", "call", "answer"],
          ["find", "tool", null],
          ["alder", "call", "other"],
          ["birch", "call", "judge"],
        ],
      );
      const { data, layout } = traceFigure(found);
      assert.ok(data.some(({ name }) => name === "use of a tool"));
      assert.match(JSON.stringify(layout), /alder \(not an answer\).*birch \(judge\)/);
      await run(
        store.connection,
        "alter table spans drop column tool; alter table spans drop column arguments_hash",
      );
      assert.deepEqual([...new Set((await trace(store, "t")).rows.map(({ kind }) => kind))].sort(), [
        "call",
        "stage",
      ]);
    });
  });

  test("tells a task step by step, each inside the one it ran in, and what was waited for", () =>
    withTask(async (store) => {
      const found = await trace(store, "t");
      assert.deepEqual(
        found.rows.map(({ step, depth, kind, starts, duration, waited }) => [
          step,
          depth,
          kind,
          starts,
          duration,
          waited,
        ]),
        [
          ["agent", 0, "stage", 0, 10, 1],
          ["alder", 1, "call", 0, 2, 2],
          ["tool", 1, "stage", 2, 3, 3],
          ["lookup", 1, "stage", 2, 1, null],
          ["answer", 1, "call", 6, 4, 4],
        ],
      );
      assert.equal(found.seconds, 10);
      assert.equal(
        found.summary,
        "2 calls, from 2026-03-02 09:00:00 UTC, 10 s, 100 tokens in, 20 tokens out, 0.25 USD, workload chat, user u, resolved.",
      );
    }));

  test("says of a call its attempt, the model it stands in for, how it failed, and its scores", () =>
    withTask(async (store) => {
      const { rows } = await trace(store, "t");
      const [failed, answer] = ["alder", "answer"].map((name) => rows.find(({ step }) => step === name));
      assert.equal(failed?.remarks, "overload");
      assert.equal(failed?.status, "error");
      assert.equal(answer?.remarks, "attempt 2, in place of alder");
      assert.equal(answer?.scores, "good 1");
      assert.equal(answer?.model, "birch");
    }));

  test("of a call is that of its task, and of a conversation holds the calls without a task too", () =>
    withTask(async (store) => {
      const ofCall = await trace(store, "second");
      assert.deepEqual([ofCall.kind, ofCall.id], ["task", "t"]);
      assert.ok(ofCall.notes.includes("The call second is part of this task."));
      const all = await trace(store, "s");
      assert.deepEqual([all.kind, all.seconds, all.rows.length], ["conversation", 31, 6]);
      assert.equal((await trace(store, "alone")).kind, "call");
    }));

  test("shows a text only where it is asked for", () =>
    withTask(async (store) => {
      assert.doesNotMatch(JSON.stringify(await trace(store, "t")), /the question|the answer/);
      const { rows } = await trace(store, "t", { withText: true });
      assert.deepEqual(
        rows.flatMap(({ prompt, output }) => (prompt ? [prompt, output] : [])),
        ["the question", "the answer"],
      );
      await store.connection.run("delete from texts");
      const { notes } = await trace(store, "t", { withText: true });
      assert.ok(notes.some((note) => note.includes("--text keep")));
    }));

  test("says what it needs of an id that the log does not have", () =>
    withTask(async (store) => {
      await assert.rejects(
        trace(store, "nobody"),
        /trace requires the id of a task, a conversation or a call of the log, got "nobody"/,
      );
    }));

  test("ends where stages name one another as the one they ran in", () =>
    withCalls(task.slice(0, 1), async (store) => {
      await putInto(store, "spans", [span("a", "b", 0, 2), span("b", "a", 1, 2)]);
      assert.deepEqual((await trace(store, "t")).rows.map(({ step }) => step).sort(), ["a", "alder", "b"]);
    }));
});

describe("a trace in a terminal", () => {
  test("has a bar for each step on one axis of time, heavy where it was waited for", () => {
    assert.equal(barOf({ starts: 1, duration: 1, waited: 1 }, 4, 4), "·━··");
    assert.equal(barOf({ starts: 1, duration: 3, waited: 0.5 }, 4, 4), "·───");
    assert.equal(barOf({ starts: 4, duration: null, waited: null }, 4, 4), "···•");
    assert.equal(barOf({ starts: null, duration: 1, waited: null }, 4, 4), "");
  });
  test("leaves out columns of which nothing is known", () =>
    withTask(async (store) => {
      const text = tableText(traceRows(await trace(store, "t")));
      assert.match(text, /· answer +·{19}━{13} /);
      assert.doesNotMatch(text, /prompt/);
    }));
});

test("a trace has bars of characters where there is only text; in HTML the figure shows the times", () =>
  withTask(async (store) => {
    const { "text/html": html, "text/plain": text } = bundleOf(await trace(store, "t")) as Record<
      string,
      string
    >;
    assert.match(text, /━/);
    assert.doesNotMatch(html, /[━·]{3}|>time</);
    assert.match(html, />duration</);
  }));

describe("the figure of a trace", () => {
  test("has a bar for each step, pale beside what was waited for, and says the longest waits in words", () =>
    withTask(async (store) => {
      const told = await trace(store, "t");
      const { data, layout, description } = traceFigure(told);
      const { ticktext } = layout.yaxis as { ticktext: string[] };
      const inside = told.rows.find(({ depth }) => depth > 0);
      assert.ok(ticktext.includes(`${"› ".repeat(inside!.depth)}${inside!.step}`), String(ticktext));
      const names = data.flatMap(({ name }) => name ?? []);
      assert.deepEqual(names, ["call to a model", "stage", "stage", "failed"]);
      assert.deepEqual((data[0].x as number[]).slice(0, 2), [6, 10]);
      assert.match(description, /The longest waits were for: answer 4.00 s, tool 3.00 s, alder 2.00 s\.$/);
    }));

  test("says nothing of waits that are not known", async () => {
    const store = await open(":memory:");
    await run(
      store.connection,
      "insert into calls (call_id, model, started_at, duration, status) values ('c', 'alder', '2026-03-02 10:00:00', 2, 'ok')",
    );
    const { description } = traceFigure(await trace(store, "c"));
    store.close();
    assert.equal(
      description,
      "call c: 1 call, from 2026-03-02 10:00:00 UTC, 2 s, 1 call without a known cost.",
    );
  });
});
