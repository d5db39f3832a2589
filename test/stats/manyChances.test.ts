import assert from "node:assert/strict";
import { test } from "node:test";
import { chanceAmong } from "../../src/stats/manyChances";

test("a chance of one course alone is left as it is, and of many it is less", () => {
  assert.ok(Math.abs(chanceAmong(0.97, 1) - 0.97) < 1e-12);
  const chances = [1, 2, 6, 20].map((courses) => chanceAmong(0.97, courses));
  for (const [i, chance] of chances.entries()) assert.ok(i === 0 || chance < chances[i - 1]);
  assert.deepEqual([chanceAmong(1, 6), chanceAmong(0, 6)], [1, 0]);
});

test("with even odds and no evidence, it is as likely as not that none of many changed", () => {
  for (const courses of [2, 6, 40])
    assert.ok(Math.abs((1 - chanceAmong(0.5, courses)) ** courses - 0.5) < 1e-12);
});
