import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../src/stats/random";
import { type CurvePart, turningPoint } from "../../src/stats/turningPoint";
import { thorough } from "../property";

const x = Array.from({ length: 12 }, (_, step) => 8 + step);

/** Thirty clusters with ten values at each step, whose mean follows the curve. */
function parts(curve: (x: number) => number, seed = 1): CurvePart[] {
  const { normal } = random(seed);
  return Array.from({ length: 30 }, (_, cluster) => {
    const own = 0.05 * normal();
    return x.map((at, step) => ({ cluster, step, n: 10, sum: 10 * (curve(at) + own + 0.05 * normal()) }));
  }).flat();
}

describe("a turning point", () => {
  test("of a straight line is at its beginning, and the slope is the line's", () => {
    const { slope, p, turn } = turningPoint(
      x,
      parts((at) => 0.9 - 0.05 * (at - 8)),
    );
    assert.ok(Math.abs(slope.value + 0.05) < 0.003 && slope.low < slope.value && slope.high < -0.04);
    assert.ok(p <= 0.001);
    assert.equal(turn.low, 8);
  });
  test("of a line that is flat up to a length is there", () => {
    const { turn, after } = turningPoint(
      x,
      parts((at) => 0.9 - 0.1 * Math.max(0, at - 13)),
    );
    assert.ok(turn.low <= 13 && 13 <= turn.high, `${turn.low} to ${turn.high}`);
    assert.ok(turn.high - turn.low <= 4);
    assert.ok(Math.abs(after + 0.1) < 0.02);
  });
  /** Two strata: one of short inputs at a high level, one of long ones at a low one. */
  const mixed = (curve: (x: number) => number, seed = 1): CurvePart[] =>
    ["short", "long"].flatMap((stratum, at) =>
      parts(curve, seed + at).map((part) => {
        const n = stratum === "short" ? 20 - 1.5 * part.step : 2 + 1.5 * part.step;
        return { ...part, stratum, n, sum: n * (part.sum / 10 - (stratum === "long" ? 0.3 : 0)) };
      }),
    );
  test("is not named where strata differ alone, and is found where it is in each", () => {
    const unaware = mixed(() => 0.8).map(({ stratum: _, ...part }) => part);
    assert.ok(turningPoint(x, unaware).p <= 0.01, "the mix falls");
    assert.ok(
      turningPoint(
        x,
        mixed(() => 0.8),
      ).p > 0.05,
    );
    const { turn, after } = turningPoint(
      x,
      mixed((at) => 0.9 - 0.1 * Math.max(0, at - 13)),
    );
    assert.ok(turn.low <= 13 && 13 <= turn.high && turn.high - turn.low <= 4, `${turn.low} to ${turn.high}`);
    assert.ok(Math.abs(after + 0.1) < 0.02, String(after));
  });
  test("is not named where nothing falls, or it rises", () => {
    for (const curve of [() => 0.8, (at: number) => 0.3 + 0.05 * (at - 8)]) {
      const { turn, p } = turningPoint(x, parts(curve));
      assert.ok(p > 0.05);
      assert.deepEqual([turn.value, turn.note], [Number.NaN, "not shown to fall"]);
    }
  });
  test("needs clusters and lengths", () => {
    const few = parts(() => 0.5).filter(({ cluster }) => cluster < 4);
    assert.equal(turningPoint(x, few).slope.note, "a slope needs 5 clusters, has 4");
    const short = parts(() => 0.5).filter(({ step }) => step < 3);
    assert.equal(turningPoint(x.slice(0, 3), short).slope.note, "a slope needs 4 lengths, has 3");
  });
  thorough("is falsely named in strata about as rarely as the level says", () => {
    let falls = 0;
    for (let seed = 0; seed < 200; seed++)
      if (
        turningPoint(
          x,
          mixed(() => 0.8, 3 * seed + 10),
          { resamples: 199 },
        ).turn.note === undefined
      )
        falls++;
    assert.ok(falls <= 20, `${falls} of 200`);
  });
  thorough("is falsely named about as rarely as the level says", () => {
    let falls = 0;
    for (let seed = 0; seed < 200; seed++)
      if (
        turningPoint(
          x,
          parts(() => 0.8, seed + 10),
          { resamples: 199 },
        ).turn.note === undefined
      )
        falls++;
    assert.ok(falls <= 20, `${falls} of 200`);
  });
});
