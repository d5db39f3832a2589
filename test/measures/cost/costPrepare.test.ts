import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { costRatios, prepare } from "../../../src/measures/cost/costPrepare";
import { atGrain, type Grain } from "../../../src/store/grain";
import { open } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/query";
import { select } from "../../../src/store/select";
import { statements } from "../../../src/store/statements";
import { near } from "../../same";

const measures = join(__dirname, "..", "..", "..", "src", "measures");
const own = statements<"kinds" | "squares" | "power_sums_alone">(join(measures, "cost", "cost.sql"));
const plain = statements<"squares" | "power_sums">(join(measures, "estimate", "ratios.sql"));

/** A log of 60 users over two days: tasks of one to three calls, some answered by two models, some without an outcome. */
async function log({ users = true } = {}) {
  const store = await open(":memory:");
  await run(
    store.connection,
    `insert into calls (call_id, task_id, user_id, workload, model, started_at, attempt, status, cost, line)
     select 'c' || i, case when i % 29 > 0 then 't' || (i // 3 * 7 % 900) end, ${users ? "'u' || (i // 3 * 7 % 60)" : "null"},
       'w' || (i // 3 * 7 % 2), case when i % 17 = 0 then 'other' else 'm' || (i // 3 * 7 % 3) end,
       timestamp '2026-03-02' + i * interval '1 minute', 1 + i % 3, 'ok',
       case when i % 31 > 0 then (1 + hash(i) % 16) / 8 end, i + 1
     from range(2880) as _(i)`,
  );
  await run(
    store.connection,
    "insert into tasks (task_id, resolved, ingest_id) select 't' || i, hash(i) % 3 > 0, 1 from range(800) as _(i)",
  );
  return store;
}

type Found = { g: unknown; kind: string } & Record<string, number>;
const inOrder = (rows: Found[]) =>
  [...rows].sort((a, b) => (`${a.kind} ${a.g}` < `${b.kind} ${b.g}` ? -1 : 1));

function same(found: Found[], wanted: Found[]): void {
  assert.ok(found.length > 0);
  assert.deepEqual(
    inOrder(found).map(({ g, kind }) => [g, kind]),
    inOrder(wanted).map(({ g, kind }) => [g, kind]),
  );
  for (const [at, row] of inOrder(found).entries())
    for (const [name, value] of Object.entries(inOrder(wanted)[at]))
      if (typeof value === "number" && name !== "centre") near(row[name], value, `${row.kind}: ${name}`);
}

describe("what cost.sql sums in a shorter way is what ratios.sql makes of its clusters", () => {
  for (const grain of ["hour", "both"] as Grain[])
    for (const users of [true, false])
      test(`by ${grain === "hour" ? "hour" : "cluster and hour"}, ${users ? "users" : "tasks"} as clusters`, async () => {
        const store = await log({ users });
        const selection = await select(store, { population: "tasks", hours: true });
        try {
          assert.equal(selection.clusterBy, users ? "user_id and hour" : "task_id and hour");
          const { connection } = selection;
          const counts = await prepare(selection, { users: "clusters" });
          await costRatios(selection, {}, counts);
          const found = await atGrain(connection, grain, () => rowsOf<Found>(connection, own.squares));
          await run(connection, "create or replace temp view task_clusters as from task_units");
          await run(connection, "create or replace temp view call_clusters as from call_units");
          await run(connection, own.kinds);
          const wanted = await atGrain(connection, grain, () => rowsOf<Found>(connection, plain.squares));
          same(
            found,
            wanted.filter(({ kind }) => kind !== "user"),
          );
        } finally {
          selection.close();
          store.close();
        }
      });

  for (const cluster of ["task_id", "call_id"])
    test(`power sums where every ${cluster === "task_id" ? "task" : "call"} is a cluster`, async () => {
      const store = await log();
      const selection = await select(store, { population: "tasks", cluster });
      try {
        const { connection } = selection;
        await prepare(selection);
        await run(connection, own.kinds);
        const found = await rowsOf<Found>(connection, own.power_sums_alone);
        // About 0, as they are taken there.
        same(found, await rowsOf<Found>(connection, plain.power_sums, { whole: true }));
      } finally {
        selection.close();
        store.close();
      }
    });
});
