import assert from "node:assert/strict";
import { test } from "node:test";
import { failsOf } from "../../../src/decide/choose/chooseFloors";
import type { Estimate } from "../../../src/stats/estimate";
import { reserve } from "../../../src/stats/reservation";

const cost: Estimate = {
  ...{ value: 2, low: 1.8, high: 2.3, level: 0.9, method: "t", n: 300, clusters: 100, clusterBy: "user_id" },
  unit: "USD/task",
};
const floor = (at_most: number) => [{ metric: "cost_per_task", at_most }];

test("a floor is not kept by a bound that its number disowns, unless it lies as far out as that may reach", () => {
  const skewed = { cost_per_task: { ...cost, reservations: [reserve("skewed.high")] } };
  assert.deepEqual(failsOf({ cost_per_task: cost }, floor(2.4)), []);
  assert.match(failsOf(skewed, floor(2.4)).join(), /^cost per task: its bound decides nothing: very skewed/);
  assert.deepEqual(failsOf(skewed, floor(2.7)), []);
  const open = {
    cost_per_task: { ...cost, reservations: [reserve("costs.unbounded", { calls: 9, of: 10 })] },
  };
  assert.match(failsOf(open, floor(900)).join(), /decides nothing: at least this: 9 of 10 calls/);
});
