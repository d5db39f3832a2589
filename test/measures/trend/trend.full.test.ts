import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { trend } from "../../../src/measures/trend/trend";
import { withCalls } from "../calls";
import { after, log } from "./log";

describe("the course of a metric", () => {
  test("shows where a model changed behind one name, by how much, and that nothing else moved", () =>
    withCalls(log({ days: 40, slower: (day) => (day < 26 ? 1 : 1.6) }), async (store) => {
      const found = await trend(store, { metric: "duration_p50", by: "workload" });
      const [chat, review] = found.series;
      assert.equal(chat.points.length, 40);
      assert.equal(chat.changes.length, 1);
      const [{ at, low, high, chance, by, coincides }] = chat.changes;
      assert.ok(low <= after(26) && high >= after(26), `${low} ${at} ${high}`);
      assert.ok(chance > 0.95);
      assert.ok(by.low < 1.6 && by.high > 1.6 && by.low > 1.2, `${by.low} to ${by.high}`);
      assert.deepEqual(coincides, []);
      assert.deepEqual([review.changes, review.alerts], [[], []]);
      assert.ok(
        found.notes.some((note) =>
          /^chat: p50 duration went from .*\. No column's share moved .* under the same name, or something changed that is not logged\.$/.test(
            note,
          ),
        ),
      );
      const [row, other] = found.rows;
      assert.deepEqual([row.workload, row.bins, row.changed, other.changed], ["chat", 40, at, ""]);
      assert.ok(row.alert > after(26) && row.alert < after(36), row.alert);
      assert.match(row.course, /^[▁-█]{40}$/);
      assert.ok(row.latest.value > 3 && row.latest.low < row.latest.value);
    }));

  test("names the release that came at the change, and never as its cause", () =>
    withCalls(
      log({
        days: 40,
        slower: (day) => (day < 26 ? 1 : 0.6),
        more: (day) => ({ release: day < 26 ? "1" : "2" }),
      }),
      async (store) => {
        const { series, notes } = await trend(store, { metric: "duration_p50", by: "workload" });
        const [{ coincides }] = series[0].changes;
        assert.deepEqual(coincides, [{ what: "release", value: "2", before: 0, after: 1 }]);
        const told = notes.find((note) => note.startsWith("chat:")) ?? "";
        assert.match(
          told,
          /coincides with release 2 \(0 % to 100 % of the calls\); this does not show whether that is the cause/,
        );
      },
    ));

  test("is that of a fixed mix: longer requests alone change nothing", () =>
    withCalls(log({ days: 40, long: (day) => (day < 26 ? 0.2 : 0.7) }), async (store) => {
      const { series } = await trend(store, { metric: "time_waited", by: "workload" });
      assert.deepEqual(series[0].changes, []);
      const [early, late] = [series[0].points.slice(0, 26), series[0].points.slice(26)].map(
        (points) => points.reduce((sum, { value }) => sum + value.value, 0) / points.length,
      );
      assert.ok(late / early < 1.25, "nearly twice as long as they are");
    }));

  test("of a share is told in points, and weeks are too few", () =>
    withCalls(
      log({ days: 40, more: (day, at) => ({ status: at % 10 < (day < 26 ? 1 : 5) ? "error" : "ok" }) }),
      async (store) => {
        const { series, unit } = await trend(store, { metric: "error_rate", by: "workload" });
        assert.equal(unit, "1");
        const [{ by, before, after: later }] = series[0].changes;
        assert.ok(Math.abs(by.value - 0.4) < 0.08 && by.unit === "1", String(by.value));
        assert.ok(Math.abs(before - 0.1) < 0.03 && Math.abs(later - 0.5) < 0.05);
        const weekly = await trend(store, { metric: "error_rate", by: "workload", per: "week" });
        assert.equal(weekly.rows[0].bins, 6);
        assert.deepEqual(weekly.series[0].changes, []);
        assert.ok(
          weekly.notes.some((note) =>
            /level changed is unknown: it takes 14 weeks, .*there are 6\.$/.test(note),
          ),
        );
      },
    ));
});
