import assert from "node:assert/strict";
import { test } from "node:test";
import type { GroupSummary } from "../../../src/measures/estimate/distribution";
import { meanDoubted, zerosDoubted } from "../../../src/measures/latency/zeroWaits";
import { claim } from "../../../src/stats/claim";
import type { Estimate } from "../../../src/stats/estimate";
import { fc, runs } from "../../property";
import { near } from "../../same";

const mean = (value: number, margin: number): Estimate => ({
  ...{ value, low: value - margin, high: value + margin, level: 0.95, method: "t" },
  ...{ n: 100, clusters: 100, clusterBy: "user_id", unit: "s" },
});
const order = ["not to be decided", "open", "leads if", "settled"];

test("more waits of 0 never make it more certain that a model is fast enough", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      fc.double({ min: 1, max: 4, noNaN: true }),
      fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })),
      (margin, limit, [zeros, more]) => {
        const rank = (of: number) => {
          const estimate = meanDoubted(mean(2, margin), { zeros: of, n: 100, what: "duration" });
          const bound = { estimate, end: "high" as const, holds: (x: number) => x <= limit };
          return order.indexOf(claim("check.passes", "passes", [bound]).status);
        };
        assert.ok(rank(zeros + more) <= rank(zeros));
      },
    ),
    { numRuns: runs(200) },
  );
});

test("a quantile may lie where it would without the waits of 0, and one that these do not move is not doubted", () => {
  // 200 zeros, then 100 values each of 1, 2, ... 8.
  const buckets = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((x) => {
    const n = x === 0 ? 200 : 100;
    return { bucket: 200 * x, n, censored: 0, total: n * x, squares: n * x * x };
  });
  const group = { g: "0", by: {}, n: 1000, censored: 0, failed: 0, missing: 0, total: 3600, buckets };
  const quantiles = { "0.5": mean(3, 0.5), "1": mean(8, 0.5) };
  const doubted = zerosDoubted({ mean: mean(3.6, 0.2), quantiles }, group as GroupSummary, {
    zeros: 200,
    what: "duration",
  });
  const reached = ({ value, high, reservations }: Estimate) =>
    value + (reservations?.[0].reach as number) * (high - value);
  // Half of the 800 others lie at 4 or below: beside the interval's own margin.
  near(reached(doubted.quantiles["0.5"]), 4 + 0.5, "median");
  near(reached(doubted.mean), 4.5 + 0.2, "mean");
  assert.equal(doubted.quantiles["1"].reservations, undefined);
});
