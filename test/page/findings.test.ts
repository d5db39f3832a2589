import assert from "node:assert/strict";
import { test } from "node:test";
import type { LatencyRow } from "../../src/measures/latency/latency";
import { latencyFindings } from "../../src/page/findings";
import type { Estimate } from "../../src/stats/estimate";

const estimate = (value: number, low: number, high: number): Estimate => ({
  value,
  low,
  high,
  level: 0.95,
  method: "fractional-order-statistic",
  n: 500,
  clusters: 500,
  clusterBy: "call_id",
  unit: "s",
});

const row = (workload: string, model: string, mean: number, tail: [number, number, number]): LatencyRow => ({
  workload,
  model,
  n: 500,
  mean: estimate(mean, mean * 0.9, mean * 1.1),
  quantiles: { "0.99": estimate(...tail) },
  timeouts: 0,
  failed: 0,
});

const table = (rows: LatencyRow[]) => ({ measure: "latency", by: ["workload", "model"], rows, notes: [] });

test("a model whose interval lies below all others is said to", () => {
  const { headline, points } = latencyFindings(
    table([row("chat", "a", 1, [2, 1.8, 2.2]), row("chat", "b", 2, [5, 4, 6])]),
  );
  assert.equal(headline, "In the one workload the model with the best mean also has the best p99.");
  assert.match(points[0], /^chat: the shortest p99 is that of a, 2\.0\d? s .*lies below all others\.$/);
});

test("a mean that favours another model than the tail is the headline", () => {
  const { headline, points } = latencyFindings(
    table([row("chat", "a", 1, [9, 8, 10]), row("chat", "b", 2, [5, 4, 6])]),
  );
  assert.match(
    headline,
    /the mean favours one model and the p99 another: an average hides who waits longest\.$/,
  );
  assert.match(points[0], /The shortest mean is that of a/);
});

test("a tail that cannot be told apart makes no claim", () => {
  const { headline } = latencyFindings(
    table([row("chat", "a", 1, [9, 3, 20]), row("chat", "b", 2, [5, 4, 6])]),
  );
  assert.match(headline, /too few calls to be sure of the p99\.$/);
});

test("overlapping and open intervals leave it open which model is first", () => {
  const { points } = latencyFindings(
    table([
      row("chat", "a", 1, [5, 4, Number.POSITIVE_INFINITY]),
      row("chat", "b", 2, [6, 5, 7]),
      row("chat", "c", 3, [20, 19, 21]),
    ]),
  );
  assert.match(points[0], /no other model can be told from it/);
});

test("a single model, or none with a tail, is no comparison", () => {
  assert.match(latencyFindings(table([row("chat", "a", 1, [2, 1, 3])])).headline, /no two models to compare/);
  const unknown = row("chat", "b", Number.NaN, [Number.NaN, Number.NaN, Number.NaN]);
  assert.deepEqual(latencyFindings(table([unknown])).points, []);
});
