import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { agreementHeatmap } from "../../src/charts/agreementHeatmap";
import type { Figure } from "../../src/charts/figure";
import { rankAgainstRank } from "../../src/charts/rankAgainstRank";
import { tierFigure } from "../../src/charts/tierFigure";
import { agreementOf } from "../../src/measures/agreement/agreementPair";
import type { AgreementRow } from "../../src/measures/agreement/agreementTable";
import { tierTable } from "../../src/measures/benchmark/tiers";
import { estimate, HOSTILE, stringsOf } from "./sample";

const names = ["alder", "birch", "cedar", "dogwood", "elm", "fir"];
function rowsOf(models: readonly string[]): (AgreementRow & { workload: string })[] {
  const pair = {
    models,
    benchmark: models.map((_, at) => at),
    productionError: models.map(() => 0.01),
    own: (value: number) => value,
    lowerIsBetter: false,
    unit: "1",
  };
  const rowWith = (sign: number, error: number) =>
    agreementOf(
      {
        ...pair,
        production: models.map((_, at) => sign * at),
        productionError: models.map(() => error),
      },
      { resamples: 199 },
    );
  return [
    { workload: models[0], benchmark: models[0], metric: "duration_p95", ...rowWith(1, 0.01) },
    { workload: models[0], benchmark: models[1], metric: "duration_p95", ...rowWith(-1, 0.01) },
    { workload: models[1], benchmark: models[0], metric: models[2], ...rowWith(1, 9) },
  ];
}
const by = ["workload", "benchmark", "metric"];
const ranks = (models: readonly string[]) =>
  models.map((model, at) => ({
    model,
    benchmark_rank: { ...estimate(at + 1, at + 1, models.length, "rank"), n: models.length },
    production_rank: { ...estimate(models.length - at, 1, models.length, "rank"), n: models.length },
    production: estimate(at, at, at),
  }));
const board = (models: readonly string[]) =>
  tierTable(models.map((model, at) => ({ model, score: 90 - 5 * Math.floor(at / 2), error: 1 })));

const all = (models: readonly string[]): Record<string, Figure> => ({
  heatmap: agreementHeatmap({ by, rows: rowsOf(models) }, { title: models[0] }),
  ranks: rankAgainstRank(ranks(models), { title: models[0], benchmark: models[1], metric: models[2] }),
  tiers: tierFigure(board(models), { title: models[0], quantity: models[1] }),
});

describe("figures of benchmarks against production", () => {
  test("are plain JSON that describes itself", () => {
    for (const [name, figure] of Object.entries(all(names))) {
      assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure, name);
      assert.match(figure.description, /alder/, name);
    }
  });

  test("take hostile names as text", () => {
    for (const [name, figure] of Object.entries(all(HOSTILE)))
      for (const text of stringsOf({ data: figure.data, layout: figure.layout })) {
        assert.doesNotMatch(text, /<(?!br>|b>|\/b>)/, `${name}: ${text}`);
        for (const character of ["\u0000", "\u001b", "\u202e", "$", "%{"])
          assert.ok(!text.includes(character), `${name}: ${text}`);
      }
  });

  test("draw nothing at all", () => {
    for (const figure of [agreementHeatmap({ by, rows: [] }), rankAgainstRank([]), tierFigure(board([]))])
      assert.ok(figure.description.length > 0);
  });
});

test("the heatmap fills what is sure, leaves open what is not, and writes the interval where there is room", () => {
  const { data, description } = agreementHeatmap({ by, rows: rowsOf(names) });
  assert.deepEqual(
    data.map(({ name, mode, x, meta }) => [name, mode, x, meta]),
    [
      ["agrees", "markers", [0], undefined],
      ["disagrees", "markers", [1], undefined],
      ["cannot tell", "markers", [0], undefined],
      [undefined, "text", [0, 1, 0], { wide: true }],
      [undefined, "text", [0, 1, 0], { narrow: true }],
    ],
  );
  const symbols = data.slice(0, 3).map(({ marker }) => (marker as { symbol: string }).symbol);
  assert.deepEqual(symbols, ["square", "square", "square-open"]);
  assert.match((data[3].text as string[])[0], /1\.0* \[/);
  assert.equal((data[4].text as string[])[0].trim(), "1.00", "beside each other on a phone there is no room");
  assert.match(description, /Agrees: alder with p95 duration .*1 of 3 pairs are open\.$/);
});

test("with many benchmarks the numbers stand without intervals", () => {
  const [row] = rowsOf(names);
  const rows = names.map((benchmark) => ({ ...row, benchmark }));
  const { data } = agreementHeatmap({ by, rows });
  assert.equal((data[data.length - 1].text as string[])[0].trim(), "1.00");
});

test("first is at the top and at the right, and the bars reach over the ranks a model may have", () => {
  const { data, layout } = rankAgainstRank(ranks(names));
  const { range } = (layout as { xaxis: { range: number[] } }).xaxis;
  assert.ok(range[0] > range[1]);
  const first = data[1] as { x: number[]; y: number[]; error_x: { array: number[] } };
  assert.deepEqual([first.x, first.y, first.error_x.array], [[1], [6], [5]]);
});

test("a tier's heading stands once, above its models", () => {
  const { layout } = tierFigure(board(names));
  const { ticktext } = (layout as { yaxis: { ticktext: string[] } }).yaxis;
  assert.equal(ticktext.filter((text) => text.includes("Tier 1")).length, 1);
  assert.ok(ticktext[0].includes("Tier 1"));
});
