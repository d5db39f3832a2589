import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Row } from "../../src/measures/table";
import { sideFindings } from "../../src/page/sideFindings";
import type { Estimate } from "../../src/stats/estimate";

const estimate = (value: number, low: number, high: number, unit = "s"): Estimate => ({
  value,
  low,
  high,
  level: 0.95,
  method: "wilson",
  n: 500,
  clusters: 500,
  clusterBy: "call_id",
  unit,
});

const row = (model: string, wait: Estimate, cost: Estimate, workload = "chat") => ({
  workload,
  model,
  duration_p95: wait,
  cost_per_call: cost,
});
const table = (...rows: Row[]) => ({
  measure: "metrics",
  by: ["workload", "model"],
  rows,
  notes: [],
});
const noQuality = "The log has no outcome and no score: it says nothing about how good answers are.";
const cheap = estimate(0.001, 0.0009, 0.0011, "USD/call");
const dear = estimate(0.01, 0.009, 0.011, "USD/call");

test("who is surely the best in what is the headline, and the numbers stand below", () => {
  const { headline, points } = sideFindings(
    table(row("slow", estimate(9, 8, 10), cheap), row("quick", estimate(2, 1.8, 2.2), dear)),
  );
  assert.match(headline, /^(quick|slow) is best by .*; (quick|slow) is best by /);
  assert.match(headline, /quick is best by p95 duration/);
  assert.match(headline, /slow is best by cost per call/);
  assert.match(
    points[0],
    /^chat: p95 duration 2\.0\d? s \[.*\] with quick, against 9\.\d* s \[.*\] with slow\.$/,
  );
  assert.match(points[1], /^chat: 1\.00 USD \[0\.90, 1\.10\] per 1,000 calls with slow, against 10\.0 USD/);
});

test("one model that is ahead in everything is said to be, of several the next one is named", () => {
  const three = table(
    row("a", estimate(1, 0.9, 1.1), cheap),
    row("b", estimate(2, 1.8, 2.2), dear),
    row("c", estimate(3, 2.8, 3.2), dear),
  );
  const { headline, points } = sideFindings(three);
  assert.equal(headline, `a is best in everything these logs measure. ${noQuality}`);
  assert.match(points[0], /with a, the next is 2\.0\d? s \[1\.8\d?, 2\.2\d?\] with b\.$/);
});

test("what overlaps or has no end is told apart from nobody", () => {
  const { headline, points } = sideFindings(
    table(
      row("a", estimate(1, 0.5, Number.POSITIVE_INFINITY), cheap),
      row("b", estimate(2, 1.8, 2.2), cheap),
    ),
  );
  assert.equal(headline, `These logs cannot separate the models yet. ${noQuality}`);
  assert.match(points[0], /p95 duration 1\.0\d? s \[0\.50?, ∞\) with a, not distinguishable from b/);
});

test("a single model is told by its numbers; models on different work are not compared", () => {
  const one = row("a", estimate(1, 0.9, 1.1), cheap);
  const single = sideFindings(table(one));
  assert.match(
    single.headline,
    /^chat: a: p95 duration 1\.0\d? s \[.*\], 1\.00 USD \[.*\] per 1,000 calls\.$/,
  );
  assert.deepEqual(single.points, ["There is no other model to compare it with."]);
  const apart = sideFindings(table(one, { ...row("b", estimate(2, 1.8, 2.2), dear), workload: "code" }));
  assert.equal(apart.headline, "No two models can be compared on the same work.");
  assert.equal(apart.points.length, 2);
  assert.match(sideFindings(table()).headline, /No two models can be compared/);
});

describe("quality in the headline", () => {
  const scored = (model: string, cost: Estimate, clear: Estimate) => ({
    workload: "chat",
    model,
    cost_per_call: cost,
    "score:clear": clear,
  });
  const good = estimate(0.9, 0.88, 0.92, "");
  const bad = estimate(0.19, 0.17, 0.21, "");

  test("who gives the best answers comes before who costs least", () => {
    const { headline } = sideFindings(table(scored("cheap", cheap, bad), scored("dear", dear, good)));
    assert.equal(headline, "dear is best by clear; cheap is best by cost per call.");
  });
  test("where quality is measured and nobody is ahead in it, cost alone makes no best model", () => {
    const { headline } = sideFindings(table(scored("cheap", cheap, good), scored("dear", dear, good)));
    assert.equal(headline, "No model is shown to be best by clear; cheap is best by cost per call.");
  });
});
