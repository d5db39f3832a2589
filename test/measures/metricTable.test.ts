import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { consistency } from "../../src/measures/consistency/consistency";
import { cost } from "../../src/measures/cost/cost";
import { latency } from "../../src/measures/latency/latency";
import { metric } from "../../src/measures/metric";
import { metricNames } from "../../src/measures/metricNames";
import { metricTable } from "../../src/measures/metricTable";
import { preferences } from "../../src/measures/preferences/preferences";
import { quality } from "../../src/measures/quality/quality";
import { qualityByLength } from "../../src/measures/service/contextLength";
import { reliability } from "../../src/measures/service/reliability";
import type { Row } from "../../src/measures/table";
import type { Estimate } from "../../src/stats/estimate";
import { open, type Store } from "../../src/store/open";
import { thorough } from "../property";
import { assertClose } from "../same";

async function filled(): Promise<Store> {
  const store = await open(":memory:");
  await store.connection.run(`
    insert into calls by name
    select 'c' || i as call_id, 't' || i as task_id, 'u' || (i % 40) as user_id, 'work' as workload,
           'answer' as role, 'production' as environment,
           if(i % 2 = 0, 'even', 'odd') as model, timestamp '2026-03-02' + to_seconds(i::bigint) as started_at,
           1 + (i % 17) / 10.0 as duration, 0.1 + (i % 7) / 10.0 as time_to_first_token,
           100 + i as input_tokens, 10 as output_tokens, (1 + i % 5) / 64.0 as cost,
           if(i % 50 = 0, 'error', 'ok') as status
    from range(400) as r(i);
    insert into tasks by name
    select 't' || i as task_id, 'u' || (i % 40) as user_id, 'work' as workload, i < 300 as resolved
    from range(400) as r(i)`);
  return store;
}

function numbersOf(estimate: unknown): unknown {
  const { value, low, high, n, method } = estimate as Estimate;
  return { value, low, high, n, method };
}

describe("metric", () => {
  test("a short name stands for the full one, with its unit and which way is better", () => {
    assert.equal(metric("ttft_p95").name, "time_to_first_token_p95");
    assert.equal(metric("tps_p50").better, "higher");
    assert.equal(metric("duration_mean").better, "lower");
    assert.equal(metric("score:helpful").better, "higher");
    assert.equal(metric("hallucination").better, "lower");
    assert.deepEqual(metric("hallucination").source, { measure: "quality", score: "hallucination" });
    assert.equal(metric("score:a:b").label, "a:b");
  });

  test("a name that is none is answered with the nearest", () => {
    assert.throws(
      () => metric("cost_per_resolve"),
      /got "cost_per_resolve"; did you mean "cost_per_resolved"\?/,
    );
    assert.throws(() => metric("ttft_p96"), RangeError);
    assert.throws(() => metric("toString"), RangeError);
    assert.throws(() => metric("consistency:constructor"), RangeError);
    assert.throws(() => metric("effective_context:much"), /number as its floor/);
  });
});

describe("metricTable", () => {
  thorough("holds what the measures themselves say", async () => {
    const store = await filled();
    const names = ["ttft_p95", "duration_mean", "cost_per_resolved", "error_rate"];
    const { rows, by } = await metricTable(store, { metrics: names });
    const waits = await latency(store, { metric: "ttft", q: [0.95] });
    const means = await latency(store, { q: [0.5] });
    const costs = await cost(store);
    const rates = await reliability(store);
    assert.deepEqual(by, ["workload", "model"]);
    assert.equal(rows.length, 2);
    for (const row of rows) {
      const same = (one: Row) => one.model === row.model;
      assertClose(numbersOf(row.ttft_p95), numbersOf(waits.rows.find(same)?.quantiles["0.95"]));
      assertClose(numbersOf(row.duration_mean), numbersOf(means.rows.find(same)?.mean));
      assertClose(numbersOf(row.cost_per_resolved), numbersOf(costs.rows.find(same)?.cost_per_resolved));
      assertClose(numbersOf(row.error_rate), numbersOf(rates.rows.find(same)?.error_rate));
    }
    store.close();
  });

  thorough(
    "the effective context is sure by the lower bound, likely by the value and possible by the upper",
    async () => {
      const store = await filled();
      const floor = 0.8;
      const { rows } = await metricTable(store, { by: "workload", metrics: [`effective_context:${floor}`] });
      const found = rows[0][`effective_context:${floor}`] as Estimate;
      const bins = (await qualityByLength(store, { by: "workload" })).rows;
      const longest = (end: "low" | "value" | "high") =>
        bins.filter(({ score }) => score[end] >= floor).at(-1)?.to_tokens;
      assert.deepEqual(
        [found.low, found.value, found.high],
        [longest("low"), longest("value"), longest("high")],
      );
      assert.ok(found.low <= found.value && found.value <= found.high);
      assert.equal(found.unit, "tokens");
      store.close();
    },
  );

  test("what a log cannot tell of a group is none, and says so", async () => {
    const store = await filled();
    await store.connection.run("update calls set cost = null where model = 'odd'");
    const { rows } = await metricTable(store, { metrics: ["cost_per_call", "duration_p50"] });
    const odd = rows.find(({ model }) => model === "odd")?.cost_per_call as Estimate;
    assert.ok(Number.isNaN(odd.value));
    assert.match(odd.note ?? "", /cost/);
    store.close();
  });

  test("no metric at all is a mistake", async () => {
    const store = await open(":memory:");
    await assert.rejects(metricTable(store, { metrics: [] }), /at least one metric/);
    store.close();
  });
});

describe("metricTable of scores and repeats", () => {
  thorough("a score is its mean, without the judge's errors where people labelled a part", async () => {
    const store = await filled();
    await store.connection.run(`
      insert into scores by name
      select 'call' as subject, 'c' || i as subject_id, 'hallucination' as name, (i % 4 = 0)::double as value, 'judge' as rater
      from range(400) as r(i)`);
    const plain = (await metricTable(store, { by: "model", metrics: ["hallucination"] })).rows;
    const table = await quality(store, { score: "hallucination", by: "model" });
    for (const row of plain)
      assertClose(
        numbersOf(row.hallucination),
        numbersOf(table.rows.find(({ model }) => model === row.model)?.mean),
      );
    await store.connection.run(`
      insert into scores by name
      select 'call' as subject, 'c' || i as subject_id, 'hallucination' as name, (i % 8 = 0)::double as value, 'human' as rater
      from range(160) as r(i)`);
    const judges = (await quality(store, { score: "hallucination", by: "model", rater: "judge" })).rows;
    for (const row of (await metricTable(store, { by: "model", metrics: ["hallucination"] })).rows) {
      const own = judges.find(({ model }) => model === row.model);
      assertClose(numbersOf(row.hallucination), numbersOf(own?.corrected));
    }
    store.close();
  });

  test("a score that is not there is none and said, beside metrics that are", async () => {
    const store = await filled();
    const { rows, notes } = await metricTable(store, { metrics: ["score:helpful", "duration_p50"] });
    assert.equal(rows.length, 2);
    assert.ok(rows.every((row) => Number.isNaN((row["score:helpful"] as Estimate).value)));
    assert.ok(notes.some((note) => /No score "helpful" in the log/.test(note)));
    store.close();
  });

  thorough("consistency is what the repeats of a prompt tell", async () => {
    const store = await filled();
    await store.connection.run(
      "update calls set prompt_id = 'p' || (rowid // 8), output_hash = md5((rowid % 3)::varchar), json_valid = rowid % 5 > 0",
    );
    const names = ["consistency:same_output", "consistency:json_valid", "consistency:pass_hat_2"];
    const table = await consistency(store, { by: "model", k: [2] });
    for (const row of (await metricTable(store, { by: "model", metrics: names })).rows) {
      const own = table.rows.find(({ model }) => model === row.model);
      assertClose(numbersOf(row["consistency:same_output"]), numbersOf(own?.same_output));
      assertClose(numbersOf(row["consistency:json_valid"]), numbersOf(own?.json_valid));
      assertClose(numbersOf(row["consistency:pass_hat_2"]), numbersOf(own?.pass_hat["2"]));
    }
    store.close();
  });
});

describe("metricNames", () => {
  test("names what the logs can tell, and nothing of an empty store", async () => {
    const empty = await open(":memory:");
    assert.deepEqual(await metricNames(empty), []);
    empty.close();
    const store = await filled();
    await store.connection.run(
      "insert into scores by name select 'call' as subject, 'c1' as subject_id, unnest(['helpful', 'messy', 'evidence_position']) as name, 1.0 as value",
    );
    const names = await metricNames(store);
    for (const name of ["duration_p95", "time_to_first_token_p95", "cost_per_resolved", "score:helpful"])
      assert.ok(names.includes(name), name);
    assert.ok(!names.some((name) => /messy|evidence/.test(name)), "these tell of requests, not of models");
    assert.ok(!names.includes("cost_per_conversation"), "no call has a conversation");
    assert.ok(!names.includes("consistency:same_output"), "no prompt is known");
    for (const name of names) assert.equal(metric(name).name, metric(metric(name).name).name);
    store.close();
  });

  test("names those that a report compares: of many scores six, and the cost per call if no other is known", async () => {
    const store = await filled();
    await store.connection.run(
      "insert into scores by name select 'call' as subject, 'c1' as subject_id, unnest(['a', 'b', 'c', 'd', 'e', 'f', 'g']) as name, 1.0 as value",
    );
    const all = await metricNames(store);
    const main = await metricNames(store, { main: true });
    assert.deepEqual(
      main,
      all.filter((name) => main.includes(name)),
      "in the order of all",
    );
    const scores = main.filter((name) => name.startsWith("score:"));
    assert.deepEqual(scores, all.filter((name) => name.startsWith("score:")).slice(0, 6));
    for (const name of ["duration_p95", "cost_per_resolved", "resolve_rate", "error_rate"])
      assert.ok(main.includes(name), name);
    for (const name of ["duration_p50", "cost_per_call", "cost_per_task"])
      assert.ok(all.includes(name) && !main.includes(name), name);
    await store.connection.run("update tasks set resolved = null");
    assert.ok((await metricNames(store, { main: true })).includes("cost_per_call"));
    store.close();
  });
});

describe("the share of comparisons won", () => {
  const won = async (options: object) => {
    const store = await filled();
    try {
      await store.connection.run(`
        insert into preferences by name
        select i::varchar as comparison_id, 'work' as workload, 'even' as model_a, 'odd' as model_b,
          (i % 4 > 0)::double as preferred, 'p' || (i % 30) as prompt_id from range(120) as r(i)`);
      const own = await preferences(store, { by: "workload" });
      return { own, table: await metricTable(store, { metrics: ["error_rate", "preferred"], ...options }) };
    } finally {
      store.close();
    }
  };

  thorough("stands beside the other metrics of a model, as preferences tells it", async () => {
    const { own, table } = await won({ by: "workload,model" });
    for (const row of own.rows) {
      const found = table.rows.find(({ model }) => model === row.model);
      assert.deepEqual(numbersOf(found?.preferred), numbersOf(row.win_rate));
    }
    const narrowed = await won({ where: "workload = 'work'" });
    assert.equal((narrowed.table.rows[0].preferred as Estimate).n, 120);
  });

  test("is left out with its reason where comparisons are not known by what is asked", async () => {
    for (const [options, reason] of [
      [{ by: "model,status" }, /have no status/],
      [{ where: "duration > 0" }, /unknown column "duration"/],
    ] as const) {
      const { table } = await won(options);
      assert.ok(table.rows.every(({ preferred }) => Number.isNaN((preferred as Estimate).value)));
      assert.match(table.notes.join(), reason);
    }
  });
});
