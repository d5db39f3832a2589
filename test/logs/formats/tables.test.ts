import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { thorough } from "../../property";
import * as f from "./fixtures/leaderboards";
import * as prices from "./fixtures/prices";
import { pick, read } from "./read";

describe("prices", () => {
  test("LiteLLM's are dollars per token; what has no price per token is none, nor is the specimen", async () => {
    const rows = (await read([prices.litellm])).prices;
    assert.deepEqual(
      rows
        .filter((row) => row.above_input_tokens === null && row.service_tier === null)
        .map((row) => pick(row, "model", "input", "output", "cache_read", "cache_creation", "source")),
      [
        {
          model: "gpt-4o",
          input: 2.5e-6,
          output: 1e-5,
          cache_read: 1.25e-6,
          cache_creation: null,
          source: "litellm:openai",
        },
        {
          model: "claude-sonnet-4-20250514",
          input: 3e-6,
          output: 1.5e-5,
          cache_read: 3e-7,
          cache_creation: 3.75e-6,
          source: "litellm:anthropic",
        },
      ],
    );
  });

  test("LiteLLM's prices of batches and of long contexts are rows of their own; a class it leaves out goes in proportion", async () => {
    const rows = (await read([prices.litellm])).prices;
    assert.deepEqual(
      rows
        .filter((row) => row.above_input_tokens !== null || row.service_tier !== null)
        .map((row) =>
          pick(row, "model", "service_tier", "above_input_tokens", "input", "output", "cache_read"),
        ),
      [
        {
          model: "gpt-4o",
          service_tier: "batch",
          above_input_tokens: null,
          input: 1.25e-6,
          output: 5e-6,
          cache_read: 6.25e-7,
        },
        {
          model: "claude-sonnet-4-20250514",
          service_tier: null,
          above_input_tokens: 200000,
          input: 6e-6,
          output: 2.25e-5,
          cache_read: 6e-7,
        },
      ],
    );
    assert.equal(
      rows.find((row) => row.above_input_tokens === null && row.cache_creation === 3.75e-6)
        ?.cache_creation_1h,
      6e-6,
    );
  });

  test("LiteLLM's price of long contexts in a tier is a row of its own, beside that of the tier alone", async () => {
    const content = {
      m: {
        ...{ litellm_provider: "openai", mode: "chat" },
        ...{ input_cost_per_token: 2e-6, output_cost_per_token: 1e-5 },
        ...{ input_cost_per_token_batches: 1e-6, output_cost_per_token_batches: 5e-6 },
        input_cost_per_token_above_272k_tokens: 4e-6,
        input_cost_per_token_above_272k_tokens_batches: 2e-6,
        output_cost_per_token_above_272k_tokens_batches: 7e-6,
        input_cost_per_token_cache_hit: 1e-7,
      },
    };
    const rows = (await read([{ file: "prices.json", content }])).prices;
    assert.deepEqual(
      rows.map((row) => [row.service_tier, row.above_input_tokens, row.input, row.output]),
      [
        [null, null, 2e-6, 1e-5],
        ["batch", null, 1e-6, 5e-6],
        [null, 272000, 4e-6, 2e-5],
        ["batch", 272000, 2e-6, 7e-6],
      ],
    );
  });

  test("genai-prices are dollars per million, with dates, hours, tiers and the names that mean the model", async () => {
    const rows = (await read([prices.genai])).prices;
    assert.deepEqual(
      rows.map((row) => [
        row.model,
        row.from === null ? null : (row.from as Date).toISOString().slice(0, 10),
        row.above_input_tokens,
        row.day_from,
        row.input,
        row.output,
      ]),
      [
        ["gpt-4o", null, null, null, 2.5e-6, 1e-5],
        ["gpt-4o-2024-08-06", null, null, null, 2.5e-6, 1e-5],
        ["tiered", null, null, null, 1e-6, 4e-6],
        ["tiered", null, 200000, null, 2e-6, 4e-6],
        ["dated", null, null, null, 1e-5, 4e-5],
        ["dated", "2025-06-10", null, null, 2e-6, 8e-6],
        ["dated", null, null, 1800, 9e-6, 9e-6],
      ],
    );
  });
});

describe("leaderboards", () => {
  const rows = async (fixture: (typeof f.fixtures)[number]) =>
    (await read([fixture])).benchmarks.map((row) =>
      pick(row, "model", "benchmark", "score", "standard_error", "items"),
    );

  test("AlpacaEval: the model stands in the column without a name", async () => {
    assert.deepEqual(await rows(f.alpaca), [
      { model: "gpt-4o", benchmark: "AlpacaEval", score: 51.3, standard_error: 1.47, items: 805 },
      { model: "gpt-4o", benchmark: "AlpacaEval LC", score: 57.5, standard_error: 0.3, items: 805 },
      { model: "old", benchmark: "AlpacaEval", score: 10, standard_error: 1, items: 805 },
    ]);
  });

  test("arena ratings: the standard error is the root of the variance, else told by the bounds", async () => {
    assert.deepEqual(await rows(f.arena), [
      { model: "gpt-4o", benchmark: "Chatbot Arena", score: 1250.5, standard_error: 3, items: 5000 },
    ]);
    const [row] = await rows(f.catalogue);
    assert.equal(row.benchmark, "Chatbot Arena full");
    assert.ok(Math.abs((row.standard_error as number) - 2) < 1e-9);
  });

  test("arena ratings by category have a benchmark each, with votes and the day of their publishing", async () => {
    const text = [
      "model_name,rating,rating_lower,rating_upper,variance,vote_count,rank,category,leaderboard_publish_date",
      "gpt-4o-2024-08-06,1265,1261,1269,4,47000,20,overall,2025-06-01",
      "gpt-4o-2024-08-06,1290,1280,1300,,9000,12,coding,2025-06-01",
    ].join("\n");
    const { benchmarks } = await read([{ file: "arena.csv", content: text }]);
    assert.deepEqual(
      benchmarks.map((row) => pick(row, "benchmark", "score", "items")),
      [
        { benchmark: "Chatbot Arena", score: 1265, items: 47000 },
        { benchmark: "Chatbot Arena coding", score: 1290, items: 9000 },
      ],
    );
    assert.ok(Math.abs((benchmarks[0].standard_error as number) - 2) < 1e-12);
    assert.ok(Math.abs((benchmarks[1].standard_error as number) - 20 / 3.92) < 1e-12);
    assert.deepEqual(benchmarks[0].as_of, new Date("2025-06-01T00:00:00Z"));
  });

  test("the Open LLM Leaderboard's model is its full name, not the link, and what a model is is no score", async () => {
    const { benchmarks, files } = await read([f.openLlm]);
    assert.deepEqual(
      benchmarks.map((row) => [row.model, row.benchmark, row.score]),
      [
        ["org/model-7b", "Average ⬆️", 30.5],
        ["org/model-7b", "IFEval Raw", 0.6],
        ["org/model-7b", "IFEval", 60],
        ["org/model-7b", "MMLU-PRO", 1],
        ["org/base-7b", "Average ⬆️", 25.5],
        ["org/base-7b", "IFEval Raw", 0.5],
        ["org/base-7b", "IFEval", 50],
        ["org/base-7b", "MMLU-PRO", 1],
      ],
    );
    assert.deepEqual(benchmarks[0].as_of, new Date("2024-08-05T00:00:00Z"));
    assert.match(files[0].reason ?? "", /^not read as scores: column1, eval_name, .*CO₂ cost \(kg\)/);
  });

  test("HELM's groups tell which end is the good one; counts and cells without a value are no scores", async () => {
    const { benchmarks } = await read([f.helm]);
    assert.deepEqual(
      benchmarks.map((row) => pick(row, "model", "benchmark", "score", "higher_is_better", "source")),
      [
        {
          model: "GPT-4 (0613)",
          benchmark: "MMLU - EM",
          score: 0.735,
          higher_is_better: true,
          source: "core_scenarios_2024-08-01",
        },
        {
          model: "GPT-4 (0613)",
          benchmark: "MMLU - ECE",
          score: 0.1,
          higher_is_better: false,
          source: "core_scenarios_2024-08-01",
        },
        {
          model: "Llama 2 (70B)",
          benchmark: "MMLU - EM",
          score: 0.58,
          higher_is_better: true,
          source: "core_scenarios_2024-08-01",
        },
      ],
    );
    assert.deepEqual(benchmarks[0].as_of, new Date("2024-08-01T00:00:00Z"));
  });

  test("Arena-Hard: the table's bounds, or the spread of the draws", async () => {
    assert.ok(Math.abs(((await rows(f.hard))[0].standard_error as number) - 1) < 1e-9);
    assert.equal((await rows(f.draws))[0].standard_error, 1);
  });

  test("a wide table has a row for each model and benchmark; an empty cell is no score", async () => {
    assert.deepEqual(
      (await rows(f.wide)).map((row) => [row.model, row.benchmark, row.score]),
      [
        ["gpt-4o", "Coding", 51.4],
        ["llama-3.1-8b", "Coding", 15],
        ["llama-3.1-8b", "Reasoning", 20],
      ],
    );
  });

  test("a leaderboard as people publish it: missing marks, %, thousands, ±, links, bounds, votes and words beside", async () => {
    const content = [
      "Rank* (UB),Model,Arena Score,95% CI,Votes,Organization,HumanEval,Perplexity ↓,Cost ($/M tokens)",
      '1,[Alpha-2](https://x.y),"1,446",+5/-4,"14,002",Acme,87.3%,-,$1.25',
      '2,Beta (2024-08-06),"1,265","[1263, 1267]","47,973",Beta Inc,N/A,12.1,$5',
      "3,<a href='x'>gamma</a>,1152,±2,109056,,72.1 ± 0.4,8.0,n/a",
      "4,delta,–,,,,−1,,",
    ].join("\n");
    const { benchmarks, files, rejects } = await read([{ file: "board.csv", content }]);
    assert.deepEqual([files[0].format, rejects], ["leaderboard-table", []]);
    assert.deepEqual(
      benchmarks.map((row) => [row.model, row.benchmark, row.score, row.items, row.higher_is_better]),
      [
        ["Alpha-2", "Arena Score", 1446, 14002, null],
        ["Alpha-2", "HumanEval", 87.3, null, null],
        ["Beta (2024-08-06)", "Arena Score", 1265, 47973, null],
        ["Beta (2024-08-06)", "Perplexity ↓", 12.1, null, false],
        ["gamma", "Arena Score", 1152, 109056, null],
        ["gamma", "HumanEval", 72.1, null, null],
        ["gamma", "Perplexity ↓", 8, null, false],
        ["delta", "HumanEval", -1, null, null],
      ],
    );
    const errors = benchmarks
      .filter((row) => row.benchmark === "Arena Score")
      .map((row) => row.standard_error);
    for (const [at, width] of [9, 4, 4].entries())
      assert.ok(Math.abs((errors[at] as number) - width / 3.92) < 1e-12);
    assert.match(
      files[0].reason ?? "",
      /^4 of 12 cells contain no score; not read as scores: Rank\* \(UB\), Organization, Cost/,
    );
  });

  test("errors, bounds and items go to the score that their names begin with, else to the one before them", async () => {
    const content = [
      "Model Name ,rank, acc ,acc_stderr, elo_rating,elo_ci95_low,elo_ci95_high,mean,ci_low,ci_high,n_samples",
      "   a       ,1,  0.75 ,  0.01    , 1200 , 1190.2 , 1209.8 , 5 , 4.02 , 5.98 , 100",
      "   b       ,2,       ,          , 1100 ,        ,        , 4 , 3.02 , 4.98 , 100",
    ].join("\n");
    const { benchmarks } = await read([{ file: "board_2024-07-31.csv", content }]);
    assert.deepEqual(
      benchmarks.map((row) => [
        row.model,
        row.benchmark,
        row.score,
        row.standard_error === null ? null : Math.round(1e9 * (row.standard_error as number)) / 1e9,
        row.items,
      ]),
      [
        ["a", "acc", 0.75, 0.01, 100],
        ["a", "elo_rating", 1200, 5, null],
        ["a", "mean", 5, 0.5, null],
        ["b", "elo_rating", 1100, null, null],
        ["b", "mean", 4, 0.5, null],
      ],
    );
    // The day that the file is named after.
    assert.deepEqual(benchmarks[0].as_of, new Date("2024-07-31T00:00:00Z"));
  });

  test("words and figures of what a model is and takes stand beside scores in a table that names each model once", async () => {
    const content = [
      "Models,Model Size(B),Data Source,Overall,Law,Embedding Dimensions,Latency Mean (s),Average WER",
      "a,unk,Self-Reported,77.5%,N/A,4096,1.3,6.5",
      "b,72,ours,71.6%,50,1024,0.9,7.4",
    ].join("\n");
    const { benchmarks } = await read([{ file: "board.csv", content }]);
    assert.deepEqual(
      benchmarks.map((row) => [row.model, row.benchmark, row.score, row.higher_is_better]),
      [
        ["a", "Overall", 77.5, null],
        ["a", "Average WER", 6.5, false],
        ["b", "Overall", 71.6, null],
        ["b", "Law", 50, null],
        ["b", "Average WER", 7.4, false],
      ],
    );
  });

  test("a lone score is that of the benchmark that the file is named after, and a model named twice was run twice", async () => {
    const { benchmarks, files } = await read([
      { file: "riddles.csv", content: "model,score\na,51\na,53\nb,40\n" },
    ]);
    assert.deepEqual(
      benchmarks.map((row) => [row.model, row.benchmark, row.score]),
      [
        ["a", "riddles", 51],
        ["a", "riddles", 53],
        ["b", "riddles", 40],
      ],
    );
    assert.equal(files[0].replaced, 0);
  });

  test("SWE-bench and lm-eval results", async () => {
    assert.deepEqual(
      (await rows(f.swe)).map((row) => [row.benchmark, row.score]),
      [["SWE-bench Verified", 33.2]],
    );
    const { benchmarks } = await read([f.lmEval]);
    assert.deepEqual(
      benchmarks.map((row) =>
        pick(row, "model", "benchmark", "score", "standard_error", "items", "higher_is_better"),
      ),
      [
        {
          model: "org/model-7b",
          benchmark: "hellaswag acc",
          score: 0.5,
          standard_error: 0.005,
          items: 10042,
          higher_is_better: true,
        },
        {
          model: "org/model-7b",
          benchmark: "hellaswag ppl",
          score: 9,
          standard_error: null,
          items: 10042,
          higher_is_better: false,
        },
      ],
    );
  });

  test("lm-eval's results before version 0.4 name no filter, and the first Open LLM Leaderboard's have a model of their own", async () => {
    const results = { "harness|arc:challenge|25": { acc: 0.5, acc_stderr: 0.015, name: "x" } };
    const old = { results: { arc: { acc: 0.25, acc_stderr: "N/A", ppl: 9 } }, versions: { arc: 0 } };
    const { benchmarks } = await read([
      {
        file: "results_2023-10-01T12-00-00.json",
        content: { config_general: { model_name: "org/model-7b" }, results, versions: {} },
      },
      {
        file: "arc.json",
        content: { ...old, config: { model: "hf-causal", model_args: "pretrained=org/other" } },
      },
    ]);
    assert.deepEqual(
      benchmarks.map((row) => pick(row, "model", "benchmark", "score", "standard_error", "as_of")),
      [
        {
          model: "org/model-7b",
          benchmark: "harness|arc:challenge|25 acc",
          score: 0.5,
          standard_error: 0.015,
          as_of: new Date("2023-10-01T00:00:00Z"),
        },
        { model: "org/other", benchmark: "arc acc", score: 0.25, standard_error: null, as_of: null },
        { model: "org/other", benchmark: "arc ppl", score: 9, standard_error: null, as_of: null },
      ],
    );
    assert.deepEqual(
      benchmarks.map((row) => row.higher_is_better),
      [null, null, false],
    );
  });

  thorough("a table of calls, of graded samples or of prices is no leaderboard", async () => {
    for (const content of [
      "model,latency_ms,tokens\ngpt-4o,100,3\n",
      "model,sample_id,score\ngpt-4o,1,0.5\ngpt-4o,2,1\n",
      "model,topic,score\ngpt-4o,law,0.5\ngpt-4o,tax,1\ngpt-4o,hr,1\n",
      "model,region,requests,cost\ngpt-4o,eu,100,3\nclaude-3-opus,us,200,4\n",
      "Model,Input $/1M,Output $/1M\ngpt-4o,2.5,10\nclaude-3-opus,15,75\n",
      "model,prompt_rate,completion_rate\ngpt-4o,2.5,10\nclaude-3-opus,15,75\n",
      "Model,EUR\ngpt-4o,2.5\nclaude-3-opus,15\n",
    ]) {
      const { files } = await read([{ file: "calls.csv", content }]);
      assert.equal(files[0].status, "failed", content);
    }
  });
});

describe("how a benchmark was asked", () => {
  thorough(
    "lm-eval and HELM tell their harness, lm-eval the number of examples too, by task, in its name or for all",
    async () => {
      const ways = async (fixture: Parameters<typeof read>[0][number]) =>
        (await read([fixture])).benchmarks.map((row) => pick(row, "harness", "shots"));
      assert.deepEqual(await ways(f.lmEval), Array(2).fill({ harness: "lm-eval", shots: 0 }));
      const old = {
        results: { "harness|arc:challenge|25": { acc: 0.5 } },
        versions: {},
        config_general: { model_name: "m" },
      };
      assert.deepEqual(await ways({ file: "results_2023-01-02.json", content: old }), [
        { harness: "lm-eval", shots: 25 },
      ]);
      for (const row of await ways(f.helm)) assert.deepEqual(row, { harness: "helm", shots: null });
    },
  );
  thorough("a table tells it in columns of its own, or in the name of a score", async () => {
    const content = "model,harness,num_fewshot,MMLU,ARC (25-shot)\na,lm-eval,5,0.5,0.6\nb,helm,,0.4,0.5\n";
    const { benchmarks } = await read([{ file: "board.csv", content }]);
    assert.deepEqual(
      benchmarks
        .filter(({ model }) => model === "a")
        .map((row) => pick(row, "benchmark", "harness", "shots")),
      [
        { benchmark: "MMLU", harness: "lm-eval", shots: 5 },
        { benchmark: "ARC (25-shot)", harness: "lm-eval", shots: 25 },
      ],
    );
    const plain = await read([
      { file: "board.csv", content: "model,MMLU,ARC (25-shot)\na,0.5,0.6\nb,0.4,0.5\n" },
    ]);
    assert.deepEqual(
      plain.benchmarks.filter(({ model }) => model === "a").map(({ shots }) => shots),
      [null, 25],
    );
  });
});
