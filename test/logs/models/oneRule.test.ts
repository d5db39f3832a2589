import assert from "node:assert/strict";
import { test } from "node:test";
import { benchmarks } from "../../../src/measures/benchmark/benchmarkScores";
import { jsonl, workbench } from "../workbench";

test("a model's name is read by one rule, whichever column or table it stands in", () =>
  workbench(async (bench) => {
    const call = { started_at: "2026-03-02T09:00:00Z", duration: 1 };
    for (const [at, column] of ["model", "request_model", "response_model"].entries())
      await bench.read(`${at}.jsonl`, jsonl({ name: "openai/gpt-4o", at, ...call }), {
        mapping: { table: "calls", columns: { [column]: "name", duration: "duration" } },
        set: { region: column },
      });
    assert.deepEqual(await bench.rows("select model, count(*) as n from calls group by 1"), [
      { model: "gpt-4o", n: 3 },
    ]);
  }));

test("a table of names of one's own holds for calls of a mapping that were read before, and for benchmarks", () =>
  workbench(async (bench) => {
    const mapping = { table: "calls" as const, columns: { model: "name", duration: "1" } };
    await bench.read("calls.jsonl", jsonl({ name: "azure/gpt-4o" }, { name: "our-router" }), { mapping });
    await bench.read("board.csv", "model,our test\nour-router@reasoning=default,0.5\nother,0.7\n");
    const file = bench.write(
      "names.json",
      JSON.stringify({
        models: [
          { name: "house", spellings: ["azure/gpt-4o", "our-router", "our-router@reasoning=default"] },
        ],
      }),
    );
    process.env.FIELDNOTES_MODELS = file;
    try {
      await bench.read("more.jsonl", jsonl({ name: "house" }), { mapping });
      assert.deepEqual(await bench.rows("select model, count(*) as n from calls group by 1"), [
        { model: "house", n: 3 },
      ]);
      const [{ scores }] = await benchmarks(bench.store);
      assert.deepEqual(scores.map(({ model }) => model).sort(), ["house", "other"]);
    } finally {
      delete process.env.FIELDNOTES_MODELS;
    }
  }));
