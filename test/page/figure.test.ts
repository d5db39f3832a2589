import assert from "node:assert/strict";
import { test } from "node:test";
import { agreementHeatmap } from "../../src/charts/agreementHeatmap";
import { forest } from "../../src/charts/forest";
import { quantileFigure } from "../../src/charts/quantileFigure";
import type { AgreementRow } from "../../src/measures/agreement/agreementTable";
import { figureHtml, figureText } from "../../src/page/figure";
import { estimate, HOSTILE, latencyTable } from "../charts/sample";

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

test("a still picture has no number with more digits than it shows", () => {
  const symbols = ["circle", "diamond", "square", "triangle-up", "triangle-left", "x", "star", "x-open"];
  const figure = {
    data: [9, 7, 5].map((size) => ({
      type: "scatter",
      mode: "markers",
      x: symbols.map((_, at) => at / 3),
      y: symbols.map((_, at) => at / 7),
      marker: { symbol: symbols, size, color: "#123456" },
    })),
    layout: { xaxis: { range: [0, 3] }, yaxis: { range: [0, 3], tickvals: [1], ticktext: ["a".repeat(34)] } },
    description: "",
  };
  const html = figureHtml(figure as unknown as Parameters<typeof figureHtml>[0]);
  assert.equal(html.match(/<path transform/g)!.length, 3 * 7);
  assert.deepEqual(html.match(/\d+\.\d{3,}/g), null);
});

test("in a still picture no label lies over another: names are tilted, numbers without room left out", () => {
  const names = Array.from({ length: 9 }, (_, at) => `competition-math-${2018 + at}`);
  const row = {
    metric: "duration_p95",
    models: 6,
    spearman: estimate(-0.37, -0.5, 0.1, ""),
    p_value: 0.1,
    p_holm: 0.2,
    verdict: "cannot tell",
  };
  const rows = names.map((benchmark) => ({ ...row, benchmark })) as unknown as AgreementRow[];
  const heatmap = agreementHeatmap({ by: ["benchmark", "metric"], rows });
  const html = figureHtml(heatmap);
  assert.equal(html.match(/transform="rotate\(-35 /g)!.length, names.length);
  const [, height] = /<svg viewBox="0 0 720 (\d+)"/.exec(html)!;
  assert.ok(Number(height) > (heatmap.layout.height as number), "tilted names have room below");
  const crowded = { ...forest(latencyTable(), { value: "mean" }) };
  const xaxis = {
    ...(crowded.layout.xaxis as object),
    tickvals: Array.from({ length: 60 }, (_, at) => at / 10),
  };
  for (const text of [html, figureHtml({ ...crowded, layout: { ...crowded.layout, xaxis } })])
    assert.deepEqual(overlaps(text), []);
});

/** Pairs of texts in a picture that are on one line and overlap. */
function overlaps(html: string): string[] {
  const found = html.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)" text-anchor="(\w+)">([^<]*)</g);
  const texts = [...found].map(([, x, y, anchor, text]) => {
    const width = 6.4 * text!.length;
    const from = Number(x) - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
    return { y, text, from, to: from + width };
  });
  return texts.flatMap((a, at) =>
    texts
      .slice(at + 1)
      .flatMap((b) => (a.y === b.y && a.from < b.to && b.from < a.to ? [`${a.text} ${b.text}`] : [])),
  );
}

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
