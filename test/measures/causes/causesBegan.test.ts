import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { causeSheet } from "../../../src/evalset/causeSheet";
import { importCauses } from "../../../src/evalset/importCauses";
import { causesBegan } from "../../../src/measures/causes/causesBegan";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { folder } from "../../cli/command";
import { type Call, put, storeOf } from "../calls";

const place = folder();
after(place.remove);
let store: Store;

/**
 * Forty failed tasks of a call, a search, a stage in which a second call runs, and a third call; the calls cost 1, 2 and 3 cents and
 * take as many seconds.
 */
beforeEach(async () => {
  store = await storeOf([]);
  const at = (task: number, second: number) =>
    new Date(Date.UTC(2026, 2, 2) + task * 60_000 + second * 1000).toISOString();
  const calls = Array.from({ length: 40 }, (_, task) =>
    [1, 2, 3].map(
      (n): Call => ({
        ...{ call_id: `c${task}-${n}`, task_id: `t${task}`, user_id: `u${task % 15}`, model: "orrery" },
        ...{ role: "answer", status: "ok", cost: n / 100, duration: n, started_at: at(task, 10 * n) },
      }),
    ),
  );
  await put(store, calls.flat());
  await run(
    store.connection,
    "insert into tasks by name select 't' || i as task_id, false as resolved from range(40) as r(i)",
  );
  await run(
    store.connection,
    `insert into spans by name
     select 's' || i as span_id, 't' || i as task_id, 'search' as stage, 'search' as tool, 'ok' as status,
       timestamp '2026-03-02' + i * interval 1 minute + interval 15 second as started_at, 1 as duration from range(40) as r(i)
     union all
     select 'p' || i, 't' || i, 'plan', null, 'ok', timestamp '2026-03-02' + i * interval 1 minute + interval 18 second, 5 from range(40) as r(i)`,
  );
});
afterEach(() => store.close());

type Label = Record<string, unknown>;
/** Imports what a reader of a sheet of all tasks saves who marks steps by their place. */
async function read(markedAt: (at: number) => number, change: (label: Label) => Label = (label) => label) {
  const { draw, tasks } = await causeSheet(store, { size: 40 });
  const labels = tasks.map(({ id, steps }, at) => {
    const { title, mark } = steps[markedAt(at) - 1];
    return change({ id, cause: "lost", note: "", step: title, place: markedAt(at), mark });
  });
  const file = join(place.path, "read.json");
  writeFileSync(file, JSON.stringify({ fieldnotes: "causes", draw, rater_id: "h1", labels }));
  await importCauses(store, file);
  return tasks[0].steps.map(({ title }) => title);
}

const near = (found: number, wanted: number) =>
  assert.ok(Math.abs(found - wanted) < 1e-9, `${found}, not ${wanted}`);

describe("where failed tasks first went wrong", () => {
  test("is told by kind of step and tool, with what was spent after each", async () => {
    assert.deepEqual(await read((at) => (at < 20 ? 1 : at < 30 ? 2 : at < 35 ? 3 : 5)), [
      ...["Call", "Tool search", "plan", "Call", "Call"],
    ]);
    const { rows, notes } = await causesBegan(store);
    const found = Object.fromEntries(rows.map((row) => [row.step, row]));
    assert.deepEqual(
      rows.map(({ step, tasks_read }) => [step, tasks_read]),
      [
        ["Call", 25],
        ["Tool search", 10],
        ["plan", 5],
      ],
    );
    near(found.Call.share_of_failed.value, 25 / 40);
    // After the first call five of six cents, after the last none; after the search five; the stage ends after the second began.
    near(found.Call.cost_after.value, (20 * 5) / (25 * 6));
    near(found["Tool search"].cost_after.value, 5 / 6);
    near(found.plan.cost_after.value, 3 / 6);
    near(found.Call.time_after.value, (20 * 5) / (25 * 6));
    for (const { cost_after } of rows)
      assert.ok(cost_after.low < cost_after.value && cost_after.value < cost_after.high);
    assert.equal(found.Call.cost_after.clusterBy, "user_id");
    assert.match(
      notes.join("\n"),
      /After the step that first went wrong came 6\d % \[.*\] of what they cost/,
    );
  });

  test("is bounded where every marked step was the last", async () => {
    await read(() => 5);
    const [{ cost_after }] = (await causesBegan(store)).rows;
    assert.equal(cost_after.value, 0);
    assert.ok(cost_after.high > 0.05 && cost_after.high < 0.4, `${cost_after.high}`);
  });

  test("says of answers that have the title alone that what came after is not known", async () => {
    await read(
      () => 1,
      ({ place: _place, mark: _mark, ...label }) => label,
    );
    const { rows, notes } = await causesBegan(store);
    assert.equal(rows[0].share_of_failed.value, 1);
    assert.match(rows[0].cost_after.note ?? "", /no tasks whose marked step is known/);
    assert.match(notes.join("\n"), /In 40 of them it is not known what came after/);
  });

  test("is no share of costs where some are not known, and none before a sheet was read", async () => {
    assert.match((await causesBegan(store)).notes.join("\n"), /No sheet was read/);
    await read(() => 1);
    await run(store.connection, "update calls set cost = null where call_id = 'c7-2'");
    const [{ cost_after, time_after }] = (await causesBegan(store)).rows;
    assert.match(cost_after.note ?? "", /1 of 120 calls have no known cost/);
    near(time_after.value, 5 / 6);
  });

  test("is refused in words where a place was changed", async () => {
    const refused = (change: (label: Label) => Label) =>
      assert.rejects(
        read(() => 1, change),
        /labels\[0\] requires a step of its task as the sheet shows it, got "[^"]+" at place .*it was changed/,
      );
    await refused((label) => ({ ...label, place: 5 }));
    await refused((label) => ({ ...label, step: "Tool search" }));
    await refused((label) => ({ ...label, mark: "0123456789abcdef" }));
    await refused(({ place: _place, ...label }) => label);
    await assert.rejects(
      read(
        () => 1,
        (label) => ({ ...label, place: 0 }),
      ),
      /the place of a step in its task, from 1/,
    );
  });
});
