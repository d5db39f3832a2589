import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fewestHours, timeSquares } from "../../src/stats/hourSeries";
import { random } from "../../src/stats/random";

const MONDAY = 24 * 20_000;

/** Hours over several days, each with its own deviation. */
function series(days: number, deviation: (hour: number) => number) {
  const hours = Array.from({ length: 24 * days }, (_, hour) => MONDAY + hour);
  return { hours, sizes: hours.map(() => 10), deviations: hours.map((_, hour) => deviation(hour)) };
}

describe("how much an estimate varies in time", () => {
  test("is told from hours, with their own number less one as degrees", () => {
    const r = random(1);
    const one = series(5, () => r.normal());
    const { squares, degrees, effective, days } = timeSquares(one);
    const plain = one.deviations.reduce((sum, d) => sum + d * d, 0);
    assert.ok(Math.abs(squares - (plain * 120) / 119) < 1e-9);
    assert.equal(days, undefined);
    assert.ok(effective === 120 && degrees > 70 && degrees <= 119);
  });
  test("is told from days as well from two weeks on, and a log without days of its own speaks against them", () => {
    const odds = Array.from({ length: 20 }, (_, seed) => {
      const r = random(40 + seed);
      return timeSquares(series(27, () => r.normal())).days?.odds ?? Number.NaN;
    });
    assert.ok(odds.filter((one) => one < 1).length >= 18, String(odds));
    const r = random(2);
    const apart = Array.from({ length: 27 }, () => r.normal());
    const days = timeSquares(series(27, (hour) => apart[Math.floor(hour / 24)] + r.normal())).days;
    assert.ok(days && days.odds > 100);
    const added = days.parts.reduce((sum, part) => sum + part.weight * part.added, 0);
    assert.ok(added > 0.5 * 24 ** 2 * 27 && added < 4 * 24 ** 2 * 27, String(added));
  });
  test("counts an incident of several hours as one", () => {
    const r = random(4);
    const noise = Array.from({ length: 120 }, () => 0.1 * r.normal());
    const spot = [7, 8, 9, 10];
    const together = timeSquares(series(5, (hour) => noise[hour] + (spot.includes(hour) ? 5 : 0)));
    const apart = timeSquares(series(5, (hour) => noise[hour] + (spot.includes(hour / 9) ? 5 : 0)));
    assert.ok(together.squares > 3 * apart.squares, `${together.squares} and ${apart.squares}`);
    assert.ok(together.degrees < apart.degrees);
  });
  test("takes no fixed pattern of the day for chance from six days on", () => {
    const r = random(5);
    const noise = Array.from({ length: 7 * 24 }, () => r.normal());
    const swing = (hour: number) => 5 * Math.sin((2 * Math.PI * hour) / 24);
    assert.ok(timeSquares(series(7, (hour) => swing(hour) + noise[hour])).squares < 1.5 * 7 * 24);
    assert.ok(timeSquares(series(5, (hour) => swing(hour) + noise[hour])).squares > 10 * 5 * 24);
  });
  test("takes days for a pattern below two weeks of them", () => {
    const steps = (days: number) => series(days, (hour) => (Math.floor(hour / 24) % 2 === 0 ? 1 : -1));
    assert.equal(timeSquares(steps(13)).days, undefined);
    assert.ok((timeSquares(steps(14)).days?.odds ?? 0) > 0);
  });
  test("takes no fixed pattern of the week for chance from four weeks on", () => {
    const r = random(3);
    const pattern = (hour: number) => 5 * Math.sin((2 * Math.PI * hour) / 168);
    const noise = Array.from({ length: 28 * 24 }, () => r.normal());
    const quiet = timeSquares(series(28, (hour) => pattern(hour) + noise[hour]));
    assert.ok(quiet.squares < 2 * 28 * 24, String(quiet.squares));
    const short = timeSquares(series(27, (hour) => pattern(hour) + noise[hour]));
    assert.ok(short.squares > 10 * 27 * 24, String(short.squares));
  });
  test("rests on few degrees where one hour carries it", () => {
    const { degrees } = timeSquares(series(5, (hour) => (hour === 50 ? 1 : 1e-3)));
    assert.ok(degrees < 3, String(degrees));
  });
  test("counts a value without a time as an hour of its own, on no day", () => {
    const one = series(14, () => 1);
    const { effective, days } = timeSquares({
      hours: [...one.hours, 1e18, 1e18],
      sizes: [...one.sizes, 10, 10],
      deviations: [...one.deviations, 0, 0],
    });
    assert.equal(effective, 14 * 24 + 2);
    assert.equal(days?.spells.toFixed(0), timeSquares(one).days?.spells.toFixed(0));
  });
});

test("the fewest hours that hold over half", () => {
  assert.deepEqual(fewestHours([1, 8, 1, 1, 6]), { hours: 2, of: 5, total: 17 });
  assert.deepEqual(fewestHours([]), { hours: 0, of: 0, total: 0 });
});
