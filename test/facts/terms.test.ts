import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { everything } from "../../src/facts/request";
import { type MeasuredSelection, select } from "../../src/facts/select";
import { explain } from "../../src/measures/explain";
import type { Store } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";
import { columnsOf } from "../../src/store/schema";
import { type Call, withCalls } from "../measures/calls";
import { thorough } from "../property";

const statuses = ["ok", "timeout", "error", "cancelled", null];
const calls: Call[] = Array.from({ length: 60 }, (_, i) => ({
  call_id: `c${i}`,
  task_id: i % 7 === 0 ? null : `t${i % 20}`,
  user_id: `u${i % 5}`,
  model: i % 2 === 0 ? "alder" : "birch",
  role: i % 11 === 0 ? "judge" : null,
  operation: i % 13 === 0 ? "embeddings" : null,
  started_at: i % 17 === 0 ? null : `2026-03-02 0${i % 10}:00:00`,
  status: statuses[i % 5],
  duration: i % 9 === 0 ? -1 : i / 10,
  time_to_first_token: i % 4 === 0 ? null : i / 100,
  output_tokens: i % 6,
  cost: i % 3 === 0 ? null : 0.01 * i,
}));

async function columnOf(store: Store, name: string, options: MeasuredSelection): Promise<unknown[]> {
  const { connection, close } = await select(store, everything, {
    by: "model",
    population: "all",
    ...options,
  });
  const rows = await rowsOf(connection, `select "${name}" as one from selected order by at_row`);
  close();
  return rows.map(({ one }) => one);
}

async function columnsSelected(store: Store, options: MeasuredSelection): Promise<string[]> {
  const { connection, close } = await select(store, everything, options);
  const columns = await rowsOf<{ column_name: string }>(connection, "describe selected");
  close();
  return columns.map(({ column_name }) => column_name);
}

describe("a selection for SQL that is known", () => {
  thorough("has each fact that it names as a selection of all facts has it", () =>
    withCalls(calls, async (store) => {
      const facts = (await columnsSelected(store, {})).filter(
        (name) => !Object.hasOwn(columnsOf("calls"), name),
      );
      assert.ok(facts.length > 25, facts.join(", "));
      for (const name of facts)
        assert.deepEqual(
          await columnOf(store, name, { reads: [`"${name}", at_row`] }),
          await columnOf(store, name, {}),
          name,
        );
    }),
  );
  test("has no other columns than those, what they build on, and what chooses and clusters calls", () =>
    withCalls(calls, async (store) => {
      const columns = await columnsSelected(store, {
        by: "model",
        reads: ["select sum(spent) from selected"],
      });
      for (const name of ["spent", "free", "unpriced", "cost", "model", "user_id", "in_hour"])
        assert.ok(columns.includes(name), name);
      for (const name of ["wait", "token_speed", "spent_high", "workload", "region"])
        assert.ok(!columns.includes(name), name);
    }));
  test("has the attribute that it names, whatever it is called", () =>
    withCalls(calls, async (store) => {
      const name = 'attributes.a "b", c';
      await run(
        store.connection,
        `alter table calls add column "${name.replaceAll('"', '""')}" varchar default 'x'`,
      );
      const by = 'label="attributes.a ""b"", c"';
      const columns = await columnsSelected(store, { by, reads: ["g"] });
      assert.ok(columns.includes(name), columns.join("\n"));
      assert.ok(!(await columnsSelected(store, { by: "model", reads: ["g"] })).includes(name));
    }));
  test("is shown with these facts alone where the SQL is asked for", () =>
    withCalls(
      calls.filter(({ task_id }) => task_id === null),
      async (store) => {
        (await select(store, everything)).close();
        const { script } = await explain(store, "latency", { by: "model" });
        assert.match(script, /^-- Seconds until a successful call ended.*\n.* as wait\b/m);
        // What columns look like, for their doubts, is asked of other facts.
        const own = script.split(";\n\n").find((one) => /temp view facts\b/.test(one)) ?? "";
        assert.match(own, / as wait\b/);
        assert.doesNotMatch(own, /token_speed|unpriced/);
      },
    ));
});
