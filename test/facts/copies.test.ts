import assert from "node:assert/strict";
import { test } from "node:test";
import { cost } from "../../src/measures/cost/cost";
import { type Call, withCalls } from "../measures/calls";

/** 200 calls without a time, in the log so many times under other ids. */
const told = (times: number): Call[] =>
  Array.from({ length: 200 * times }, (_, at) => {
    const call = at % 200;
    return { call_id: `c${at}`, model: "alder", input_tokens: 900 + call, cost: 0.01 + (call % 7) * 0.005 };
  });

const costOf = (calls: Call[]) =>
  withCalls(calls, async (store) => {
    const [{ cost_per_call: found }] = (await cost(store, { by: "model" })).rows;
    return { ...found, width: found.high - found.low };
  });

test("a log without times that is told often shows no more than once", async () => {
  const once = await costOf(told(1));
  for (const times of [2, 3, 4, 5, 7]) {
    const many = await costOf(told(times));
    assert.equal(many.clusterBy, "copies", `${times} times`);
    assert.ok(Math.abs(many.width / once.width - 1) < 0.05, `${times} times: ${many.width} ${once.width}`);
  }
});

test("calls that are alike by chance, some more often than others, are no copies", async () => {
  const alike = told(8).filter((_, at) => at / 200 < 1 + (at % 8));
  assert.notEqual((await costOf(alike)).clusterBy, "copies");
});
