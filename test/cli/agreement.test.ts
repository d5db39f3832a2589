import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { cases, skipUnless } from "../dist";
import { SAME, SHARED } from "../measures/arenaHard";
import { thorough } from "../property";
import { fieldnotes, folder, json } from "./command";

const place = folder();
after(place.remove);
const models = ["alder", "birch", "cedar", "dogwood", "elm"];
writeFileSync(
  join(place.path, "calls.jsonl"),
  Array.from({ length: 300 }, (_, at) =>
    JSON.stringify({
      call_id: `c${at}`,
      model: models[at % 5],
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 60_000).toISOString(),
      duration: 1 + (at % 5) + ((at * 7) % 11) / 10,
      status: "ok",
    }),
  ).join("\n"),
);
writeFileSync(
  join(place.path, "benchmarks.csv"),
  [
    "model,benchmark,score,standard_error",
    ...models.map((model, at) => `${model},Speed,${90 - 10 * at},1`),
    ...models.map((model, at) => `${model},Flat,${99 + at / 100},1`),
  ].join("\n"),
);
writeFileSync(
  join(place.path, "board.csv"),
  [
    'model,"Elo\n[Feb]",MMLU,"BBH, cot",se',
    ...models.map((model, at) => `${model},${900 + at},${70 + at},${9 - at},0.1`),
  ].join("\n"),
);

describe("agreement and tiers as JSON", () => {
  thorough("of logs and benchmarks given as files", async () => {
    const args = ["agreement", "calls.jsonl", "benchmarks.csv", "--metric", "duration_p50"];
    const table = await json(args, place.path);
    assert.deepEqual([table.measure, table.by], ["agreement", ["benchmark", "metric"]]);
    const [flat, speed] = table.rows;
    assert.deepEqual([flat.benchmark, flat.verdict, flat.spearman.value], ["Flat", "cannot tell", null]);
    assert.deepEqual(
      [speed.benchmark, speed.metric, speed.models, speed.spearman.value, speed.verdict, speed.first],
      ["Speed", "duration_p50", 5, 1, "agrees", "alder"],
    );
    assert.ok(speed.p_first_is_best > 0.9 && speed.regret.value < 0.1 && speed.regret_random.value < 0);
    const { stdout } = await fieldnotes(args, place.path);
    assert.match(
      stdout,
      /Speed .*agrees[\s\S]*Flat .*cannot tell[\s\S]*\(a\) this benchmark cannot rank these models/,
    );
    const side = await json([...args, "--side-by-side"], place.path);
    assert.deepEqual(
      [side.measure, side.rows.length, side.rows[0].agree],
      ["agreement side by side", 1, "yes"],
    );
    assert.equal(side.rows[0].benchmarks_say, "alder (1 of 1)");
  });

  thorough("of each release of a model with the one before it", async () => {
    const releases = ["gpt-4o-2024-05-13", "gpt-4o-2024-08-06"];
    const call = (at: number) => ({
      call_id: `c${at}`,
      model: releases[at % 2],
      started_at: new Date(Date.UTC(2026, 2, 2) + at * 60_000).toISOString(),
      duration: 1 + (at % 2) + ((at * 7) % 11) / 100,
      status: "ok",
    });
    const log = Array.from({ length: 200 }, (_, at) => JSON.stringify(call(at)));
    writeFileSync(join(place.path, "releases.jsonl"), log.join("\n"));
    const scores = `model,benchmark,score,standard_error\n${releases[0]},B,50,1\n${releases[1]},B,60,1\n`;
    writeFileSync(join(place.path, "scores.csv"), scores);
    const table = await json(
      ["agreement", "releases.jsonl", "scores.csv", "--releases", "--metric", "duration_p50"],
      place.path,
    );
    const [row] = table.rows;
    assert.deepEqual([table.rows.length, row.from, row.to, row.verdict], [1, ...releases, "does not show"]);
    assert.ok(row.benchmark_gain.low > 0 && row.production_change.low > 1.5);
  });

  test("of columns of a table, by names in any case and without their line breaks", async () => {
    const board = ["agreement", "--table", "board.csv", "--against", "elo\\n[feb]"];
    const table = await json(
      [...board, "--benchmarks", "MMLU,BBH, cot", "--lower-is-better", '"BBH, cot"'],
      place.path,
    );
    assert.deepEqual(
      table.rows.map((row: Record<string, { value: number }>) => [
        row.benchmark,
        row.models,
        row.spearman.value,
      ]),
      [
        ["MMLU", 5, 1],
        ["BBH, cot", 5, 1],
      ],
    );
    assert.match(table.rows[0].spearman.note, /needs 10 models, has 5/);
    const wrong = await fieldnotes([...board, "--benchmarks", "MMUL"], place.path);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /did you mean "MMLU"\?/);
    assert.equal((await fieldnotes(["agreement", "--table", "board.csv"], place.path)).code, 2);
  });

  thorough("tiers of a table and of a benchmark", async () => {
    const table = await json(
      ["benchmark", "tiers", "--table", "board.csv", "--score", "MMLU", "--se", "se"],
      place.path,
    );
    assert.deepEqual([table.tiers, table.separability, table.rows.length], [5, 1, 5]);
    assert.deepEqual(Object.keys(table.rows[0]), [
      "model",
      "score",
      "rank_low",
      "rank_high",
      "tier",
      "claim",
    ]);
    assert.equal(table.rows[0].model, "elm");
    const flat = await json(
      ["benchmark", "tiers", "benchmarks.csv", "--benchmark", "flat", "--models", "alder,birch"],
      place.path,
    );
    assert.deepEqual([flat.tiers, flat.rows.length], [1, 2]);
    const unsure = await json(["benchmark", "tiers", "--table", "board.csv", "--score", "MMLU"], place.path);
    assert.deepEqual([unsure.tiers, unsure.rows[0].tier], [null, null]);
    assert.equal((await fieldnotes(["benchmark", "tiers"], place.path)).code, 2);
    const all = await json(["benchmark", "tiers", "benchmarks.csv"], place.path);
    assert.deepEqual(
      all.rows.map((row: Record<string, unknown>) => [row.benchmark, row.tiers, row.verdict]),
      [
        ["Flat", 1, "cannot rank"],
        ["Speed", 5, "ranks"],
      ],
    );
  });
});

describe("what a leaderboard is good for, and what it is not, as JSON", () => {
  test("a shortlist keeps ties", async () => {
    const list = await json(
      ["benchmark", "shortlist", "--table", "board.csv", "--score", "MMLU", "--se", "se", "--size", "2"],
      place.path,
    );
    assert.deepEqual([list.measure, list.size, list.keep], ["benchmark shortlist", 2, ["elm", "dogwood"]]);
    assert.equal(list.rows.length, 5);
    const flat = await json(
      ["benchmark", "shortlist", "benchmarks.csv", "--benchmark", "Flat", "--size", "1"],
      place.path,
    );
    assert.equal(flat.keep.length, 5);
    assert.equal((await fieldnotes(["benchmark", "shortlist", "--table", "board.csv"], place.path)).code, 2);
  });

  test("contamination, of a table's columns and of two benchmarks", async () => {
    const columns = ["--public", "Elo [Feb]", "--private", "MMLU"];
    const table = await json(["benchmark", "contamination", "--table", "board.csv", ...columns], place.path);
    assert.deepEqual([table.measure, table.suspects, table.rows.length], ["benchmark contamination", [], 5]);
    const two = await json(
      ["benchmark", "contamination", "benchmarks.csv", "--public", "Flat", "--private", "Speed"],
      place.path,
    );
    assert.equal(two.rows[0].gap.value, 99.04 - 50);
    const wrong = await fieldnotes(
      ["benchmark", "contamination", "benchmarks.csv", "--public", "Flat"],
      place.path,
    );
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /requires --public and --private, or --benchmark and --date/);
  });
});

describe("published tables, as JSON", {
  skip: skipUnless("cases", existsSync(cases), "the folder of real files"),
}, () => {
  interface RankRow {
    benchmark: string;
    models: number;
    verdict: string;
    spearman: { value: number; low: number | null; high: number | null; n: number; note?: string };
  }

  thorough(
    "AlpacaEval's benchmarks against the Arena, each with its models, interval or reason, and verdict",
    async () => {
      const table = await json(
        ["agreement", "--table", "benchmarks_241e1f6.csv", "--against", "Arena Elo [Feb 2, 2024]"],
        join(cases, "alpaca_eval"),
      );
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
      for (const [name, rho, models] of published) {
        const row = (table.rows as RankRow[]).find(({ benchmark }) => benchmark === name)!;
        assert.deepEqual(
          [Number(row.spearman.value.toFixed(2)), row.models, row.spearman.n],
          [rho, models, models],
          name,
        );
      }
      assert.equal(table.rows.length, 21);
      for (const { verdict, spearman } of table.rows as RankRow[]) {
        assert.ok(["agrees", "disagrees", "cannot tell"].includes(verdict));
        if (spearman.low === null) assert.match(spearman.note!, /needs 10 models, has 7/);
        else assert.ok(spearman.low < spearman.value && spearman.value < spearman.high!);
      }
    },
  );

  test("Arena-Hard and MT-Bench: agreement with the Arena, and what they tell apart", async () => {
    writeFileSync(join(place.path, "shared.txt"), SHARED.join("\n"));
    const same = Object.entries(SAME).flatMap(([from, to]) => ["--same", `${from}=${to}`]);
    const named = ["--models", join(place.path, "shared.txt"), ...same];
    const arena = join(cases, "arena-hard", "elo_results_20240329.leaderboard_table_df.csv");
    for (const [name, rho, apart] of [
      ["arena_hard", 0.932330827067669, 0.8421],
      ["mt_bench", 0.8932330827067668, 0.3632],
    ] as const) {
      const board = ["--table", join(cases, "arena-hard", `bootstrap_stats_${name}.jsonl`)];
      const against = ["--table", arena, "--against", "rating", "--benchmarks", "score"];
      const { rows } = await json(["agreement", ...board, ...against, ...named], place.path);
      assert.ok(rows[0].models === 20 && Math.abs(rows[0].spearman.value - rho) < 1e-12, name);
      const tiers = await json(
        ["benchmark", "tiers", ...board, "--score", "score", "--draws", "results", ...named],
        place.path,
      );
      assert.deepEqual([tiers.rows.length, Number(tiers.separability.toFixed(4))], [20, apart]);
    }
  });
});

describe("agreement of calls on an engine", () => {
  const engine = ["--engine", "parquet:calls.parquet"];
  const metric = ["--metric", "duration_p50"];
  before(async () => {
    const store = await open(":memory:");
    await run(
      store.connection,
      `copy (select *, 'it''s' as workload from read_json('${join(place.path, "calls.jsonl")}'))
       to '${join(place.path, "calls.parquet")}' (format parquet)`,
    );
    store.close();
  });

  thorough("takes the benchmarks of files, or those of the store", async () => {
    const ofFiles = await json(["agreement", "benchmarks.csv", ...engine, ...metric], place.path);
    assert.deepEqual(
      ofFiles.rows.map((row: Record<string, unknown>) => [row.workload, row.benchmark, row.verdict]),
      [
        ["it's", "Flat", "cannot tell"],
        ["it's", "Speed", "agrees"],
      ],
    );
    await fieldnotes(["ingest", "benchmarks.csv", "--db", "boards.duckdb"], place.path);
    assert.deepEqual(
      await json(["agreement", "--db", "boards.duckdb", ...engine, ...metric], place.path),
      ofFiles,
    );
  });

  thorough("can be measured, says doctor, if there are benchmarks", async () => {
    const can = async (...args: string[]) =>
      (await json(["doctor", ...args, ...engine], place.path)).can as string[];
    assert.ok((await can("benchmarks.csv")).includes("agreement"));
    assert.ok(!(await can()).includes("agreement"));
  });

  thorough("says what is missing or refused, and how else to have it", async () => {
    const said = async (...args: string[]) => {
      const { code, stderr, stdout } = await fieldnotes(["agreement", ...args], place.path);
      return `${code} ${stderr}${stdout}`;
    };
    assert.match(await said(...engine), /0 .*There are no benchmarks|The store has no benchmarks/s);
    assert.match(
      await said("calls.jsonl", ...engine),
      /^2 .*--engine requires files of benchmarks alone, got calls in calls.jsonl; the calls are those of the engine/,
    );
    assert.match(await said("--db", "none.duckdb", ...engine), /^1 .*no such store/);
    assert.match(
      await said("--table", "board.csv", ...engine),
      /^2 .*--engine requires calls to compare with, got --table/,
    );
    assert.match(
      await said("benchmarks.csv", "--engine", "clickhouse://ann:secret-word@127.0.0.1:59999/x"),
      /^1 .*clickhouse:\/\/127.0.0.1:59999\/x: it does not answer \(ECONNREFUSED\)\n$/,
    );
  });
});
