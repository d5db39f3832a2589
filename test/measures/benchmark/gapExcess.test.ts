import assert from "node:assert/strict";
import { test } from "node:test";
import { logOddsOf } from "../../../src/measures/benchmark/gapExcess";

const known = (...given: Parameters<typeof logOddsOf>) => {
  const found = logOddsOf(...given);
  assert.ok(!("why" in found), JSON.stringify(found));
  return found;
};

test("a gap of 540 and 360 of 600 items is 1.7851 in log odds, with a variance of .02531", () => {
  const [open, hidden] = [540, 360].map((solved) => known({ score: solved / 6, items: 600 }, 100));
  assert.equal((open.value - hidden.value).toFixed(4), "1.7851");
  assert.equal((open.variance + hidden.variance).toFixed(5), "0.02531");
});

test("without items a standard error says the same by the delta method, and with both the larger counts", () => {
  const counted = known({ score: 0.9, items: 600 }, 1);
  const error = Math.sqrt((0.9 * 0.1) / 600);
  const given = known({ score: 0.9, error }, 1);
  assert.ok(Math.abs(given.variance / counted.variance - 1) < 0.01 && Math.abs(given.items - 600) < 1e-6);
  assert.equal(known({ score: 0.9, error: error / 2, items: 600 }, 1).variance, counted.variance);
  assert.ok(known({ score: 0.9, error: 2 * error, items: 600 }, 1).variance > 3.9 * counted.variance);
});

test("where lower is better the odds are turned round, also of no error at all", () => {
  const rate = known({ score: -0.1, items: 600 }, 1);
  assert.ok(Math.abs(rate.value - known({ score: 0.9, items: 600 }, 1).value) < 1e-12);
  assert.ok(known({ score: -0, items: 600 }, 1).value > 6 && known({ score: 0, items: 600 }, 1).value < -6);
});
