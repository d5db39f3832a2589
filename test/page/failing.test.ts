import assert from "node:assert/strict";
import test from "node:test";
import { failsMostly, failsOften } from "../../src/page/failing";
import { wilson } from "../../src/stats/rate";
import { reserve } from "../../src/stats/reservation";

test("calls fail often or mostly by the lower end of their share, and not where that may carry nothing", () => {
  const rates = [5, 30, 80].map((failed) => wilson(failed, 100));
  assert.deepEqual(
    rates.map((rate) => failsOften(rate)),
    [false, true, true],
  );
  assert.deepEqual(
    rates.map((rate) => failsMostly(rate)),
    [false, false, true],
  );
  assert.ok(failsOften(rates[1], rates[2]) && !failsOften(rates[0], rates[2]), "each of several");
  assert.equal(
    failsOften({ ...rates[2], worst_case: { unknown: 0.3, values: [0.1, 0.9], low: 0.05, high: 0.95 } }),
    false,
    "whatever is not known",
  );
  const few = [reserve("clusters.none", { needed: 5, effective: "3.2" })];
  const isHeld = few.some(({ decides }) => !decides);
  assert.ok(isHeld, "too few clusters carry no decision");
  const held = rates.map((rate) => ({ ...rate, reservations: few }));
  assert.deepEqual(
    held.filter((rate) => failsOften(rate)),
    [],
  );
  assert.deepEqual(
    held.filter((rate) => failsMostly(rate)),
    [],
  );
});
