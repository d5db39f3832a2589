import assert from "node:assert/strict";
import { test } from "node:test";
import { latencyByOutcome } from "../../../src/measures/latency/outcomeByLatency";
import { tableText } from "../../../src/page/table";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { fc, runs, thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

/** Tasks of one or two calls: the longer they take, the less often they are resolved. */
const r = random(11);
const tasks = Array.from({ length: 500 }, (_, i) => ({
  id: `t${i}`,
  wait: 1 + i / 50,
  resolved: r.uniform() > i / 600,
}));
const calls: Call[] = tasks.flatMap(({ id, wait }, i) => {
  const start = Date.UTC(2026, 2, 2) + 60_000 * i;
  const at = (ms: number) => new Date(start + ms).toISOString().slice(0, 23);
  const one = { task_id: id, user_id: `u${i % 70}`, model: "alder", status: "ok" };
  return [
    { ...one, call_id: `${id}a`, started_at: at(0), duration: wait / 4 },
    { ...one, call_id: `${id}b`, started_at: at(750 * wait), duration: wait / 4 },
  ];
});

test("tasks are told apart by their whole wait, and fewer of the slow ones are resolved", () =>
  withCalls(calls, async (store) => {
    await run(
      store.connection,
      `insert into tasks (task_id, resolved) values ${tasks.map(({ id, resolved }) => `('${id}', ${resolved})`)}`,
    );
    const table = await latencyByOutcome(store, { by: "model", bins: 5 });
    const { rows, notes } = table;
    assert.deepEqual(
      rows.map(({ n }) => n),
      [100, 100, 100, 100, 100],
    );
    near(rows[0].from_seconds, 1, "from", 1e-5);
    near(rows[4].to_seconds, 1 + 499 / 50, "to", 1e-5);
    const kept = tasks.slice(0, 100).filter(({ resolved }) => resolved).length / 100;
    near(rows[0].outcome.value, kept, "rate");
    assert.match(
      tableText(table),
      /^model +from seconds +to seconds +n +resolved, %/m,
      "the header names it",
    );
    assert.ok(rows[0].outcome.low > rows[4].outcome.high);
    assert.match(notes.join(" "), /for other reasons: hard tasks/);
  }));

thorough("bins hold all tasks with a wait, and bounds hold whatever the unknown outcomes are", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          wait: fc.integer({ min: 1, max: 30 }),
          told: fc.constantFrom(true, false, null),
          truth: fc.boolean(),
        }),
        {
          minLength: 1,
          maxLength: 60,
        },
      ),
      fc.integer({ min: 1, max: 4 }),
      (drawn, bins) =>
        withCalls(
          drawn.map(({ wait }, i) => ({
            call_id: `c${i}`,
            task_id: `t${i}`,
            model: "alder",
            status: "ok",
            started_at: "2026-03-02",
            duration: wait,
          })),
          async (store) => {
            const put = (which: typeof drawn) =>
              run(
                store.connection,
                `delete from tasks; insert into tasks (task_id, resolved) values ${which.map(({ told }, i) => `('t${i}', ${told})`)}`,
              );
            const measured = async () => (await latencyByOutcome(store, { by: "model", bins })).rows;
            await put(drawn);
            const rows = await measured();
            await put(drawn.map((one) => ({ ...one, told: one.told ?? one.truth })));
            const complete = await measured();
            if (drawn.every(({ told }) => told === null)) return assert.deepEqual(rows, []);
            assert.deepEqual(
              rows.map(({ from_seconds, to_seconds, n }) => [from_seconds, to_seconds, n]),
              complete.map(({ from_seconds, to_seconds, n }) => [from_seconds, to_seconds, n]),
            );
            assert.equal(
              rows.reduce((sum, { n }) => sum + n, 0),
              drawn.length,
            );
            for (const [at, { from_seconds, to_seconds, n, outcome }] of rows.entries()) {
              const inside = drawn.filter(({ wait }) => from_seconds <= wait && wait <= to_seconds);
              const known = inside.filter(({ told }) => told !== null).length;
              assert.deepEqual([n, outcome.n], [inside.length, known]);
              assert.equal(outcome.worst_case !== undefined, known > 0 && n - known > 0.05 * n);
              if (outcome.worst_case === undefined) continue;
              const [least, most] = outcome.worst_case.values;
              const { value } = complete[at].outcome;
              assert.ok(
                least <= value + 1e-9 && value <= most + 1e-9,
                `${value} is not in ${least} to ${most}`,
              );
            }
          },
        ),
    ),
    { numRuns: runs(15) },
  ),
);

test("a score of calls is set against their own duration", () =>
  withCalls(calls, async (store) => {
    await run(
      store.connection,
      `insert into scores (subject, subject_id, name, value, rater)
       select 'call', call_id, 'helpful', duration / 2, 'user' from calls where call_id like '%a'`,
    );
    const { rows } = await latencyByOutcome(store, { by: "model", bins: 2, outcome: "helpful" });
    assert.equal(rows.length, 2);
    assert.equal(rows[0].n, 250);
    near(
      rows[0].outcome.value,
      tasks.slice(0, 250).reduce((sum, { wait }) => sum + wait / 8, 0) / 250,
      "mean",
    );
    assert.equal(rows[0].outcome.unit, "");
  }));

test("a score that no call has is said, and bins that are none are refused", () =>
  withCalls(calls, async (store) => {
    const { rows, notes } = await latencyByOutcome(store, { outcome: "liked" });
    assert.equal(rows.length, 0);
    assert.match(notes.join(" "), /No selected call or task has a score "liked"/);
    await assert.rejects(latencyByOutcome(store, { bins: 0 }), /whole number of bins/);
  }));
