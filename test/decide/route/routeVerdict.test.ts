import assert from "node:assert/strict";
import { test } from "node:test";
import { routeVerdict } from "../../../src/decide/route/routeVerdict";
import type { Estimate } from "../../../src/stats/estimate";

const money = (value: number) => ({ value, low: -Math.abs(value), high: Math.abs(value) }) as Estimate;

test("a saving that is the rounding error of two equal sums is said to be 0", () => {
  const claim = { id: "route.saves", status: "open" };
  const said = routeVerdict(
    {
      ...{ rows: [{ model: "small" }], by: [], flagship: "large", margin: 0.05, claim },
      candidates: [{ model: "small" }, { model: "large" }],
      total: {
        covered: 1,
        saving: money(3.6e-15),
        saving_share: money(1.8e-16),
        cost_flagship: money(20),
        days: 7,
      },
    } as unknown as Parameters<typeof routeVerdict>[0],
    [],
  );
  assert.match(said, /\b0 USD \(0 to 0\) of 20 USD/);
});
