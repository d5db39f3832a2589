import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { joinScores, readScores } from "../../../src/measures/benchmark/benchmarkTable";
import { tiersOfBenchmark, tierTable } from "../../../src/measures/benchmark/tiers";
import { tiersOfTable } from "../../../src/measures/benchmark/tiersOfTable";
import { open } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { tiersOfRuns } from "../../calibration/rankWorlds";
import { cases, skipUnless } from "../../dist";
import { fc, runs } from "../../property";
import { SAME, SHARED } from "../arenaHard";

const tableOf = (rows: Record<string, unknown>[]) =>
  joinScores([{ name: "t", columns: Object.keys(rows[0]), rows, notes: [] }]);

describe("a leaderboard's tiers", () => {
  test("stand best first, each model with the ranks it may have", () => {
    const result = tierTable([
      { model: "c", score: 79, error: 1 },
      { model: "a", score: 90, error: 1 },
      { model: "b", score: 80, error: 1 },
    ]);
    assert.equal(result.tiers, 2);
    assert.deepEqual(
      result.rows.map(({ model, rank_low, rank_high, tier }) => [model, rank_low, rank_high, tier]),
      [
        ["a", 1, 1, 1],
        ["b", 2, 3, 2],
        ["c", 2, 3, 2],
      ],
    );
    assert.ok(Math.abs(result.rows[0].score.high - (90 + 1.959964)) < 1e-5);
    assert.match(result.notes[0], /^2 tiers over 3 models: a is in the first tier alone/);
  });

  test("say of each model whether it is first, or that it is not, and how far that stands", () => {
    const claims = (error?: number) =>
      tierTable([90, 80, 79].map((score, at) => ({ model: `m${at}`, score, error }))).rows.map(
        ({ claim }) => `${claim.id} ${claim.status}`,
      );
    assert.deepEqual(claims(1), [
      "leaderboard.first settled",
      "leaderboard.not-first settled",
      "leaderboard.not-first settled",
    ]);
    assert.deepEqual(new Set(claims(50)), new Set(["leaderboard.first open"]));
    assert.deepEqual(new Set(claims()), new Set(["leaderboard.first not to be decided"]));
  });

  test("turn round where small is good", () => {
    const result = tierTable(
      [
        { model: "a", score: 90, error: 1 },
        { model: "b", score: 80, error: 1 },
      ],
      { lowerIsBetter: true },
    );
    assert.deepEqual(
      result.rows.map(({ model, tier }) => [model, tier]),
      [
        ["b", 1],
        ["a", 2],
      ],
    );
  });

  test("are one where scores stand too close, and that is said", () => {
    const result = tierTable(
      [0.981, 0.98, 0.979].map((score, at) => ({ model: `m${at}`, score, items: 300 })),
    );
    assert.equal(result.tiers, 1);
    assert.match(result.notes.join(" "), /cannot rank these models/);
    assert.ok(Math.abs(result.headroom! - 0.019) < 1e-12);
  });

  test("of shares in per cent are those of shares", () => {
    const per = (of: number) =>
      tierTable([0.9, 0.8, 0.78].map((score, at) => ({ model: `m${at}`, score: score * of, items: 900 })));
    assert.deepEqual(
      per(100).rows.map(({ tier }) => tier),
      per(1).rows.map(({ tier }) => tier),
    );
    assert.ok(Math.abs(per(100).rows[0].score.low - 100 * per(1).rows[0].score.low) < 1e-9);
  });

  test("cannot be made where nothing tells how sure the scores are", () => {
    const result = tierTable([
      { model: "a", score: 3 },
      { model: "b", score: 1 },
    ]);
    assert.ok(
      Number.isNaN(result.tiers) && Number.isNaN(result.separability) && Number.isNaN(result.rows[0].tier),
    );
    assert.deepEqual([result.rows[0].rank_low, result.rows[0].rank_high], [1, 2]);
    assert.match(result.notes.join(" "), /give a standard error/);
  });

  test("leave a score of unknown error among known ones open, and say so", () => {
    const result = tierTable([
      { model: "a", score: 90, error: 1 },
      { model: "b", score: 80, error: 1 },
      { model: "c", score: 10 },
    ]);
    const [a, , c] = result.rows;
    assert.deepEqual([a.rank_low, a.rank_high, c.rank_low, c.rank_high], [1, 2, 1, 3]);
    assert.match(result.notes[0], /^1 of 3 models have a score without an error/);
  });

  test("several runs of a model are pooled, and the spread between runs widens the others too", () => {
    const once = tierTable([
      { model: "a", score: 90, error: 1 },
      { model: "b", score: 86, error: 1 },
    ]);
    const again = tierTable([
      { model: "a", score: 85, error: 1 },
      { model: "a", score: 95, error: 1 },
      { model: "b", score: 86, error: 1 },
    ]);
    assert.equal(once.tiers, 2);
    assert.equal(again.tiers, 1);
    assert.equal(again.rows[0].score.value, 90);
    // 1 from the items, 50 from run to run with one degree of freedom or fewer: b has one run, a two.
    const half = (at: number) => (again.rows[at].score.high - again.rows[at].score.low) / 2 / 12.7062;
    assert.ok(half(0) > 0.9 * 5 && half(1) > 0.9 * Math.sqrt(50), `${half(0)} ${half(1)}`);
    assert.match(again.notes.join(" "), /1 model ran once: the ranks hold if/);
    assert.match(again.notes.join(" "), /The few runs decide: .* rests on 1 degree of freedom/);
    assert.match(again.rows[0].score.note ?? "", /the runs decide/);
    assert.equal(once.rows[0].score.note, undefined);
  });

  test("of equal models are one where few of them ran twice", () => {
    const all = Array.from({ length: 60 }, (_, at) =>
      tiersOfRuns({ strengths: new Array(12).fill(0), runs: [2, 2], items: 0.5, run: 1 }, at + 1),
    );
    assert.ok(all.filter(({ wrong }) => wrong).length <= 7);
  });

  test("of equal models are mostly one where models vary differently from run to run", () => {
    const twelve = { strengths: new Array(12).fill(0), items: 0, run: 1 };
    for (const world of [
      { ...twelve, runs: new Array(12).fill(3), unlike: 3 },
      { ...twelve, runs: [3, 3, 3, 3], unlike: 0.3 },
    ]) {
      const all = Array.from({ length: 60 }, (_, at) => tiersOfRuns(world, at + 1));
      assert.ok(all.filter(({ wrong }) => wrong).length <= 8, JSON.stringify(world));
    }
  });

  test("lead only if a model that ran once varies as the others do", () => {
    const of = (more: number[]) =>
      tierTable(
        [
          ...[90, 90.2, 89.8, 90.1, 89.9].map((score) => ({ model: "a", score })),
          ...[50, 50.2, 49.8, 50.1, 49.9].map((score) => ({ model: "b", score })),
          ...more.map((score) => ({ model: "c", score })),
        ],
        { seed: 1 },
      ).rows[0].claim;
    assert.deepEqual(of([30, 30.1, 29.9]).status, "settled");
    assert.deepEqual([of([30]).status, of([30]).needs], ["leads if", "runs-alike"]);
  });

  test("take draws as a list in a cell, in a text, or one a row", () => {
    const draws = Array.from({ length: 200 }, (_, at) => Math.sin(at * 7));
    const wide = tableOf([
      { model: "a", score: 9, draws: draws.map((one) => 9 + one) },
      { model: "b", score: 0, draws: `[${draws.join(", ")}]` },
    ]);
    const long = tableOf([
      ...draws.map((one) => ({ model: "a", score: 9 + one })),
      ...draws.map((one) => ({ model: "b", score: one })),
    ]);
    const result = tiersOfTable(wide, { score: "score", draws: "draws" });
    assert.deepEqual([result.tiers, result.separability], [2, 1]);
    const other = tiersOfTable(long, { score: "score", draws: "score" });
    assert.deepEqual(
      other.rows.map(({ score }) => [score.low, score.high]),
      result.rows.map(({ score }) => [score.low, score.high]),
    );
  });

  test("do not depend on the order of the rows, and every rank lies in its set", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 5 })), {
          minLength: 2,
          maxLength: 7,
        }),
        (models) => {
          const scores = models.map(([score, error], at) => ({ model: `m${at}`, score, error }));
          const result = tierTable(scores);
          assert.deepEqual(tierTable(scores.toReversed()), result);
          for (const { rank_low, rank_high } of result.rows)
            assert.ok(1 <= rank_low && rank_low <= rank_high && rank_high <= models.length);
        },
      ),
      { numRuns: runs(20) },
    );
  });

  test("are told by the columns that by their names tell how sure the scores are, where none is given", () => {
    const table = tableOf([
      { model: "a", score: 90, ci_low: 88, ci_high: 92, wer: 1, wer_stderr: 0.1 },
      { model: "b", score: 80, ci_low: 78, ci_high: 82, wer: 3, wer_stderr: 0.1 },
    ]);
    const result = tiersOfTable(table, { score: "score" });
    assert.deepEqual([result.tiers, result.rows[0].score.low, result.rows[0].score.high], [2, 88, 92]);
    assert.match(result.notes[0], /^The uncertainty of score is read from ci_low and ci_high\.$/);
    // Few errors are better than many.
    assert.deepEqual(
      tiersOfTable(table, { score: "wer" }).rows.map(({ model, tier }) => [model, tier]),
      [
        ["a", 1],
        ["b", 2],
      ],
    );
  });

  test("mistakes are named", () => {
    const table = tableOf([{ model: "a", score: 1, low: 0 }]);
    assert.throws(() => tiersOfTable(table, { score: "scor" }), /did you mean "score"\?/);
    assert.throws(() => tiersOfTable(table, { score: "score", low: "low" }), /low and high together/);
    assert.throws(() => tierTable([{ model: "a", score: 1, error: 1 }], { level: 95 }), /did you mean 0.95/);
  });
});

test("a benchmark of the store: the newest scores, by their errors or items", async () => {
  const store = await open(":memory:");
  try {
    await run(
      store.connection,
      `insert into benchmarks (model, benchmark, score, standard_error, items, higher_is_better, as_of) values
       ('a', 'B', 0.5, null, 100, true, '2025-01-01'), ('a', 'B', 0.9, null, 100, true, '2026-01-01'),
       ('b', 'B', 0.6, null, 100, null, '2026-01-01'), ('c', 'Perplexity', 9, 0.1, null, false, null),
       ('d', 'Perplexity', 12, 0.1, null, false, null)`,
    );
    const result = await tiersOfBenchmark(store, { benchmark: "b" });
    assert.deepEqual(
      result.rows.map(({ model, score, tier }) => [model, score.value, tier]),
      [
        ["a", 0.9, 1],
        ["b", 0.6, 2],
      ],
    );
    assert.equal((await tiersOfBenchmark(store, { benchmark: "perplexity" })).rows[0].model, "c");
    await run(
      store.connection,
      "insert into benchmarks (model, benchmark, score, standard_error) values ('a', 'R', 90, 1), ('a', 'R', 80, 1), ('b', 'R', 60, 1)",
    );
    // 50 from run to run: 1.96 errors apart, but Student's t of one degree of freedom is 12.7.
    const few = await tiersOfBenchmark(store, { benchmark: "R" });
    assert.deepEqual([few.tiers, few.rows[0].score.n], [1, 2]);
    assert.match(few.notes.join(" "), /The few runs decide/);
    assert.equal((await tiersOfBenchmark(store, { benchmark: "B", models: ["B", "nobody"] })).rows.length, 1);
    await assert.rejects(
      () => tiersOfBenchmark(store, { benchmark: "Perplexty" }),
      /did you mean "Perplexity"\?/,
    );
  } finally {
    store.close();
  }
});

const skip = skipUnless("cases", existsSync(cases), "the folder of real files");

test("Arena-Hard tells apart 84.21 % of the pairs of 20 models, MT-Bench 36.32 %", { skip }, () => {
  for (const [file, share] of [
    ["arena_hard", 160 / 190],
    ["mt_bench", 69 / 190],
  ] as const) {
    const path = join(cases, "arena-hard", `bootstrap_stats_${file}.jsonl`);
    const table = readScores(path, { models: SHARED, same: SAME });
    const result = tiersOfTable(table, { score: "score", draws: "results" });
    assert.equal(result.rows.length, 20);
    assert.ok(Math.abs(result.separability - share) < 1e-12, String(result.separability));
    const published = new Map(table.rows.map((row) => [row.model, row]));
    for (const { model, score } of result.rows) {
      const { lower, upper } = published.get(model) as { lower: number; upper: number };
      assert.ok(Math.abs(score.low - lower) < 1e-9 && Math.abs(score.high - upper) < 1e-9, model);
    }
  }
});
