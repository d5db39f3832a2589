import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { doctor } from "../../src/measures/doctor";
import { explain } from "../../src/measures/explain";
import { type LatencyRow, latency } from "../../src/measures/latency/latency";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import type { Table } from "../../src/measures/table";
import { rowsOf, run } from "../../src/store/run";
import { thorough } from "../property";
import { type Call, withCalls } from "./calls";

const calls: Call[] = Array.from({ length: 400 }, (_, i) => ({
  call_id: `c${i}`,
  task_id: `t${i % 200}`,
  user_id: `u${i % 60}`,
  workload: "it's",
  model: i % 2 === 0 ? "alder" : "birch",
  started_at: new Date(Date.UTC(2026, 2, 2) + 600_000 * i).toISOString().slice(0, 19),
  duration: 1 + (i % 37) / 10,
  input_tokens: 10 * i,
  cost: 0.01,
  status: "ok",
  attempt: 1,
}));
const options = { by: "workload,model", where: "workload = 'it''s'" };

describe("the SQL behind a table", () => {
  test("begins with the calls that were chosen and has every parameter in its place", () =>
    withCalls(calls, async (store) => {
      const { script, statements } = await explain(store, "latency", options);
      assert.match(statements[0].sql, /create or replace temp view facts as/);
      assert.match(script, /workload = 'it''s'|workload = \('it''s'\)|it''s/);
      assert.doesNotMatch(script, /\$\w+/);
      assert.ok(statements.some(({ parameters }) => typeof parameters.thresholds === "string"));
    }));
  thorough("runs again, alone, with the same result", () =>
    withCalls(calls, async (store) => {
      for (const measure of ["latency", "cost", "reliability", "reliability --fallbacks"] as const) {
        const { statements, script } = await explain(store, measure, options);
        const connection = await store.connect();
        const asked: number[] = [];
        for (const statement of script.trim().replace(/;$/, "").split(";\n\n"))
          if (/^(--.*\n)*(select|with)/.test(statement))
            asked.push((await rowsOf(connection, statement)).length);
          else await run(connection, statement);
        connection.closeSync();
        assert.ok(statements.length > 3, measure);
        // The last may ask for what this log has none of, such as scores like an outcome.
        assert.ok(asked.length > 1 && asked.slice(-5).some((rows) => rows > 0), measure);
      }
    }),
  );
  thorough("is told of every measure that the log has what it needs for", () =>
    withCalls(calls, async (store) => {
      // Those that want a value, such as --floor 0.7, are not asked without one.
      const names = new Set(measures.filter(({ value }) => value === undefined).map(commandOf));
      const can = (await doctor(store)).can.filter((name) => names.has(name));
      assert.ok(can.length >= 10, can.join(", "));
      for (const measure of can) {
        const { statements } = await explain(store, measure, { by: "model" });
        assert.match(statements[0].sql, /temp view facts/, measure);
      }
    }),
  );
  test("is told of any call, and does not change what it answers", () =>
    withCalls(calls, async (store) => {
      let heard: Table<LatencyRow> | undefined;
      const { script } = await explain(store, async (one) => {
        heard = await latency(one, options);
      });
      assert.match(script, /selected/);
      const medians = (table?: Table<LatencyRow>) =>
        table?.rows.map(({ quantiles }) => quantiles["0.5"].value);
      assert.deepEqual(medians(heard), medians(await latency(store, options)));
    }));
  test("of a measure that is none is refused with the nearest", () =>
    withCalls(calls, (store) =>
      assert.rejects(explain(store, "latncy" as never), /requires a measure of .*did you mean "latency"/),
    ));
});
