import assert from "node:assert/strict";
import { test } from "node:test";
import type { CostRow } from "../../src/measures/cost/cost";
import { costFindings } from "../../src/page/costFindings";

const estimate = (value: number, low: number, high: number, unit: string) => ({
  value,
  low,
  high,
  level: 0.95,
  method: "bootstrap-bca",
  n: 100,
  clusters: 100,
  clusterBy: "task_id",
  unit,
});

const row = (model: string, call: number, resolved: [number, number, number]) =>
  ({
    workload: "chat",
    model,
    cost_per_call: estimate(call, call, call, "USD/call"),
    cost_per_resolved: estimate(...resolved, "USD/resolved task"),
  }) as unknown as CostRow;

const table = (rows: CostRow[]) => ({ measure: "cost", by: ["workload", "model"], rows, notes: [] });

test("a model that is cheap per call and dear per resolved task is said to be", () => {
  const [said] = costFindings(
    table([row("lite", 0.001, [0.05, 0.04, 0.06]), row("mini", 0.002, [0.02, 0.01, 0.03])]),
  );
  assert.match(said, /^chat: mini resolves tasks at the lowest cost, .*, less than every other\./);
  assert.match(said, /The lowest cost per call was that of lite, which costs /);
});

test("models whose intervals overlap are not told apart", () => {
  const [said] = costFindings(
    table([row("a", 0.001, [0.02, 0.01, 0.03]), row("b", 0.002, [0.025, 0.02, 0.03])]),
  );
  assert.match(said, /^chat: open between a, which measured the lowest \(/);
  assert.match(said, /, and b; a also measured the lowest cost per call\.$/);
});

test("the cheapest as measured that is not the cheapest at one mix of the work is left open", () => {
  const rows = [row("a", 0.001, [0.02, 0.015, 0.025]), row("b", 0.002, [0.05, 0.04, 0.06])];
  const at = (one: CostRow, value: number) => ({
    ...{ workload: "chat", model: one.model },
    cost_per_resolved: estimate(value, 0.9 * value, 1.1 * value, "USD/resolved task"),
  });
  const atMix = (a: number, b: number) => ({ ...table([]), rows: [at(rows[1], b), at(rows[0], a)] });
  assert.match(costFindings(table(rows), atMix(0.03, 0.06))[0], /^chat: a resolves tasks at the lowest cost/);
  assert.match(costFindings(table(rows), atMix(0.05, 0.05))[0], /^chat: open between a, .*, and b;/);
});

test("without an interval no model is shown to cost least", () => {
  const [open, none] = [Number.NaN, Number.NaN];
  const [said] = costFindings(
    table([row("a", 0.001, [0.02, open, none]), row("b", 0.002, [0.5, open, none])]),
  );
  assert.match(said, /^chat: open between a, which measured the lowest \(/);
});

test("a model without a resolved task is compared with nobody", () => {
  const nothing = row("b", 0.002, [Number.NaN, 0.1, Number.POSITIVE_INFINITY]);
  assert.deepEqual(costFindings(table([row("a", 0.001, [0.02, 0.01, 0.03]), nothing])), []);
});
