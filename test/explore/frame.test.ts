import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { frameOf, fromDataFrame, toDataFrame } from "../../src/explore/frame";
import { latency } from "../../src/measures/latency/latency";
import { bundleOf } from "../../src/notebook/show";
import { open } from "../../src/store/open";
import { withCalls } from "../measures/calls";
import { thorough } from "../property";

const installed = (() => {
  try {
    return require.resolve("danfojs-node") !== "";
  } catch {
    return false;
  }
})();

const sql = `select * from (values
  ('alder', 1.5::double, 7::bigint, timestamp '2026-03-02 09:00:00', true),
  ('birch', null, 9, timestamp '2026-03-01 09:00:00', false),
  ('alder', 0.1::double + 0.2, null, timestamp '2026-03-03 09:00:00', null),
  ('apple', null, 1, null, true)) as t(model, seconds, tokens, begun, ok)`;

async function selected(statement = sql) {
  const store = await open(":memory:");
  try {
    return await toDataFrame(store, statement);
  } finally {
    store.close();
  }
}

describe("a DataFrame", { skip: installed ? false : "danfojs-node is not installed" }, () => {
  thorough(
    "has the result's columns and rows: doubles as they are, times as Dates, missing numbers as NaN",
    async () => {
      const frame = await selected();
      assert.deepEqual(frame.shape, [4, 5]);
      assert.deepEqual(frame.columns, ["model", "seconds", "tokens", "begun", "ok"]);
      assert.deepEqual(frame.dtypes, ["string", "float32", "float32", "datetime", "boolean"]);
      assert.equal(frame.values[2][1], 0.1 + 0.2);
      assert.ok(frame.values[0][3] instanceof Date);
      assert.deepEqual(
        [frame.values[1][1], frame.values[3][3], frame.values[2][4]],
        [Number.NaN, null, null],
      );
    },
  );

  thorough("describes the columns of numbers over the values that are known", async () => {
    const described = (await selected()).describe();
    assert.deepEqual(described.columns, ["seconds", "tokens"]);
    const of = (name: string) => described.values[described.index.indexOf(name)];
    assert.deepEqual(of("count"), [2, 3]);
    assert.ok(Math.abs((of("mean")[0] as number) - 0.9) < 1e-15);
    assert.deepEqual(of("max"), [1.5, 9]);
    assert.deepEqual((await selected("select 1.5::double as x")).describe().values.flat(), [
      1,
      1.5,
      Number.NaN,
      1.5,
      1.5,
      1.5,
      Number.NaN,
    ]);
  });

  test("groups without taking a missing number for 0 or losing the group to it", async () => {
    const groups = (await selected()).groupby(["model"]);
    const means = groups.agg({ seconds: "mean", tokens: ["sum", "count"] });
    assert.deepEqual(means.columns, ["model", "seconds_mean", "tokens_sum", "tokens_count"]);
    assert.deepEqual(means.values, [
      ["alder", 0.9, 7, 1],
      ["birch", Number.NaN, 9, 1],
      ["apple", Number.NaN, 1, 1],
    ]);
    assert.deepEqual(groups.col(["tokens"]).max().values, [
      ["alder", 7],
      ["birch", 9],
      ["apple", 1],
    ]);
  });

  test("sorts by numbers, times and whole texts, missing ones last in either order", async () => {
    const frame = await selected();
    const sorted = (column: string, ascending: boolean) =>
      frame
        .sortValues(column, { ascending })
        .values.map(([model, seconds]: unknown[]) => `${model} ${seconds}`);
    assert.deepEqual(sorted("seconds", true).slice(0, 2), [`alder ${0.1 + 0.2}`, "alder 1.5"]);
    assert.deepEqual(sorted("seconds", false).slice(0, 2), ["alder 1.5", `alder ${0.1 + 0.2}`]);
    assert.equal(sorted("begun", true)[0], "birch NaN");
    assert.equal(sorted("begun", true)[3], "apple NaN");
    assert.deepEqual(
      frame.sortValues("model").values.map(([model]: unknown[]) => model),
      ["alder", "alder", "apple", "birch"],
    );
    assert.deepEqual(frame.sortValues("model").index, [0, 2, 3, 1]);
  });

  test("fills and drops what is missing, and merges", async () => {
    const frame = await selected();
    assert.deepEqual(
      frame.fillNa(0).values.map((row: unknown[]) => row[1]),
      [1.5, 0, 0.1 + 0.2, 0],
    );
    assert.equal(frame.dropNa().shape[0], 1);
    const { merge, DataFrame } = require("danfojs-node");
    const right = new DataFrame([["alder", "team a"]], { columns: ["model", "team"] });
    const merged = merge({ left: frame, right, on: ["model"], how: "inner" });
    assert.deepEqual(merged.shape, [2, 6]);
  });

  test("with missing numbers filled is another frame: the first keeps them missing", async () => {
    const frame = await selected();
    const missing = () => fromDataFrame(frame).rows.filter(({ seconds }) => seconds === null).length;
    const before = missing();
    assert.ok(before > 0);
    const filled = frame.fillNa(0, { columns: ["seconds"] });
    assert.equal(missing(), before);
    assert.equal(fromDataFrame(filled).rows.filter(({ seconds }) => seconds === 0).length, before);
    assert.equal(filled.sortValues("seconds").column("seconds").values[0], 0);
  });

  test("of a measure's table has each estimate with its ends", () =>
    withCalls(
      [1, 2, 3, 4].map((duration) => ({ duration, model: "alder" })),
      async (store) => {
        const table = await latency(store, { by: "model", q: [0.5] });
        const frame = frameOf(table);
        for (const name of [
          "model",
          "n",
          "mean",
          "mean_low",
          "mean_high",
          "quantiles_0.5",
          "quantiles_0.5_high",
        ])
          assert.ok(frame.columns.includes(name), `${name} of ${frame.columns}`);
        assert.equal(frame.values[0][frame.columns.indexOf("mean")], 2.5);
      },
    ));

  test("comes back as a table, and is shown as one", async () => {
    const frame = await selected();
    const { rows } = fromDataFrame(frame.sortValues("tokens"));
    assert.deepEqual(rows[0], { model: "apple", seconds: null, tokens: 1, begun: null, ok: true });
    assert.equal(rows[1].begun, "2026-03-02T09:00:00.000Z");
    assert.match(bundleOf(frame)["text/plain"] as string, /apple +– +1/);
    assert.match(bundleOf(frame.describe())["text/plain"] as string, /^median +0\.9 +7\b/m);
  });
});

test("a DataFrame is of a table, of rows or of a statement, and a table of a DataFrame", () => {
  assert.throws(() => frameOf({} as never), /frameOf requires a table or rows/);
  assert.throws(
    () => fromDataFrame({ columns: ["a"], values: [1] } as never),
    /fromDataFrame requires a danfojs DataFrame/,
  );
});

test("where danfojs is not installed the error names the function that was called", () => {
  const script = `
    const Module = require("node:module");
    const { _load } = Module;
    Module._load = (name, ...rest) => {
      if (name === "danfojs-node") throw new Error("not installed");
      return _load(name, ...rest);
    };
    const { frameOf } = require(${JSON.stringify(join(__dirname, "..", "..", "src", "explore", "frame.ts"))});
    try { frameOf([{ a: 1 }]); } catch (error) { console.log(error.message); }`;
  const told = execFileSync(process.execPath, ["--import", "tsx", "-e", script], { encoding: "utf8" });
  assert.match(told, /^frameOf requires danfojs-node, .*install it/);
});
