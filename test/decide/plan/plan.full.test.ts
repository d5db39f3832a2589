import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plan } from "../../../src/decide/plan/plan";
import type { PlanRow } from "../../../src/decide/plan/planRow";
import type { Estimate } from "../../../src/stats/estimate";
import { meanInterval } from "../../../src/stats/meanInterval";
import { differenceOf } from "../../../src/stats/mover";
import { quantileInterval } from "../../../src/stats/quantileInterval";
import { type Random, random } from "../../../src/stats/random";
import { rateInterval } from "../../../src/stats/rateInterval";
import { withCalls } from "../../measures/calls";

import { fails, log, one, price, user, wait } from "./service";

/** The share of studies of the planned size whose interval for the difference excludes 0. */
function found(
  { n, clusters }: PlanRow,
  one: (r: Random, of: { pace: number; luck: number }, more?: number) => number,
  factor: number,
  interval: (values: number[], clusters: number[]) => Estimate,
  studies = 300,
): number {
  // Calls are assigned as evenly as possible.
  const calls = (u: number) => Math.floor(((u + 1) * n) / clusters) - Math.floor((u * n) / clusters);
  let times = 0;
  for (let study = 0; study < studies; study++) {
    const r = random(31, study);
    const arm = (more: number) => {
      const [values, labels]: [number[], number[]] = [[], []];
      for (let u = 0; u < clusters; u++) {
        const of = user(r);
        for (let i = 0; i < calls(u); i++) {
          values.push(one(r, of, more));
          labels.push(u);
        }
      }
      return interval(values, labels);
    };
    const { low, high } = differenceOf(arm(factor), arm(1));
    if (low > 0 || high < 0) times++;
  }
  return times / studies;
}

describe("studies of the planned size find the planned difference about as often as planned", () => {
  // The plan knows the variance only from a pilot, and 300 studies estimate a share to within 5 points.
  const about = (share: number) => assert.ok(share > 0.7 && share < 0.9, `found in ${share}`);

  test("a mean", () =>
    withCalls(log(700, 12), async (store) => {
      const row = one((await plan(store, { metrics: "cost_per_task", ratio: 1.13 })).rows, "cost_per_task");
      assert.ok(row.design_effect > 4, `${row.design_effect}`);
      // The result of other simulated studies is stated with its error.
      const { value, low, high, n } = row.power as Estimate;
      assert.ok(n === 500 && Math.abs(value - 0.8) < 0.06 && low < value && value < high, `${value}`);
      about(found(row, price, 1.13, (values, clusters) => meanInterval(values, { clusters })));
    }));

  test("a rate", () =>
    withCalls(log(700, 12), async (store) => {
      const row = one((await plan(store, { metrics: ["error_rate"], ratio: 1.5 })).rows, "error_rate");
      about(found(row, fails, 1.5, (values, clusters) => rateInterval(values, { clusters })));
    }));

  test("a p95", () =>
    withCalls(log(1400, 8), async (store) => {
      const { rows } = await plan(store, { metrics: "duration_p95", ratio: 1.13 });
      about(
        found(one(rows, "duration_p95"), wait, 1.13, (values, clusters) =>
          quantileInterval(values, 0.95, { clusters }),
        ),
      );
    }));

  test("calls that are taken for independent would find it too seldom", () =>
    withCalls(log(300, 20), async (store) => {
      const options = { metrics: "cost_per_task", ratio: 1.18 };
      const [honest] = (await plan(store, options)).rows;
      const [naive] = (await plan(store, { ...options, cluster: "call_id" })).rows;
      assert.ok(honest.n > 2 * naive.n, `${honest.n} and ${naive.n}`);
    }));
});
