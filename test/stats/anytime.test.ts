import assert from "node:assert/strict";
import { test } from "node:test";
import { anytimeLevel } from "../../src/stats/anytime";
import { normalQuantile } from "../../src/stats/normal";
import { random } from "../../src/stats/random";

/** Of walks looked at after every step, those above a boundary at some look. */
function missed(walks: number, steps: number, bound: number): number {
  const r = random(7);
  let out = 0;
  for (let walk = 0; walk < walks; walk++) {
    let sum = 0;
    for (let step = 1; step <= steps; step++) {
      sum += r.normal();
      if (sum > bound * Math.sqrt(step)) {
        out++;
        break;
      }
    }
  }
  return out / walks;
}

test("a bound at the level of each look is missed at any of 300 looks as seldom as stated, and not for nothing", () => {
  for (const level of [0.9, 0.95]) {
    const share = missed(4000, 300, normalQuantile(anytimeLevel({ level, growth: 300 })));
    assert.ok(share < 1 - level, `${share} at ${level}`);
    assert.ok(share > 0.4 * (1 - level), `${share} at ${level}`);
  }
  assert.ok(missed(4000, 300, normalQuantile(0.95)) > 0.2, "a bound for one look is missed much more often");
});

test("the more the data grow and the surer the bound, the higher is the level of each look", () => {
  const levels = [1, 10, 100, 1000, 1e6].map((growth) => anytimeLevel({ growth }));
  assert.deepEqual([...levels].sort(), levels);
  const sure = [0.6, 0.9, 0.95, 0.99, 0.999, 0.999999].map((level) => anytimeLevel({ level }));
  assert.deepEqual([...sure].sort(), sure);
  for (const level of sure) assert.ok(level > 0.95 && level < 1, String(level));
});

test("a level or growth that is none is refused", () => {
  assert.throws(() => anytimeLevel({ level: 1 }), /anytimeLevel requires/);
  assert.throws(() => anytimeLevel({ growth: 0.5 }), /growth >= 1, got 0\.5/);
});
