import assert from "node:assert/strict";
import { test } from "node:test";
import { everything } from "../../src/facts/request";
import { select } from "../../src/facts/select";
import { patience, TimeLimitError, withinSeconds } from "../../src/store/limit";
import { open } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";
import { thorough } from "../property";

test("a statement that takes too long is ended, and its connection stays usable", async () => {
  const store = await open(":memory:");
  const { connection } = store;
  const endless = () => run(connection, "select count(*) from range(1000000000000) where range % 7 = 8");
  await assert.rejects(withinSeconds(connection, 0.2, "the test was", endless), (error) => {
    assert.ok(error instanceof TimeLimitError);
    assert.match(error.message, /^the test was stopped after 0.2 seconds/);
    return true;
  });
  assert.deepEqual(await rowsOf(connection, "select 1 as one"), [{ one: 1 }]);
  assert.equal(await withinSeconds(connection, 60, "this", async () => 7), 7);
  store.close();
});

thorough("what a person selects calls by is ended where it goes on and on", async () => {
  const store = await open(":memory:");
  await run(
    store.connection,
    "insert into calls (ingest_id, line, call_id, model) select 1, range, range, repeat('a', 40) from range(300000)",
  );
  const hashed = Array.from({ length: 40 }).reduce((inner) => `md5(${inner})`, "x");
  const slow = `len(list_filter(string_split(model, ''), lambda x: ${hashed} > 'f'))`;
  const before = patience.seconds;
  patience.seconds = 0.5;
  try {
    const begun = Date.now();
    await assert.rejects(
      select(store, everything, { where: `${slow} > 1` }),
      /where's expressions were stopped after 0.5 s/,
    );
    await assert.rejects(
      select(store, everything, { by: `n=${slow}` }),
      /by's expressions were stopped after 0.5 s/,
    );
    assert.ok(Date.now() - begun < 20_000);
  } finally {
    patience.seconds = before;
    store.close();
  }
});
