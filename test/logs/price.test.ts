import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { priceCalls } from "../../src/logs/price";
import { open, type Store } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/query";

describe("priceCalls", () => {
  let store: Store;
  beforeEach(async () => {
    store = await open(":memory:");
  });
  afterEach(() => store.close());

  const insert = (table: string, rows: Record<string, unknown>[]) =>
    run(
      store.connection,
      `insert into ${table} by name select * from (select unnest(from_json($rows::json, json_structure($rows::json)), recursive := true))`.replaceAll(
        "json_structure($rows::json)",
        `'${JSON.stringify([structure(rows)])}'`,
      ),
      { rows: JSON.stringify(rows) },
    );
  const structure = (rows: Record<string, unknown>[]) => {
    const kind = (value: unknown) =>
      typeof value === "number"
        ? Number.isInteger(value)
          ? "BIGINT"
          : "DOUBLE"
        : typeof value === "boolean"
          ? "BOOLEAN"
          : "VARCHAR";
    const all: Record<string, string> = {};
    for (const row of rows)
      for (const [name, value] of Object.entries(row)) {
        const typed = /^(cost|input|output|cache_read|cache_creation)$/.test(name) ? "DOUBLE" : kind(value);
        all[name] = /^(from|started_at)$/.test(name) ? "TIMESTAMP" : typed;
      }
    return all;
  };
  const costs = async () => {
    const rows = await rowsOf<{ id: string; cost: number | null; source: string | null }>(
      store.connection,
      "select call_id as id, cost, cost_source as source from calls order by call_id",
    );
    return Object.fromEntries(rows.map(({ id, cost, source }) => [id, [cost, source]]));
  };
  const near = (actual: unknown, expected: number) =>
    assert.ok(Math.abs((actual as number) - expected) < 1e-12, `${actual} is not ${expected}`);

  test("tokens are charged by class: cached and written ones at their own price, reasoning inside the output", async () => {
    await insert("prices", [
      { model: "m", input: 1e-6, cache_read: 1e-7, cache_creation: 2e-6, output: 1e-5, source: "list" },
    ]);
    await insert("calls", [
      {
        call_id: "a",
        response_model: "m",
        status: "ok",
        input_tokens: 1000,
        cache_read_input_tokens: 600,
        cache_creation_input_tokens: 100,
        output_tokens: 50,
        reasoning_output_tokens: 40,
      },
    ]);
    await priceCalls(store.connection);
    const { a } = await costs();
    near(a[0], 300e-6 + 600e-7 + 200e-6 + 500e-6);
    assert.equal(a[1], "price");
  });

  test("a cost in the log stays, and 0 with tokens counts as not known", async () => {
    await insert("calls", [
      {
        call_id: "a",
        response_model: "m",
        status: "ok",
        input_tokens: 10,
        output_tokens: 1,
        cost: 0.5,
        cost_source: "log",
      },
      {
        call_id: "b",
        response_model: "m",
        status: "ok",
        input_tokens: 10,
        output_tokens: 1,
        cost: 0,
        cost_source: "log",
      },
    ]);
    const unpriced = await priceCalls(store.connection);
    assert.deepEqual(await costs(), { a: [0.5, "log"], b: [null, null] });
    assert.deepEqual(
      unpriced.map(({ model, price, calls, priced }) => [model, price, calls, priced]),
      [["m", null, 1, 0]],
    );
  });

  test("0 stands where the price is known to be 0, and for an answer from a cache", async () => {
    await insert("prices", [{ model: "free", input: 0, output: 0, source: "list" }]);
    await insert("calls", [
      {
        call_id: "a",
        response_model: "free",
        status: "ok",
        input_tokens: 10,
        output_tokens: 1,
        cost: 0,
        cost_source: "log",
      },
      {
        call_id: "b",
        response_model: "dear",
        status: "ok",
        input_tokens: 10,
        output_tokens: 1,
        cost: 0,
        cost_source: "log",
        cache_hit: true,
      },
    ]);
    await priceCalls(store.connection);
    assert.deepEqual(await costs(), { a: [0, "price"], b: [0, "log"] });
  });

  test("the price is the one that held at the call's time", async () => {
    await insert("prices", [
      { model: "m", input: 1e-6, output: 0, source: "list", from: null },
      { model: "m", input: 2e-6, output: 0, source: "list", from: "2025-06-01 00:00:00" },
    ]);
    await insert("calls", [
      {
        call_id: "before",
        response_model: "m",
        status: "ok",
        started_at: "2025-05-31 23:59:59",
        input_tokens: 1,
        output_tokens: 1,
      },
      {
        call_id: "from",
        response_model: "m",
        status: "ok",
        started_at: "2025-06-01 00:00:00",
        input_tokens: 1,
        output_tokens: 1,
      },
      {
        call_id: "timeless",
        response_model: "m",
        status: "ok",
        started_at: null,
        input_tokens: 1,
        output_tokens: 1,
      },
    ]);
    await priceCalls(store.connection);
    const found = await costs();
    near(found.before[0], 1e-6);
    near(found.from[0], 2e-6);
    near(found.timeless[0], 2e-6);
  });

  test("doing it again changes nothing, and prices that arrive later price the calls that are there", async () => {
    await insert("calls", [
      { call_id: "a", response_model: "m", status: "ok", input_tokens: 1, output_tokens: 1 },
    ]);
    await priceCalls(store.connection);
    assert.deepEqual((await costs()).a, [null, null]);
    await insert("prices", [{ model: "m", input: 1e-6, output: 1e-6, source: "list" }]);
    await priceCalls(store.connection);
    const once = await costs();
    near(once.a[0], 2e-6);
    await priceCalls(store.connection);
    assert.deepEqual(await costs(), once);
    await run(store.connection, "delete from prices");
    await priceCalls(store.connection);
    assert.deepEqual((await costs()).a, [null, null]);
  });

  test("a call whose output tokens are not told has no cost, but an embedding has none to tell", async () => {
    await insert("prices", [{ model: "m", input: 1e-6, output: 1e-6, source: "list" }]);
    await insert("calls", [
      { call_id: "a", response_model: "m", status: "ok", operation: "chat", input_tokens: 5 },
      { call_id: "b", response_model: "m", status: "ok", operation: "embeddings", input_tokens: 5 },
    ]);
    await priceCalls(store.connection);
    const found = await costs();
    assert.equal(found.a[0], null);
    near(found.b[0], 5e-6);
  });

  test("another spelling of the same release is matched, and said to be", async () => {
    await insert("prices", [
      { model: "claude-3-5-sonnet-20241022", input: 3e-6, output: 15e-6, source: "litellm:anthropic" },
    ]);
    await insert("calls", [
      {
        call_id: "a",
        request_model: "anthropic.claude-3-5-sonnet-20241022-v2:0",
        status: "ok",
        input_tokens: 1,
        output_tokens: 0,
      },
    ]);
    const [row] = await priceCalls(store.connection);
    assert.deepEqual([row.price, row.by, row.priced], ["claude-3-5-sonnet-20241022", "model", 1]);
  });

  test("prices of other releases that disagree are not chosen between", async () => {
    await insert("prices", [
      { model: "gpt-4o-2024-05-13", input: 5e-6, output: 15e-6, source: "list" },
      { model: "gpt-4o-2024-08-06", input: 2.5e-6, output: 1e-5, source: "list" },
    ]);
    await insert("calls", [
      { call_id: "a", response_model: "gpt-4o-2024-11-20", status: "ok", input_tokens: 1, output_tokens: 0 },
    ]);
    const [row] = await priceCalls(store.connection);
    assert.equal(row.price, null);
    assert.deepEqual(row.nearest, ["gpt-4o-2024-05-13 (list)", "gpt-4o-2024-08-06 (list)"]);
    assert.deepEqual((await costs()).a, [null, null]);
  });

  test("where several sell a model, the provider's price is taken, then the maker's, and the user's own before both", async () => {
    await insert("prices", [
      { model: "gpt-4o", input: 2e-6, output: 0, source: "genai-prices:openai" },
      { model: "gpt-4o", input: 3e-6, output: 0, source: "genai-prices:azure" },
    ]);
    await insert("calls", [
      {
        call_id: "azure",
        response_model: "gpt-4o",
        provider: "az.ai.openai azure",
        status: "ok",
        input_tokens: 1,
        output_tokens: 0,
      },
      {
        call_id: "untold",
        response_model: "gpt-4o",
        provider: null,
        status: "ok",
        input_tokens: 1,
        output_tokens: 0,
      },
    ]);
    await priceCalls(store.connection);
    const found = await costs();
    near(found.azure[0], 3e-6);
    near(found.untold[0], 2e-6);
    await insert("prices", [{ model: "gpt-4o", input: 1e-6, output: 0, source: "contract" }]);
    await priceCalls(store.connection);
    const own = await costs();
    near(own.azure[0], 1e-6);
    near(own.untold[0], 1e-6);
  });
});
