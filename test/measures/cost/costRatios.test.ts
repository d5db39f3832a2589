import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { everything } from "../../../src/facts/request";
import { select } from "../../../src/facts/select";
import { type CostRow, cost } from "../../../src/measures/cost/cost";
import { costCounts, costRatios } from "../../../src/measures/cost/costRatios";
import type { Estimate } from "../../../src/stats/estimate";
import { open } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";
import { statements } from "../../../src/store/statements";
import { thorough } from "../../property";
import { near } from "../../same";

const measures = join(__dirname, "..", "..", "..", "src", "measures");
const own = statements(measures, "cost", "cost.sql");
const plain = statements(measures, "estimate", "ratios.sql");

/**
 * A log of 60 users over two days: tasks with one to three calls, some answered by two models, some without an outcome.
 */
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
const keyed = (rows: Found[]) => new Map(rows.map((row) => [`${row.g} ${row.kind}`, row]));

describe("the sums of cost.sql where every task or call is a cluster", () => {
  for (const cluster of ["task_id", "call_id"])
    test(`are what ratios.sql makes of them one by one, by ${cluster}`, async () => {
      const store = await log();
      const selection = await select(store, everything, { population: "tasks", cluster, by: "model" });
      try {
        const { connection } = selection;
        await costRatios(selection, {}, await costCounts(selection));
        const wanted = keyed(await rowsOf<Found>(connection, plain.power_sums, { whole: true }));
        const found = [
          ...(await rowsOf<Found>(connection, own.strata_law)).filter(
            ({ kind }) => !kind.startsWith("cost_per_call"),
          ),
          ...(cluster === "call_id" ? await rowsOf<Found>(connection, own.calls_law) : []),
        ];
        assert.ok(found.length > 10);
        for (const row of found)
          for (const [name, value] of Object.entries(wanted.get(`${row.g} ${row.kind}`) as Found))
            if (typeof value === "number" && name !== "centre" && name !== "g")
              near(row[name], value, `${row.kind}: ${name}`);
      } finally {
        selection.close();
        store.close();
      }
    });

  test("leave out no call where tasks stand for calls", async () => {
    // Every call answers a task of its own row: the cost per call comes from the tasks.
    const store = await open(":memory:");
    await run(
      store.connection,
      `insert into calls (call_id, task_id, model, started_at, status, cost)
       select 'c' || i, 't' || i // 3, 'm' || i // 3 % 2, timestamp '2026-03-02' + i * interval '1 minute', 'ok',
         case when i % 7 > 0 then 1 + i % 5 end from range(600) as _(i)`,
    );
    const by = { by: "model", cluster: "task_id" };
    const whole = (await cost(store, by)).rows;
    // With a single judge's call, calls are summed separately from tasks.
    await run(
      store.connection,
      "insert into calls (call_id, task_id, model, role, status, cost) values ('j', 't0', 'judge', 'judge', 'ok', 1)",
    );
    const apart = (await cost(store, by)).rows;
    for (const row of whole) {
      const other = apart.find(({ model }) => model === row.model) as CostRow;
      for (const end of ["value", "low", "high", "n", "clusters"] as const)
        near(row.cost_per_call[end] as number, (other.cost_per_call as Estimate)[end] as number, end);
    }
    store.close();
  });

  thorough("have the same interval in a long table as alone", async () => {
    const store = await open(":memory:");
    await run(
      store.connection,
      `insert into calls (call_id, user_id, model, workload, started_at, status, cost)
       select 'c' || i, 'u' || i % 9, 'm', 'w' || i // 18, timestamp '2026-03-02' + i * interval '1 minute', 'ok',
         exp(4 * (hash(i) % 1000) / 1000) from range(18 * 420) as _(i)`,
    );
    const table = await cost(store, { by: "workload", cluster: "user_id" });
    assert.equal(table.rows.length, 420);
    const alone = await cost(store, { by: "workload", cluster: "user_id", where: "workload = 'w7'" });
    const inTable = table.rows.find(({ workload }) => workload === "w7");
    assert.deepEqual(inTable?.cost_per_call, alone.rows[0].cost_per_call);
    assert.match(alone.rows[0].cost_per_call?.method ?? "", /bootstrap/);
    store.close();
  });
});
