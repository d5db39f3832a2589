import assert from "node:assert/strict";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { compare } from "../../../src/decide/compare/compare";
import { drawTasks } from "../../../src/evalset/causeDraw";
import { importCauses } from "../../../src/evalset/importCauses";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { folder } from "../../cli/command";
import { savedBy } from "../../evalset/causeTasks";
import { type Call, put, storeOf } from "../../measures/calls";

const place = folder();
after(place.remove);
let store: Store;

/** Tasks of two models on the same days and of the same users: every third is not resolved. All of them are read. */
beforeEach(async () => {
  store = await storeOf([]);
  const calls = Array.from(
    { length: 360 },
    (_, at): Call => ({
      ...{
        call_id: `c${at}`,
        task_id: `t${at}`,
        user_id: `u${Math.floor(at / 2) % 60}`,
        workload: "support",
      },
      ...{
        model: at % 2 === 0 ? "orrery" : "quillon",
        role: "answer",
        status: "ok",
        cost: 0.01,
        duration: 2,
      },
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 3_600_000).toISOString(),
    }),
  );
  await put(store, calls);
  await run(
    store.connection,
    "insert into tasks by name select 't' || i as task_id, i % 3 <> 0 as resolved from range(360) as r(i)",
  );
});
afterEach(() => store.close());

/** Reads all tasks: of the first model `often` in ten failed tasks are lost, of the second one in ten. */
async function readAll(often: number) {
  const { draw, ids } = await drawTasks(store, { size: 360 });
  const isLost = (at: number) => Math.floor(at / 6) % 10 < (at % 2 === 0 ? often : 1);
  await importCauses(
    store,
    savedBy(place.path, draw, (kind, at) =>
      kind !== "not resolved" ? "nothing went wrong" : isLost(Number(ids[at].slice(1))) ? "lost" : "vague",
    ),
  );
}

const models = { a: "model = 'orrery'", b: "model = 'quillon'", metrics: ["cause:lost"] };

describe("causes of two sides", () => {
  test("differ where that is shown, as measured, and what is the same on both sides needs no assumption", async () => {
    await readAll(9);
    const { rows, notes, verdict } = await compare(store, models);
    const [row] = rows;
    assert.deepEqual([rows.length, row.verdict, row.claim.status], [1, "fewer tasks", "settled"]);
    assert.ok(Math.abs(row.difference.value - (0.1 - 0.9) / 3) < 1e-12);
    assert.deepEqual(row.within, row.difference);
    assert.ok(Number.isNaN(row.mix.value));
    assert.ok(row.p_holm < 0.001);
    assert.match(verdict, /share of tasks with the cause “lost” \(as measured\) fewer tasks/);
    assert.match(notes.join("\n"), /compared as measured, by 180 tasks read on side a and 180 on side b/);
  });

  test("that are alike are not claimed to differ", async () => {
    await readAll(1);
    const [row] = (await compare(store, models)).rows;
    assert.deepEqual([row.verdict, row.claim.status], ["cannot tell", "open"]);
  });

  test("lead only if days are alike where each side has its own, and if work is where it is not", async () => {
    await readAll(9);
    await run(
      store.connection,
      "update calls set started_at = started_at - interval 90 day where model = 'quillon'",
    );
    const days = (await compare(store, models)).rows[0];
    assert.deepEqual([days.claim.status, days.claim.needs], ["leads if", "same-days"]);
    assert.equal(days.verdict, "fewer tasks, or other days");
    await run(
      store.connection,
      "update calls set started_at = started_at + interval 90 day where model = 'quillon'",
    );
    await run(
      store.connection,
      "update calls set workload = 'billing' where model = 'quillon' and hash(task_id) % 2 = 0",
    );
    const { rows, verdict, assumptions } = await compare(store, models);
    assert.deepEqual([rows[0].claim.status, rows[0].claim.needs], ["leads if", "same-work"]);
    assert.equal(rows[0].verdict, "fewer tasks, or other work");
    assert.match(verdict, /^If the work is alike: /);
    assert.deepEqual(assumptions.find(({ id }) => id === "same-work")?.state, "broken");
    const declared = (await compare(store, { ...models, assume: "same-work" })).rows[0];
    assert.deepEqual([declared.claim.status, declared.claim.declared], ["settled", ["same-work"]]);
  });

  test("stand beside other metrics, and are not told of a side that nobody read", async () => {
    await readAll(9);
    const both = await compare(store, { ...models, metrics: ["resolve_rate", "cause:lost"] });
    assert.deepEqual(
      both.rows.map(({ metric }) => metric),
      ["resolve_rate", "cause:lost"],
    );
    await run(
      store.connection,
      "insert into calls by name select 'new' || call_id as call_id, 'new' || task_id as task_id, 'cedar' as model, user_id, workload, 'answer' as role, 'ok' as status, started_at + interval 60 day as started_at from calls where model = 'orrery'",
    );
    const none = await compare(store, { ...models, b: "model = 'cedar'" });
    assert.equal(none.rows.length, 0);
    assert.match(none.notes.join("\n"), /cause:lost is not compared: on a side, no task of a sheet was read/);
  });
});
