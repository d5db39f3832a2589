import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CompareOptions, compare } from "../../../src/decide/compare/compare";
import { type Call, withCalls } from "../../measures/calls";
import { half, worlds } from "../traffic";

const compared = (calls: readonly Call[], options: CompareOptions) =>
  withCalls(calls, (store) => compare(store, options));
const share = <T>(rows: readonly T[], holds: (row: T) => boolean) => rows.filter(holds).length / rows.length;
const holds = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high;

describe("how often it is wrong, over many logs", () => {
  const options = {
    switch: half,
    by: "workload",
    metrics: "duration_p50,duration_p95,error_rate,output_tokens",
  };
  // Of 40 logs x 4 metrics, 152 hold the truth on average at 95 %; fewer than about 142 would not be chance.
  const least = 142 / 160;

  test("intervals hold the truth where nothing changed", async () => {
    const { rows } = await compared(worlds(40), options);
    assert.equal(rows.length, 160);
    for (const part of ["difference", "within", "mix"] as const)
      assert.ok(share(rows, (row) => holds(row[part], 0)) >= least, part);
    assert.equal(
      share(rows, ({ verdict }) => verdict === "cannot tell"),
      1,
      "by Holm over all rows",
    );
  });

  test("they hold it where the model slowed down and the mix moved at once", async () => {
    const { rows } = await compared(worlds(40, { slower: 1.3, shareAfter: 0.75 }), options);
    const truth = (metric: string) => (metric.startsWith("duration") ? 1.3 : 1);
    assert.ok(share(rows, (row) => holds(row.within_ratio, truth(row.metric))) >= least);
    const tokens = rows.filter(({ metric }) => metric === "output_tokens");
    assert.equal(
      share(tokens, (row) => row.mix.low > 0),
      1,
    );
  });
});
