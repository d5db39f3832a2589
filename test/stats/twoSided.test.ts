import assert from "node:assert/strict";
import { test } from "node:test";
import { twoSided } from "../../src/stats/twoSided";

test("each bound of a two-sided interval leaves out half of what the interval does", () => {
  assert.equal(twoSided("check", 0.95), 0.9);
  assert.equal(twoSided("check", 0.975), 0.95);
  assert.equal(twoSided("check", 0.99), 0.98);
});

test("a level at which one bound decides nothing is refused", () => {
  const rule = { message: "route requires a level above 0.5, got 0.5" };
  assert.throws(() => twoSided("route", 0.5), rule);
  assert.throws(() => twoSided("route", 95), { message: /did you mean 0\.95\?/ });
});
