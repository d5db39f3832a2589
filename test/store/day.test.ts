import assert from "node:assert/strict";
import { test } from "node:test";
import { isDay } from "../../src/store/day";

test("a day is one of the calendar, written as year, month and day", () => {
  const said = [
    "2026-02-28",
    "2024-02-29",
    "2026-02-30",
    "2026-02-29",
    "2026-13-01",
    "2026-2-1",
    "soon",
    "",
  ].map(isDay);
  assert.deepEqual(said, [true, true, false, false, false, false, false, false]);
});
