import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choiceShares } from "../../src/charts/choiceShares";
import type { Figure } from "../../src/charts/figure";
import { utilityForest } from "../../src/charts/utilityForest";
import { weightChange } from "../../src/charts/weightChange";
import type { Choice } from "../../src/decide/choose/chooseTable";
import { estimate, HOSTILE, stringsOf } from "./sample";

function choiceOf(names: readonly string[], more: Partial<Choice> = {}): Choice {
  const weight = 1 / 2;
  return {
    profile: names[0],
    workload: "w",
    by: ["model"],
    criteria: [
      { metric: "duration_p95", weight, good: 0, bad: 9 },
      { metric: "cost_per_task", weight, good: 0, bad: 9 },
    ],
    rows: names.map((name, at) => ({
      model: name,
      name,
      passes: at < 2,
      fails: at < 2 ? [] : ["x"],
      utility: estimate(0.8 - at / 10, 0.7 - at / 10, 0.9 - at / 10, ""),
      p_best: [0.7, 0.295, 0.005][at] ?? Number.NaN,
      criteria: {},
      as_measured: {},
      worth: {},
    })),
    best: null,
    verdict: "",
    claim: { id: "choose.best", kind: "best", status: "open" },
    weights: { [names[0]]: 0.75, [names[1]]: 0.25 },
    change: { model: names[1], moved: 0.2, weights: [0.3, 0.7] },
    p_none: 0,
    traffic: { calls: 1, days: 1 },
    notes: [],
    ...more,
  };
}
const all = (names: readonly string[]): Record<string, Figure> => {
  const choice = choiceOf(names);
  return {
    utility: utilityForest(choice),
    weights: choiceShares([choice]),
    chances: choiceShares([choice], { of: "p_best" }),
    change: weightChange(choice),
  };
};

test("utilities of all choices are drawn on the same axis", () => {
  const { range } = all(["cedar", "alder"]).utility.layout.xaxis as { range: number[] };
  assert.ok(range[0] <= 0 && range[1] >= 1, `${range}`);
});

test("a model has one colour in all figures of a choice, wherever it stands", () => {
  const names = ["cedar", "alder", "birch"];
  const figures = all(names);
  const colourOf = (figure: Figure, shown: (trace: Record<string, unknown>) => boolean) =>
    (figure.data.find(shown) as { line?: { color: string }; marker?: { color: string } } | undefined)?.line
      ?.color;
  const weights = colourOf(figures.weights, ({ name }) => name === "cedar");
  assert.ok(weights !== undefined);
  assert.equal(
    weights,
    colourOf(figures.chances, ({ name }) => name === "cedar"),
  );
  const point = figures.utility.data.find(
    (trace) => trace.mode === "markers" && (trace.y as number[]).includes(0 - 1),
  ) as { marker: { color: string } };
  assert.equal(point.marker.color, weights);
});

describe("figures of a choice", () => {
  test("are plain JSON that describes itself", () => {
    for (const [name, figure] of Object.entries(all(["alder", "birch", "cedar", "dogwood"]))) {
      assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure, name);
      assert.match(figure.description, /birch/, name);
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
    const none = choiceOf(["a"], { rows: [], weights: {}, change: null, criteria: [] });
    for (const figure of [utilityForest(none), choiceShares([]), choiceShares([none]), weightChange(none)])
      assert.ok(figure.description.length > 0);
  });
});

test("bars of shares begin where the last ended, one bar a profile", () => {
  const { data, description } = choiceShares([choiceOf(["alder", "birch"])]);
  assert.deepEqual(
    data.map(({ x }) => x),
    [[0, 75, null], [75, 100, null], [0, 75], [0]],
  );
  // A piece below one half has no room for a name on a narrow screen; only there is the other trace shown.
  assert.deepEqual(
    data.slice(2).map(({ text, meta, visible }) => [text, meta, visible]),
    [
      [["alder 75 %", "birch 25 %"], { wide: true }, undefined],
      [["alder 75 %"], { narrow: true }, false],
    ],
  );
  assert.equal(description, "Share of all weightings won. alder: alder 75 %, birch 25 %.");
});

test("the chance that none keeps the floors has a piece of its own", () => {
  const { description } = choiceShares([choiceOf(["alder", "birch"], { p_none: 0.005 })], { of: "p_best" });
  assert.match(description, /alder 70 %, birch 30 %, no model meets the floors under 1 %/);
});

test("models that are not shown to keep the floors stand apart, and no chance is rounded to none", () => {
  const { description } = utilityForest(choiceOf(["alder", "birch", "cedar", "dogwood"]));
  assert.match(description, /: alder 0\.\d+ \[.*\], the best with a chance of 70 %; birch/);
  assert.match(description, /cedar out \(x\), the best with a chance of under 1 %/);
  assert.match(description, /dogwood .*, not compared/);
  const long = `vendor/${"x".repeat(30)}-2026-03-01`;
  const figure = utilityForest(choiceOf([long, "birch"]));
  assert.ok(figure.description.includes(long), "the words have the whole name");
  assert.match(
    JSON.stringify(figure.layout),
    /vendor\/x+…[x-]*2026-03-01 · best: 70 &#37;/,
    "its ends stay in the figure",
  );
});

test("a model that is not shown to meet the floors has no bar, whatever it is worth: why stands in its place", () => {
  const choice = choiceOf(["alder", "birch", "cedar"]);
  const [alder, , cedar] = choice.rows;
  const rows = [
    alder,
    { ...cedar, utility: estimate(0.99, 0.98, 1, ""), p_best: 0.6, fails: ["errors: above 5 %"] },
  ];
  const { data } = utilityForest({ ...choice, rows });
  const points = data.flatMap(({ mode, x }) => (mode === "markers" ? (x as (number | null)[]) : []));
  assert.deepEqual(
    points.filter((x) => x !== null),
    [alder.utility.value],
  );
  assert.ok(data.some(({ text }) => JSON.stringify(text)?.includes("errors: above 5")));
  const bars = choiceShares([{ ...choice, rows }], { of: "p_best" });
  assert.match(bars.description, /alder 70 %, not shown to meet the floors 60 %/);
  assert.ok(!bars.data.some(({ name }) => name === "cedar"));
});

test("a change of weights names both weights of each criterion", () =>
  assert.match(
    weightChange(choiceOf(["alder", "birch"])).description,
    /put birch on top\. p95 duration 50 % to 30 %; cost per task 50 % to 70 %\.$/,
  ));

test("of many models those beyond the colours are one piece, and the axis ends with its last tick", () => {
  const names = Array.from({ length: 40 }, (_, i) => `m${i}`);
  const choice = choiceOf(names);
  const rows = choice.rows.map((row, i) => ({ ...row, passes: true, p_best: (i + 1) / 820 }));
  const { data, layout } = choiceShares([{ ...choice, rows }], { of: "p_best" });
  const lines = data.filter(({ mode }) => mode === "lines");
  const colors = lines.map(({ line }) => (line as { color: string }).color);
  assert.equal(new Set(colors).size, 7);
  assert.deepEqual(
    lines.map(({ name }) => name),
    ["m34", "m35", "m36", "m37", "m38", "m39", "other models"],
  );
  assert.ok((layout.xaxis as { range: number[] }).range[1] > 100);
});

test("a long reason has as many lines as a narrow screen needs, and none of it is cut", () => {
  const choice = choiceOf(["alder", "birch"]);
  const fails = ["hallucination: upper bound 20 %, above 5 %"];
  const rows = choice.rows.map((row) => ({ ...row, passes: false, fails }));
  const { data } = utilityForest({ ...choice, rows });
  const [narrow] = data.filter(({ meta }) => (meta as { narrow?: boolean })?.narrow);
  assert.deepEqual(String([narrow?.text].flat()[0]).split("<br>"), [
    "hallucination: upper",
    "bound 20 &#37;, above 5 &#37;",
  ]);
});
