import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ingest } from "../../../src/logs/ingest";
import { consistency } from "../../../src/measures/consistency/consistency";
import { type JudgedRow, qualityJudge } from "../../../src/measures/quality/judged";
import type { Row } from "../../../src/measures/table";
import type { Estimate } from "../../../src/stats/estimate";
import { open, type Store } from "../../../src/store/open";
import { root } from "../../dist";

/** What is known about the demo company: rates of its calls, and its study of repeated prompts. */
interface Truth {
  rows: { by: Record<string, string>; measures: Record<string, { value: number }> }[];
  study: { model: string; same_output: number; json_valid: number; pass_hat: Record<string, number> }[];
}
const folder = join(root, "data", "demo");
const truth: Truth = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
const holds = ({ low, high }: Estimate, value: number) => low <= value && value <= high;

describe("what is known of the demo company", () => {
  let store: Store;
  before(async () => {
    store = await open(":memory:");
    await ingest(store, folder);
  });
  after(() => store.close());

  test("lies in nearly all corrected intervals", async () => {
    let seen = 0;
    let rows = 0;
    for (const by of ["workload,model", "workload"]) {
      for (const row of (await qualityJudge(store, { score: "hallucination", by })).rows as (JudgedRow &
        Row)[]) {
        const names = by.split(",");
        const known = truth.rows.find(
          (one) =>
            Object.keys(one.by).length === names.length && names.every((name) => one.by[name] === row[name]),
        )?.measures.hallucination.value;
        if (known === undefined || Number.isNaN(row.corrected.low)) continue;
        rows++;
        if (holds(row.corrected, known)) seen++;
      }
    }
    assert.ok(rows >= 15, `only ${rows} rows have labels`);
    // Rows of one week go wrong together: the same people, the same documents.
    assert.ok(seen >= rows - 4, `${seen} of ${rows}`);
  });

  test("lies in the intervals of its study, by model and k", async () => {
    const { rows } = await consistency(store, {
      score: "correct",
      by: "model",
      where: "environment = 'evaluation'",
      k: [1, 2, 4, 8],
    });
    assert.equal(rows.length, truth.study.length);
    let [inside, all] = [0, 0];
    for (const row of rows) {
      const known = truth.study.find(({ model }) => model === row.model) as Truth["study"][number];
      const pairs: [Estimate, number][] = [
        [row.same_output, known.same_output],
        [row.json_valid, known.json_valid],
        ...Object.entries(row.pass_hat).map(([k, estimate]): [Estimate, number] => [
          estimate,
          known.pass_hat[k],
        ]),
      ];
      all += pairs.length;
      inside += pairs.filter(([estimate, value]) => holds(estimate, value)).length;
    }
    assert.ok(inside >= all - 3, `${inside} of ${all}`);
  });
});
