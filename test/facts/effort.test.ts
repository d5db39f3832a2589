import assert from "node:assert/strict";
import { test } from "node:test";
import { latency } from "../../src/measures/latency/latency";
import type { Row } from "../../src/measures/table";
import { open } from "../../src/store/open";

test("effort is asked for in words or as a budget of tokens, and is a part of a candidate", async () => {
  const store = await open(":memory:");
  try {
    await store.connection.run(`
      alter table calls add column "attributes.reasoning_effort" varchar;
      alter table calls add column "attributes.thinking_budget" bigint;
      insert into calls by name
      select 'c' || i as call_id, 'u' || (i % 40) as user_id, if(i % 3 = 2, 'n', 'm') as model,
             timestamp '2026-03-02' + to_minutes(i) as started_at, [1.0, 9.0, 4.0][1 + i % 3] as duration, 'ok' as status,
             case i % 3 when 0 then 'low' when 1 then 'high' end as "attributes.reasoning_effort",
             case i % 3 when 2 then 16000 end as "attributes.thinking_budget"
      from range(300) as r(i)`);
    const told = async (options: object) =>
      (await latency(store, options)).rows.map((row: Row) => [
        row.model ?? row.effort,
        (row.quantiles as Record<string, { value: number }>)["0.5"]?.value,
      ]);
    assert.deepEqual(await told({ by: "effort" }), [
      ["16000", 4],
      ["high", 9],
      ["low", 1],
    ]);
    assert.deepEqual(await told({ by: "model", candidate: "model,effort" }), [
      ["m · high", 9],
      ["m · low", 1],
      ["n · 16000", 4],
    ]);
    await store.connection.run('alter table calls drop column "attributes.thinking_budget"');
    await store.connection.run('alter table calls drop column "attributes.reasoning_effort"');
    await assert.rejects(latency(store, { by: "effort" }), /by requires columns of calls, got "effort"/);
  } finally {
    store.close();
  }
});

test("effort is the word where a log has one, whatever the order of its columns, and a budget is a whole number", async () => {
  const store = await open(":memory:");
  try {
    await store.connection.run(`
      alter table calls add column "attributes.thinking_budget" double;
      alter table calls add column "attributes.output_config.effort" varchar;
      alter table calls add column "attributes.effort" varchar;
      alter table calls add column "attributes.reasoning_effort" varchar;
      insert into calls by name
      select 'c' || i as call_id, 'u' || (i % 40) as user_id, 'm' as model, 'ok' as status, 1.0 as duration,
             timestamp '2026-03-02' + to_minutes(i) as started_at, 16000.0 as "attributes.thinking_budget",
             case i % 5 when 0 then 'high' when 1 then 'low' end as "attributes.output_config.effort",
             if(i % 5 = 2, 'max', null) as "attributes.effort",
             if(i % 5 = 3, 'minimal', null) as "attributes.reasoning_effort"
      from range(200) as r(i)`);
    const { rows } = await latency(store, { by: "effort" });
    assert.deepEqual(rows.map((row: Row) => row.effort).sort(), ["16000", "high", "low", "max", "minimal"]);
  } finally {
    store.close();
  }
});
