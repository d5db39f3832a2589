import assert from "node:assert/strict";
import { test } from "node:test";
import { cost } from "../../../src/measures/cost/cost";
import { quality } from "../../../src/measures/quality/quality";
import { withLog } from "../agree/hostile";

test("the outcome as a score has the interval of the resolve rate, also where nothing but tasks tells calls apart", () => {
  const ids = Array.from({ length: 12 }, (_, at) => at);
  const log = {
    // Repeats of three prompts, which cluster judged answers but no outcomes.
    calls: ids.map((at) => ({ call_id: `c${at}`, task_id: `t${at}`, prompt_id: `p${at % 3}`, status: "ok" })),
    tasks: ids.map((at) => ({ task_id: `t${at}`, resolved: at % 3 > 0, ingest_id: 1 })),
    scores: [],
  };
  return withLog(log, async (store) => {
    for (const cluster of ["auto", "task_id", "call_id"]) {
      const { resolve_rate } = (await cost(store, { cluster, by: "" })).rows[0];
      const { mean } = (await quality(store, { cluster, by: "", score: "resolved" })).rows[0];
      const parts = ({ value, low, high, n, clusters, clusterBy }: typeof mean) =>
        [value, low, high].map((x) => x.toFixed(12)).concat(`${n} ${clusters} ${clusterBy}`);
      assert.deepEqual(parts(mean), parts(resolve_rate), cluster);
    }
  });
});

test("evaluation runs are clustered by prompt, in cost as in quality", () => {
  const ids = Array.from({ length: 60 }, (_, at) => at);
  const log = {
    calls: ids.map((at) => ({
      ...{ call_id: `c${at}`, task_id: `t${at}`, prompt_id: `p${at % 20}`, status: "ok" },
      ...{ user_id: `u${at % 30}`, environment: "evaluation" },
    })),
    tasks: ids.map((at) => ({ task_id: `t${at}`, resolved: at % 4 > 0, ingest_id: 1 })),
    scores: [],
  };
  return withLog(log, async (store) => {
    const request = { by: "", where: "environment = 'evaluation'" };
    const { resolve_rate } = (await cost(store, request)).rows[0];
    const { mean } = (await quality(store, { ...request, score: "resolved" })).rows[0];
    assert.equal(resolve_rate.clusterBy, "prompt_id");
    assert.equal(resolve_rate.clusters, 20);
    const parts = ({ value, low, high, n, clusters, clusterBy }: typeof mean) =>
      [value, low, high].map((x) => x.toFixed(12)).concat(`${n} ${clusters} ${clusterBy}`);
    assert.deepEqual(parts(mean), parts(resolve_rate));
  });
});
