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
    const { squares, degrees, span, count } = timeSquares(one);
    const plain = one.deviations.reduce((sum, d) => sum + d * d, 0);
    assert.ok(Math.abs(squares - (plain * 120) / 119) < 1e-9);
    assert.equal(span, "hour");
    assert.ok(count === 120 && degrees > 70 && degrees <= 119);
  });
  test("is told from days where these differ by more than hours explain, and days that carry over count as fewer", () => {
    const r = random(2);
    const apart = Array.from({ length: 27 }, () => r.normal());
    const days = timeSquares(series(27, (hour) => apart[Math.floor(hour / 24)] + r.normal()));
    assert.equal(days.span, "day");
    let before = 0;
    const carried = Array.from({ length: 27 }, () => {
      before = 0.8 * before + 0.6 * r.normal();
      return before;
    });
    const fewer = timeSquares(series(27, (hour) => carried[Math.floor(hour / 24)] + r.normal()));
    assert.ok(fewer.span === "day" && fewer.degrees < days.degrees);
    const spans = Array.from({ length: 20 }, () => timeSquares(series(27, () => r.normal())).span);
    assert.ok(spans.filter((span) => span === "day").length <= 12);
  });
  test("is that of the mean over the years, where days carry over by half or by four fifths", () => {
    for (const [carry, least] of [
      [0.5, 0.6],
      [0.8, 0.45],
    ]) {
      const ratios = Array.from({ length: 30 }, (_, seed) => {
        const r = random(100 + seed);
        let before = r.normal();
        const level = Array.from({ length: 90 }, () => {
          before = carry * before + Math.sqrt(1 - carry ** 2) * r.normal();
          return before;
        });
        const one = series(90, (hour) => level[Math.floor(hour / 24)] + r.normal());
        const truth = 24 ** 2 * 90 * ((1 + carry) / (1 - carry));
        return timeSquares(one).squares / truth;
      }).sort((x, y) => x - y);
      assert.ok(ratios[15] > least && ratios[15] < 1.5, `${carry}: ${ratios[15]}`);
    }
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
    const steps = series(13, (hour) => (Math.floor(hour / 24) % 2 === 0 ? 1 : -1));
    assert.equal(timeSquares(steps).span, "hour");
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
  test("counts a value without a time as an hour and a day of its own", () => {
    const one = series(14, () => 1);
    const { count } = timeSquares({
      hours: [...one.hours, 1e18, 1e18],
      sizes: [...one.sizes, 1, 1],
      deviations: [...one.deviations, 0, 0],
    });
    assert.ok(count === 14 * 24 + 2 || count === 16);
  });
});

test("the fewest hours that hold over half", () => {
  assert.deepEqual(fewestHours([1, 8, 1, 1, 6]), { hours: 2, of: 5, total: 17 });
  assert.deepEqual(fewestHours([]), { hours: 0, of: 0, total: 0 });
});
