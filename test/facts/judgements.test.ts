import assert from "node:assert/strict";
import { test } from "node:test";
import { choose } from "../../src/decide/choose/choose";
import { costTiers } from "../../src/measures/cost/costTiers";
import { latencyByOutcome } from "../../src/measures/latency/outcomeByLatency";
import { metricTable } from "../../src/measures/metricTable";
import { quality } from "../../src/measures/quality/quality";
import { qualityRefusals } from "../../src/measures/quality/refusals";
import { qualityByLength } from "../../src/measures/service/contextLength";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";
import { type Call, withCalls } from "../measures/calls";
import { type Judgement, putScores } from "../measures/scores";

/** Two models of two workloads: a rule scores alder, three judges score birch. */
const kinds = (work: (store: Store) => Promise<void>) => {
  const calls = Array.from({ length: 240 }, (_, at): Call => {
    const model = at % 2 === 0 ? "alder" : "birch";
    const own = {
      call_id: `c${at}`,
      task_id: `t${at}`,
      user_id: `u${at % 40}`,
      workload: `w${(at >> 1) % 2}`,
    };
    return { ...own, model, status: "ok", duration: 1 + at / 100, input_tokens: 100 + at, cost: 1 };
  });
  const scores = calls.flatMap(({ call_id, model }, at): Judgement[] => {
    const value = Number(at % 5 > 0);
    const raters = model === "alder" ? [["rule", "r"]] : ["j1", "j2", "j3"].map((id) => ["judge", id]);
    return raters.map(([rater, id]) => ({ call: String(call_id), name: "m", value, rater, id }));
  });
  return withCalls(calls, async (store) => {
    await putScores(store, scores);
    await work(store);
  });
};

const without =
  /^Scored by other kinds of rater than judge, and so without a number here: (w0 alder, w1 )?alder\.$/;

test("numbers of models are compared by one kind of rater, and the others say why they have none", () =>
  kinds(async (store) => {
    for (const by of ["model", "workload,model"]) {
      const { rows, notes } = await metricTable(store, { metrics: ["score:m"], by });
      for (const row of rows) {
        const score = row["score:m"] as Estimate;
        assert.equal(Number.isNaN(score.value), row.model === "alder");
        const isOther = score.reservations?.some(({ id }) => id === "raters.other") ?? false;
        assert.equal(isOther, row.model === "alder");
      }
      assert.ok(
        notes.some((note) => without.test(note)),
        String(notes),
      );
    }
    const tiers = await costTiers(store, { quality: "score:m", by: "model" });
    assert.ok(tiers.rows.every(({ tier }) => tier === "cannot tell"));
    const criteria = [{ metric: "score:m", weight: 1, good: 1, bad: 0 }];
    const choice = await choose(store, { profile: { name: "m", criteria } });
    assert.equal(choice.best, null);
    assert.deepEqual([choice.claim.status, choice.claim.because], ["open", "raters.other"]);
    assert.match(
      choice.verdict,
      /but m of alder is scored by rule, the others by judge, .*: the choice is open/,
    );
  }));

test("measures of one kind of rater say which models they leave out", () =>
  kinds(async (store) => {
    const tables = [
      await qualityByLength(store, { score: "m", by: "model" }),
      await latencyByOutcome(store, { outcome: "m", by: "model" }),
      await qualityRefusals(store, { score: "m", by: "model" }),
    ];
    for (const { measure, notes } of tables)
      assert.ok(
        notes.some((note) => without.test(note)),
        `${measure}: ${notes}`,
      );
    const fine = await qualityByLength(store, { score: "m", by: "model", where: "model = 'birch'" });
    assert.ok(!fine.notes.some((note) => note.startsWith("Scored by")));
  }));

test("a kind of rater counts what it judged, however often, in every measure", () =>
  kinds(async (store) => {
    for (const { measure, notes } of [
      await quality(store, { score: "m", by: "model" }),
      await qualityByLength(store, { score: "m", by: "model" }),
    ])
      assert.match(notes.join("\n"), /^Judged by judge \(120\), rule \(120\): /m, measure);
  }));
