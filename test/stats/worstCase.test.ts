import assert from "node:assert/strict";
import { test } from "node:test";
import { rateAtWorst } from "../../src/stats/worstCase";

const rate = { value: 0.5, low: 0.4, high: 0.6, level: 0.95, method: "wilson", clusterBy: "", unit: "1" };

test("a rate without an interval has the bounds of its value, in words too", () => {
  const few = { ...rate, low: Number.NaN, high: Number.NaN, n: 2, clusters: 2 };
  const { worst_case, note } = rateAtWorst(few, { known: 2, all: 4 });
  assert.deepEqual(worst_case?.values, [0.25, 0.75]);
  assert.equal(note, "50 % of the outcomes are unknown: 25 % to 75 % whatever they are");
});

test("a rate with one has the bounds of its ends", () => {
  const { note } = rateAtWorst({ ...rate, n: 80, clusters: 80 }, { known: 80, all: 100 });
  assert.equal(note, "20 % of the outcomes are unknown: 32 % to 68 % whatever they are");
});
