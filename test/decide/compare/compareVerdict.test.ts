import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompareRow } from "../../../src/decide/compare/compareRow";
import { judged, verdictOfAll } from "../../../src/decide/compare/compareVerdict";
import type { AssumptionId } from "../../../src/stats/claim";
import { estimate } from "../../charts/sample";

test("a tail that timeouts leave without limits is open, and no factor is told of it", () => {
  const row = (metric: string, low: number, high: number) =>
    ({
      metric,
      within: estimate(0, -1, 1),
      within_ratio: estimate(1.6, low, high),
      mix_p_holm: 1,
      verdict: "cannot tell",
      claim: { id: "compare.slower", kind: "changed", status: "open" },
      seen: Number.NaN,
    }) as unknown as CompareRow;
  const rows = [row("duration_p50", 0.8, 2), row("duration_p95", 0, Number.POSITIVE_INFINITY)];
  assert.match(
    verdictOfAll(rows, { by: [], level: 0.95, a: "old", b: "new" }),
    /p50 duration is 1\.60 times, 0\.800 to 2\.00; p95 duration is open: these calls set its change no limit\.$/,
  );
});

test("no change is stated that prints as once as much on both ends", () => {
  const verdict = (low: number, high: number) => {
    const ratio = (low + high) / 2;
    const row = {
      metric: "cost_per_task",
      a: estimate(1, 0.99, 1.01),
      b: estimate(1, 0.99, 1.01),
      difference: estimate(ratio - 1, low - 1, high - 1),
      within: estimate(ratio - 1, low - 1, high - 1),
      within_ratio: estimate(ratio, low, high),
    } as unknown as CompareRow;
    return judged([{ row, p: 1e-9, bothP: 1e-9, mixP: 1 }], 0.95)[0]?.verdict;
  };
  assert.deepEqual([verdict(1.001, 1.004), verdict(1.001, 1.02)], ["cannot tell", "dearer"]);
});

test("a change that one-way reporting alone allows leads if it is so, and is settled where it is declared", () => {
  const row = {
    metric: "resolve_rate",
    a: estimate(0.8, 0.78, 0.82),
    b: estimate(0.8, 0.78, 0.82),
    difference: estimate(0.1, 0.07, 0.13),
    within: {
      ...estimate(0.1, 0.07, 0.13),
      worst_case: { unknown: 0.2, values: [-0.1, 0.3], low: -0.12, high: 0.32 },
    },
    within_ratio: estimate(1.12, 1.08, 1.16),
    one_way: estimate(0.1, 0.03, 0.2),
  } as unknown as CompareRow;
  const claimOf = (oneWayP: number, ...declared: AssumptionId[]) => {
    const { verdict, claim } = judged([{ row, p: 1e-9, bothP: 1e-9, mixP: 1, oneWayP }], 0.95, declared)[0];
    return [verdict, claim.status, claim.needs ?? claim.declared?.[0]];
  };
  const leads = "resolves more, if one side reports all that the other does";
  assert.deepEqual(claimOf(0.01), [leads, "leads if", "one-way-reporting"]);
  assert.deepEqual(claimOf(0.01, "one-way-reporting"), ["resolves more", "settled", "one-way-reporting"]);
  assert.deepEqual(claimOf(0.01, "outcomes-alike"), ["resolves more", "settled", "outcomes-alike"]);
  const alike = "resolves more, if outcomes are reported alike";
  assert.deepEqual(claimOf(0.2, "one-way-reporting"), [alike, "leads if", "outcomes-alike"]);
});

test("a change that another look at the days does not show may be the days", () => {
  const row = {
    metric: "duration_p50",
    a: estimate(1, 0.9, 1.1),
    b: estimate(1, 0.9, 1.1),
    difference: estimate(0.3, 0.1, 0.5),
    within: estimate(0.3, 0.1, 0.5),
    within_ratio: estimate(1.3, 1.1, 1.5),
  } as unknown as CompareRow;
  const verdict = (doubt: number, ...declared: AssumptionId[]) =>
    judged([{ row, p: 0.01, bothP: 0.01, mixP: 1, doubt }], 0.95, declared)[0].verdict;
  assert.deepEqual(
    [verdict(0.02), verdict(0.06), verdict(0.06, "same-days")],
    ["slower", "slower, or other days", "slower"],
  );
});
