import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import { workbench } from "../workbench";

const many = (count: number) => Array.from({ length: count }, (_, at) => at);

describe("a price list that would give more rows than a real one is rejected, and the rest is read", () => {
  const base = { id: "p", name: "P", api_pattern: "x" };
  const good = {
    id: "good",
    name: "G",
    match: { equals: "good" },
    prices: { input_mtok: 1, output_mtok: 2 },
  };
  const tiers = (count: number) => ({ base: 1, tiers: many(count).map((start) => ({ start, price: 1 })) });
  const models: Record<string, unknown> = {
    "names times thresholds": {
      match: { or: many(300).map((at) => ({ equals: `n${at}` })) },
      prices: { input_mtok: tiers(300) },
    },
    "thresholds alone": { match: { equals: "m" }, prices: { input_mtok: tiers(2_000) } },
    dates: {
      match: { equals: "m" },
      prices: many(2_000).map((at) => ({
        constraint: { start_date: `20${10 + (at % 80)}-01-01` },
        prices: { input_mtok: at },
      })),
    },
  };
  for (const [what, model] of Object.entries(models))
    test(`genai-prices, ${what}`, () =>
      workbench(async ({ read, rejects }) => {
        const file = await read(
          "data.json",
          JSON.stringify([
            { ...base, models: [{ id: "m", name: "M", ...(model as object) }] },
            { ...base, id: "q", models: [good] },
          ]),
        );
        assert.deepEqual([file.format, file.others, file.rejected], ["genai-prices", 1, 1]);
        assert.match(
          (await rejects())[0],
          /the list of prices cannot be read, or is longer than a real one: id/,
        );
      }));
  test("LiteLLM's, thresholds", () =>
    workbench(async ({ read, rejects }) => {
      const model = { litellm_provider: "x", mode: "chat", input_cost_per_token: 1e-6 };
      const above = Object.fromEntries(
        many(2_000).map((at) => [`input_cost_per_token_above_${at}k_tokens`, 1]),
      );
      const file = await read("p.json", JSON.stringify({ good: model, bad: { ...model, ...above } }));
      assert.deepEqual([file.format, file.others, file.rejected], ["litellm-prices", 1, 1]);
      assert.match((await rejects())[0], /the list of prices cannot be read, or is longer than a real one$/);
    }));
});

describe("an object of more keys than can each be looked for in it is rejected with its record", () => {
  const scores = (count: number) =>
    Object.fromEntries(many(count).map((at) => [`score number ${at}`, { value: at }]));
  thorough("and of columns that may be scores the first few hundred are read", () =>
    workbench(async ({ read, rows }) => {
      const columns = Object.fromEntries(many(2_000).map((at) => [`score ${at}`, [at]]));
      const call = {
        id: "a",
        traceId: "t",
        type: "GENERATION",
        startTime: "2026-01-02T03:04:05Z",
        latency: 1,
      };
      const file = await read("observations.jsonl", JSON.stringify({ ...call, ...columns }), {
        format: "langfuse",
      });
      assert.deepEqual([file.status, file.calls], ["ingested", 1]);
      assert.match(file.reason ?? "", /more columns look like scores; only the first 300 are read/);
      assert.deepEqual(await rows("select count(*)::int as n from scores"), [{ n: 300 }]);
    }),
  );
  thorough("of scores that a call brings", () =>
    workbench(async ({ read, rejects, rows }) => {
      const call = (id: string, count: number) => ({
        response_id: id,
        request_id: id,
        request_created_at: "2026-01-02T03:04:05Z",
        response_created_at: "2026-01-02T03:04:06Z",
        delay_ms: 1000,
        response_status: 200,
        request_model: "gpt-4o",
        scores: scores(count),
      });
      const file = await read(
        "h.jsonl",
        [call("a", 30), call("b", 5_000)].map((one) => JSON.stringify(one)).join("\n"),
      );
      assert.deepEqual([file.format, file.rejected], ["helicone", 1]);
      assert.match(
        (await rejects())[0],
        /^2: the list of scores cannot be read, or is longer than a real one/,
      );
      assert.deepEqual(await rows("select count(*)::int as n from scores"), [{ n: 30 }]);
    }),
  );
});
