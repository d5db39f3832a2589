import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
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
  test("of logs and benchmarks given as files", async () => {
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
    assert.match(stdout, /Flat cannot rank these models/);
    const side = await json([...args, "--side-by-side"], place.path);
    assert.deepEqual([side.measure, side.rows.length, side.rows[0].agree], ["side_by_side", 1, "yes"]);
    assert.equal(side.rows[0].benchmarks_say, "alder (1 of 1)");
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

  test("tiers of a table and of a benchmark", async () => {
    const table = await json(["tiers", "--table", "board.csv", "--score", "MMLU", "--se", "se"], place.path);
    assert.deepEqual([table.tiers, table.separability, table.rows.length], [5, 1, 5]);
    assert.deepEqual(Object.keys(table.rows[0]), ["model", "score", "rank_low", "rank_high", "tier"]);
    assert.equal(table.rows[0].model, "elm");
    const flat = await json(
      ["tiers", "benchmarks.csv", "--benchmark", "flat", "--models", "alder,birch"],
      place.path,
    );
    assert.deepEqual([flat.tiers, flat.rows.length], [1, 2]);
    const unsure = await json(["tiers", "--table", "board.csv", "--score", "MMLU"], place.path);
    assert.deepEqual([unsure.tiers, unsure.rows[0].tier], [null, null]);
    assert.equal((await fieldnotes(["tiers"], place.path)).code, 2);
  });
});

describe("what a leaderboard is good for, and what it is not, as JSON", () => {
  test("a shortlist keeps ties", async () => {
    const list = await json(
      ["shortlist", "--table", "board.csv", "--score", "MMLU", "--se", "se", "--size", "2"],
      place.path,
    );
    assert.deepEqual([list.measure, list.size, list.keep], ["shortlist", 2, ["elm", "dogwood"]]);
    assert.equal(list.rows.length, 5);
    const flat = await json(
      ["shortlist", "benchmarks.csv", "--benchmark", "Flat", "--size", "1"],
      place.path,
    );
    assert.equal(flat.keep.length, 5);
    assert.equal((await fieldnotes(["shortlist", "--table", "board.csv"], place.path)).code, 2);
  });

  test("contamination, of a table's columns and of two benchmarks", async () => {
    const columns = ["--public", "Elo [Feb]", "--private", "MMLU"];
    const table = await json(["contamination", "--table", "board.csv", ...columns], place.path);
    assert.deepEqual([table.measure, table.suspects, table.rows.length], ["contamination", [], 5]);
    const two = await json(
      ["contamination", "benchmarks.csv", "--public", "Flat", "--private", "Speed"],
      place.path,
    );
    assert.equal(two.rows[0].gap.value, 99.04 - 50);
    const wrong = await fieldnotes(["contamination", "benchmarks.csv", "--public", "Flat"], place.path);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /requires --public and --private, or --benchmark and --date/);
  });
});
