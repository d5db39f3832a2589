import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ingest } from "../../../src/logs/ingest";
import { contestedNotes } from "../../../src/logs/models/benchmarkSources";
import { benchmarks } from "../../../src/measures/benchmark/benchmarkScores";
import { doctor } from "../../../src/measures/doctor";
import { jsonl, workbench } from "../workbench";

const models = ["gpt-4o", "claude-3-opus", "llama-3-70b"];

/** A leaderboard of each format that has files of many models, with scores that begin at `from`. */
const boards: Record<string, { ending: string; text: (from: number) => string }> = {
  "arena-hard": {
    ending: "jsonl",
    text: (from) =>
      jsonl(
        ...models.map((model, at) => ({
          ...{ model, score: from + at, lower: from + at - 1, upper: from + at + 1 },
          results: [from + at - 0.5, from + at + 0.5],
        })),
      ),
  },
  "alpaca-eval": {
    ending: "csv",
    text: (from) =>
      `,win_rate,standard_error,n_total\n${models.map((model, at) => `${model},${from + at},1,805`).join("\n")}\n`,
  },
  "arena-table": {
    ending: "csv",
    text: (from) =>
      `model,rating,rating_q975,rating_q025\n${models.map((model, at) => `${model},${1000 + from + at},${1010 + from},${990 + from}`).join("\n")}\n`,
  },
  "leaderboard-table": {
    ending: "csv",
    text: (from) => `model,MMLU\n${models.map((model, at) => `${model},${from + at}`).join("\n")}\n`,
  },
  "swe-bench": {
    ending: "json",
    text: (from) =>
      JSON.stringify({
        leaderboards: [{ name: "Lite", results: models.map((name, at) => ({ name, resolved: from + at })) }],
      }),
  },
  helm: {
    ending: "json",
    text: (from) =>
      JSON.stringify({
        title: "Core",
        header: [{ value: "Model" }, { value: "Mean win rate", lower_is_better: false }],
        rows: models.map((value, at) => [{ value }, { value: from + at }]),
      }),
  },
  canonical: {
    ending: "csv",
    text: (from) =>
      `model,benchmark,score\n${models.map((model, at) => `${model},MMLU,${from + at}`).join("\n")}\n`,
  },
  "canonical with blanks": {
    ending: "jsonl",
    text: (from) =>
      jsonl(
        ...models.map((model, at) => ({
          model,
          benchmark: "MMLU",
          score: from + at,
          source: at === 0 ? null : "",
        })),
      ),
  },
};

describe("two leaderboards under one name", () => {
  for (const [format, { ending, text }] of Object.entries(boards))
    test(`of ${format} are two benchmarks whose names tell them apart, in any order, and no score is averaged`, async () => {
      for (const order of [
        ["board", "board_LC"],
        ["board_LC", "board"],
      ])
        await workbench(async ({ store, write }) => {
          const from: Record<string, number> = { board: 10, board_LC: 40 };
          let told: string[] = [];
          for (const name of order) {
            const { files, notes } = await ingest(store, write(`${name}.${ending}`, text(from[name])));
            assert.deepEqual(
              [files[0].format, files[0].tables.benchmarks],
              [format.split(" ")[0], 3],
              files[0].reason,
            );
            told = notes;
          }
          const all = await benchmarks(store);
          assert.equal(all.length, 2);
          const [plain, controlled] = all.sort((a, b) => a.benchmark.length - b.benchmark.length);
          assert.equal(controlled.benchmark, `${plain.benchmark} (LC)`);
          for (const one of all) assert.ok(one.scores.every(({ runs }) => runs === 1));
          assert.equal(controlled.scores[0].score - plain.scores[0].score, 30);
          assert.match(
            told.join(),
            /2 sources give 3 models different scores, so each is a benchmark of its own/,
          );
          assert.ok((await doctor(store)).warnings.some(({ text }) => text.includes(told[0])));
        });
    });

  test("in two folders' files of one name are two, named by their folders, in any order", async () => {
    for (const order of [
      ["alone", "judged"],
      ["judged", "alone"],
    ])
      for (const together of [true, false])
        await workbench(async ({ store, write }) => {
          const from: Record<string, number> = { alone: 10, judged: 40 };
          const paths = order.map((name) =>
            write(`${name}/board.csv`, boards["leaderboard-table"].text(from[name])),
          );
          for (const some of together ? [paths] : paths.map((path) => [path])) await ingest(store, some);
          const all = await benchmarks(store);
          assert.deepEqual(
            all.map(({ benchmark, scores }) => [benchmark, Math.min(...scores.map(({ score }) => score))]),
            [
              ["MMLU (alone)", 10],
              ["MMLU (judged)", 40],
            ],
          );
          await ingest(store, write("judged/board.csv", boards["leaderboard-table"].text(70)));
          assert.deepEqual(
            (await benchmarks(store)).map(({ scores }) => Math.min(...scores.map(({ score }) => score))),
            [10, 70],
          );
          assert.match(
            (await contestedNotes(store.connection))[0],
            /"MMLU \(alone\)" \(.*alone.board\.csv\)/,
          );
        });
  });

  test("in files of one name for different models are one", () =>
    workbench(async ({ store, write }) => {
      await ingest(store, write("one/board.csv", "model,MMLU\ngpt-4o,80\nllama-3-70b,70\n"));
      await ingest(store, write("two/board.csv", "model,MMLU\nclaude-3-opus,82\ngpt-4o,80\n"));
      const all = await benchmarks(store);
      assert.deepEqual(
        all.map(({ benchmark, scores }) => [benchmark, scores.map(({ runs }) => runs)]),
        [["MMLU", [1, 1, 1]]],
      );
    }));

  test("and a third source have the words that only they have", () =>
    workbench(async ({ store, write }) => {
      for (const [at, name] of ["tool_gpt4_lc", "tool_gpt4", "tool_claude"].entries())
        await ingest(store, write(`${name}.csv`, boards["leaderboard-table"].text(10 * at)));
      assert.deepEqual(
        (await benchmarks(store)).map(({ benchmark }) => benchmark),
        ["MMLU (claude)", "MMLU (gpt4)", "MMLU (gpt4 lc)"],
      );
    }));
});

test("a mapping's scores are of their file, and those that name a source are of that", () =>
  workbench(async ({ store, write, rows }) => {
    const columns = { model: "llm", benchmark: "'MMLU'", score: "acc" };
    const lines = (acc: number) => jsonl({ llm: "gpt-4o", acc, from: "paper" });
    const mapping = [{ table: "benchmarks" as const, columns }];
    for (const [name, acc] of Object.entries({ plain: 10, controlled: 40 }))
      await ingest(store, write(`${name}.jsonl`, lines(acc)), { mapping });
    const sourced = [{ table: "benchmarks" as const, columns: { ...columns, source: '"from"' } }];
    await ingest(store, write("third.jsonl", lines(70)), { mapping: sourced });
    assert.deepEqual(await rows("select source, score from benchmarks order by score"), [
      { source: "plain", score: 10 },
      { source: "controlled", score: 40 },
      { source: "paper", score: 70 },
    ]);
  }));

describe("one benchmark", () => {
  const { text } = boards["leaderboard-table"];

  test("that is read again replaces what it gave before", () =>
    workbench(async ({ store, write, rows }) => {
      await ingest(store, write("board.csv", text(10)));
      const { notes } = await ingest(store, write("board.csv", text(20)));
      assert.deepEqual(await rows("select min(score) as low, count(*)::int as n from benchmarks"), [
        { low: 20, n: 3 },
      ]);
      assert.deepEqual([notes, await contestedNotes(store.connection)], [[], []]);
    }));

  test("that two files give alike is one, with one run", () =>
    workbench(async ({ store, write }) => {
      await ingest(store, [write("board.csv", text(10)), write("copy.csv", text(10))]);
      const [benchmark, ...more] = await benchmarks(store);
      assert.deepEqual([benchmark.benchmark, more.length], ["MMLU", 0]);
      assert.ok(benchmark.scores.every(({ runs }) => runs === 1));
    }));

  test("that two files give for different models is one", () =>
    workbench(async ({ store, write }) => {
      const one = write("board.csv", "model,MMLU\ngpt-4o,80\nllama-3-70b,70\n");
      const two = write("more.csv", "model,MMLU\nclaude-3-opus,82\nllama-3-8b,60\n");
      await ingest(store, [one, two]);
      const all = await benchmarks(store);
      assert.deepEqual(
        all.map(({ benchmark, scores }) => [benchmark, scores.length]),
        [["MMLU", 4]],
      );
    }));

  test("has its newest scores where the files have days", () =>
    workbench(async ({ store, write }) => {
      await ingest(store, [write("board_2026-01-02.csv", text(10)), write("board_2026-02-03.csv", text(20))]);
      const all = await benchmarks(store);
      assert.deepEqual(
        all.map(({ benchmark, scores }) => [benchmark, Math.min(...scores.map(({ score }) => score))]),
        [["MMLU", 20]],
      );
    }));
});
