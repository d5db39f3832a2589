import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompareRow } from "../../../src/decide/compare/compareRow";
import { judged, verdictOfAll } from "../../../src/decide/compare/compareVerdict";
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
      difference: estimate(ratio - 1, low - 1, high - 1),
      within: estimate(ratio - 1, low - 1, high - 1),
      within_ratio: estimate(ratio, low, high),
    } as unknown as CompareRow;
    return judged([{ row, p: 1e-9, bothP: 1e-9, mixP: 1 }], 0.95)[0]?.verdict;
  };
  assert.deepEqual([verdict(1.001, 1.004), verdict(1.001, 1.02)], ["cannot tell", "dearer"]);
});
