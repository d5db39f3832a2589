import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "../../src/measures/table";
import { findingFigures } from "../../src/page/findingFigures";
import { estimate } from "../charts/sample";

const table = (workloads: number): Table => ({
  measure: "metrics",
  by: workloads > 1 ? ["workload", "model"] : ["model"],
  notes: [],
  rows: Array.from({ length: workloads * 15 }, (_, i) => ({
    ...(workloads > 1 ? { workload: `w${Math.floor(i / 15)}` } : {}),
    ...{ model: `m${i % 15}`, duration_p50: estimate(1 + (i % 15), 0.9 + (i % 15), 1.2 + (i % 15)) },
  })),
});
const said = (workloads: number) => findingFigures(table(workloads), ["duration_p50"])[0]?.description ?? "";

test("the figure of several workloads shows each, with its best and its last model", () => {
  const description = said(5);
  assert.match(description, /the best and the last of each workload/);
  for (let at = 0; at < 5; at++) assert.match(description, new RegExp(`w${at} · m0 .*w${at} · m14 `));
  assert.doesNotMatch(description, /m7/);
  assert.match(said(1), /the best 12 of 15/);
});

test("a metric that the table has not leaves its place to the next", () => {
  assert.equal(findingFigures(table(1), ["cost_per_call", "error_rate", "duration_p50"]).length, 1);
});
