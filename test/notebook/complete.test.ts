import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { completeName } from "../../src/notebook/complete";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { temporaryFolder } from "./notebooks";

/** What is offered at the bar in a cell's text. */
async function offered(text: string, typed?: string[]): Promise<string[] | undefined> {
  const cursor = text.indexOf("|");
  const found = await completeName(text.replace("|", ""), cursor, typed);
  if (found !== undefined) assert.equal(found.end, cursor);
  return found?.matches;
}

describe("names in a cell's texts", () => {
  const registry = Symbol.for("fieldnotes.openStores");
  let store: Store;

  before(async () => {
    Object.assign(globalThis, { [registry]: new Set() });
    store = await open(":memory:");
    await run(store.connection, 'alter table calls add column "attributes.tenant" varchar');
    await run(
      store.connection,
      `insert into calls (call_id, model, started_at, duration)
       values ('a', 'm', timestamp '2026-01-01', 1.5)`,
    );
  });
  after(() => {
    store.close();
    Object.assign(globalThis, { [registry]: undefined });
  });

  test("are columns of the open store in by, where and candidate, its attributes too", async () => {
    assert.deepEqual(await offered('latency(store, { by: "mod|" })'), [
      "model",
      "request_model",
      "response_model",
    ]);
    assert.deepEqual(await offered('latency(store, { by: "model,workl|" })'), ["workload"]);
    assert.deepEqual(await offered('latency(store, { by: ["model", "workl|"] })'), ["workload"]);
    assert.deepEqual(await offered("latency(store, { by: 'ten|' })"), ["attributes.tenant"]);
    assert.deepEqual(await offered("latency(store, { where: \"workload = 'chat' and weekd|\" })"), [
      "weekday",
    ]);
    assert.deepEqual(await offered('quality(store, { candidate: "model,provid|" })'), ["provider"]);
  });

  test("are metrics that its log has data for, or those that the option's type lists", async () => {
    assert.deepEqual(await offered('metric(store, { metric: "duration_p9|" })'), [
      "duration_p95",
      "duration_p99",
    ]);
    assert.deepEqual(await offered('metric(store, { metric: "resolve|" })'), []);
    assert.deepEqual(await offered('latency(store, { metric: "dur|" })', ["duration", "ttft"]), ["duration"]);
  });

  test("are none elsewhere: in another text, in a value, after the text", async () => {
    assert.equal(await offered('open("mod|")'), undefined);
    assert.equal(await offered('latency(store, { where: "workload = \'ch|" })'), undefined);
    assert.equal(await offered('latency(store, { by: "model" }|)'), undefined);
  });

  test("are asked for again where a store that does not change could not answer once", async () => {
    const file = join(temporaryFolder(), "kept.duckdb");
    const made = await open(file);
    await run(made.connection, 'alter table calls add column "attributes.tenant" varchar');
    made.close();
    const kept = await open(file, { readOnly: true });
    const { connect } = kept;
    let failures = 1;
    kept.connect = () => (failures-- > 0 ? Promise.reject(new Error("busy")) : connect.call(kept));
    assert.deepEqual(await offered('latency(store, { by: "ten|" })'), []);
    assert.deepEqual(await offered('latency(store, { by: "ten|" })'), ["attributes.tenant"]);
    kept.close();
  });

  test("are those of any store where none is open", async () => {
    store.close();
    assert.deepEqual(await offered('latency(store, { by: "ten|" })'), []);
    assert.ok((await offered('metric(store, { metric: "resolve|" })'))?.includes("resolve_rate"));
  });
});
