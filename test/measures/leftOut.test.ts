import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { compare } from "../../src/decide/compare/compare";
import { calls } from "../../src/measures/calls";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import type { Table } from "../../src/measures/table";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { thorough } from "../property";

/** Measures of scores take what was judged, wherever that was; others need a file, a score or a benchmark. */
const takesAll = /^(quality|consistency|preferences|agreement|benchmark)/;
const asks = /--(repriced|monthly|tiers|floor|slope)$/;

let store: Store;
before(async () => {
  store = await open(":memory:");
  await run(
    store.connection,
    `insert into calls (call_id, task_id, model, provider, workload, environment, user_id, started_at, duration, status, cost,
       input_tokens, output_tokens, attempt, cache_hit, release)
     select environment || i, 't' || environment || i // 2, ['a', 'b'][1 + i // 2 % 2], 'p', 'w', environment, 'u' || i % 20,
       timestamp '2026-03-02' + to_hours(i * 3), 1 + i % 7, if(i % 9 = 0, 'error', 'ok'), 0.01,
       100 + i, 50, 1 + i % 2, i % 3 = 0, if(i < 30, 'r1', 'r2')
     from range(60) r(i), (values ('production'), ('load test'), ('evaluation')) e(environment)`,
  );
  await run(
    store.connection,
    "insert into tasks (task_id, workload, resolved) select distinct task_id, workload, hash(task_id) % 3 > 0 from calls",
  );
  await run(
    store.connection,
    "insert into scores (subject, subject_id, name, value, rater) select 'call', call_id, 'good', hash(call_id) % 2, 'judge' from calls",
  );
  await run(
    store.connection,
    "insert into spans (span_id, task_id, stage, started_at, duration, status) select call_id, task_id, 'answer', started_at, duration, 'ok' from calls",
  );
});
after(() => store.close());

const said =
  /Left out: 60 evaluation runs \(--by environment shows them\), 60 load-test calls \(--by environment shows them\)\./;

describe("evaluation runs and load tests that a table leaves out are counted below it", () => {
  for (const measure of measures.map((one) => ({ run: one.run, name: commandOf(one) }))) {
    if (takesAll.test(measure.name) || asks.test(measure.name)) continue;
    test(measure.name, async () => {
      const { notes } = await (measure.run as (store: Store, options: object) => Promise<Table>)(store, {});
      assert.match(notes.join("\n"), said);
    });
  }
  test("calls lists them as well, and says how many", async () => {
    const { notes } = await calls(store, { where: "duration > 1" });
    assert.match(
      notes.join("\n"),
      /Among all calls: \d+ evaluation runs \(environment\), \d+ load-test calls/,
    );
    const alone = await calls(store, { where: "environment = 'evaluation'" });
    assert.doesNotMatch(alone.notes.join("\n"), /Among all calls/);
  });
  thorough("compare", async () => {
    const { notes } = await compare(store, { switch: "2026-03-06", metrics: ["error_rate"] });
    assert.match(notes.join("\n"), said);
  });
});
