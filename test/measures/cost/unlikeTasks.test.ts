import assert from "node:assert/strict";
import { describe } from "node:test";
import { cost } from "../../../src/measures/cost/cost";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { type Call, withCalls } from "../calls";

/**
 * 800 tasks of two models and 60 users; those of users who report less, or that took long, tend to have no known
 * outcome.
 */
function notesOf(seed: number, { dearer = 1, tries = 1, longer = 1, byModel = false, byUser = false } = {}) {
  const r = random(seed);
  const calls: Call[] = [];
  const known: string[] = [];
  const level = Array.from({ length: 60 }, () => Math.exp(0.5 * r.normal()));
  for (let task = 0; task < 800; task++) {
    const [user, model] = [r.integer(60), r.integer(2)];
    const share = byUser ? (user % 3) / 2 : byModel ? [0.1, 0.6][model] : 0.3;
    const unknown = r.uniform() < share;
    if (!unknown) known.push(`('t${task}', ${r.uniform() < 0.8})`);
    const calls_of = 1 + (r.uniform() < 0.2 ? 1 : 0) * (unknown && tries > 1 ? tries : 1);
    for (let attempt = 1; attempt <= calls_of; attempt++)
      calls.push({
        call_id: `t${task}-${attempt}`,
        task_id: `t${task}`,
        user_id: `u${user}`,
        model: `m${model}`,
        attempt,
        started_at: new Date(Date.UTC(2026, 2, 2) + 600_000 * task + attempt).toISOString().slice(0, 23),
        duration: 1,
        status: "ok",
        input_tokens: Math.round(900 * Math.exp(0.6 * r.normal()) * (unknown ? longer : 1)),
        cost: [1, 5][model] * level[user] * Math.exp(0.8 * r.normal()) * (unknown ? dearer : 1),
      });
  }
  return withCalls(calls, async (store) => {
    await run(store.connection, `insert into tasks (task_id, resolved) values ${known.join(", ")}`);
    const { notes } = await cost(store, { by: "model" });
    return notes.filter((note) => note.startsWith("Tasks without a known outcome"));
  });
}

describe("tasks without a known outcome", () => {
  thorough(
    "that cost more, took more attempts or more tokens are said to be unlike the others, by how much",
    async () => {
      const [note, ...more] = await notesOf(1, { dearer: 2 });
      assert.deepEqual(more, []);
      const [, ratio, low, high] = /cost ([\d.]+) \[([\d.]+), ([\d.]+)\]/.exec(note) as RegExpExecArray;
      assert.ok(Number(low) < 2 && Number(high) > 2 && Number(low) > 1.3, note);
      assert.ok(Number(low) < Number(ratio) && Number(ratio) < Number(high));
      assert.match(
        note,
        /\((29|3\d|2\d) %\) .* times those of tasks with one\. Their outcomes may differ too\.$/,
      );
      assert.match((await notesOf(2, { tries: 4 }))[0], /attempts 1\.\d+ \[1\./);
      assert.match((await notesOf(3, { longer: 1.5 }))[0], /others: tokens 1\.\d+ \[1\./);
    },
  );

  thorough("are compared within their row: a dear model that seldom tells is no difference", async () => {
    const said = await Promise.all(Array.from({ length: 6 }, (_, at) => notesOf(10 + at, { byModel: true })));
    assert.ok(said.flat().length <= 1, said.flat().join("\n"));
  });

  thorough("are called unlike by chance in few logs, users who seldom tell included", async () => {
    const said: string[][] = [];
    for (let at = 0; at < 10; at++) said.push(await notesOf(100 + at, { byUser: at % 2 === 0 }));
    assert.ok(said.flat().length <= 2, said.flat().join("\n"));
  });
});
