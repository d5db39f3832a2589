import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { summarise } from "../../src/explore/summarise";
import { withCalls } from "../measures/calls";
import { thorough } from "../property";

const log = Array.from({ length: 100 }, (_, at) => ({
  call_id: `c${at}`,
  model: at < 75 ? "alder" : "birch",
  duration: at === 99 ? 10_000 : at,
  cost: at % 2 ? null : 0.5,
  started_at: "2026-03-02 09:00:00",
  cache_hit: at < 10,
}));

describe("summarise", () => {
  test("says of each column its type, empty ones, distinct values, ends, quartiles, mean and frequent values", () =>
    withCalls(log, async (store) => {
      const { rows, notes } = await summarise(
        store,
        "select model, duration, cost, started_at, cache_hit from calls",
      );
      const of = (column: string) => rows.find((row) => row.column === column);
      assert.deepEqual(of("model"), {
        ...{
          column: "model",
          type: "VARCHAR",
          empty: 0,
          distinct: 2,
          least: "alder",
          p25: null,
          p50: null,
          p75: null,
        },
        ...{ most: "birch", mean: null, spread: null, often: "alder 75 %, birch 25 %" },
      });
      const duration = of("duration");
      assert.deepEqual(
        [duration?.least, duration?.p25, duration?.p50, duration?.most],
        [0, 24.75, 49.5, 10_000],
      );
      assert.equal(duration?.mean, (98 * 99) / 2 / 100 + 100);
      assert.equal(of("cost")?.empty, 0.5);
      assert.equal(of("started_at")?.p50, "2026-03-02 09:00:00");
      assert.equal(of("cache_hit")?.often, "false 90 %, true 10 %");
      assert.deepEqual(notes, ["100 rows."]);
    }));

  test("draws the spread up to the 99th percentile, so that one value does not make one bar of all others", () =>
    withCalls(log, async (store) => {
      const [{ spread }] = (await summarise(store, "select duration from calls")).rows;
      assert.equal(spread, "█".repeat(10));
    }));

  thorough("takes a table's name, parameters, and whatever types a statement has", () =>
    withCalls(log, async (store) => {
      assert.ok((await summarise(store, "calls")).rows.some(({ column }) => column === "http_status"));
      const { rows } = await summarise(
        store,
        "select [1, 2] as list, {'a': 1} as struct, 'inf'::double as endless, null as nothing, current_date as day, 2::hugeint as huge from calls where model = $model;",
        { model: "birch" },
      );
      assert.deepEqual(
        rows.map(({ column, distinct }) => `${column} ${distinct}`),
        ["list 1", "struct 1", "endless 1", "nothing 0", "day 1", "huge 1"],
      );
      const none = await summarise(store, "select * from calls where false");
      assert.deepEqual([none.notes[0], none.rows[0].distinct], ["0 rows.", 0]);
    }),
  );

  test("says what it needs of an empty statement and of a table that is none", () =>
    withCalls(log, async (store) => {
      await assert.rejects(summarise(store, " "), /summarise requires a statement or the name of a table/);
      await assert.rejects(summarise(store, "cals"), /calls/);
    }));
});
