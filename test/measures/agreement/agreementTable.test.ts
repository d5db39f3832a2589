import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { agreementOfTable } from "../../../src/measures/agreement/agreementTable";
import { joinScores, readScores } from "../../../src/measures/benchmark/benchmarkTable";
import { cases, skipUnless } from "../../dist";
import { thorough } from "../../property";
import { near } from "../../same";
import { SAME, SHARED } from "../arenaHard";

const skip = skipUnless("cases", existsSync(cases), "the folder of real files");

const tableOf = (rows: Record<string, unknown>[]) =>
  joinScores([
    { name: "t", columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows, notes: [] },
  ]);

describe("columns of a table against one of them", () => {
  const rows = Array.from({ length: 12 }, (_, at) => ({
    model: `m${at}`,
    elo: String(1000 + at),
    good: at + (at % 3),
    wrong: 20 - at,
    half: at < 5 ? at : null,
    three: at < 3 ? at : "",
    vendor: "x",
    se: 0.1,
  }));

  test("may be N/A for most models, and those that by their names hold no scores or are good when low are told", () => {
    const table = tableOf(
      rows.map((row, at) => ({
        ...row,
        rank: 12 - at,
        elo_ci95_low: 990 + at,
        n_votes: 100,
        rare: at < 5 ? `${at}%` : "N/A",
        "Perplexity ↓": 20 - at,
      })),
    );
    const result = agreementOfTable(table, { against: "elo" });
    assert.deepEqual(
      result.rows.map(({ benchmark, models }) => [benchmark, models]),
      [
        ["good", 12],
        ["wrong", 12],
        ["half", 5],
        ["three", 3],
        ["rare", 5],
        ["Perplexity ↓", 12],
      ],
    );
    assert.equal(result.rows[5].spearman.value, 1);
    assert.match(result.notes.join(" "), /Lower is better, judging by the names: Perplexity ↓\./);
    assert.match(
      result.notes.join(" "),
      /their names do not sound like scores: se, rank, elo_ci95_low, n_votes;/,
    );
    const lower = agreementOfTable(table, { against: "elo", benchmarks: ["rank"], lowerIsBetter: ["rank"] });
    assert.equal(lower.rows[0].spearman.value, 1);
  });

  test("are all that hold numbers, over the models that have both", () => {
    const table = agreementOfTable(tableOf(rows), { against: "elo", errors: { good: "se" } });
    assert.deepEqual(
      table.rows.map(({ benchmark, metric, models }) => [benchmark, metric, models]),
      [
        ["good", "elo", 12],
        ["wrong", "elo", 12],
        ["half", "elo", 5],
        ["three", "elo", 3],
      ],
    );
    assert.match(table.notes.join(" "), /needs 4 that have both: three \(3\)/);
    assert.equal(table.rows[1].spearman.value, -1);
    assert.equal(table.rows[2].verdict, "cannot tell");
  });

  test("may be those in which small is good", () => {
    const [row] = agreementOfTable(tableOf(rows), {
      against: "ELO",
      benchmarks: ["Wrong"],
      lowerIsBetter: ["wrong"],
    }).rows;
    assert.equal(row.spearman.value, 1);
    assert.equal(row.verdict, "agrees");
  });

  test("with standard errors have intervals from 4 models on, and a loss in the column's unit", () => {
    const few = tableOf(rows.slice(0, 5).map((row) => ({ ...row, elo_se: 0.05 })));
    const [row] = agreementOfTable(few, {
      against: "elo",
      benchmarks: ["wrong"],
      errors: { elo: "elo_se" },
    }).rows;
    assert.ok(row.spearman.low === -1 && row.spearman.high < 0);
    assert.equal(row.spearman.method, "bootstrap-posterior");
    near(row.regret!.value, 4, "regret", 0, 0.2);
  });

  test("bounds and items tell as much as standard errors", () => {
    const some = rows.slice(0, 6).map((row, at) => {
      const half = 1.959963984540054 * 0.4;
      return {
        model: row.model,
        elo: row.elo,
        low: 1000 + at - half,
        high: 1000 + at + half,
        se: 0.4,
        share: 50 + 5 * at,
      };
    });
    const of = (
      errors: Record<string, string | { low: string; high: string } | { items: number | string }>,
    ) => agreementOfTable(tableOf(some), { against: "elo", benchmarks: ["share"], errors }).rows[0];
    const known = of({ elo: "se" });
    const bounds = of({ elo: { low: "low", high: "high" } });
    assert.deepEqual([bounds.spearman.low, bounds.spearman.high], [known.spearman.low, known.spearman.high]);
    const [many, few] = [of({ share: { items: 100_000 } }), of({ share: { items: 100 } })];
    assert.ok(many.spearman.low === 1 && few.spearman.low < 1);
    assert.throws(() => of({ elo: { items: 100 } }), /scores with items to be shares/);
  });

  test("several rows of a model are one model, at their mean, whatever the case of its name", () => {
    const twice = [
      ...rows.slice(0, 5),
      { ...rows[0], model: " M0", elo: "1020" },
      { ...rows[1], elo: "n/a", good: "x" },
    ];
    const table = agreementOfTable(tableOf(twice), { against: "elo", benchmarks: ["good"] });
    assert.equal(table.rows[0].models, 5);
    // m0 has 1010 from its two rows, above all others.
    near(
      table.rows[0].spearman.value,
      agreementOfTable(tableOf([{ ...rows[0], elo: "1010" }, ...rows.slice(1, 5)]), {
        against: "elo",
        benchmarks: ["good"],
      }).rows[0].spearman.value,
    );
    assert.match(table.notes.join(" "), /2 models have several rows, whose mean is compared: m0, m1\./);
    assert.match(table.notes.join(" "), /good: 1 cell is not a number and counts as missing \("x"\)/);
  });

  test("cannot rank models where one of them ran twice and little else tells how runs vary", () => {
    const rows = ["a", "a", "b", "c", "d", "e"].map((model, at) => ({
      model,
      score: [90, 80, 70, 60, 50, 40][at],
      se: 1,
      use: [5, 5, 4, 3, 2, 1][at],
    }));
    const once = agreementOfTable(tableOf(rows.slice(1)), {
      against: "use",
      benchmarks: ["score"],
      errors: { score: { se: "se" } },
    });
    const twice = agreementOfTable(tableOf(rows), {
      against: "use",
      benchmarks: ["score"],
      errors: { score: { se: "se" } },
    });
    // 50 from run to run, with one degree of freedom: b and e, 30 apart, are three errors apart.
    assert.deepEqual(
      [once, twice].map(({ rows: [row] }) => row.unranked),
      [undefined, "benchmark"],
    );
  });

  test("that are all equal, or of three models, have no correlation, and the reason is told", () => {
    const equal = rows.slice(0, 5).map((row) => ({ ...row, good: 1 }));
    const [flat] = agreementOfTable(tableOf(equal), { against: "elo", benchmarks: ["good"] }).rows;
    assert.ok(Number.isNaN(flat.spearman.value) && Number.isNaN(flat.spearman.low));
    assert.match(flat.spearman.note!, /no order to compare/);
    const [three] = agreementOfTable(tableOf(rows.slice(0, 3)), {
      against: "elo",
      benchmarks: ["good"],
    }).rows;
    assert.deepEqual([three.models, three.verdict], [3, "cannot tell"]);
    assert.match(three.spearman.note!, /needs 4 models that have both, has 3/);
    const none = agreementOfTable(tableOf([{ model: "a", elo: 1 }]), { against: "elo" });
    assert.match(none.notes[0], /no column of numbers beside elo/);
  });

  test("mistakes are named", () => {
    assert.throws(() => agreementOfTable(tableOf(rows), { against: "ello" }), /did you mean "elo"\?/);
    assert.throws(
      () => agreementOfTable(tableOf(rows), { against: "elo", margin: 2 }),
      /-1 < margin < 1, the rank correlation from which on rankings agree \(default 0\.5\), got 2$/,
    );
  });
});

describe("published correlations", { skip }, () => {
  thorough("of AlpacaEval's table of benchmarks with the Arena, each with its number of models", () => {
    const published: [string, number, number][] = [
      ["Output Length", 0.35, 38],
      ["TruthfulQA (0-shot)", 0.51, 24],
      ["HellaSwag (10-shot)", 0.59, 26],
      ["GSM-8K (5-shot)", 0.63, 26],
      ["Open LLM (average)", 0.66, 24],
      ["WinoGrande (5-shot)", 0.69, 25],
      ["ARC-C (25-shot)", 0.83, 26],
      ["MMLU (5-shot)", 0.87, 43],
      ["AlpacaEval 2.0", 0.94, 38],
      ["MT-bench (multi-turn)", 0.94, 34],
      ["LC AlpacaEval 2.0", 0.98, 38],
    ];
    const table = readScores(join(cases, "alpaca_eval", "benchmarks_241e1f6.csv"));
    assert.equal(table.rows.length, 53);
    const result = agreementOfTable(table, {
      against: "arena elo [feb 2, 2024]",
      benchmarks: published.map(([name]) => name),
    });
    published.forEach(([name, rho, models], at) => {
      const row = result.rows[at];
      assert.deepEqual([row.benchmark, row.models], [name, models]);
      assert.equal(Number(row.spearman.value.toFixed(2)), rho, name);
      assert.ok(row.spearman.low < row.spearman.value && row.spearman.value < row.spearman.high);
    });
    assert.equal(result.rows[10].verdict, "agrees");
  });

  test("of Arena-Hard and MT-Bench with the Arena over 20 models, to 1e-12", () => {
    for (const [file, rho] of [
      ["arena_hard", 0.932330827067669],
      ["mt_bench", 0.8932330827067668],
    ] as const) {
      const table = readScores(
        [
          join(cases, "arena-hard", `bootstrap_stats_${file}.jsonl`),
          join(cases, "arena-hard", "elo_results_20240329.leaderboard_table_df.csv"),
        ],
        { models: SHARED, same: SAME },
      );
      const [row] = agreementOfTable(table, { against: "rating", benchmarks: ["score"] }).rows;
      assert.equal(row.models, 20);
      near(row.spearman.value, rho, "Spearman", 1e-12);
    }
  });

  thorough(
    "twenty leaderboards that overlap in part with the Arena: those of too few models are named",
    () => {
      const table = readScores(join(cases, "benchbench"));
      assert.equal(new Set(Object.values(table.files)).size, 20);
      const result = agreementOfTable(table, {
        against: "chatbot_arena",
        benchmarks: [
          "alphacaeval",
          "mmlu_pro",
          "holmes",
          "helm_lite",
          "toolbench",
          "ruler_bench",
          "OC_Language",
        ],
      });
      const few = result.rows.filter(({ models }) => models < 4);
      assert.ok(few.length > 0 && few.length < 7);
      assert.match(result.notes.join(" "), /Too few models for a correlation/);
      for (const row of result.rows)
        assert.ok(row.models < 4 ? Number.isNaN(row.spearman.value) : row.models <= 100);
    },
  );
});
