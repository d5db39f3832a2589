import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { truthOfBenchmarks } from "../../../src/demo/truth/truthOfWorld";
import { type Benchmark, benchmarksCsv, publish } from "../../../src/demo/world/benchmark";
import { readWorld } from "../../../src/demo/world/world";
import { random } from "../../../src/stats/random";

const { benchmarks } = readWorld().world;

describe("benchmarks", () => {
  test("lie about the truth by their own error and no more", () => {
    const source = random(2);
    const errorOf = ({ items, standard_error }: Benchmark, p: number) =>
      items === null ? standard_error! : Math.sqrt((p * (1 - p)) / items);
    const deviations: number[] = [];
    for (let time = 0; time < 40; time++)
      for (const { model, score, of } of publish(benchmarks, source)) {
        const truth = of.models[model];
        deviations.push((score - truth) / errorOf(of, truth));
      }
    const mean = deviations.reduce((sum, x) => sum + x, 0) / deviations.length;
    const square = deviations.reduce((sum, x) => sum + x * x, 0) / deviations.length;
    assert.ok(Math.abs(mean) < 5 / Math.sqrt(deviations.length), `mean ${mean}`);
    assert.ok(Math.abs(square - 1) < 5 * Math.sqrt(2 / deviations.length), `square ${square}`);
  });

  test("are written with their items or their error, one line per score", () => {
    const [header, ...lines] = benchmarksCsv(publish(benchmarks, random(1)))
      .trimEnd()
      .split("\n");
    assert.equal(header, "model,benchmark,score,standard_error,items,higher_is_better,as_of,source");
    assert.equal(
      lines.length,
      Object.values(benchmarks).reduce((sum, { models }) => sum + Object.keys(models).length, 0),
    );
    for (const line of lines) {
      const [, , score, error, items] = line.split(",");
      assert.ok(Number.isFinite(Number(score)) && (error === "") !== (items === ""), line);
    }
  });

  test("include one that is saturated and one learnt by heart", () => {
    const { items, models } = benchmarks["common-sense"];
    const values = Object.values(models);
    const width = Math.sqrt((0.955 * 0.045) / items!);
    assert.ok(Math.max(...values) - Math.min(...values) < width);
    const old = benchmarks["competition-math-2024"].models;
    const fresh = benchmarks["competition-math-2026"].models;
    const gaps = Object.keys(old).map((model): [string, number] => [model, old[model] - fresh[model]]);
    const [[model, gap], [, next]] = gaps.sort((a, b) => b[1] - a[1]);
    assert.equal(model, "quillon-7-lite");
    assert.ok(gap > 0.3 && next < 0.06);
  });

  test("have true ranks, 1 the best, ties in the middle", () => {
    const models = { a: 3, b: 5, c: 3 };
    const benchmark = { items: null, standard_error: 1, as_of: "2026-01-01", source: "x", models };
    assert.deepEqual(
      truthOfBenchmarks({ one: benchmark }).map(({ model, rank }) => [model, rank]),
      [
        ["a", 2.5],
        ["b", 1],
        ["c", 2.5],
      ],
    );
  });
});
