import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../../src/decide/check/check";
import { atLevel, ratioToSaved, timesOverSaved } from "../../../src/decide/check/relative";
import type { Estimate } from "../../../src/stats/estimate";
import { wilson } from "../../../src/stats/rate";
import { rateAtWorst } from "../../../src/stats/worstCase";
import { withCalls } from "../../measures/calls";
import { near } from "../../same";

test("an interval brought to another level is close to the one made there", () => {
  for (const [k, n] of [
    [30, 400],
    [300, 400],
  ])
    for (const level of [0.9, 0.99, 0.995]) {
      const [brought, made] = [atLevel(wilson(k, n), level), wilson(k, n, { level })];
      near(brought.low, made.low, `low of ${k} at ${level}`, 0.07);
      near(brought.high, made.high, `high of ${k} at ${level}`, 0.07);
    }
  const open: Estimate = { ...wilson(30, 400), unit: "s", high: Number.POSITIVE_INFINITY };
  const brought = atLevel(open, 0.99);
  assert.ok(brought.low < open.low && brought.high === Number.POSITIVE_INFINITY, "an open end stays open");
});

test("a ratio with unknown outcomes on either side holds whatever they are", () => {
  const rate = wilson(160, 200);
  const half = rateAtWorst(rate, { known: 200, all: 250 });
  for (const [own, saved] of [
    [half, rate],
    [rate, half],
    [half, half],
  ]) {
    const { low, high, worst_case } = ratioToSaved(own, saved);
    assert.ok(worst_case !== undefined);
    near(worst_case.unknown, 0.2);
    assert.ok(worst_case.low < low && worst_case.high >= high, `${worst_case.low} to ${worst_case.high}`);
    const [least, most] = [(own.worst_case ?? own).low, (saved.worst_case ?? saved).high];
    assert.ok(worst_case.low >= least / most, "the two errors are not added up");
  }
  assert.equal(ratioToSaved(rate, rate).worst_case, undefined);
});

test("an open end is blamed on the baseline only where it is the baseline's", () => {
  const [own, saved] = [wilson(30, 400), wilson(40, 400)];
  const open = (one: Estimate): Estimate => ({ ...one, high: Number.POSITIVE_INFINITY });
  const times = (one: Estimate, other: Estimate) => timesOverSaved(ratioToSaved(one, other), one, 1.05, true);
  assert.ok(times(own, saved) > 1);
  assert.equal(times(open(own), saved), Number.POSITIVE_INFINITY);
  assert.equal(times(own, { ...saved, low: 0 }), Number.NaN);
});

test("a limit on its own number may ask for its interval beside one on a ratio, whose interval is given", () => {
  const calls = Array.from({ length: 60 }, (_, at) => ({
    ...{ call_id: `c${at}`, user_id: `u${at % 12}`, release: at % 2 === 0 ? "1" : "2" },
    ...{ started_at: new Date(Date.UTC(2026, 2, 2) + at * 6e5).toISOString(), duration: 1 + (at % 7) },
  }));
  const limits = {
    name: "gate",
    limits: [
      { metric: "duration_mean", at_most: 90 },
      { metric: "error_rate", at_most_times: 9 },
    ],
  };
  return withCalls(calls, async (store) => {
    const { rows } = await check(store, { limits, against: "release = '1'", interval: "bootstrap" });
    assert.deepEqual(
      rows.map(({ value: { method } }) => /bootstrap/.test(method)),
      [true, false],
    );
  });
});
