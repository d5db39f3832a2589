import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { timelineFigure } from "../../src/charts/timelineFigure";
import type { Timeline } from "../../src/decide/compare/timeline";
import { HOSTILE, stringsOf } from "./sample";

const course = (hours: number, more: Partial<Timeline> = {}): Timeline => ({
  bin: "hour",
  points: Array.from({ length: hours }, (_, at) => ({
    at: new Date(Date.UTC(2026, 2, 2) + at * 36e5).toISOString().slice(0, 16),
    calls: 20,
    median: at < hours / 2 ? 1 : 2,
  })),
  at: "2026-03-05T00:00",
  low: "2026-03-04T20:00",
  high: "2026-03-05T06:00",
  p: 0.001,
  before: 1,
  after: 2,
  at_switch: true,
  verdict: "slower from 2026-03-05T00:00 on",
  ...more,
});

describe("the figure of a change point", () => {
  test("is plain JSON with both levels, the span of the change and the moment asked about", () => {
    const figure = timelineFigure(course(144), { at: "2026-03-05" });
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    assert.equal(figure.data.length, 3);
    const [band, line] = figure.layout.shapes as { x0: number; x1: number }[];
    assert.ok(band.x0 < line.x0 && line.x0 < band.x1);
    assert.deepEqual((figure.data[1] as { x: number[] }).x[1], line.x0, "the level ends where the change is");
    assert.match(figure.description, /144 hours from 2026-03-02T00:00: slower from 2026-03-05/);
  });

  test("without a change has dots alone, and 10,000 hours are thinned", () => {
    const figure = timelineFigure(
      course(10_000, { at: null, low: null, high: null, verdict: "no change point is seen" }),
    );
    assert.equal(figure.data.length, 1);
    assert.ok((figure.data[0] as { x: number[] }).x.length <= 2000);
    assert.deepEqual(figure.layout.shapes, []);
  });

  test("takes hostile texts as text, and draws nothing at all", () => {
    for (const text of HOSTILE) {
      const figure = timelineFigure(course(4), { title: text, quantity: text });
      for (const one of stringsOf({ layout: figure.layout, data: figure.data }))
        assert.doesNotMatch(one, /<(?!br>|b>|\/b>)/, one);
    }
    assert.match(timelineFigure(course(0, { at: null })).description, /0 hours/);
  });
});
