import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { timelineFigure } from "../../src/charts/timelineFigure";
import type { Timeline } from "../../src/decide/compare/timeline";
import type { Trend } from "../../src/measures/trend/trend";
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
  claim: { id: "compare.point", kind: "changed", status: "settled" },
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

/** A trend over 40 days whose level rises on day 20. */
function trended(name: string): Trend {
  const level = (day: number) => (day < 20 ? 1 : 2);
  const about = (value: number) => ({ value, low: value / 2, high: 2 * value, unit: "s" });
  const estimate = (value: number) => ({
    ...about(value),
    level: 0.95,
    method: "t",
    n: 9,
    clusters: 9,
    clusterBy: "",
  });
  const date = (day: number) => new Date(Date.UTC(2026, 2, 2 + day)).toISOString().slice(0, 10);
  const claim = { id: "trend.changed", kind: "changed", status: "settled" } as const;
  const change = { at: date(20), low: date(19), high: date(21), chance: 0.99, before: 1, after: 2 };
  return {
    ...{
      measure: "trend",
      metric: "duration_p50",
      label: "p50 duration",
      unit: "s",
      per: "day",
      by: ["workload"],
    },
    ...{ rows: [], notes: [] },
    series: [
      { by: { workload: "other" }, points: [], changes: [], alerts: [] },
      {
        by: { workload: name },
        points: Array.from({ length: 40 }, (_, day) => ({
          ...{ at: date(day), value: estimate(level(day)), adjusted: level(day), level: level(day) },
        })),
        changes: [{ ...change, by: estimate(2), coincides: [], claim }],
        alerts: [],
      },
    ],
  };
}

describe("the figure of a trend", () => {
  test("has a band, the days, the level and the dates that a change may have", () => {
    const figure = timelineFigure(trended("chat"), { row: { workload: "chat" } });
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    const [low, high, days, level] = figure.data as { y: number[]; x: number[] }[];
    assert.deepEqual([low.y[0], high.y[0], days.y[0], level.y[39]], [0.5, 2, 1, 2]);
    const [span] = figure.layout.shapes as { x0: number; x1: number }[];
    assert.equal(span.x1 - span.x0, 3, "three days");
    assert.ok(span.x0 < level.x[20] && level.x[20] < span.x1);
    assert.equal(
      figure.description,
      "p50 duration, chat by day, 40 days from 2026-03-02: changed at 2026-03-22 (chance 0.99).",
    );
  });

  test("takes hostile names as text, and draws a row without days", () => {
    for (const text of HOSTILE) {
      const figure = timelineFigure(trended(text), { row: { workload: text } });
      for (const one of stringsOf({ layout: figure.layout, data: figure.data }))
        assert.doesNotMatch(one, /<(?!br>|b>|\/b>)/, one);
    }
    assert.match(timelineFigure(trended("chat")).description, /0 days from nowhere: no change is stated/);
  });
});
