import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { daysText } from "../../src/stats/text";

describe("a span of days", () => {
  test("is told in hours below two days", () => {
    assert.equal(daysText(0.72), "17 hours");
    assert.equal(daysText(1 / 24), "1 hour");
    assert.equal(daysText(6.2, "more "), "6.2 more days");
  });
});
