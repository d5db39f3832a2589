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
