import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { drawTasks } from "../../../src/evalset/causeDraw";
import { importCauses } from "../../../src/evalset/importCauses";
import { causes } from "../../../src/measures/causes/causes";
import { causesWorth } from "../../../src/measures/causes/causesWorth";
import type { Estimate } from "../../../src/stats/estimate";
import type { Store } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";
import { folder } from "../../cli/command";
import { savedBy, tasksStore } from "../../evalset/causeTasks";

const place = folder();
after(place.remove);
let store: Store;
beforeEach(async () => {
  store = await tasksStore();
});
afterEach(() => store.close());

const readAs = async (size: number, causeOf: Parameters<typeof savedBy>[2]) =>
  importCauses(store, savedBy(place.path, (await drawTasks(store, { size })).draw, causeOf));
const failedAsLost = () => readAs(90, (kind) => (kind === "not resolved" ? "lost" : "nothing went wrong"));
const near = (found: number, wanted: number) =>
  assert.ok(Math.abs(found - wanted) < 1e-6 * wanted, `${found}, not ${wanted}`);
const isAround = ({ low, value, high }: Estimate) =>
  assert.ok(low < value && value < high, `${low}, ${high}`);

describe("what a fix is worth", () => {
  test("counts tasks with the cause as resolved at no cost and in no time", async () => {
    await failedAsLost();
    const { rows, notes } = await causesWorth(store);
    const [lost, nothing] = rows;
    // Of 90 tasks 3 cost 5, and every fifth has two calls of 0.01 and 2 s; of the 60 that are resolved, 12 have.
    near(lost.cost_per_resolved_at_least.value, (3 * 5 + (57 + 12) * 0.01) / 90);
    near(lost.time_per_task_at_least.value, (2 * 72) / 90);
    assert.equal(lost.resolved_at_most.value, 1);
    isAround(lost.cost_per_resolved_at_least);
    isAround(lost.time_per_task_at_least);
    assert.equal(lost.cost_per_resolved_at_least.unit, "USD/task");
    for (const of of ["resolved_at_most", "cost_per_resolved_at_least", "time_per_task_at_least"] as const)
      assert.match(nothing[of].note ?? "", /there is nothing to fix/);
    assert.match(
      notes.join("\n"),
      /As it is: 66\.7 % resolved, 0\.268 USD per resolved task and 2\.4 s per task\./,
    );
    assert.match(notes.join("\n"), /All three are bounds, for no fix does as much/);
  });

  test("has intervals that know the draw, and users as clusters", async () => {
    const lost = (kind: string) => (kind === "not resolved" ? "lost" : "nothing went wrong");
    const cost = async (cluster: string) =>
      (await causesWorth(store, { cluster })).rows[0].cost_per_resolved_at_least;
    await readAs(30, lost);
    const few = await cost("user_id");
    await readAs(90, lost);
    const [byTask, byUser] = [await cost("task_id"), await cost("user_id")];
    assert.ok(byUser.high - byUser.low < few.high - few.low);
    assert.equal(byUser.clusterBy, "user_id");
    assert.ok(byUser.clusters < byTask.clusters);
    near(byUser.value, byTask.value);
  });

  test("is of a group alone, in the order of the causes' own table", async () => {
    await readAs(60, (kind, at) =>
      kind !== "not resolved" ? "nothing went wrong" : at % 3 === 0 ? "slow" : "lost",
    );
    const { rows } = await causesWorth(store, { by: "model" });
    const table = await causes(store, { by: "model" });
    const keys = (of: readonly { model?: unknown; cause: string; tasks_read: number }[]) =>
      of.map(({ model, cause, tasks_read }) => [model, cause, tasks_read]);
    assert.deepEqual(keys(rows), keys(table.rows));
    assert.deepEqual(
      rows.map(({ resolved_at_most }) => resolved_at_most),
      table.rows.map(({ resolved_at_most }) => resolved_at_most),
    );
  });

  test("takes rules as the causes' own table does, and a right one makes its bounds narrower", async () => {
    await run(
      store.connection,
      "update calls set status = 'timeout' where task_id in (select task_id from tasks where not resolved and hash(task_id) % 2 = 0)",
    );
    const slow = new Set(
      (
        await rowsOf<{ task_id: string }>(
          store.connection,
          "select distinct task_id from calls join tasks using (task_id) where not resolved and status = 'timeout'",
        )
      ).map(({ task_id }) => task_id),
    );
    const { draw, ids } = await drawTasks(store, { size: 50 });
    await importCauses(
      store,
      savedBy(place.path, draw, (kind, at) =>
        slow.has(ids[at]) ? "slow" : kind === "not resolved" ? "lost" : "nothing went wrong",
      ),
    );
    const rules = join(place.path, "rules.json");
    const rule = "status = 'timeout'";
    writeFileSync(rules, JSON.stringify({ causes: [{ name: "slow", definition: "a timeout", rule }] }));
    const found = async (options: { rules?: string }) =>
      (await causesWorth(store, options)).rows.find(({ cause }) => cause === "slow")?.resolved_at_most;
    const [alone, ruled] = [await found({}), await found({ rules })];
    const table = await causes(store, { rules });
    assert.deepEqual(ruled, table.rows.find(({ cause }) => cause === "slow")?.resolved_at_most);
    const width = ({ low = 0, high = 1 } = {}) => high - low;
    assert.ok(width(ruled) < width(alone), `${width(ruled)}, ${width(alone)}`);
  });

  test("is not told where prices, times or outcomes are not known, and says why", async () => {
    await failedAsLost();
    await run(store.connection, "update calls set cost = null where call_id = 'c4'");
    await run(store.connection, "update calls set duration = null");
    const [some] = (await causesWorth(store)).rows;
    assert.ok(
      Number.isNaN(some.cost_per_resolved_at_least.value) &&
        Number.isNaN(some.cost_per_resolved_at_least.low),
    );
    assert.match(some.cost_per_resolved_at_least.note ?? "", /1 of 108 calls have no known cost/);
    assert.ok(Number.isNaN(some.time_per_task_at_least.value));
    assert.match(some.time_per_task_at_least.note ?? "", /the time of these tasks is not known/);
    await run(store.connection, "update calls set cost = null");
    const [none] = (await causesWorth(store)).rows;
    assert.match(none.cost_per_resolved_at_least.note ?? "", /no call has a known cost/);
  });

  test("leaves out tasks without a known outcome or time, and counts them", async () => {
    await failedAsLost();
    await run(store.connection, "delete from tasks where task_id in ('t1', 't2')");
    await run(store.connection, "update calls set duration = null where task_id = 't4'");
    const { rows, notes } = await causesWorth(store);
    // Without t1, which cost 5, and t2, with two calls.
    near(rows[0].cost_per_resolved_at_least.value, (2 * 5 + (57 + 12 - 2) * 0.01) / 88);
    near(rows[0].time_per_task_at_least.value, (2 * 71) / 89);
    assert.match(
      notes.join("\n"),
      /Of 90 tasks left out: 2 without a known outcome, .*; 1 without a known time/,
    );
  });

  test("is no number where no task is resolved, and none before a sheet was read", async () => {
    assert.match((await causesWorth(store)).notes.join("\n"), /No sheet was read/);
    await failedAsLost();
    await run(store.connection, "update tasks set resolved = false");
    const [lost] = (await causesWorth(store)).rows;
    assert.match(lost.cost_per_resolved_at_least.note ?? "", /none of these tasks is resolved/);
  });
});
