import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { priceCalls, pricedAs } from "../../../src/logs/complete/price";
import { open, type Store } from "../../../src/store/open";
import { rowsOf, run } from "../../../src/store/run";
import { near } from "../../same";

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
        const typed = /^(cost|input|output|cache_read|cache_creation(_1h)?)$/.test(name)
          ? "DOUBLE"
          : kind(value);
        all[name] = /^(from|started_at)$/.test(name) ? "TIMESTAMP" : typed;
      }
    return all;
  };
  const costs = async () => {
    const rows = await rowsOf<{ id: string; cost: number; source: string }>(
      store.connection,
      "select call_id as id, cost, cost_source as source from calls order by call_id",
    );
    return Object.fromEntries(rows.map(({ id, cost, source }) => [id, [cost, source] as const]));
  };

  test("a call that failed before it answered costs nothing, and one that broke off what it had answered", async () => {
    await insert("prices", [{ model: "m", input: 1e-6, output: 1e-5, source: "list" }]);
    const failed = { response_model: "m", status: "error", input_tokens: 1000 };
    await insert("calls", [
      { call_id: "a", ...failed, output_tokens: 0 },
      { call_id: "b", ...failed, output_tokens: 100 },
      { call_id: "c", ...failed, status: "timeout", output_tokens: 0 },
    ]);
    await priceCalls(store.connection);
    const found = await costs();
    assert.equal(found.a[0], 0);
    near(found.b[0], 0.002, "broken off", 1e-9);
    assert.equal(found.c[0], null, "what a call wrote until it timed out is not known, and may be billed");
  });

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
        call_id: "without output",
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
    near(found["without output"][0], 2e-6);
    await insert("prices", [{ model: "gpt-4o", input: 1e-6, output: 0, source: "contract" }]);
    await priceCalls(store.connection);
    const own = await costs();
    near(own.azure[0], 1e-6);
    near(own["without output"][0], 1e-6);
  });

  test("of two prices from one day on the one read last tells whether the lists agree", async () => {
    const price = { model: "m", output: 0, source: "litellm:one" };
    for (const turned of [false, true]) {
      await run(store.connection, "delete from prices; delete from calls");
      const rows = [
        { ...price, input: 2e-6, ingest_id: 2, line: 1 },
        { ...price, input: 1e-6, ingest_id: 1, line: 1 },
        { ...price, input: 2e-6, ingest_id: 3, line: 1, source: "litellm:two" },
      ];
      await insert("prices", turned ? rows.toReversed() : rows);
      await insert("calls", [
        { call_id: "a", response_model: "m", status: "ok", input_tokens: 1, output_tokens: 0 },
      ]);
      await priceCalls(store.connection);
      near((await costs()).a[0], 2e-6);
    }
  });

  const call = (call_id: string, more: object = {}) => ({
    call_id,
    response_model: "m",
    provider: "openai",
    status: "ok",
    started_at: "2026-03-02T12:00:00",
    input_tokens: 1000,
    output_tokens: 100,
    ...more,
  });

  test("a long context is charged at the price of its length, all of its tokens, and from the date on that it holds", async () => {
    await insert("prices", [
      { model: "m", above_input_tokens: 1000, input: 2e-6, cache_read: 2e-7, output: 2e-5, source: "list" },
      { model: "m", above_input_tokens: 5000, input: 4e-6, cache_read: 4e-7, output: 4e-5, source: "list" },
      { model: "m", input: 1e-6, cache_read: 1e-7, output: 1e-5, source: "list" },
      { model: "m", input: 1e-6, output: 1e-5, source: "list", from: "2026-04-01T00:00:00" },
    ]);
    await insert("calls", [
      call("a"),
      call("b", { input_tokens: 1001 }),
      call("c", { input_tokens: 6000, cache_read_input_tokens: 5500 }),
      call("d", { input_tokens: 6000, started_at: "2026-04-02T00:00:00" }),
    ]);
    await priceCalls(store.connection);
    const { a, b, c, d } = await costs();
    near(a[0], 1000 * 1e-6 + 100 * 1e-5);
    near(b[0], 1001 * 2e-6 + 100 * 2e-5);
    near(c[0], 500 * 4e-6 + 5500 * 4e-7 + 100 * 4e-5);
    near(d[0], 6000 * 1e-6 + 100 * 1e-5);
  });

  test("a batch is charged at its own price, else at half where the provider is known to charge that, else not at all", async () => {
    await insert("prices", [
      { model: "m", input: 1e-6, output: 1e-5, source: "list" },
      { model: "n", input: 1e-6, output: 1e-5, source: "list" },
      { model: "n", service_tier: "batch", input: 3e-7, output: 3e-6, source: "list" },
    ]);
    await insert("calls", [
      call("a", { service_tier: "batch" }),
      call("b", { service_tier: "batch", provider: "someone" }),
      call("c", { service_tier: "batch", response_model: "n" }),
      call("d", { response_model: "n" }),
      call("e", { service_tier: "priority" }),
    ]);
    await priceCalls(store.connection);
    const { a, b, c, d, e } = await costs();
    near(a[0], 0.5 * (1000 * 1e-6 + 100 * 1e-5));
    assert.deepEqual(b, [null, null]);
    near(c[0], 1000 * 3e-7 + 100 * 3e-6);
    near(d[0], 1000 * 1e-6 + 100 * 1e-5);
    assert.deepEqual(e, [null, null]);
  });

  test("a price of some hours of the day holds in these, also over midnight", async () => {
    await insert("prices", [
      { model: "m", input: 1e-6, output: 1e-5, source: "list" },
      { model: "m", day_from: 1800, day_to: 59400, input: 2e-6, output: 2e-5, source: "list" },
      { model: "n", input: 1e-6, output: 1e-5, source: "list" },
      { model: "n", day_from: 79200, day_to: 21600, input: 2e-6, output: 2e-5, source: "list" },
    ]);
    const at = (time: string, response_model = "m") => ({ started_at: `2026-03-02T${time}`, response_model });
    await insert("calls", [
      call("a", at("00:30:00")),
      call("b", at("16:30:00")),
      call("c", at("23:00:00", "n")),
      call("d", at("05:59:59", "n")),
      call("e", at("06:00:00", "n")),
    ]);
    await priceCalls(store.connection);
    const found = await costs();
    assert.deepEqual(
      Object.values(found).map(([cost]) => Math.round((cost as number) * 1e3)),
      [4, 2, 4, 4, 2],
    );
  });

  test("what is written to a cache for an hour has its own price, else twice the input's where the other is 1.25 of it", async () => {
    await insert("prices", [
      { model: "m", input: 1e-6, cache_creation: 1.25e-6, output: 0, source: "list" },
      {
        model: "n",
        input: 1e-6,
        cache_creation: 1.25e-6,
        cache_creation_1h: 3e-6,
        output: 0,
        source: "list",
      },
    ]);
    const written = { cache_creation_input_tokens: 600, cache_creation_1h_input_tokens: 500 };
    await insert("calls", [call("a", written), call("b", { ...written, response_model: "n" })]);
    await priceCalls(store.connection);
    const { a, b } = await costs();
    near(a[0], 400e-6 + 100 * 1.25e-6 + 500 * 2e-6);
    near(b[0], 400e-6 + 100 * 1.25e-6 + 500 * 3e-6);
  });

  test("at another price, calls without tokens are told apart from those that a cache answered", async () => {
    await insert("prices", [{ model: "m", input: 1e-6, output: 1e-5, source: "list" }]);
    await insert("calls", [call("a"), call("b", { cache_hit: true }), call("c", { input_tokens: null })]);
    const [{ calls, of }] = await pricedAs(store.connection, ["m"], "select rowid from calls");
    assert.deepEqual([calls, of], [1, 2]);
  });
});
