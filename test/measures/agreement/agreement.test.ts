import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agreement } from "../../../src/measures/agreement/agreement";
import { agreementOf } from "../../../src/measures/agreement/agreementPair";
import { sidesOf } from "../../../src/measures/agreement/agreementSides";
import { agreementSideBySide } from "../../../src/measures/agreement/sideBySide";
import { metric } from "../../../src/measures/metric";
import { metricTable } from "../../../src/measures/metricTable";
import type { Estimate } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";
import { rankCorrelation } from "../../../src/stats/rankCorrelation";
import type { Store } from "../../../src/store/open";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

/** Calls of models whose median duration grows with the name: m1 is the fastest. */
function callsOf(models: number, each = 80): Call[] {
  const r = random(3);
  return Array.from({ length: models * each }, (_, at) => {
    const model = 1 + (at % models);
    return {
      call_id: `c${at}`,
      workload: at % 2 === 0 ? "chat" : "batch",
      model: `m${model}`,
      duration: model * Math.exp(0.3 * r.normal()),
      status: "ok",
    };
  });
}

async function score(store: Store, rows: readonly (readonly [string, string, number, number | null])[]) {
  for (const [model, benchmark, value, error] of rows)
    await run(
      store.connection,
      "insert into benchmarks (model, benchmark, score, standard_error) values ($model, $benchmark, $value, $error)",
      {
        model,
        benchmark,
        value,
        error,
      },
    );
}

const estimate = (value: number, low: number, high: number, unit = "s"): Estimate => ({
  value,
  low,
  high,
  level: 0.95,
  method: "t",
  n: 100,
  clusters: 100,
  clusterBy: "call_id",
  unit,
});
const z = 1.959963984540054;

describe("benchmarks against production", () => {
  const boards = [
    ...[1, 2, 3, 4, 5, 6].map((m) => [`m${m}`, "Speed", 100 - 10 * m, 1] as const),
    ...[1, 2, 3, 4, 5, 6].map((m) => [`m${m}`, "Reverse", 10 * m, 1] as const),
    ...[1, 2, 3, 4, 5, 6].map((m) => [`m${m}`, "Flat", 98 + m / 100, 1] as const),
    ...[1, 2, 3].map((m) => [`m${m}`, "Few", 10 * m, 1] as const),
    ["elsewhere", "Speed", 99, 1] as const,
  ];

  test("with three models in common say how many it takes, and nothing of what is not compared", async () => {
    const failed = callsOf(3).map((call, at) => (at < 9 ? { ...call, status: "error" } : call));
    await withCalls(failed, async (store) => {
      await score(
        store,
        boards.filter(([, benchmark]) => benchmark === "Few"),
      );
      const { notes } = await agreement(store, { by: "model", metric: ["duration_p50", "error_rate"] });
      assert.equal(notes.length, 2);
      assert.match(
        notes[1],
        /^A rank correlation needs 4 models .* and there are at most 3: ingest scores of more/,
      );
    });
  });

  test("with three models in common name those without a score, since these are why", () =>
    withCalls(callsOf(5), async (store) => {
      await score(
        store,
        boards.filter(([, benchmark]) => benchmark === "Few"),
      );
      const { notes } = await agreement(store, { by: "model", metric: ["duration_p50"] });
      assert.ok(
        notes.some((note) => note.includes("Few has no score of m4, m5")),
        notes.join("\n"),
      );
    }));

  test("turn round where small is good, on either side", async () => {
    const few = [1, 2, 3, 4, 5].map((m) => [`m${m}`, "Perplexity", 10 * m, 1] as const);
    const faster = callsOf(5).map((call) => ({ ...call, output_tokens: 100, time_to_first_token: 0 }));
    await withCalls(faster, async (store) => {
      await score(store, few);
      await run(store.connection, "update benchmarks set higher_is_better = false");
      const metrics = ["duration_p50", "output_tokens_per_second_p50"];
      const { rows } = await agreement(store, { by: "model", metric: metrics });
      // m1 has the lowest perplexity, the shortest waits and the longest outputs.
      assert.deepEqual(
        rows.map(({ metric, first, spearman }) => [metric, first, spearman.value]),
        metrics.map((name) => [name, "m1", 1]),
      );
    });
  });

  test("agree, disagree, cannot rank, and are too few, each said", async () => {
    await withCalls(callsOf(6), async (store) => {
      await score(store, boards);
      const table = await agreement(store, { by: "model", metric: "duration_p50" });
      assert.deepEqual([table.measure, table.by], ["agreement", ["benchmark", "metric"]]);
      const row = (benchmark: string) => table.rows.find((one) => one.benchmark === benchmark)!;
      assert.deepEqual(
        table.rows.map(({ benchmark, models, verdict }) => [benchmark, models, verdict]),
        [
          ["Few", 3, "cannot tell"],
          ["Flat", 6, "cannot tell"],
          ["Reverse", 6, "disagrees"],
          ["Speed", 6, "agrees"],
        ],
      );
      // Lower durations are better: the fastest model is first on "Speed".
      assert.equal(row("Speed").spearman.value, 1);
      assert.equal(row("Reverse").spearman.value, -1);
      assert.equal(row("Speed").first, "m1");
      assert.ok(row("Speed").p_first_is_best! > 0.99);
      assert.ok(Math.abs(row("Speed").regret!.value) < 0.01);
      assert.ok(row("Speed").regret_random!.value < -1);
      assert.equal(row("Reverse").first, "m6");
      assert.ok(Math.abs(row("Reverse").regret!.value - 5) < 0.5, "m6 takes 6 s, the best 1 s");
      assert.equal(row("Reverse").regret!.unit, "s");
      assert.ok(Math.abs(row("Speed").p_value - 2 / 720) < 1e-12);
      assert.ok(Math.abs(row("Speed").p_holm - 4 / 720) < 1e-12);
      assert.equal(row("Speed").spearman_new_models, undefined);
      assert.match(row("Flat").spearman.note!, /cannot rank these models/);
      assert.ok(Number.isNaN(row("Flat").spearman.value));
      assert.match(row("Few").spearman.note!, /needs 4 models that have both, has 3/);
      assert.equal(row("Few").note, undefined, "it is said once");
      assert.ok(Number.isNaN(row("Few").kendall.value));
      const notes = table.notes.join(" ");
      assert.match(notes, /2 pairs of a benchmark and a metric were tested/);
      assert.match(notes, /Few has no score of m4, m5, m6\./);
    });
  });

  thorough(
    "do not disagree with an order that production does not have, nor test what no order could show",
    async () => {
      await withCalls(callsOf(6), async (store) => {
        await score(store, boards);
        const measured = await metricTable(store, { by: "model", metrics: ["duration_p50"] });
        // The same durations, so unsure that no two models differ.
        const rows = measured.rows.map((row) => {
          const own = row.duration_p50 as Estimate;
          return { ...row, duration_p50: { ...own, low: own.value / 30, high: own.value * 30 } };
        });
        const options = { metric: "duration_p50", measured: { ...measured, rows } };
        const flat = (await agreement(store, options)).rows.filter(({ benchmark }) => benchmark !== "Flat");
        for (const { benchmark, verdict, unranked, note } of flat.filter(({ models }) => models === 6)) {
          assert.deepEqual([verdict, unranked], ["cannot tell", "production"], benchmark);
          assert.match(note!, /production cannot rank these models by this metric/);
        }
        const side = await agreementSideBySide(store, { by: "model", ...options, metric: ["duration_p50"] });
        assert.deepEqual(
          [side.rows[0].production_says, side.rows[0].agree, side.rows[0].which],
          ["cannot tell them apart", "cannot tell", ""],
        );
      });
      await withCalls(callsOf(4), async (store) => {
        await score(store, boards.slice(0, 4));
        const { rows } = await agreement(store, { by: "model", metric: "duration_p50", resamples: 499 });
        const { p_holm, note } = rows.find(({ benchmark }) => benchmark === "Speed")!;
        assert.ok(Number.isNaN(p_holm));
        assert.match(note!, /4 models cannot show a correlation: even a perfect order may be chance/);
      });
    },
  );

  test("are told apart by workload, and by default for all that can be measured", async () => {
    await withCalls(callsOf(4), async (store) => {
      await score(store, boards.slice(0, 4));
      const table = await agreement(store, { resamples: 499 });
      assert.deepEqual(table.by, ["workload", "benchmark", "metric"]);
      assert.deepEqual([...new Set(table.rows.map((row) => row.workload))].sort(), ["batch", "chat"]);
      assert.ok(table.rows.some((row) => row.metric === "duration_p50"));
    });
  });

  thorough("give the same whatever the order of the benchmark's rows", async () => {
    const result = async (rows: typeof boards) =>
      withCalls(callsOf(5, 30), async (store) => {
        await score(store, rows);
        return agreement(store, { by: "model", metric: "duration_p50", resamples: 499 });
      });
    assert.deepEqual(await result(boards), await result(boards.toReversed()));
  });

  test("the benchmark's first is named, and no loss stated, where its metric is not known well enough", async () => {
    const calls = callsOf(5).filter(({ model }, at) => model !== "m1" || at < 40);
    await withCalls(calls, async (store) => {
      await score(store, boards.slice(0, 5));
      const [row] = (await agreement(store, { by: "model", metric: "duration_p95" })).rows;
      assert.deepEqual([row.first, row.models, row.regret], ["m1", 4, undefined]);
      assert.match(row.note!, /m1, which the benchmark puts first, is left out/);
    });
  });

  thorough(
    "a candidate of a model and more has its model's score, which ties it with the model's others",
    () =>
      withCalls(
        callsOf(4).map((call, at) => ({ ...call, provider: at % 3 === 0 ? "x" : "y" })),
        async (store) => {
          await score(
            store,
            [1, 2, 3, 4].map((n) => [`m${n}`, "board", 10 - n, 0.1] as const),
          );
          const asked = {
            candidate: "provider,model",
            benchmark: "board",
            metric: "duration_p50",
            by: "model",
          };
          const { rows, notes } = await agreement(store, asked);
          assert.equal(rows[0].models, 8);
          assert.ok(rows[0].spearman.value > 0.9);
          assert.ok(notes.some((note) => /share its score/.test(note)));
          const side = await agreementSideBySide(store, { ...asked, metric: ["duration_p50"] });
          assert.match(String(side.rows[0].benchmarks_say), /m1/);
        },
      ),
  );
  test("there may be none, or nothing to compare them with", async () => {
    await withCalls([], async (store) => {
      assert.match((await agreement(store)).notes[0], /The store has no benchmarks/);
      await score(store, boards);
      assert.match((await agreement(store)).notes[0], /The store has no production metrics/);
    });
    await withCalls(callsOf(4), async (store) => {
      await score(store, boards);
      const { rows, notes } = await agreement(store, { metric: "score:helpful" });
      assert.deepEqual([rows, notes], [[], ['No score "helpful" in the log.']]);
    });
  });

  thorough(
    "on another engine, the consistency of answers is left out by name, and refused if asked for",
    () =>
      withCalls(
        callsOf(4).map((call, at) => ({ ...call, prompt_id: `p${at % 3}`, output_hash: `${at % 2}` })),
        async (here) => {
          const store: Store = { ...here, engine: "ClickHouse" };
          assert.match(
            (await agreement(store)).notes[0],
            /no benchmarks beside the engine: name files of scores/,
          );
          await score(store, boards.slice(0, 4));
          const { rows, notes } = await agreement(store, { by: "model", resamples: 499 });
          assert.deepEqual(
            new Set(rows.map(({ metric: name }) => name.split(":")[0])).has("consistency"),
            false,
          );
          assert.ok(
            notes.some((note) =>
              /^Not measured on this engine: consistency:same_output \(it compares answers to the same prompt one by one\); draw whole users/.test(
                note,
              ),
            ),
          );
          const asked = { by: "model", metric: "consistency:same_output" };
          await assert.rejects(
            () => agreement(store, asked),
            /it needs the answers to one prompt one by one/,
          );
          assert.ok((await agreement(here, asked)).rows.length > 0);
        },
      ),
  );

  test("mistakes are named", async () => {
    await withCalls(callsOf(4), async (store) => {
      await score(store, boards);
      const rejects = (options: object, message: RegExp) =>
        assert.rejects(() => agreement(store, options), message);
      await rejects({ benchmark: "Sped" }, /did you mean "Speed"\?/);
      await rejects({ metric: "duration_p59" }, /got "duration_p59"/);
      await rejects({ margin: 50 }, /did you mean 0.5\?/);
      await rejects({ by: "workload", metric: "duration_p50" }, /"model" among the columns of by/);
      await rejects({ level: 95 }, /did you mean 0.95\?/);
    });
  });
});

describe("the two sides of a pair", () => {
  const benchmark = {
    benchmark: "B",
    higherIsBetter: true,
    of: undefined,
    scores: ["a", "b", "c"].map((model, at) => ({
      model,
      score: 10 * (at + 1),
      error: 1,
      items: Number.NaN,
      runs: 1,
    })),
  };

  test("waits and money have the error of their logarithm, shares their own", () => {
    const waits = sidesOf(benchmark, metric("duration_p50"), [
      { model: "a", estimate: estimate(2, 2 / Math.E, 2 * Math.E) },
    ]).pair;
    assert.deepEqual(waits.production, [-Math.log(2)]);
    assert.ok(Math.abs(waits.productionError![0] - 1 / z) < 1e-12);
    assert.ok(Math.abs(waits.own(waits.production[0]) - 2) < 1e-12);
    const shares = sidesOf(benchmark, metric("resolve_rate"), [
      { model: "a", estimate: estimate(0.8, 0.7, 0.9, "1") },
    ]).pair;
    assert.deepEqual(shares.production, [0.8]);
    assert.ok(Math.abs(shares.productionError![0] - 0.1 / z) < 1e-12);
  });

  test("what is not known from both ends is left out and named", () => {
    const { pair, unmeasured, unscored } = sidesOf(benchmark, metric("duration_p99"), [
      { model: "a", estimate: estimate(2, 1, Infinity) },
      { model: "b", estimate: estimate(2, 1, 3) },
      { model: "d", estimate: estimate(2, 1, 3) },
    ]);
    assert.deepEqual([pair.models, unmeasured, unscored], [["b"], ["a"], ["d"]]);
  });

  test("the score of another release stands in, and that is told", () => {
    const scores = [{ model: "gpt-4o-2024-05-13", score: 1, error: 1, items: Number.NaN, runs: 1 }];
    const { pair, otherRelease } = sidesOf({ ...benchmark, scores }, metric("duration_p50"), [
      { model: "gpt-4o", estimate: estimate(2, 1, 3) },
    ]);
    assert.deepEqual([pair.models, otherRelease], [["gpt-4o"], ["gpt-4o with gpt-4o-2024-05-13"]]);
  });

  test("a score of unknown error is no surer than the least sure", () => {
    const scores = benchmark.scores.map((one, at) => ({ ...one, error: [1, Number.NaN, 3][at] }));
    const { pair } = sidesOf(
      { ...benchmark, scores },
      metric("duration_p50"),
      ["a", "b", "c"].map((model) => ({ model, estimate: estimate(2, 1, 3) })),
    );
    assert.deepEqual(pair.benchmarkError, [1, 3, 3]);
  });
});

describe("one pair", () => {
  const pair = {
    models: ["a", "b", "c", "d", "e"],
    benchmark: [1, 2, 3, 4, 5],
    production: [1, 2, 3, 5, 4],
    productionError: [0.1, 0.1, 0.1, 0.1, 0.1],
    own: (value: number) => value,
    lowerIsBetter: false,
    unit: "1",
  };

  test("has the intervals of the statistics behind it", () => {
    const result = agreementOf(pair, { resamples: 999 });
    const { low, high } = rankCorrelation(pair, { resamples: 999 });
    assert.deepEqual([result.spearman.low, result.spearman.high], [low, high]);
    assert.equal(result.kendall.value, 0.8);
    assert.deepEqual([result.first, result.regret!.value > 0.8], ["e", true]);
  });

  test("the weighted tau is SciPy's weightedtau, lower where the top is swapped than where the bottom is", () => {
    const swapped = (production: number[]) =>
      agreementOf({ ...pair, production }, { resamples: 999 }).weighted_tau;
    const [top, bottom] = [swapped([1, 2, 3, 5, 4]), swapped([2, 1, 3, 4, 5])];
    // scipy.stats.weightedtau(range(1, 6), [1, 2, 3, 5, 4]) and of [2, 1, 3, 4, 5]
    near(top.value, 0.6715328467153284);
    near(bottom.value, 0.9014598540145985);
    assert.ok(top.low <= top.value && top.value <= top.high);
    const exact = agreementOf({ ...pair, productionError: undefined }).weighted_tau;
    assert.equal(exact.value, top.value);
    assert.ok(Number.isNaN(exact.low));
    assert.match(exact.note ?? "", /needs the standard errors of one side/);
  });

  test("the verdict follows from the interval and the margin", () => {
    const result = agreementOf(pair, { resamples: 999 });
    assert.equal(result.verdict, "agrees");
    assert.equal(agreementOf(pair, { resamples: 999, margin: 0.95 }).verdict, "disagrees");
    const noisy = { ...pair, productionError: pair.productionError.map(() => 3) };
    const unsure = agreementOf(noisy, { resamples: 999 });
    assert.equal(unsure.verdict, "cannot tell");
    assert.match(unsure.note!, /at least half .* metric's side is noise/);
  });

  test("without errors there is an interval over models from 10 models on", () => {
    const few = agreementOf({ ...pair, productionError: undefined });
    assert.ok(Number.isNaN(few.spearman.low) && few.regret === undefined);
    assert.match(few.spearman.note!, /needs 10 models, has 5/);
    const many = Array.from({ length: 12 }, (_, at) => at);
    const result = agreementOf({
      ...pair,
      models: many.map((at) => `m${at}`),
      benchmark: many,
      production: many.map((at) => at + 3 * Math.sin(5 * at)),
      productionError: undefined,
    });
    assert.deepEqual(result.spearman, result.spearman_new_models);
    assert.ok(result.spearman.low < result.spearman.value);
  });

  test("equal values on one side have no order", () => {
    const result = agreementOf({ ...pair, benchmark: [1, 1, 1, 1, 1] });
    assert.ok(Number.isNaN(result.spearman.value) && result.verdict === "cannot tell");
    assert.match(result.spearman.note!, /no order to compare/);
  });
});

thorough(
  "over many worlds the loss that is stated is the loss that comes, within two standard errors",
  () => {
    const differences: number[] = [];
    for (let world = 0; world < 200; world++) {
      const r = random(5, world);
      const truth = Array.from({ length: 6 }, () => r.normal());
      const benchmark = truth.map((value) => 0.7 * value + 0.7 * r.normal());
      const productionError = truth.map(() => 0.3);
      const result = agreementOf(
        {
          models: truth.map((_, at) => `m${at}`),
          benchmark,
          production: truth.map((value) => value + 0.3 * r.normal()),
          productionError,
          own: (value) => value,
          lowerIsBetter: false,
          unit: "",
        },
        { resamples: 399, seed: world },
      );
      const chosen = benchmark.indexOf(Math.max(...benchmark));
      differences.push(result.regret!.value - (Math.max(...truth) - truth[chosen]));
    }
    const mean = differences.reduce((sum, one) => sum + one / 200, 0);
    const error = Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 199 / 200);
    assert.ok(Math.abs(mean) < 2 * error, `${mean} of ${error}`);
  },
);
