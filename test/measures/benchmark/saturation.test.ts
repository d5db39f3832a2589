import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agreementRanks } from "../../../src/measures/agreement/agreementRanks";
import { benchmarkTiers } from "../../../src/measures/benchmark/saturation";
import { NO_TIERS } from "../../../src/measures/benchmark/tierInput";
import { open, type Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { withCalls } from "../calls";

const boards = `insert into benchmarks (model, benchmark, score, standard_error, items, higher_is_better) values
  ('a', 'Hard', 0.9, null, 500, true), ('b', 'Hard', 0.7, null, 500, true), ('c', 'Hard', 0.5, null, 500, true),
  ('a', 'Flat', 98.1, null, 200, true), ('b', 'Flat', 98.0, null, 200, true), ('c', 'Flat', 97.5, null, 200, true),
  ('a', 'Bare', 3, null, null, true), ('b', 'Bare', 2, null, null, true), ('a', 'Alone', 1, 1, null, true)`;

async function withBoards<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await open(":memory:");
  try {
    await run(store.connection, boards);
    return await work(store);
  } finally {
    store.close();
  }
}

describe("benchmarkTiers", () => {
  test("says which benchmarks can rank, cannot, and of which it cannot be told", async () => {
    const table = await withBoards((store) => benchmarkTiers(store));
    assert.deepEqual(
      table.rows.map(({ benchmark, models, tiers, verdict, in_first_tier }) => [
        benchmark,
        models,
        tiers,
        verdict,
        in_first_tier,
      ]),
      [
        ["Bare", 2, Number.NaN, "cannot tell", Number.NaN],
        ["Flat", 3, 1, "cannot rank", 3],
        ["Hard", 3, 3, "ranks", 1],
      ],
    );
    const bare = await withBoards((store) => benchmarkTiers(store, { benchmark: "bare" }));
    assert.deepEqual(bare.notes, [NO_TIERS]);
    assert.ok(Math.abs(table.rows[1].headroom! - 1.9) < 1e-9);
    assert.equal(table.rows[0].headroom, undefined);
    assert.match(table.notes[0], /Cannot rank these models: Flat\./);
  });

  test("says where models have several scores, whose spread is the error of all", async () => {
    const { rows, notes } = await withBoards(async (store) => {
      await run(
        store.connection,
        "insert into benchmarks (model, benchmark, score, higher_is_better) values ('a', 'Twice', 80, true), ('a', 'Twice', 40, true), ('b', 'Twice', 70, true)",
      );
      return benchmarkTiers(store, { benchmark: "Twice" });
    });
    assert.equal(rows[0].verdict, "cannot rank");
    assert.match(notes.join(" "), /in the error of all models: Twice \(1 model\)\. .* name them apart/);
  });

  test("may look at some models and benchmarks alone", async () => {
    const table = await withBoards((store) =>
      benchmarkTiers(store, { models: ["A", "b"], benchmark: "hard" }),
    );
    assert.deepEqual([table.rows.length, table.rows[0].models], [1, 2]);
    await assert.rejects(() => withBoards((store) => benchmarkTiers(store, { benchmark: "Hart" })), /"Hard"/);
  });
});

test("ranks stand beside one another, best in production first", async () => {
  const calls = Array.from({ length: 300 }, (_, at) => ({
    model: "abc"[at % 3],
    duration: [3, 2, 1][at % 3] + (at % 7) / 20,
    status: "ok",
  }));
  await withCalls(calls, async (store) => {
    await run(store.connection, boards);
    const { rows } = await agreementRanks(store, { benchmark: "Hard", metric: "duration_p50" });
    assert.deepEqual(
      rows.map(({ model, benchmark_rank, production_rank }) => [
        model,
        benchmark_rank.value,
        production_rank.value,
        production_rank.low,
        production_rank.high,
      ]),
      [
        ["c", 3, 1, 1, 1],
        ["b", 2, 2, 2, 2],
        ["a", 1, 3, 3, 3],
      ],
    );
    assert.equal(rows[0].production.unit, "s");
  });
});
