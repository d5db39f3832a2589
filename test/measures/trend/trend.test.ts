import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { coincidences, keyOf } from "../../../src/measures/trend/moved";
import { trend } from "../../../src/measures/trend/trend";
import { thorough } from "../../property";
import { withCalls } from "../calls";
import { after, log } from "./log";

describe("the course of a metric", () => {
  thorough("of seven days has no change, and says why", () =>
    withCalls(log({ days: 7 }), async (store) => {
      const { rows, series, notes } = await trend(store, { metric: "duration_p50", by: [] });
      const [{ points, changes, alerts }] = series;
      assert.deepEqual([points.length, changes, alerts], [7, [], []]);
      assert.deepEqual([points[0].at, points[6].at], [after(0), after(6)]);
      assert.ok(
        points.every(({ value }) => value.n >= 40 && value.low < value.value && value.value < value.high),
      );
      assert.ok(Number.isNaN(rows[0].chance));
      assert.match(notes[0], /whether the level changed is unknown: it takes 14 days.*there are 7/);
    }),
  );

  thorough("says once what holds for every row", () =>
    withCalls(log({ days: 7 }), async (store) => {
      const { series, notes } = await trend(store, { metric: "duration_p50", by: "user_id" });
      assert.ok(series.length > 1);
      const said = notes.filter((note) => note.includes("whether the level changed is unknown"));
      assert.equal(said.length, 1);
      assert.match(said[0], /^every row: /);
    }),
  );

  test("refuses what no day has at a fixed mix", () =>
    withCalls(log({ days: 1 }), async (store) => {
      const refused = (options: object, message: RegExp) =>
        assert.rejects(trend(store, { metric: "duration_p50", ...options }), message);
      await refused({ metric: "duration_mean" }, /time_waited is the mean of waits/);
      await refused({ metric: "consistency:same_output" }, /at a fixed mix.*got "consistency:same_output"/);
      await refused({ by: "day" }, /by without day or week/);
      await refused({ per: "month" }, /per to be one of day, week/);
      await refused({ quiet: 0 }, /quiet >= 1/);
    }));

  thorough("of calls without times has no day, and says so", () =>
    withCalls(
      log({ days: 7 }).map(({ started_at, ...call }) => call),
      async (store) => {
        const { series, notes } = await trend(store, { metric: "duration_p50", by: [] });
        assert.deepEqual(series[0].points, []);
        assert.ok(notes.includes("No call has a start: the day of none is known."));
      },
    ),
  );

  test("says in its row how many calls are on thin days or have no start", () => {
    const dated = (day: number, count: number, more: object = {}) =>
      log({ days: day + 1 })
        .slice(-count)
        .map((call, at) => ({ ...call, call_id: `${day}:${at}`, model: "alder", status: "ok", ...more }));
    const calls = [
      ...dated(0, 12),
      ...dated(1, 9),
      ...dated(2, 11),
      ...dated(3, 4, { model: "birch" }),
      ...dated(4, 3, { started_at: null }),
    ];
    return withCalls(calls, async (store) => {
      const { rows, notes } = await trend(store, { metric: "duration_p50", by: "model" });
      assert.deepEqual(
        rows.map(({ model, bins, n, n_left_out }) => [model, bins, n, n_left_out]),
        [
          ["alder", 2, 23, 12],
          ["birch", 0, 0, 4],
        ],
      );
      assert.ok(notes.includes("2 days of fewer than 10 calls, tasks or scores are left out."));
      assert.ok(notes.includes("3 calls, tasks or scores without a start are left out."));
    });
  });

  test("of no call is empty", () =>
    withCalls(log({ days: 1 }), async (store) => {
      const { rows, notes } = await trend(store, { metric: "duration_p50", by: [], where: "model = 'none'" });
      assert.deepEqual(rows, []);
      assert.match(notes.join(" "), /No call is selected/);
    }));
});

describe("what moved at a change", () => {
  const bins = (share: (day: number) => number) =>
    Array.from({ length: 40 }, (_, day) => ({
      calls: 100,
      shares: new Map([[keyOf("release", "2"), share(day)]]),
    }));
  const change = { index: 20, low: 19, high: 21, from: 0, to: 40 };

  test("is what moved there, and not elsewhere or little by little", () => {
    assert.equal(
      coincidences(
        bins((day) => (day < 20 ? 0.1 : 0.9)),
        change,
      ).length,
      1,
    );
    assert.deepEqual(
      coincidences(
        bins((day) => (day < 28 ? 0.1 : 0.9)),
        change,
      ),
      [],
    );
    assert.deepEqual(
      coincidences(
        bins((day) => 0.3 + 0.05 * Math.sin(day)),
        change,
      ),
      [],
    );
    assert.deepEqual(
      coincidences(
        bins((day) => (day < 20 ? 0.1 : 0.15)),
        change,
      ),
      [],
      "less than ten points",
    );
  });
});
