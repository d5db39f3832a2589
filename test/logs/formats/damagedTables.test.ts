import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import * as boards from "./fixtures/leaderboards";
import * as prices from "./fixtures/prices";
import { type Fixture, read, textOf } from "./read";

/** The rows loaded from a damaged file, and the report on the rest. */
async function came(fixture: Fixture) {
  const { files, benchmarks, prices, rejects } = await read([fixture]);
  assert.equal(files[0].status, "ingested", files[0].reason);
  return {
    models: [...benchmarks, ...prices].map(({ model }) => model),
    errors: benchmarks.map((row) =>
      row.standard_error === null ? null : Math.round(1e6 * (row.standard_error as number)) / 1e6,
    ),
    prices,
    lines: rejects.map(({ line }) => line),
    reasons: rejects.map(({ reason }) => reason as string),
    emptied: (files[0].emptied ?? []).map(({ column, rows, first }) => `${column} ${rows}, ${first}`),
  };
}

describe("leaderboards and price lists with nothing optional, and damaged", () => {
  for (const fixture of [...boards.least, ...prices.least])
    test(`${fixture.format} ${fixture.file}: a file of what it must have is read, and what is missing stays empty`, async () => {
      const { files, benchmarks, prices } = await read([fixture]);
      assert.deepEqual([files[0].status, files[0].rejected], ["ingested", 0], files[0].reason);
      assert.equal(benchmarks.length + prices.length, 1);
      for (const row of benchmarks) {
        assert.deepEqual(
          [row.standard_error, row.items, row.as_of, row.higher_is_better],
          Array(4).fill(null),
        );
      }
      for (const row of prices) {
        assert.deepEqual([row.output, row.cache_read, row.cache_creation, row.from], Array(4).fill(null));
        assert.ok(Math.abs((row.input as number) - 1e-7) < 1e-20);
      }
    });

  thorough(
    "a table's damaged row is rejected alone, with its line: words, a score without a model, a half item, a cut row",
    async () => {
      const { models, lines, reasons, emptied } = await came(boards.broken.alpaca);
      assert.deepEqual([models.length, lines], [2, [3, 4, 6]]);
      assert.match(
        reasons[0],
        /benchmarks.score must be a finite number: not computable from win_rate "n\/a"/,
      );
      assert.match(reasons[1], /benchmarks.model must be a text/);
      assert.match(
        emptied[0],
        /^items 1, line 5: benchmarks.items must be a whole number: not computable from n_total/,
      );
      assert.match(reasons[2], /2 cells, not the 4 of the header/);
      const wide = await came(boards.broken.wide);
      assert.deepEqual([new Set(wide.models), wide.lines], [new Set(["gpt-4o"]), [3, 4]]);
    },
  );

  thorough("HELM: a cell or a header of the wrong kind is told, and the other scores are taken", async () => {
    const cells = (...values: unknown[]) => values.map((value) => ({ value }));
    const header = (...last: unknown[]) => [
      { value: "Model" },
      { value: "A", lower_is_better: false },
      ...last.map((lower_is_better, at) => ({ value: `B${at}`, lower_is_better })),
    ];
    for (const [head, row] of [
      [header(), cells("odd", { nested: 1 })],
      [header(), cells("odd", "half")],
      [header(), cells("", 0.5)],
      [header("maybe"), cells("odd", 0.5, 0.5)],
      [header({ yes: 1 }, []), cells("odd", 0.5, 0.5, 1)],
      [header(), cells("odd", [0.5])],
      [header(), 7],
    ]) {
      const document = { title: "t", header: head, rows: [cells("good", 0.25, 0.5, 0.5), row] };
      const { models, reasons } = await came({ format: "helm", file: "groups/t.json", content: document });
      assert.ok(models.includes("good"), JSON.stringify(row));
      for (const reason of reasons) assert.doesNotMatch(reason, /Error:/);
    }
  });

  test("a variance below 0 has no root: the error is left empty and not made of the bounds", async () => {
    const { models, errors, lines, emptied } = await came(boards.broken.arena);
    assert.deepEqual([models.length, errors[1], lines], [2, null, [3, 5]]);
    assert.match(
      emptied[0],
      /^standard_error 1, line 4: benchmarks.standard_error must be a finite number: not computable from variance/,
    );
  });

  test("a catalogue's names may hold quotes and dots; one rating of words is told, and the others are kept", async () => {
    const { models, errors, lines, reasons } = await came(boards.broken.catalogue);
    assert.deepEqual([models, errors, lines], [["gpt-4o", 'quoted "model" 1.5'], [2, 2], [1]]);
    assert.match(
      reasons[0],
      /score must be .*rating does not give in some elements of the list; the others are kept/,
    );
  });

  test("Arena-Hard: a day that is none is left empty; without draws the bounds tell the standard error", async () => {
    const table = await came(boards.broken.hard);
    assert.deepEqual([table.models.length, table.errors[0], table.lines], [2, 1, [3, 5]]);
    assert.match(
      table.emptied[0],
      /^as_of 1, line 4: benchmarks.as_of must be a time: not computable from date "… \(8 characters\)"/,
    );
    const draws = await came(boards.broken.draws);
    assert.deepEqual(
      [draws.models, draws.errors, draws.lines],
      [["gpt-4o", "words", "no draws"], [1, null, 1], []],
    );
    assert.match(draws.emptied[0], /^standard_error 1, /);
  });

  test("the Open LLM Leaderboard: a cell that failed is told and the row's others are taken; N/A is no score", async () => {
    const { models, lines, reasons } = await came(boards.broken.openLlm);
    assert.deepEqual(models.slice(0, 4), ["org/model-7b", "org/model-7b", "org/failed-7b", "org/failed-7b"]);
    assert.deepEqual([models.length, lines], [13, [3, 4, 8]]);
    assert.match(reasons[0], /benchmarks.score must be a finite number.*the others are kept/);
    assert.match(reasons[1], /benchmarks.model must be a text/);
  });

  test("HELM: a score of words and one without a model are told, and the others are kept", async () => {
    const { models, lines, reasons } = await came(boards.broken.helm);
    assert.deepEqual([models, lines], [["GPT-4 (0613)"], [1]]);
    for (const column of ["model", "score"]) assert.ok(reasons[0].includes(`benchmarks.${column} must`));
  });

  test("SWE-bench: an entry without a score is none; a score of words, without a name or with no date is told", async () => {
    const { models, lines, reasons, emptied } = await came(boards.broken.swe);
    assert.deepEqual([models.length, lines], [2, [1]]);
    for (const column of ["model", "score"])
      assert.ok(reasons[0].includes(`benchmarks.${column} must`), reasons[0]);
    assert.match(emptied[0], /^as_of 1, record 1: benchmarks.as_of must be a time/);
  });

  thorough(
    "lm-eval: the model is told by its arguments, whatever backend ran it; a metric of words is told",
    async () => {
      const { models, errors, lines } = await came(boards.broken.lmEval);
      assert.deepEqual([models, errors, lines], [["gpt-4o"], [0.005], [1]]);
      const config = { model: "hf", model_args: { dtype: "float16", pretrained: "org/model-7b" } };
      const { content } = boards.broken.lmEval;
      const { benchmarks } = await read([{ ...boards.lmEval, content: { ...(content as object), config } }]);
      assert.equal(benchmarks[0].model, "org/model-7b");
      const { files } = await read([boards.broken.lmEvalDate]);
      assert.equal(files[0].status, "ingested");
      assert.match(files[0].emptied?.[0].first ?? "", /^record 1: benchmarks.as_of must be a time/);
    },
  );

  thorough(
    "a price of words is told and never taken for 0; a list without one price per token fails",
    async () => {
      const map = await came(prices.broken.litellm);
      const list = await came(prices.broken.genai);
      // A tier without a start is dropped alone: the price below it is kept.
      assert.deepEqual([map.models, list.models], [["good"], ["good", "tier"]]);
      for (const { lines, reasons, prices: rows } of [map, list]) {
        assert.deepEqual(lines, [1]);
        assert.match(reasons[0], /prices.input must be a finite number/);
        assert.deepEqual([rows[0].input, rows[0].output], [2.5e-6, 1e-5]);
      }
      assert.match(
        list.reasons[0],
        /prices.from must be a time.*prices.above_input_tokens must be a whole number/,
      );
      const { files } = await read([prices.broken.unpriced]);
      assert.deepEqual(
        [files[0].status, files[0].reason],
        ["failed", "none of its 1 models has a price per token"],
      );
    },
  );

  test("of an input that is free no proportion follows: what is free stays free in batches, the rest unknown", async () => {
    const { prices: rows } = await came(prices.broken.free);
    assert.deepEqual(
      rows
        .filter((row) => row.service_tier === "batch")
        .map(({ model, input, output }) => [model, input, output]),
      [
        ["free", 0, 0],
        ["half", 0, null],
      ],
    );
  });

  test("a document that was cut short fails with one line that says so", async () => {
    for (const fixture of [boards.catalogue, boards.swe, boards.lmEval, prices.litellm]) {
      const text = textOf(fixture);
      const { files } = await read([{ ...fixture, content: text.slice(0, text.length / 2) }]);
      assert.equal(files[0].status, "failed");
      assert.match(
        files[0].reason ?? "",
        /^it is not JSON \(.*\): it is damaged or was cut short; export it again$/,
      );
    }
  });
});
