import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, besideMeasured } from "../../../src/decide/choose/chooseText";
import type { Estimate } from "../../../src/stats/estimate";

const share = (value: number, low: number, high: number) =>
  ({
    value,
    low,
    high,
    unit: "1",
    level: 0.95,
    method: "wilson",
    n: 40,
    clusters: 40,
    clusterBy: "",
  }) as Estimate;

test("a share of 0 or of all is said with how far it may reach, any other by itself", () => {
  const said = (...ends: [number, number, number]) => amount({ metric: "error_rate" }, share(...ends));
  assert.match(said(0, 0, 0.088), /^error rate 0 % \(up to 8\.8 %\)$/);
  assert.match(said(1, 0.91, 1), /^error rate 100 % \(at least 91 %\)$/);
  assert.match(said(0.02, 0.01, 0.05), /^error rate 2 %$/);
});

test("the share that was measured stands beside one at the mix that is clearly another", () => {
  const estimate = (value: number, unit: string) => ({ ...share(value, value, value), unit }) as Estimate;
  assert.equal(besideMeasured(estimate(0.716, "1"), 0.694), " (measured 69 %)");
  assert.equal(besideMeasured(estimate(0.716, "1"), 0.712), "");
  assert.equal(besideMeasured(estimate(1.5, "s"), 1.3), "");
  assert.equal(besideMeasured(estimate(0.716, "1"), Number.NaN), "");
  assert.equal(besideMeasured(undefined, 1.3), "");
});
