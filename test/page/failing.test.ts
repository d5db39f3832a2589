import assert from "node:assert/strict";
import test from "node:test";
import { failsMostly, failsOften } from "../../src/page/failing";
import { wilson } from "../../src/stats/rate";
import { reserve } from "../../src/stats/reservation";

test("calls fail often or mostly by the lower end of their share, and not where that may carry nothing", () => {
  const rates = [5, 30, 80].map((failed) => wilson(failed, 100));
  assert.deepEqual(rates.map(failsOften), [false, true, true]);
  assert.deepEqual(rates.map(failsMostly), [false, false, true]);
  const few = [reserve("clusters.none", { needed: 5, effective: "3.2" })];
  const isHeld = few.some(({ decides }) => !decides);
  assert.ok(isHeld, "too few clusters carry no decision");
  const held = rates.map((rate) => ({ ...rate, reservations: few }));
  assert.deepEqual(held.filter(failsOften), []);
  assert.deepEqual(held.filter(failsMostly), []);
});
