import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ecdf } from "../../src/charts/ecdf";
import type { Figure } from "../../src/charts/figure";
import { forest } from "../../src/charts/forest";
import { meanAgainstTail } from "../../src/charts/meanAgainstTail";
import { quantileFigure } from "../../src/charts/quantileFigure";
import { rates } from "../../src/charts/rates";
import { tail } from "../../src/charts/tail";
import { weekHeatmap } from "../../src/charts/weekHeatmap";
import { estimate, HOSTILE, latencyTable, stringsOf } from "./sample";

function curves(names: readonly string[], n = 5000) {
  return names.map((name, at) => {
    const x = Array.from({ length: n }, (_, i) => (at + 1) * (1 - (i + 0.5) / n) ** -0.5).sort(
      (a, b) => a - b,
    );
    const mark = (p: number) => ({
      p,
      estimate: estimate(x[Math.floor(p * n)]!, x[Math.floor(p * n * 0.98)]!, x[n - 1]!),
    });
    return { name, n, points: { x, y: x.map((_, i) => (i + 1) / n) }, marks: [mark(0.5), mark(0.99)] };
  });
}

function reliability(names: readonly string[]) {
  const rows = names.map((model) => ({
    model,
    calls: 812,
    error_rate: estimate(0.01, 0.005, 0.02, "1"),
    timeout_rate: estimate(0, 0, 0.004, "1"),
  }));
  return { measure: "reliability", by: ["model"], rows, notes: [] };
}

const all = (names: readonly string[]): Record<string, Figure> => ({
  ecdf: ecdf(curves(names), { log: true, unit: "s", title: names[0]! }),
  tail: tail(curves(names), { unit: "s", quantity: names[0]! }),
  forest: forest(latencyTable(names), { value: "quantiles.0.99", log: true, title: names[0]! }),
  rates: rates(reliability(names)),
  meanAgainstTail: meanAgainstTail(latencyTable(names), { title: names[0]! }),
  quantileFigure: quantileFigure(latencyTable(names)),
});

describe("every figure", () => {
  const plain = all(["alder", "birch", "cedar"]);

  test("is plain JSON with at most 2,000 points a trace", () => {
    for (const [name, figure] of Object.entries(plain)) {
      assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure, name);
      for (const trace of figure.data) assert.ok((trace.x as unknown[]).length <= 2000, name);
    }
  });

  test("says its unit or % on an axis and describes itself with the numbers it shows", () => {
    for (const [name, figure] of Object.entries(plain)) {
      assert.ok(
        stringsOf(figure.layout).some((text) => /, s$|%/.test(text)),
        name,
      );
      assert.match(figure.description, /alder/, name);
      assert.match(figure.description, /\[[\d.]+, [\d.]+\]/, name);
    }
  });

  test("takes hostile names as text: nothing of them is markup, template or formula to plotly", () => {
    for (const [name, figure] of Object.entries(all(HOSTILE))) {
      for (const text of stringsOf({ data: figure.data, layout: figure.layout })) {
        assert.doesNotMatch(text, /<(?!br>|b>|\/b>)/, `${name}: ${text}`);
        for (const character of ["\u0000", "\u001b", "\u202e", "$"])
          assert.ok(!text.includes(character), `${name}: ${text}`);
      }
      const templates = figure.data.flatMap((trace) => stringsOf(trace.hovertemplate)).join(" ");
      for (const [, variable] of templates.matchAll(/%\{([^}]*)\}/g))
        assert.match(variable!, /^(x|y|customdata)(:[.\d~a-z%]*)?$/);
    }
  });

  test("draws without rows, with one row, and with names of 20 MB", () => {
    assert.equal(forest([], { value: "mean" }).data.length, 1);
    assert.equal(quantileFigure({ measure: "latency", by: [], rows: [], notes: [] }).data.length, 0);
    assert.ok(ecdf([]).description.length > 0);
    assert.ok(tail([]).data.length === 0);
    assert.ok(meanAgainstTail(latencyTable(["one"])).data.length > 0);
    const long = all(["x".repeat(20_000_000)]);
    for (const [name, figure] of Object.entries(long))
      assert.ok(JSON.stringify(figure).length < 400_000, name);
  });
});

describe("ecdf and tail", () => {
  test("keep first, last and marked points, with the interval of each mark", () => {
    const [curve] = curves(["alder"]);
    const { data } = ecdf([curve!], { unit: "s" });
    const [line, marks] = data as {
      x: number[];
      y: number[];
      error_x?: { array: number[]; arrayminus: number[] };
    }[];
    assert.equal(line!.x[0], curve!.points.x[0]);
    assert.equal(line!.x.at(-1), curve!.points.x.at(-1));
    assert.equal(line!.y.at(-1), 100);
    assert.deepEqual(marks!.y, [50, 99]);
    const { value, low, high } = curve!.marks[0]!.estimate;
    assert.ok(Math.abs(marks!.x[0]! - marks!.error_x!.arrayminus[0]! - low) < 1e-12);
    assert.ok(Math.abs(marks!.x[0]! + marks!.error_x!.array[0]! - high) < 1e-12);
    assert.equal(marks!.x[0], value);
  });

  test("a tail shows the share above on logarithmic axes and leaves out the point with nothing above it", () => {
    const { data, layout } = tail(curves(["alder"]), { unit: "s" }) as unknown as {
      data: { y: number[] }[];
      layout: Record<string, { type: string; ticktext: string[] }>;
    };
    assert.equal(layout.xaxis!.type, "log");
    assert.equal(layout.yaxis!.type, "log");
    assert.ok(data[0]!.y.every((share) => share > 0 && share <= 1));
    assert.ok(Math.abs(data[0]!.y.at(-1)! - 1 / 5000) < 1e-12);
    assert.ok(layout.yaxis!.ticktext.includes("1 in 1,000 · p99.9"));
  });

  test("leave out values of zero where the axis is logarithmic", () => {
    const curve = { name: "a", n: 3, points: { x: [0, 0, 2], y: [1 / 3, 2 / 3, 1] } };
    assert.deepEqual((ecdf([curve], { log: true }).data[0] as { x: number[] }).x, [2]);
    assert.deepEqual((ecdf([curve]).data[0] as { x: number[] }).x, [0, 0, 2]);
  });
});

describe("forest", () => {
  const figure = forest(latencyTable(), { value: "quantiles.0.99", reference: 4 });
  const traces = figure.data as {
    mode: string;
    x: (number | null)[];
    marker?: { symbol: string | string[] };
    text?: string[];
  }[];

  test("draws an unbounded end as an arrow at the edge of the axis", () => {
    const arrow = traces.find(
      ({ marker }) => Array.isArray(marker?.symbol) && marker.symbol.includes("triangle-right"),
    )!;
    const [, right] = (figure.layout.xaxis as { range: [number, number] }).range;
    assert.deepEqual(arrow.x, [right]);
  });

  test("says in words that a value is not known", () => {
    const unknown = forest(latencyTable(), { value: "quantiles.0.999" }).data as typeof traces;
    assert.deepEqual(
      unknown.find(({ mode }) => mode === "text")!.text!.map((text) => text.trim()),
      ["not known"],
    );
    assert.ok(!traces.some(({ mode }) => mode === "text"));
  });

  test("repeats each estimate in numbers and draws the reference in the unit of the axis", () => {
    const { yaxis2, shapes } = figure.layout as { yaxis2: { ticktext: string[] }; shapes: { x0: number }[] };
    assert.deepEqual(yaxis2.ticktext, ["5.0 [4.5, 6.0]", "10.0 [9.0, 12.0]", "9.0 [7.0, ∞)"]);
    assert.equal(shapes[0]!.x0, 4);
  });

  test("groups rows by the first of several label columns", () => {
    const rows = ["chat", "chat", "code"].map((workload, at) => ({
      workload,
      model: `m${at}`,
      mean: estimate(1, 0.5, 2),
    }));
    const { ticktext } = forest(rows, { value: "mean", label: ["workload", "model"] }).layout.yaxis as {
      ticktext: string[];
    };
    assert.deepEqual(ticktext, ["<b>chat</b>", "m0", "m1", "<b>code</b>", "m2"]);
  });
});

test("quantileFigure puts a bound without a value apart, and an arrow on an unbounded end", () => {
  const table = latencyTable(["alder"]);
  (table.rows[0]!.quantiles as Record<string, unknown>)["0.999"] = estimate(
    Number.NaN,
    12,
    Number.POSITIVE_INFINITY,
  );
  const { data } = quantileFigure(table) as unknown as {
    data: { x: number[]; y: number[]; marker: { symbol: string } }[];
  };
  assert.deepEqual(
    data.map(({ marker, x }) => [marker.symbol, x]),
    [
      ["circle", [0, 1, 2]],
      ["triangle-up", [2]],
      ["triangle-up-open", [3]],
    ],
  );
  assert.deepEqual(data[2]!.y, [12]);
});

test("meanAgainstTail sets the mean apart from the quantiles it is compared with", () => {
  const { data } = meanAgainstTail(latencyTable(["alder"])) as unknown as {
    data: { name?: string; x: number[]; showlegend?: boolean }[];
  };
  const named = data.filter(({ name }) => name !== undefined);
  assert.deepEqual(
    named.map(({ name }) => name),
    ["p50", "p95", "p99", "mean"],
  );
  assert.deepEqual(named.at(-1)!.x, [1.2]);
});

test("meanAgainstTail leads an unbounded end to an arrow, and says where nothing is known", () => {
  const table = latencyTable(["alder", "birch"]);
  const nothing = estimate(Number.NaN, Number.NaN, Number.NaN);
  table.rows.push({
    model: "none",
    n: 0,
    mean: nothing,
    quantiles: { "0.5": nothing, "0.95": nothing, "0.99": nothing },
  });
  const { data, layout } = meanAgainstTail(table) as unknown as {
    data: { mode: string; x: number[]; y: number[]; marker?: { symbol: string } }[];
    layout: { xaxis: { range: [number, number] } };
  };
  const arrows = data.filter(({ marker, x }) => marker?.symbol === "triangle-right" && x.length > 0);
  assert.deepEqual(
    arrows.map(({ x, y }) => [x, y]),
    [[[10 ** layout.xaxis.range[1]], [-1]]],
  );
  assert.deepEqual(
    data.filter(({ mode }) => mode === "text").map(({ y }) => y),
    [[-2]],
  );
});

test("rates makes a group for each share of the table and leaves counts out", () => {
  const { ticktext } = rates(reliability(["alder", "birch"])).layout.yaxis as { ticktext: string[] };
  assert.deepEqual(ticktext, [
    "<b>error rate</b>",
    "alder",
    "birch",
    "<b>timeout rate</b>",
    "alder",
    "birch",
  ]);
});

test("rates leaves out what no row tells, unless it is asked for", () => {
  const table = reliability(["alder"]);
  const none = estimate(Number.NaN, Number.NaN, Number.NaN, "1");
  const rows = table.rows.map((row) => ({ ...row, retry_rate: none }));
  assert.doesNotMatch(rates({ ...table, rows }).description, /retry/);
  assert.match(rates({ ...table, rows }, { rates: ["retry_rate"] }).description, /retry rate/);
});

describe("a figure of what a table does not have", () => {
  const table = latencyTable();

  test("names the columns that it has", () => {
    assert.throws(
      () => forest(table, { value: "quantiles.0.95x" }),
      /forest requires a column of estimates, got 'quantiles\.0\.95x'; it has mean, quantiles\.0\.5, .*did you mean "quantiles\.0\.95"\?/,
    );
    assert.throws(() => rates(reliability(["a"]), { rates: ["eror_rate"] }), /did you mean "error_rate"/);
    assert.throws(
      () => quantileFigure(reliability(["a"])),
      /got 'quantiles'; it has error_rate, timeout_rate/,
    );
    assert.throws(
      () => weekHeatmap(table, { value: "n" }),
      /columns weekday and hour, .*by: \["weekday", "hour"\]/,
    );
  });

  test("tells a promise by its missing await", () => {
    const promise = Promise.resolve(table) as never;
    for (const draw of [() => forest(promise, { value: "mean" }), () => meanAgainstTail(promise)])
      assert.throws(draw, /A figure requires a table with rows, .*got a promise: await is missing/);
  });

  test("is empty for a table without rows", () => {
    assert.doesNotThrow(() => forest({ ...table, rows: [] }, { value: "mean" }));
  });
});
