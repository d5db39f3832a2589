import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { daysText, threeDigits } from "../../src/stats/text";

describe("a span of days", () => {
  test("is told in hours below two days, in minutes below an hour, in seconds below a minute", () => {
    assert.equal(daysText(0.72), "17 hours");
    assert.equal(daysText(1 / 24), "1 hour");
    assert.equal(daysText(1 / 1440), "1 minute");
    assert.equal(daysText(20 / 86_400), "20 seconds");
    assert.equal(daysText(0), "0 seconds");
    assert.equal(daysText(6.2, "more "), "6.2 more days");
  });
});

test("three digits are written as such, with separators from 1,000 on", () => {
  assert.deepEqual([1, 0.0123, 998.6, 999.6, 1071, -20400].map(threeDigits), [
    ...["1.00", "0.0123", "999", "1,000", "1,070", "-20,400"],
  ]);
});
