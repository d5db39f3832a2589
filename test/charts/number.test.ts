import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  estimateText,
  formatCount,
  formatEstimate,
  formatGiven,
  formatNumber,
} from "../../src/charts/number";
import type { Estimate } from "../../src/stats/estimate";
import { fc } from "../property";

function estimate(value: number, low: number, high: number, unit?: string): Estimate {
  const how = { level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id" };
  return { value, low, high, ...how, ...(unit === undefined ? {} : { unit }) };
}

const text = (value: number, low: number, high: number, unit?: string) =>
  formatEstimate(estimate(value, low, high, unit));

describe("formatEstimate", () => {
  test("rounds a value and its ends to two digits of the interval's width", () => {
    assert.equal(text(3.4172, 3.3081, 3.5513, "s"), "3.42 s [3.31, 3.55]");
    assert.equal(text(12345, 12200, 12501), "12,350 [12,200, 12,500]");
    assert.equal(text(9.996, 9.95, 10.04), "9.996 [9.950, 10.040]");
    assert.equal(text(87.123, 83.2, 91.9, "tokens/s"), "87.1 tokens/s [83.2, 91.9]");
  });

  test("ends that differ in the last bits alone, or an open end, make no number precise", () => {
    const same = estimate(0.002, 0.002 - 1e-18, 0.002 + 1e-18, "USD");
    assert.equal(formatEstimate(same), "0.00200 USD [0.00200, 0.00200]");
    assert.equal(formatEstimate(estimate(4.7981, 4.7942, Infinity, "s")), "4.80 s [4.79, ∞)");
  });

  test("writes seconds below one in ms and below a thousandth in µs", () => {
    assert.equal(text(0.4172, 0.4081, 0.4513, "s"), "417 ms [408, 451]");
    assert.equal(text(0.0004, 0.00031, 0.00052, "s"), "400 µs [310, 520]");
    assert.equal(text(0, 0, 0.4, "s"), "0 s [0, 0.40]");
  });

  test("writes shares in % and none as 0, all as 100", () => {
    assert.equal(text(0.9331, 0.9122, 0.9501, "1"), "93.3 % [91.2, 95.0]");
    assert.equal(text(0, 0, 0.025, "1"), "0 % [0, 2.5]");
    assert.equal(text(0.99973, 0.9991, 0.9999, "1"), "99.973 % [99.910, 99.990]");
  });

  test("shows an end that the data do not bound as infinite, and a value that is only bounded by its bound", () => {
    assert.equal(text(3.4, 3.1, Number.POSITIVE_INFINITY, "s"), "3.40 s [3.10, ∞)");
    assert.equal(text(3.4, Number.NEGATIVE_INFINITY, 3.7), "3.40 (−∞, 3.70]");
    assert.equal(text(Number.NaN, 3.129, Number.POSITIVE_INFINITY, "s"), "≥ 3.12 s");
    assert.equal(text(Number.POSITIVE_INFINITY, 3.129, Number.POSITIVE_INFINITY, "s"), "≥ 3.12 s");
    assert.equal(text(Number.NaN, Number.NEGATIVE_INFINITY, 3.121, "s"), "≤ 3.13 s");
    assert.equal(text(Number.NaN, 3.129, 5.111, "s"), "3.12 to 5.12 s");
  });

  test("shows what is not known as a dash", () => {
    assert.equal(text(Number.NaN, Number.NaN, Number.NaN, "s"), "–");
    assert.equal(text(3.4234, Number.NaN, Number.NaN, "s"), "3.42 s [–]");
    assert.equal(text(3.42, 3.31, Number.NaN, "s"), "3.42 s [3.31, –]");
  });

  test("gives each number two digits where the ends differ tenfold, and never writes zero for what is not", () => {
    assert.equal(text(0.04, 0.01, 25, "USD/task"), "0.040 USD/task [0.010, 25]");
    assert.equal(text(0.04, 0, 25, "USD"), "0.04 USD [0, 25]");
    assert.equal(text(0.3, -20, 30), "0.3 [-20, 30]");
  });

  test("writes the very large and the very small with powers of ten", () => {
    assert.equal(text(1e300, 0.9e300, 1.1e300), "1.00e300 [9.0e299, 1.10e300]");
    assert.equal(text(1.2e-9, 1.1e-9, 1.3e-9), "1.20e-9 [1.10e-9, 1.30e-9]");
    assert.match(
      text(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_VALUE),
      /^1\.8e308 \[-1\.8e308, 1\.8e308\]$/,
    );
  });

  test("what rounding left of a difference is none", () => {
    assert.equal(text(3.6e-15, -20, 20, "USD"), "0 USD [-20, 20]");
    assert.equal(text(20, 3.6e-15, 40, "USD"), "20 USD [0, 40]");
    assert.match(text(3.6e-15, 2e-15, 5e-15, "USD"), /e-15/);
  });

  test("keeps whole numbers whole, and reads ends as JSON writes them", () => {
    assert.equal(text(3, 2, 5, "tokens"), "3 tokens [2, 5]");
    const parsed = JSON.parse('{"value":null,"low":3.129,"high":"Infinity","level":0.95,"unit":"s"}');
    assert.equal(formatEstimate(parsed), "≥ 3.12 s");
  });

  test("shows a value in another unit on request", () => {
    assert.equal(
      formatEstimate(estimate(3.4172, 3.3081, 3.5513, "s"), { unit: "ms" }),
      "3,420 ms [3,310, 3,550]",
    );
    assert.equal(
      formatEstimate(estimate(90, 80, 99, "s"), { unit: "min", showUnit: false }),
      "1.50 [1.33, 1.65]",
    );
  });
});

const read = (words: string) => Number(words.replaceAll(",", ""));
const reals = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
const intervals = fc
  .tuple(reals, reals, reals)
  .map((ends) => ends.sort((a, b) => a - b) as [number, number, number]);

describe("every interval", () => {
  test("reads back within half a step of the last digit shown", () => {
    fc.assert(
      fc.property(intervals, ([low, value, high]) => {
        const shown = estimateText(estimate(value, low, high));
        const ends = shown.interval.slice(1, -1).split(", ");
        for (const [number, words] of [
          [value, shown.value],
          [low, ends[0]!],
          [high, ends[1]!],
        ] as const) {
          const [, fraction = ""] = /^-?[\d,]+(?:\.(\d+))?/.exec(words.replace(/e.*/, "")) ?? [];
          const power = Number(/e(-?\d+)$/.exec(words)?.[1] ?? 0);
          const width = high - low;
          // Integers may be rounded to tens and hundreds, so the last digit written doesn't show the step.
          const step =
            fraction === "" && power === 0
              ? Math.max(0.5, width / 20, Math.abs(number) / 2)
              : 0.5 * 10 ** (power - fraction.length);
          assert.ok(
            Math.abs(read(words) - number) <= step * 1.0001 + Math.abs(number) * 1e-14,
            `${number} as ${words}`,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  test("never shows digits finer than a hundredth of its width", () => {
    fc.assert(
      fc.property(intervals, ([low, value, high]) => {
        fc.pre(high - low > 0 && low * high <= 0);
        const { value: words } = estimateText(estimate(value, low, high));
        const digits = words.replace(/e.*/, "").replace(/[^\d]/g, "").replace(/^0+/, "");
        const [, fraction = ""] = /\.(\d+)/.exec(words.replace(/e.*/, "")) ?? [];
        // Trailing zeros of an integer aren't significant digits.
        const zeros = fraction === "" ? /0*$/.exec(digits)![0].length : 0;
        const finest = 10 ** (Number(/e(-?\d+)$/.exec(words)?.[1] ?? 0) - fraction.length + zeros);
        // A value that would otherwise round to zero keeps one digit.
        assert.ok(
          digits.replace(/0+$/, "").length <= 1 || finest >= ((high - low) / 100) * 0.999,
          `${low} ${value} ${high} as ${words}`,
        );
      }),
      { numRuns: 500 },
    );
  });

  test("keeps the order of value and ends, and zero is written for zero alone, or what rounding leaves of it", () => {
    fc.assert(
      fc.property(intervals, ([low, value, high]) => {
        const shown = estimateText(estimate(value, low, high));
        const [from, to] = shown.interval.slice(1, -1).split(", ").map(read) as [number, number];
        const middle = read(shown.value);
        assert.ok(from <= middle && middle <= to, `${shown.value} ${shown.interval}`);
        assert.equal(middle === 0, Math.abs(value) <= 1e-12 * Math.max(-low, high, Math.abs(value)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("formatNumber and formatCount", () => {
  test("write thousands apart, three digits of a number and all of a count", () => {
    assert.equal(formatNumber(1234567), "1,230,000");
    assert.equal(formatNumber(0.25, { unit: "s" }), "250 ms");
    assert.equal(formatNumber(Number.NaN), "–");
    assert.equal(formatNumber(Number.POSITIVE_INFINITY), "∞");
    assert.equal(formatNumber(-0), "0");
    assert.equal(formatCount(1234567), "1,234,567");
    assert.equal(formatCount(12345678901234567890n), "12,345,678,901,234,567,890");
    assert.equal(formatCount(Number.NaN), "–");
    assert.equal(formatCount(-4321), "-4,321");
  });
});

test("a share in a column of seconds is still a share in per cent", () => {
  const shown = estimateText(estimate(0.024, 0.016, 0.034, "1"), { unit: "s" });
  assert.deepEqual([shown.value, shown.unit], ["2.4", "%"]);
  assert.equal(estimateText(estimate(2, 1, 3, "USD"), { unit: "s" }).unit, "USD");
});

test("a number of one's own keeps its digits, and only what computing left behind is rounded", () => {
  for (const [given, text] of [
    [1525.1, "1,525.1"],
    [12345678.9, "12,345,678.9"],
    [0.000123456, "0.000123456"],
    [9007199254740991, "9,007,199,254,740,991"],
    [0.1 + 0.2, "0.3"],
    [14.050695733876934, "14.0507"],
    [-123456.789012345, "-123,456.79"],
    [0, "0"],
    [Number.NaN, "–"],
    [-Infinity, "−∞"],
  ] as const)
    assert.equal(formatGiven(given), text);
});
