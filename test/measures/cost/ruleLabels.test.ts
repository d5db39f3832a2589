import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../../src/decide/compare/compare";
import { cost } from "../../../src/measures/cost/cost";
import { metricTable } from "../../../src/measures/metricTable";
import { quality } from "../../../src/measures/quality/quality";
import type { Estimate } from "../../../src/stats/estimate";
import { random } from "../../../src/stats/random";
import { near } from "../../same";
import { putInto } from "../agree/hostile";
import { type Call, withCalls } from "../calls";

const r = random(5);
/** Both models resolve 60 of 100 conversations, but of those that are not resolved birch's last answer fails less often. */
const talks = Array.from({ length: 1_200 }, (_, i) => {
  const model = r.uniform() < 0.5 ? "alder" : "birch";
  const resolved = r.uniform() < 0.6;
  const fails = r.uniform() < (resolved ? 0.05 : model === "alder" ? 0.7 : 0.2);
  return { i, model, resolved, fails, labelled: r.uniform() < 0.2 };
});
const calls = talks.map(
  ({ i, model, fails }): Call => ({
    ...{ call_id: `c${i}`, task_id: `t${i}`, conversation_id: `s${i}`, user_id: `u${(i * 7) % 101}`, model },
    ...{ workload: "chat", status: fails ? "error" : "ok", cost: 1, duration: 1, input_tokens: 100 },
    started_at: new Date(Date.UTC(2026, 2, 2) + 1_200_000 * i).toISOString().slice(0, 19),
  }),
);
const labels = talks
  .filter(({ labelled }) => labelled)
  .map(({ i, resolved }) => ({
    ...{ subject: "conversation", subject_id: `s${i}`, name: "resolved", rater: "human" },
    ...{ value: Number(resolved), ingest_id: 1 },
  }));

test("people's labels of a sample correct what a declared rule resolves, in every table and comparison", () =>
  withCalls(calls, async (store) => {
    const ruled = { grain: "conversation", outcomeRule: "left-after-failure" } as const;
    const metrics = ["conversation_resolve_rate"];
    const asked = { ...ruled, by: "model" };
    const [plain] = (await cost(store, asked)).rows;
    assert.equal(plain.corrected, undefined);
    await putInto(store, "scores", labels);
    const { rows, notes } = await cost(store, asked);
    const judged = (await quality(store, { ...asked, score: "resolved" })).rows;
    const read = (await metricTable(store, { by: "model", outcomeRule: ruled.outcomeRule, metrics })).rows;
    for (const [at, { model, conversation_resolve_rate: byRule, corrected }] of rows.entries()) {
      const own = talks.filter((talk) => talk.model === model);
      const truth = own.filter(({ resolved }) => resolved).length / own.length;
      assert.ok(corrected !== undefined && corrected.low < truth && truth < corrected.high, String(model));
      assert.ok(byRule.low > truth, String(model));
      near(corrected.value, judged[at].corrected?.value ?? Number.NaN, "as in quality");
      near((read[at].conversation_resolve_rate as Estimate).value, corrected.value, "as a metric");
    }
    assert.match(notes.join(" "), /without the rule's errors.*over all rows 6\d\.\d % instead of/);
    const sides = { a: "model = 'alder'", b: "model = 'birch'" };
    const [row] = (await compare(store, { ...sides, ...ruled, metrics })).rows;
    near(row.a.value, rows[0].corrected?.value ?? Number.NaN, "side a");
    // What the labels leave open of either side is open of the difference.
    const [a, b, all] = [row.a, row.b, row.within].map(({ low, high }) => high - low);
    assert.ok(all > 0.9 * Math.hypot(a, b) && row.within.low < 0 && row.within.high > 0);
  }));
