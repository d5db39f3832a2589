import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { everything } from "../../src/facts/request";
import { type MeasuredSelection, select } from "../../src/facts/select";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";

let store: Store;
before(async () => {
  store = await open(":memory:");
  await run(
    store.connection,
    `insert into calls (call_id, model, environment, role, operation, duration)
     select 'p' || i, 'm', 'production', null, 'chat', i from range(6) r(i)
     union all select 'l' || i, 'm', 'load test', null, 'chat', i from range(1350) r(i)
     union all select 'e' || i, 'm', 'evaluation', null, 'chat', i from range(20) r(i)
     union all select 'j' || i, 'm', 'production', 'judge', 'chat', i from range(3) r(i)
     union all select 'v' || i, 'm', 'production', null, 'embeddings', i from range(4) r(i)`,
  );
});
after(() => store.close());

async function left(options: MeasuredSelection): Promise<string> {
  const selection = await select(store, everything, { cluster: "call_id", ...options });
  selection.close();
  return selection.notes.filter((note) => note.startsWith("Left out")).join();
}

describe("a note on what a measure leaves out", () => {
  test("counts each kind and says which column shows it", async () => {
    const said = await left({ by: "model" });
    assert.equal(
      said,
      "Left out: 20 evaluation runs (--by environment shows them), 1,350 load-test calls (--by environment shows them), 3 calls of judges, simulated users and other helpers (--by role shows them), 4 embeddings (--by operation shows them).",
    );
  });
  test("counts among the calls that where chooses", async () => {
    assert.match(
      await left({ where: "duration < 2" }),
      /^Left out: 2 evaluation runs .*, 2 load-test calls /,
    );
    assert.equal(await left({ where: "call_id like 'p%'" }), "");
  });
  test("counts a call of two kinds once", async () => {
    const both = await open(":memory:");
    await run(
      both.connection,
      "insert into calls (call_id, environment, role) values ('a', 'evaluation', 'judge'), ('b', 'production', null)",
    );
    const selection = await select(both, everything, { cluster: "call_id", by: "" });
    selection.close();
    both.close();
    assert.deepEqual(
      selection.notes.filter((note) => note.startsWith("Left out")),
      ["Left out: 1 evaluation run (--by environment shows it)."],
    );
  });
  test("is silent on what is asked for, and on a population that has it", async () => {
    assert.doesNotMatch(await left({ by: "environment" }), /evaluation|load/);
    assert.doesNotMatch(await left({ by: "role" }), /judges|embeddings/);
    assert.doesNotMatch(await left({ population: "tasks" }), /judges|embeddings/);
    assert.equal(await left({ population: "judged" }), "");
  });
});
