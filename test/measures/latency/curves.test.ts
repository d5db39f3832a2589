import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { latencyCurves } from "../../../src/measures/latency/curves";
import { latency } from "../../../src/measures/latency/latency";
import { random } from "../../../src/stats/random";
import { withCalls } from "../calls";

const r = random(1);
const calls = Array.from({ length: 900 }, (_, at) => ({
  workload: at % 3 ? "chat" : null,
  model: at % 2 ? "a" : "<b>",
  status: at % 50 ? "ok" : "timeout",
  duration: Math.exp(r.normal()),
}));

describe("curves of latency", () => {
  test("stand for the groups of the table, with its quantiles as marks", () =>
    withCalls(calls, async (store) => {
      const [table, curves] = [await latency(store), await latencyCurves(store)];
      assert.deepEqual(
        curves.map(({ name, n }) => [name, n]),
        table.rows.map((row) => [`${row.workload ?? "not known"} · ${row.model}`, row.n]),
      );
      for (const [at, { marks }] of curves.entries())
        assert.deepEqual(
          marks.map(({ p, estimate }) => [String(p), estimate]),
          Object.entries(table.rows[at].quantiles),
        );
    }));

  test("are exact order statistics at i / (n + 1), from the smallest to the largest", () =>
    withCalls(calls, async (store) => {
      for (const curve of await latencyCurves(store, { by: "model" })) {
        const own = calls.filter(({ model }) => model === curve.name).map(({ duration }) => duration);
        own.sort((a, b) => a - b);
        const { x, y } = curve.points;
        assert.equal(x.length, y.length);
        assert.ok(x.length <= 322);
        assert.deepEqual([x[0], x.at(-1)], [own[0], own.at(-1)]);
        for (const [at, share] of y.entries()) {
          const rank = Math.round(share * (own.length + 1));
          assert.equal(x[at], own[rank - 1]);
          assert.ok(at === 0 || (share > y[at - 1] && x[at] >= x[at - 1]));
        }
      }
    }));

  test("are drawn for one call, and not for groups without a value", () =>
    withCalls(
      [
        { model: "one", duration: 2 },
        { model: "none", duration: null },
        { model: "failed", status: "error", duration: 1 },
      ],
      async (store) => {
        const curves = await latencyCurves(store);
        assert.deepEqual(
          curves.map(({ name, points }) => [name, points]),
          [["one", { x: [2], y: [0.5] }]],
        );
      },
    ));

  test("are of all calls where nothing tells them apart", () =>
    withCalls(calls, async (store) => {
      const curves = await latencyCurves(store, { by: "" });
      assert.deepEqual(
        curves.map(({ name, n }) => [name, n]),
        [["all calls", 900]],
      );
    }));
});
