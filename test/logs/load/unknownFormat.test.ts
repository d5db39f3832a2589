import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Shape, shapeOf } from "../../../src/logs/files/shape";
import { suggestedMapping, suggestedPrices } from "../../../src/logs/load/suggestedMapping";
import { unknownFormat } from "../../../src/logs/load/unknownFormat";

type Fields = { [name: string]: string | Fields };

function shape(fields: Fields): Shape {
  const inner = Object.entries(fields).map(([name, one]): [string, Shape] => [
    name,
    typeof one === "string" ? { scalar: one, numeric: one !== "VARCHAR" } : shape(one),
  ]);
  return { scalar: "NULL", numeric: false, fields: new Map(inner) };
}

const suggested = (fields: Fields) => suggestedMapping(shape(fields)).columns;

describe("a mapping to start from", () => {
  test("takes milliseconds for thousandths of a second, whatever the name", () => {
    for (const name of ["took_ms", "latency_ms", "durationMs", "total_time_ms", "elapsed_millis"])
      assert.deepEqual(suggested({ [name]: "BIGINT" }), { duration: `${name} / 1000` }, name);
    assert.deepEqual(suggested({ ttft_ms: "BIGINT" }), { time_to_first_token: "ttft_ms / 1000" });
  });

  test("finds fields within fields", () => {
    const fields = { meta: { when: "VARCHAR", llm: "VARCHAR" }, perf: { seconds: "DOUBLE" }, who: "VARCHAR" };
    assert.deepEqual(suggested(fields), {
      user_id: "who",
      started_at: "meta.when",
      model: "meta.llm",
      duration: "perf.seconds",
    });
  });

  test("makes a status of a flag, and none of it where the flag is no flag", () => {
    assert.deepEqual(suggested({ ok: "BOOLEAN" }), { status: "if(ok, 'ok', 'error')" });
    assert.deepEqual(suggested({ failed: "BOOLEAN" }), { status: "if(failed, 'error', 'ok')" });
    assert.equal(suggested({ status: "BOOLEAN", model: "VARCHAR" }).status, undefined);
    assert.equal(suggested({ status: "VARCHAR" }).status, "status");
  });

  test("takes our own names for what they say", () => {
    const fields = { cache_read_input_tokens: "BIGINT", attempt: "BIGINT", team: "VARCHAR" };
    assert.deepEqual(suggested(fields), {
      cache_read_input_tokens: "cache_read_input_tokens",
      attempt: "attempt",
    });
    assert.match(unknownFormat(shape(fields), [], "a.jsonl"), /All but team are columns of calls/);
  });

  test("is none for what the eval set's commands wrote, which says what takes it", () => {
    const said = (fields: string[]) =>
      unknownFormat(shape(Object.fromEntries(fields.map((name) => [name, "VARCHAR"]))), [], "a.jsonl");
    const set = "item_id prompt expected format sources stratum weight checks call_id canary".split(" ");
    assert.match(said(set), /is an eval set, not a log: import it with fieldnotes evalset import/);
    assert.match(said(["review_id", "score", "value", "label", "rater_id"]), /labels.*evalset import/);
    assert.match(said(["item_id", "model", "output", "repeat"]), /answers.*evalset import/);
  });

  test("quotes names that are no words", () => {
    assert.deepEqual(suggested({ "my data": { model: "VARCHAR" } }), { model: '"my data".model' });
  });
});

test("a price list whose columns name their unit is mapped to prices of one token", () => {
  const pricesOf = (names: string[], cell: unknown = 1) =>
    suggestedPrices(shapeOf([Object.fromEntries(names.map((name) => [name, cell]))]))?.columns;
  assert.deepEqual(pricesOf(["model", "input_per_1m", "output_per_1m"]), {
    model: "model",
    input: "input_per_1m / 1e6",
    output: "output_per_1m / 1e6",
  });
  assert.deepEqual(pricesOf(["name", "prompt_cost_per_1k", "cached_input_usd", "completion_cost_per_1k"]), {
    model: "name",
    input: "prompt_cost_per_1k / 1e3",
    cache_read: "cached_input_usd",
    output: "completion_cost_per_1k / 1e3",
  });
  assert.deepEqual(pricesOf(["Model", "Input ($/1M tokens)", "Output ($/1M tokens)"], "$2.50"), {
    model: "Model",
    input: `cast(translate("Input ($/1M tokens)", '$,', '') as double) / 1e6`,
    output: `cast(translate("Output ($/1M tokens)", '$,', '') as double) / 1e6`,
  });
  assert.deepEqual(pricesOf(["model", "input", "cache_read", "output", "remark"]), {
    model: "model",
    input: "input",
    cache_read: "cache_read",
    output: "output",
  });
  assert.equal(pricesOf(["model", "input", "output"]), undefined);
  assert.equal(pricesOf(["model", "input_cost"]), undefined);
});

test("a leaderboard whose models no column's name tells is mapped to benchmarks, its cost no score", () => {
  const row = {
    Config: "a",
    Group: "x",
    v2_Eval_Score: 0.5,
    v2_Eval_Cost: 3,
    v1_Eval_Score: "-",
    display: true,
  };
  assert.match(
    unknownFormat(shapeOf([row, { ...row, v1_Eval_Score: "0.3" }]), [], "board.csv"),
    /starting from: \[{"table":"benchmarks","columns":{"model":"Config","benchmark":"'v2_Eval_Score'","score":"v2_Eval_Score"}},{"table":"benchmarks","columns":{"model":"Config","benchmark":"'v1_Eval_Score'","score":"v1_Eval_Score"}}\]$/,
  );
});

test("a page of a list with nothing in it holds no records", () => {
  assert.equal(
    unknownFormat(shapeOf([{ data: [], next: null }]), [], "page.json"),
    "the file contains no records",
  );
  assert.match(unknownFormat(shapeOf([{ data: [1], next: null }]), [], "page.json"), /^unknown format/);
});
