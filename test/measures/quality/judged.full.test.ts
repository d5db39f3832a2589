import assert from "node:assert/strict";
import { test } from "node:test";
import { qualityJudge } from "../../../src/measures/quality/judged";
import { withCalls } from "../calls";
import { putScores } from "../scores";

import { name, world } from "./judgedWorld";

test("the correction covers the truth where the judge's own rate does not", async () => {
  const covered = { raw: 0, corrected: 0 };
  for (let seed = 1; seed <= 20; seed++) {
    const { calls, scores } = world(seed);
    await withCalls(calls, async (store) => {
      await putScores(store, scores);
      const [row] = (await qualityJudge(store, { score: name })).rows;
      for (const kind of ["raw", "corrected"] as const)
        if (row[kind].low <= 0.2 && 0.2 <= row[kind].high) covered[kind]++;
    });
  }
  assert.ok(covered.corrected >= 17, JSON.stringify(covered));
  assert.ok(covered.raw <= 10, JSON.stringify(covered));
});
