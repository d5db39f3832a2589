import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Calls, calls } from "../../src/measures/calls";
import { cost } from "../../src/measures/cost/cost";
import { latency } from "../../src/measures/latency/latency";
import { qualityFlips } from "../../src/measures/quality/flips";
import { reliability } from "../../src/measures/service/reliability";
import type { Row } from "../../src/measures/table";
import type { Store } from "../../src/store/open";
import { thorough } from "../property";
import { withCalls } from "./calls";

describe("calls", () => {
  const log = Array.from({ length: 200 }, (_, at) => ({
    call_id: `c${at}`,
    model: at % 2 ? "m1" : "m0",
    duration: at === 7 ? 100 : 0.5,
    cost: at / 1000,
    started_at: "2026-03-02 09:00:00",
    status: at === 8 ? "timeout" : "ok",
  }));
  const of = <T>(work: (store: Store) => Promise<T>) => withCalls(log, work);

  test("lists the slowest first, with its share of all waiting, and says what the slowest hundredth makes of it", () =>
    of(async (store) => {
      const [, row] = (await latency(store, { by: "model" })).rows;
      const found: Calls = await calls(store, { row, limit: 3 });
      assert.equal(found.rows.length, 3);
      assert.equal(found.rows[0].call_id, "c7");
      assert.ok(Math.abs((found.rows[0].share as number) - 100 / 149.5) < 1e-9);
      assert.ok(
        found.notes.includes("The slowest 1 % of calls (1 of 100) is 67 % of all waiting."),
        found.notes.join(),
      );
      assert.equal(found.measure, "calls behind latency");
      assert.equal(found.notes[0], "The row: model m1.");
    }));

  test("lists every column that the log has, whichever of them the measure read", () =>
    withCalls(
      Array.from({ length: 12 }, (_, at) => ({
        call_id: `c${at}`,
        model: "m0",
        duration: 1 + at,
        time_to_first_token: 0.1 * at,
        attempt: 1 + (at % 3),
        cost: (1 + at) / 1000,
        status: "timeout",
        error_type: at % 2 ? "overloaded" : "slow",
        user_id: `u${at}`,
        started_at: `2026-03-02 09:00:${10 + at}`,
      })),
      async (store) => {
        const tables = [
          await latency(store, { by: "model" }),
          await cost(store, { by: "model" }),
          await reliability(store, { by: "model" }),
        ];
        for (const { measure, rows } of tables) {
          const { rows: found, notes } = await calls(store, { row: rows[0], order: "attempt" });
          assert.equal(found.length, 12, measure);
          assert.doesNotMatch(notes.join(" "), /undefined/, measure);
          for (const row of found as Row[])
            for (const name of [
              "duration",
              "cost",
              "attempt",
              "error_type",
              "time_to_first_token",
              "user_id",
            ])
              assert.ok(row[name] !== undefined && row[name] !== null, `${measure}: ${name}`);
          assert.equal(found[0].attempt, 3, measure);
        }
      },
    ));

  test("lists those that a condition chooses, by any column", () =>
    of(async (store) => {
      const dear = await calls(store, { where: "model = 'm0'", order: "cost", limit: 2 });
      assert.deepEqual(
        dear.rows.map(({ call_id }) => call_id),
        ["c198", "c196"],
      );
      const cheap = await calls(store, { where: "model = 'm0'", order: "cost asc", limit: 2 });
      assert.deepEqual(
        cheap.rows.map(({ call_id }) => call_id),
        ["c0", "c2"],
      );
      assert.equal(dear.n, 100);
    }));

  test("says what it needs of a copy of a row, of an order and of nothing", () =>
    of(async (store) => {
      const [row] = (await latency(store, { by: "model" })).rows;
      await assert.rejects(calls(store, { row: { ...row } }), /not a copy of one/);
      await assert.rejects(calls(store, { where: "true", order: "costs" }), /did you mean "?cost/);
      await assert.rejects(calls(store, {}), /either a row of a table or a condition/);
    }));

  test("says that the store has changed where it no longer holds what the row says", () =>
    of(async (store) => {
      const [row] = (await latency(store, { by: "model" })).rows;
      await store.connection.run("delete from calls where call_id = 'c0'");
      const { notes } = await calls(store, { row });
      assert.ok(
        notes.some((note) => note.includes("n was 100 and is 99")),
        notes.join(),
      );
    }));

  thorough("lists behind a flip the runs of its prompt by both models", () =>
    withCalls(
      ["a", "b"].flatMap((model) =>
        [0, 1, 2].map((at) => ({
          call_id: `${model}${at}`,
          model,
          prompt_id: `p${at}`,
          json_valid: (model === "a") === at < 2,
          output_length: 1,
        })),
      ),
      async (store) => {
        const { rows } = await qualityFlips(store, { score: "json_valid" });
        assert.ok(rows.length > 0);
        for (const row of rows) {
          const found = await calls(store, { row });
          assert.deepEqual(
            found.rows.map(({ call_id }) => call_id).sort(),
            ["a", "b"].map((m) => `${m}${String(row.prompt_id).slice(1)}`),
          );
          assert.equal(found.n, row.runs);
        }
      },
    ),
  );
});
