import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { binCurve } from "../../src/charts/binCurve";
import type { Figure } from "../../src/charts/figure";
import { histogramFigure } from "../../src/charts/histogramFigure";
import { pipelineSquare } from "../../src/charts/pipelineSquare";
import { quantileQuantile } from "../../src/charts/quantileQuantile";
import { estimate, HOSTILE, stringsOf } from "./sample";

const share = (value: number) => estimate(value, value - 0.05, value + 0.05, "1");
const bins = (names: readonly string[]) =>
  names.flatMap((model) =>
    [0, 1, 2].map((bin) => ({ model, from: 10 * bin, to: 10 * bin + 10, kept: share(0.9 - bin / 10) })),
  );
const options = { from: "from", to: "to", value: "kept", along: "seconds waited" };
const square = (names: readonly string[]) => ({
  lesser_model: names[0],
  better_model: names[1],
  lesser_pipeline: names[2],
  better_pipeline: names[3],
  lesser_in_lesser: share(0.4),
  lesser_in_better: share(0.8),
  better_in_lesser: share(0.6),
  better_in_better: share(0.9),
});
const binned = (name: string) => ({
  name,
  n: 10,
  bins: [
    { from: 0, to: 0, n: 1 },
    { from: 1, to: 2, n: 6 },
    { from: 8, to: 16, n: 3 },
  ],
  points: { x: [1, 10], y: [0.5, 0.9] },
});
const seconds = (value: number) => estimate(value, value - 0.5, value + 0.5, "s");
const shifted = ["p10", "p50", "p90"].map((quantile, at) => ({
  quantile,
  a: seconds(1 + at),
  b: seconds(2 + 3 * at),
  difference: seconds(1 + 2 * at),
}));
const all = (names: readonly string[]): Record<string, Figure> => ({
  histogram: histogramFigure(names.map(binned), { title: names[0], quantity: names[1] }),
  quantiles: quantileQuantile(shifted, { a: names[0], b: names[1], title: names[0] }),
  bins: binCurve(bins(names), { ...options, title: names[0] }),
  square: pipelineSquare(square(names), { title: names[0] }),
});

describe("figures of bins and pipelines", () => {
  test("are plain JSON that describes itself", () => {
    for (const [name, figure] of Object.entries(all(["alder", "birch", "plain", "checked"]))) {
      assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure, name);
      assert.match(figure.description, /alder/);
    }
  });
  test("take hostile names as text", () => {
    for (const [name, figure] of Object.entries(all(HOSTILE)))
      for (const text of stringsOf({ data: figure.data, layout: figure.layout }))
        assert.doesNotMatch(text, /<(?!br>|b>|\/b>)/, `${name}: ${text}`);
  });
});

describe("a curve over bins", () => {
  const figure = binCurve(bins(["alder", "birch"]), options);
  const traces = figure.data as { name: string; x: number[]; y: number[]; error_y: { array: number[] } }[];
  test("has a line for each group, a point in the middle of each bin, its interval on it", () => {
    assert.deepEqual(
      traces.map(({ name }) => name),
      ["alder", "birch"],
    );
    assert.deepEqual(traces[0].x, [5, 15, 25]);
    assert.equal(traces[0].error_y.array.length, 3);
    assert.match(figure.description, /alder: 0 to 10 90 %/);
  });
  test("leaves out what is not known, and draws an open end up to the edge", () => {
    const rows = bins(["alder"]);
    rows[0].kept = { ...rows[0].kept, value: Number.NaN, low: Number.NaN, high: Number.NaN };
    rows[1].kept = { ...rows[1].kept, high: Number.POSITIVE_INFINITY };
    const [trace] = binCurve(rows, options).data as typeof traces;
    assert.deepEqual(trace.x, [15, 25]);
    assert.ok(trace.error_y.array[0] >= 0 && Number.isFinite(trace.error_y.array[0]));
  });
  test("of no rows is an empty figure", () => assert.deepEqual(binCurve([], options).data, []));
});

describe("a histogram", () => {
  test("shows the share in each bin on a logarithmic axis, and tells zeros in words", () => {
    const { data, layout, description } = histogramFigure([binned("alder")], { unit: "s" });
    assert.deepEqual(data[0].x, [1, 2, 2, 8, 8, 16]);
    assert.deepEqual(data[0].y, [60, 60, 0, 0, 30, 30]);
    assert.equal((layout.xaxis as { type: string }).type, "log");
    assert.match(description, /most between 1.0 and 2.0 s, 1 are 0/);
  });
  test("of nothing is an empty figure", () => assert.deepEqual(histogramFigure([]).data, []));
});

describe("quantiles against quantiles", () => {
  test("have the band of the difference about a, beside the diagonal", () => {
    const [diagonal, points] = quantileQuantile(shifted).data as {
      x: number[];
      y: number[];
      error_y: { array: number[]; arrayminus: number[] };
    }[];
    assert.deepEqual(diagonal.x, diagonal.y);
    assert.deepEqual(
      [points.x, points.y],
      [
        [1, 2, 3],
        [2, 5, 8],
      ],
    );
    assert.deepEqual(points.error_y.array, [0.5, 0.5, 0.5]);
    assert.deepEqual(points.error_y.arrayminus, [0.5, 0.5, 0.5]);
  });
  test("leave out what is not known or not above 0", () => {
    const rows = [{ ...shifted[0], a: seconds(0) }, { ...shifted[1], b: seconds(Number.NaN) }, shifted[2]];
    assert.deepEqual(quantileQuantile(rows).data[1].x, [3]);
  });
});
