import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ingest } from "../../src/logs/ingest";
import { cost } from "../../src/measures/cost/cost";
import { doctor } from "../../src/measures/doctor";
import type { Store } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";
import { withCalls } from "../measures/calls";

const calls = ["t1", "t2", "t3"].map((task_id, at) => ({
  task_id,
  call_id: `c${at}`,
  model: "m",
  cost: 1,
  started_at: `2026-03-02 10:0${at}:00`,
}));

const score = (store: Store, name: string, task: string, value: number, at: string | null = null) =>
  run(
    store.connection,
    `insert into scores (subject, subject_id, name, value, rater, "at") values ('task', '${task}', '${name}', ${value}, 'human', ${at === null ? "null" : `'${at}'`})`,
  );

const said = ({ notes }: { notes: readonly string[] }) =>
  notes.find((note) => note.startsWith("No task is known"));

test("where no outcome is known, the score that reads like one is named with the query that makes it the outcome", async () => {
  const folder = mkdtempSync(join(tmpdir(), "outcome-"));
  await withCalls(calls, async (store) => {
    for (const [task, value, at] of [
      ["t1", 0, "2026-03-03"],
      ["t1", 1, "2026-03-04"],
      ["t2", 0, "2026-03-03"],
    ] as const)
      await score(store, "ticket_solved", task, value, at);
    const note = said(await cost(store)) ?? "";
    assert.match(note, /the score ticket_solved \(human, 2 tasks\) reads like an outcome/);
    const { warnings } = await doctor(store);
    assert.ok(warnings.some(({ id, text }) => id === "like_outcome" && note.endsWith(text)));
    const [, query] = /fieldnotes query "([^"]*)"/.exec(note) ?? [];
    const rows = await rowsOf<{ task_id: string; resolved: boolean }>(store.connection, query);
    const file = join(folder, "outcomes.csv");
    const lines = rows.map(({ task_id, resolved }) => `${task_id},${resolved}`);
    writeFileSync(file, ["task_id,resolved", ...lines, ""].join("\n"));
    await ingest(store, file);
    const { rows: costs, notes } = await cost(store);
    // What was judged last counts: t1 is resolved and t2 is not.
    assert.equal(costs[0].resolved, 1);
    assert.equal(costs[0].tasks, 3);
    assert.equal(said({ notes }), undefined);
    assert.ok((await doctor(store)).warnings.every(({ id }) => id !== "like_outcome"));
  });
  rmSync(folder, { recursive: true });
});

test("a score that says the contrary, has more values than two, or is of other tasks is no outcome", async () => {
  await withCalls(calls, async (store) => {
    await score(store, "not_resolved", "t1", 1);
    await score(store, "incorrect", "t1", 1);
    await score(store, "correct", "t1", 0.5);
    await score(store, "success", "elsewhere", 1);
    assert.equal(
      said(await cost(store)),
      "No task is known to be resolved or not: ingest outcomes into tasks.",
    );
  });
});
