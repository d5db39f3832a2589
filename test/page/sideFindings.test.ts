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
  const { headline, points, more } = sideFindings(
    table(row("slow", estimate(9, 8, 10), cheap), row("quick", estimate(2, 1.8, 2.2), dear)),
  );
  assert.match(headline, /^(quick|slow) is best by .*; (quick|slow) is best by /);
  assert.match(headline, /quick is best by p95 duration/);
  assert.match(headline, /slow is best by cost per call/);
  assert.deepEqual(points, [
    "Cost: slow is best by cost per call for chat, 1.00 USD [0.90, 1.10] per 1,000 calls; next is quick, 10.0 USD [9.0, 11.0].",
    "Wait: quick is best by p95 duration for chat, 2.00 s [1.80, 2.20]; next is slow, 9.0 s [8.0, 10.0].",
  ]);
  assert.match(
    more[0],
    /^chat: p95 duration 2\.0\d? s \[.*\] with quick, against 9\.\d* s \[.*\] with slow\.$/,
  );
  assert.match(more[1], /^chat: 1\.00 USD \[0\.90, 1\.10\] per 1,000 calls with slow, against 10\.0 USD/);
});

test("one model that is ahead in everything is said to be, of several the next one is named", () => {
  const three = table(
    row("a", estimate(1, 0.9, 1.1), cheap),
    row("b", estimate(2, 1.8, 2.2), dear),
    row("c", estimate(3, 2.8, 3.2), dear),
  );
  const { headline, more } = sideFindings(three);
  assert.equal(headline, `a is best in everything these logs measure. ${noQuality}`);
  assert.match(more[0], /with a, the next is 2\.0\d? s \[1\.8\d?, 2\.2\d?\] with b\.$/);
});

test("a model whose number is not known is named, and nobody is best beside it", () => {
  const unknown = estimate(Number.NaN, Number.NaN, Number.NaN, "USD/call");
  const wait = estimate(2, 1, 3);
  const { headline, points, more, rests } = sideFindings(
    table(row("a", wait, cheap), row("b", wait, dear), row("c", wait, unknown)),
  );
  assert.match(
    headline,
    /^b \(10\.0 USD.*\) is dearer by cost per call for chat than a, .*; not known of c\. /,
  );
  assert.match(points[0], /^Cost: b \(.*; not known of c\.$/);
  assert.match(more[1], /with a, against .* with b; not known of c\.$/);
  assert.match(rests ?? "", /^Rests on the same work/, "of a that is worse");
});

test("what overlaps or has no end is told apart from nobody", () => {
  const { headline, points, more } = sideFindings(
    table(
      row("a", estimate(1, 0.5, Number.POSITIVE_INFINITY), cheap),
      row("b", estimate(2, 1.8, 2.2), cheap),
    ),
  );
  assert.equal(headline, `These logs cannot separate the models yet. ${noQuality}`);
  assert.equal(
    points[1],
    "Wait: no model is shown to be best for chat; the measured p95 duration runs from 1.0 s to 2.00 s.",
  );
  assert.match(more[0], /p95 duration 1\.0\d? s \[0\.50?, ∞\) with a, not distinguishable from b/);
});

test("who is best as measured but not at one mix of the work is not said to be", () => {
  const metrics = table(row("a", estimate(1, 0.9, 1.1), cheap), row("b", estimate(2, 1.8, 2.2), dear));
  const same = estimate(1.5, 1.4, 1.6);
  const atMix = table(row("b", same, dear), row("a", same, cheap));
  const { headline, points } = sideFindings(metrics, atMix);
  assert.equal(headline, `a is best by cost per call. ${noQuality}`);
  assert.match(
    points[1],
    /^Wait: no model is shown to be best for chat; the measured p95 duration runs from/,
  );
});

test("intervals that just miss each other are a lead in one comparison, and by chance in one of many", () => {
  const close = (workload: string) => [
    row("a", estimate(100, 98, 102), cheap, workload),
    row("b", estimate(104.1, 102.1, 106.1), cheap, workload),
  ];
  const alike = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9"].flatMap((workload) => [
    row("a", estimate(100, 98, 102), cheap, workload),
    row("b", estimate(100, 98, 102), cheap, workload),
  ]);
  assert.match(sideFindings(table(...close("chat"))).headline, /^a is best by p95 duration\./);
  assert.match(sideFindings(table(...close("chat"), ...alike)).headline, /^These logs cannot separate/);
});

test("a single model is told by its numbers; models on different work are not compared", () => {
  const one = row("a", estimate(1, 0.9, 1.1), cheap);
  const single = sideFindings(table(one));
  const none = sideFindings(table());
  assert.equal(none.headline, "No call is selected.");
  const unnamed = sideFindings(table({ ...one, model: null }));
  assert.match(
    unnamed.headline,
    /^Calls whose model the log does not name: 1\.00 USD per 1,000 calls; p95 duration/,
  );
  assert.deepEqual(unnamed.points, single.points);
  assert.equal(single.headline, "a: 1.00 USD per 1,000 calls; p95 duration 1.00 s.");
  assert.deepEqual(single.points, [
    "Cost: 1.00 USD [0.90, 1.10] per 1,000 calls.",
    "Wait: p95 duration 1.00 s [0.90, 1.10].",
  ]);
  assert.match(
    single.more[0],
    /^chat: a: p95 duration 1\.0\d? s \[.*\], 1\.00 USD \[.*\] per 1,000 calls\.$/,
  );
  const apart = sideFindings(table(one, { ...row("b", estimate(2, 1.8, 2.2), dear), workload: "code" }));
  assert.equal(
    apart.headline,
    "No two models did the same work, so none is shown to be ahead: their numbers stand side by side.",
  );
  assert.deepEqual([apart.points.length, apart.more.length], [1, 2]);
  assert.match(sideFindings({ ...table(), by: [] }).headline, /name no model/);
});

test("over several workloads each sentence says where a model leads, and where it is open", () => {
  const wait = estimate(1, 0.9, 1.1);
  const { headline, points, more } = sideFindings(
    table(
      ...["chat", "code", "mail"].flatMap((workload) => [
        row("a", wait, cheap, workload),
        row("b", wait, workload === "mail" ? cheap : dear, workload),
      ]),
    ),
  );
  assert.equal(headline, `a is best by cost per call in 2 of 3 workloads. ${noQuality}`);
  assert.deepEqual(points, [
    "Cost: a is best by cost per call for chat and code; open for mail.",
    "Wait: no model is shown to be best by p95 duration in any of 3 workloads.",
    "Meanwhile: a, ahead as measured for mail, gives up at most 0.20 USD per 1,000 calls (95 %).",
  ]);
  assert.equal(more.length, 3);
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
  test("the cheapest that gets less done is said to be worse in that", () => {
    const done = (share: Estimate, model: string, cost: Estimate) => ({
      model,
      workload: "",
      cost_per_resolved: cost,
      resolve_rate: share,
    });
    const some = estimate(0.85, 0.78, 0.9, "1");
    const { headline, points } = sideFindings(
      table(
        done(some, "good", dear),
        done(estimate(0.84, 0.77, 0.89, "1"), "near", dear),
        done(estimate(0.64, 0.55, 0.73, "1"), "cheap", cheap),
      ),
    );
    assert.equal(headline, "cheap is best by cost per resolved task, but worse than good by resolve rate.");
    assert.match(points[0], /^Answers: cheap \(64 %\) is worse by resolve rate than good, 85 %\.$/);
  });
});

describe("who is worse where nobody is best", () => {
  const failing = (model: string, rate: Estimate, wait = estimate(2, 1.5, 2.5)) => ({
    model,
    duration_p95: wait,
    error_rate: rate,
  });
  const few = estimate(0.01, 0.002, 0.03, "1");
  const many = estimate(0.87, 0.8, 0.91, "1");

  test("those that fail in many calls come first, with their shares", () => {
    const { headline, columns } = sideFindings(
      table(failing("a", few, estimate(1, 0.9, 1.1)), failing("b", few), failing("c", many)),
    );
    assert.match(headline, /^c \(87 %\) is worse by error rate than a, 1.0 %; a is best by p95 duration\./);
    assert.deepEqual(columns, ["error_rate", "duration_p95"]);
  });

  test("of many, a small front is named and the others are counted", () => {
    const at = (value: number) => estimate(value, value * 0.95, value * 1.05);
    const rows = [1, 1.01, 3, 3.1, 4, 5].map((value, i) => failing(`m${i}`, few, at(value)));
    const { headline } = sideFindings(table(...rows));
    assert.match(
      headline,
      /^m0 or m1 may be the best by p95 duration, 1\.00 s to 1\.01 s; the other 4 are slower\./,
    );
  });

  test("a median that tells models apart stands in for a tail that does not", () => {
    const row = (model: string, middle: Estimate) => ({
      ...failing(model, few),
      duration_p50: middle,
    });
    const { headline, points } = sideFindings(
      table(row("a", estimate(1, 0.9, 1.1)), row("b", estimate(2, 1.9, 2.1))),
    );
    assert.match(headline, /^a is best by p50 duration\./);
    assert.match(points[1], /^Wait: a is best by p50 duration, 1\.00 s/);
  });

  test("that every model fails in many calls is the headline where nothing tells them apart", () => {
    const { headline } = sideFindings(table(failing("a", many), failing("b", many)));
    assert.match(headline, /^Every model fails in at least 80 % of its calls\./);
  });

  test("that every model fails is said first, and who fails more after it", () => {
    const { headline } = sideFindings(
      table(
        failing("a", estimate(0.5, 0.45, 0.55, "1")),
        failing("b", estimate(0.5, 0.45, 0.55, "1")),
        failing("c", many),
      ),
    );
    assert.match(
      headline,
      /^Every model fails in at least 45 % of its calls\. c \(87 %\) is worse by error rate than/,
    );
  });

  test("calls that name no model are no rival of those that do", () => {
    const { headline, points } = sideFindings(
      table({ ...failing("a", few), model: "a" }, { ...failing("", few, estimate(9, 8, 10)), model: null }),
    );
    assert.match(headline, /^a: error rate 1\.0 %; p95 duration/);
    assert.doesNotMatch(points.join(" "), /not known/);
  });

  test("one number for all is said once, and both ends of a range of money are of one scale", () => {
    const paid = (model: string, cost: Estimate) => ({ model, cost_per_call: cost });
    const wide = (value: number) => estimate(value, value / 100, value * 100, "USD/call");
    const said = (x: number, y: number) =>
      sideFindings(table(paid("a", wide(x)), paid("b", wide(y)))).points[0];
    assert.match(said(0.5, 0.5) ?? "", /^Cost: the measured cost per call is 0\.50? USD a call for all\.$/);
    assert.match(said(0.0003, 0.11) ?? "", /runs from 0\.000\d* USD( a call)? to 0\.1\d* USD a call\.$/);
  });

  test("that no model ever resolves a task is told", () => {
    const none = { resolve_rate: estimate(0, 0, 0.02, "1") };
    const { points } = sideFindings(table({ model: "a", ...none }, { model: "b", ...none }));
    assert.deepEqual(points, [
      "Answers: the measured resolve rate is 0 % for all.",
      "Meanwhile: a, ahead as measured, gives up at most 2 points of resolve rate (95 %).",
    ]);
  });

  test("meanwhile a model of which much is known goes before one that is ahead by a few tasks", () => {
    const [few, many] = [estimate(1, 0.14, 1, "1"), estimate(0.98, 0.89, 0.995, "1")];
    const said = (one: Estimate) =>
      sideFindings(table({ model: "a", resolve_rate: one }, { model: "b", resolve_rate: many })).points.at(
        -1,
      );
    assert.equal(
      said(few),
      "Meanwhile: b, which gives up at most 11 points of resolve rate; of a, ahead as measured, it may be more (95 %).",
    );
    assert.match(said({ ...many, value: 0.985 }) ?? "", /^Meanwhile: a, ahead as measured, gives up at most/);
  });

  test("where all fail in most of their calls none is to be used meanwhile", () => {
    const all = estimate(1, 0.91, 1, "1");
    const { points } = sideFindings(table({ model: "a", error_rate: all }, { model: "b", error_rate: all }));
    assert.deepEqual(points, ["Failures: the measured error rate is 100.0 % for all."]);
  });

  test("who is fast where it answers is said to fail in most of its calls", () => {
    const row = (model: string, rate: Estimate, wait: Estimate) => ({
      model,
      error_rate: rate,
      duration_p50: wait,
    });
    const { headline } = sideFindings(
      table(
        row("a", estimate(0.9, 0.85, 0.94, "1"), estimate(1, 0.9, 1.1, "s")),
        row("b", estimate(0.01, 0, 0.03, "1"), estimate(2, 1.9, 2.1, "s")),
      ),
    );
    assert.match(headline, /a is best by p50 duration, though 90 % of its calls fail/);
  });

  test("failures that never happened are not compared", () => {
    const none = estimate(0, 0, 0.02, "1");
    const { points } = sideFindings(table(failing("a", none), failing("b", none)));
    assert.equal(points.length, 2);
    assert.match(points[0], /^Wait: /);
    assert.match(points[1], /^Meanwhile: a, .* gives up at most /);
  });
});
