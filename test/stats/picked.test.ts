import assert from "node:assert/strict";
import { test } from "node:test";
import { atLevel, levelOfEach, pickedOf } from "../../src/stats/picked";
import { clopperPearson, wilson } from "../../src/stats/rate";

test("one picked from many has the interval in which each of them lies together, and says so", () => {
  assert.ok(Math.abs(levelOfEach(0.95, 24) - (1 - 0.05 / 24)) < 1e-12);
  const worst = pickedOf(24, "hours", 0.95, (level) => clopperPearson(5, 50, { level }));
  const named = clopperPearson(5, 50);
  assert.ok(worst.low < named.low && worst.high > named.high && worst.level === 0.95);
  assert.match(worst.note ?? "", /picked from 24 hours: the interval holds for all of them together/);
  assert.deepEqual(
    pickedOf(1, "hours", 0.95, (level) => clopperPearson(5, 50, { level })),
    named,
  );
});

test("an estimate at a higher level is wider, as skewed as it was, and a share stays one", () => {
  const score = wilson(95, 100);
  const wider = atLevel(score, 0.99);
  assert.ok(wider.low < score.low && wider.high > score.high && wider.high <= 1 && wider.level === 0.99);
  const skew = ({ value, low, high }: typeof score) => (high - value) / (value - low);
  assert.ok(Math.abs(skew(wider) - skew(score)) < 1e-9);
  // Without clusters to tell how they differ there is nothing to widen by.
  const one = { ...score, clusters: 1 };
  assert.equal(atLevel(one, 0.99), one);
});
