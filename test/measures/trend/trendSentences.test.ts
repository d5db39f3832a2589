import assert from "node:assert/strict";
import { test } from "node:test";
import { trendSentences } from "../../../src/measures/trend/trendSentences";
import type { TrendSeries } from "../../../src/measures/trend/trendSeries";

test("rows that differ only in how many days they have are said in one note, with the range", () => {
  const series = (model: string, days: number): TrendSeries => ({
    by: { model },
    points: [],
    changes: [],
    alerts: [],
    note: `it takes 14 days, since fewer do not show how much days vary, and there are ${days}`,
  });
  const settings = { by: ["model"], label: "p50 duration", unit: "s" };
  const all = [series("a", 5), series("b", 9), series("c", 6)];
  assert.deepEqual(trendSentences(all, settings), [
    "every row: whether the level changed is unknown: it takes 14 days, since fewer do not show how much days vary, and there are 5 to 9.",
  ]);
  assert.match(trendSentences(all.slice(0, 1), settings)[0], /^a: .* there are 5\.$/);
});
