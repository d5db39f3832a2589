import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trend } from "../../src/measures/trend/trend";
import { courseChanges } from "../../src/page/courseChanges";
import { claim } from "../../src/stats/claim";

/** A course with one change of this chance, or none. */
function courseOf(chance?: number): Trend {
  const by = { value: 1.3, low: 1.2, high: 1.4, level: 0.95, method: "posterior", n: 60, unit: "1" };
  const change = {
    ...{ at: "2026-03-10", low: "2026-03-09", high: "2026-03-11", chance, before: 1, after: 1.3, by },
    claim: claim("trend.changed", "changed", []),
    coincides: [],
  };
  const points = ["2026-03-09", "2026-03-10"].map((at) => ({ at, value: by }));
  return {
    ...{ metric: "p50", label: "p50", unit: "s" },
    per: "day",
    series: [{ by: {}, points, changes: chance === undefined ? [] : [change] }],
  } as unknown as Trend;
}

test("a change that is shown of one course is open among many, unless its chance is higher", () => {
  const quiet = Array.from({ length: 5 }, () => courseOf());
  assert.equal(courseChanges([courseOf(0.97)]).moves.length, 1);
  const among = courseChanges([courseOf(0.97), ...quiet]);
  assert.deepEqual([among.moves.length, among.open.length], [0, 1]);
  assert.match(among.open[0], /of 6 courses, one may look like that by chance\.$/);
  assert.equal(courseChanges([courseOf(0.995), ...quiet]).moves.length, 1);
  // A p-value of .008 would pass for one of six; a chance of .992 does not, where five others were looked at.
  assert.equal(courseChanges([courseOf(0.992), ...quiet]).moves.length, 0);
  assert.deepEqual(courseChanges(quiet), { moves: [], open: [] });
});
