import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { costQualityFront } from "../../src/charts/costQualityFront";
import type { Figure } from "../../src/charts/figure";
import { waterfall } from "../../src/charts/waterfall";
import { weekHeatmap } from "../../src/charts/weekHeatmap";
import { estimate, HOSTILE, stringsOf } from "./sample";

const usd = (value: number) => estimate(value, value * 0.9, value * 1.2, "USD/task");
const factor = (value: number) => estimate(value, value * 0.9, value * 1.1, "×");
const share = (value: number) => estimate(value, value - 0.05, value + 0.05, "1");

const steps = (names: readonly string[]) => ({
  from: { name: names[0], estimate: usd(2) },
  to: { name: names[1], estimate: usd(3) },
  steps: names.slice(2).map((name, at) => ({ name, factor: factor([3, 0.5, 1][at % 3]) })),
});
const models = (names: readonly string[]) =>
  names.map((model, at) => ({
    model,
    cost_per_task: usd(at + 1),
    resolve_rate: share([0.5, 0.8, 0.7][at % 3]),
  }));
const week = Array.from({ length: 168 }, (_, at) => ({
  weekday: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][Math.floor(at / 24)],
  hour: at % 24,
  calls: at,
  quantiles: { "0.99": estimate(at + 1, at, at + 2) },
}));

const all = (names: readonly string[]): Record<string, Figure> => ({
  waterfall: waterfall(steps(names), { title: names[0] }),
  front: costQualityFront(models(names), { title: names[0] }),
  heatmap: weekHeatmap(week, { value: "quantiles.0.99", quantity: names[0], title: names[0] }),
});

describe("figures of cost and traffic", () => {
  test("are plain JSON that describes itself", () => {
    for (const [name, figure] of Object.entries(all(["alder", "birch", "cedar", "dogwood"]))) {
      assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure, name);
      assert.match(figure.description, /alder/, name);
    }
  });

  test("take hostile names as text", () => {
    for (const [name, figure] of Object.entries(all(HOSTILE))) {
      for (const text of stringsOf({ data: figure.data, layout: figure.layout })) {
        assert.doesNotMatch(text, /<(?!br>|b>|\/b>)/, `${name}: ${text}`);
        for (const character of ["\u0000", "\u001b", "\u202e", "$", "%{"])
          assert.ok(!text.includes(character), `${name}: ${text}`);
      }
    }
  });

  test("draw nothing at all", () => {
    for (const figure of [costQualityFront([]), weekHeatmap([], { value: "calls" })])
      assert.ok(figure.description.length > 0);
  });
});

test("a waterfall's bars begin where the last ended, and end at the other total", () => {
  const { data } = waterfall(steps(["a", "b", "price", "success"]));
  const bars = data.slice(0, 2).map(({ x }) => x as number[]);
  assert.deepEqual(bars, [
    [2, 6],
    [6, 3],
  ]);
});

test("the front leaves out what another row beats in both cost and quality", () => {
  const figure = costQualityFront(models(["alder", "birch", "cedar"]));
  assert.match(figure.description, /On the front: alder, birch\.$/);
  assert.deepEqual(figure.data[0].x, [1, 2]);
});

test("a row that costs nothing stands at the left edge of the front, and its name says so", () => {
  const free = { model: "free", cost_per_task: usd(0), resolve_rate: share(0.6) };
  const dear = { model: "dear", cost_per_task: usd(2), resolve_rate: share(0.8) };
  const { data, layout } = costQualityFront([free, dear], { marked: ["free"] });
  const { range } = (layout as { xaxis: { range: [number, number] } }).xaxis;
  const points = data as { name?: string; x: number[] }[];
  const drawn = points.find(({ name }) => name === "free (0 USD)");
  assert.ok(drawn !== undefined && Math.abs(Math.log10(drawn.x[0]) - range[0]) < 1e-9, JSON.stringify(drawn));
  assert.deepEqual(points.find(({ name }) => name === "front")?.x.length, 2);
  assert.equal(points.find(({ name }) => name === "chosen")?.x[0], drawn.x[0]);
});

test("what was chosen has a ring, and so has each that may be the best where nothing is", () => {
  const ringOf = (marked: string[]) => {
    const { data, description } = costQualityFront(models(["alder", "birch", "cedar"]), {
      marked,
      small: true,
    });
    return [
      data.find(({ marker }) => (marker as { symbol?: string })?.symbol === "circle-open"),
      description,
    ];
  };
  const [chosen, said] = ringOf(["birch"]) as [{ x: number[] }, string];
  assert.deepEqual(chosen.x, [2]);
  assert.match(said, /With a ring, chosen: birch\.$/);
  const [open, text] = ringOf(["alder", "cedar"]) as [{ x: number[] }, string];
  assert.deepEqual(open.x, [1, 3]);
  assert.match(text, /With a ring, may be the best: alder, cedar\.$/);
  assert.equal(ringOf([])[0], undefined);
});

test("names in a small figure are drawn after all points and intervals, those with a ring first and bold", () => {
  const table = models(["alder", "birch", "cedar"]);
  const names = (small: boolean) => costQualityFront(table, { marked: ["birch"], small }).data.at(-1);
  const last = names(true) as { mode: string; text: string[]; textposition: string[] };
  assert.deepEqual([last.mode, last.text], ["text", ["<b>birch</b>", "alder", "cedar"]]);
  assert.equal(last.textposition.length, 3);
  assert.equal(names(false)?.mode, "markers");
});

test("a week has a square for every hour, in six shades of equally many", () => {
  const { data, description } = weekHeatmap(week, { value: "calls" });
  assert.deepEqual(
    data.map(({ x }) => (x as number[]).length),
    [28, 28, 28, 28, 28, 28],
  );
  assert.match(description, /most Sun 23 h \(167\), least Mon 0 h \(0\)/);
  assert.equal(data[0].name, "0 to 27");
});

test("of a crowd the front has names and intervals, and the others are points in one colour", () => {
  const names = Array.from({ length: 40 }, (_, i) => `a-vendor-with-a-long-name/model-${i}-instruct`);
  const rows = names.map((model, i) => ({
    model,
    cost_per_task: usd(40 - i),
    resolve_rate: share(0.1 + i / 50),
  }));
  const { data } = costQualityFront(rows, { small: true, marked: [String(names[3])] });
  const crowd = data.find(({ name }) => name === "38 others");
  assert.equal([crowd?.x].flat().length, 38);
  const texts = data.flatMap(({ mode, text }) => (mode === "text" ? (text as string[]) : []));
  assert.deepEqual(texts, ["<b>…3…</b>", "…39…"]);
});
