import assert from "node:assert/strict";
import { test } from "node:test";
import { forest } from "../../src/charts/forest";
import { quantileFigure } from "../../src/charts/quantileFigure";
import { figureHtml, figureText } from "../../src/page/figure";
import { HOSTILE, latencyTable } from "../charts/sample";

test("figureText gives the title and the numbers in words", () => {
  const figure = forest(latencyTable(), { value: "mean", title: "Mean <b>" });
  assert.equal(
    figureText(figure),
    "Mean <b>\nMean <b>: estimates with their intervals. alder 1.20 s [1.08, 1.44]; birch 2.40 s [2.16, 2.88]; cedar 3.6 s [3.2, 4.3].",
  );
});

test("figureHtml draws without script or network: a still picture of every estimate", () => {
  const html = figureHtml(quantileFigure(latencyTable()));
  assert.doesNotMatch(html, /<script|https?:\/\//);
  assert.equal(html.match(/<circle/g)!.length, 4 + 1);
  assert.match(html, /role="img" aria-label="duration by quantile, with intervals\./);
  assert.match(html, /text-anchor="middle">p99\.9<\/text>/);
});

test("figureHtml keeps hostile names text and every number finite", () => {
  for (const figure of [
    forest(latencyTable(HOSTILE), { value: "quantiles.0.99", log: true, title: HOSTILE[1]! }),
    quantileFigure(latencyTable(HOSTILE)),
  ]) {
    const html = figureHtml(figure);
    for (const [tag] of html.matchAll(/<[^>]*>/g))
      assert.match(
        tag,
        /^<\/?(figure|p|strong|span|svg|path|circle|text|figcaption|details|summary)\b[^<]*>$/,
      );
    assert.doesNotMatch(html.replace(/"[^"]*"/g, ""), /<[^>]*\son\w+=/);
    assert.doesNotMatch(html, /NaN|Infinity|undefined/);
  }
});

test("figureHtml of a figure that is not the kit's own breaks nothing", () => {
  const odd = {
    data: [{ type: "heatmap", z: [[1]], line: { color: '"/><script>' }, mode: "lines", x: ["a"], y: [null] }],
    layout: {},
    description: "odd",
  };
  assert.doesNotMatch(figureHtml(odd), /<script/);
});
