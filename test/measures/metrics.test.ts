import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { withMetrics } from "../../scripts/metricsDocument";
import { choose } from "../../src/decide/choose/choose";
import { correlationOf } from "../../src/decide/choose/chooseCorrelation";
import { compare } from "../../src/decide/compare/compare";
import { plan } from "../../src/decide/plan/plan";
import { readProfile } from "../../src/decide/profile/readProfile";
import { everything } from "../../src/facts/request";
import { select } from "../../src/facts/select";
import { agreement } from "../../src/measures/agreement/agreement";
import { metric } from "../../src/measures/metric";
import type { Metric } from "../../src/measures/metricKinds";
import { metricNames } from "../../src/measures/metricNames";
import { metrics } from "../../src/measures/metrics";
import { metricTable } from "../../src/measures/metricTable";
import type { Row } from "../../src/measures/table";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";
import { run } from "../../src/store/run";
import { root } from "../dist";
import { thorough } from "../property";
import { near } from "../same";
import { storeOf } from "./calls";

/** Two metrics that no table has: one over answering calls, one over tasks. */
const added: Metric[] = [
  {
    name: "long_answer_rate",
    label: "share of long answers",
    unit: "1",
    better: "lower",
    source: { measure: "ratio", over: "answers", numerator: "output_tokens > 500" },
    words: ["fewer long answers", "more long answers"],
    needs: "output_tokens is not null",
    offered: ["list", "compare", "plan"],
  },
  {
    name: "seconds_per_task",
    label: "seconds per task",
    unit: "s/task",
    better: "lower",
    source: { measure: "ratio", over: "tasks", numerator: "seconds" },
    words: ["less waiting", "more waiting"],
    offered: ["list", "compare"],
  },
];
const names = added.map(({ name }) => name);
const models = ["alder", "birch", "cedar", "dogwood"];

let store: Store;
before(async () => {
  metrics.push(...added);
  store = await storeOf(
    Array.from({ length: 800 }, (_, i) => ({
      call_id: `c${i}`,
      task_id: `t${Math.floor(i / 2)}`,
      user_id: `u${Math.floor(i / 2) % 97}`,
      model: models[Math.floor(i / 2) % 4],
      started_at: new Date(Date.UTC(2026, 2, 2) + 1_800_000 * i).toISOString().slice(0, 19),
      status: "ok",
      duration: 1 + ((i * 7) % 13) / 4,
      // Every model has more of them than the one before.
      output_tokens: (i * 31) % 100 < 10 + 15 * (Math.floor(i / 2) % 4) ? 800 : 100,
      cost: 0.01,
    })),
  );
  const scores = models.map((model, at) => `('${model}', 'exam', ${90 - at})`);
  await run(store.connection, `insert into benchmarks (model, benchmark, score) values ${scores.join(", ")}`);
});
after(() => {
  metrics.splice(-added.length);
  store.close();
});

describe("a metric that is added to the table of metrics, and nowhere else", () => {
  test("is known by name, and listed where the log can tell it", async () => {
    assert.deepEqual(
      names.map((name) => metric(name).label),
      ["share of long answers", "seconds per task"],
    );
    const available = await metricNames(store);
    for (const name of names) assert.ok(available.includes(name), name);
  });

  test("is measured by its definition", async () => {
    const { rows } = await metricTable(store, { by: "model", metrics: names });
    for (const [at, model] of models.entries()) {
      const row = rows.find((one) => one.model === model) as Row;
      const own = Array.from({ length: 800 }, (_, i) => i).filter((i) => Math.floor(i / 2) % 4 === at);
      const long = own.filter((i) => (i * 31) % 100 < 10 + 15 * at).length;
      const seconds = own.reduce((sum, i) => sum + 1 + ((i * 7) % 13) / 4, 0);
      const [rate, mean] = names.map((name) => row[name] as Estimate);
      near(rate.value, long / own.length, "rate");
      near(mean.value, seconds / (own.length / 2), "mean");
      assert.deepEqual([rate.n, mean.n, rate.method], [own.length, own.length / 2, "wilson"]);
      assert.ok(mean.low < mean.value && mean.value < mean.high);
    }
  });

  thorough("is compared unasked, in its own words", async () => {
    const { rows } = await compare(store, { a: "model = 'alder'", b: "model = 'dogwood'" });
    const found = names.map((name) => rows.find((row) => row.metric === name));
    assert.equal(found[0]?.verdict, "more long answers");
    assert.ok(found[1] !== undefined);
  });

  thorough("is a criterion of a profile, and its dependence on others is known", async () => {
    const criteria = names.map((name) => ({
      metric: name,
      weight: 0.5,
      good: 0,
      bad: name === names[0] ? 1 : 20,
    }));
    const profile = readProfile({ name: "short", criteria });
    const choice = await choose(store, { profile, draws: 999 });
    assert.deepEqual(choice.rows.map(({ model }) => model).sort(), models);
    const selection = await select(store, everything, { by: "model", population: "tasks" });
    const wanted = [...names, "duration_mean", "cost_per_task"];
    const { rows } = await metricTable(store, { by: "model", metrics: wanted });
    const correlation = await correlationOf(selection, rows, wanted);
    selection.close();
    assert.ok(
      correlation([0, "seconds_per_task"], [0, "duration_mean"]) > 0.3,
      "longer calls make longer tasks",
    );
    assert.equal(correlation([0, "long_answer_rate"], [0, "long_answer_rate"]), 1);
  });

  thorough("is planned, and set against benchmarks", async () => {
    const planned = await plan(store, { by: [] });
    assert.ok(planned.rows.some((row) => row.metric === "long_answer_rate"));
    const table = await agreement(store, { resamples: 199 });
    for (const name of names)
      assert.ok(
        table.rows.some((row) => row.metric === name),
        name,
      );
    assert.equal(table.rows.find((row) => row.metric === names[0])?.spearman.value, 1);
  });

  test("stands in the page about profiles as soon as that is written anew", () => {
    const page = readFileSync(join(root, "docs", "profiles.md"), "utf8");
    assert.match(withMetrics(page), /\| `long_answer_rate` \| share of long answers \| share \| lower \|/);
  });
});

test("docs/profiles.md has the metrics of the table", () => {
  const page = readFileSync(join(root, "docs", "profiles.md"), "utf8");
  const own = metrics.splice(-added.length);
  try {
    assert.equal(withMetrics(page), page);
  } finally {
    metrics.push(...own);
  }
});

test("no two metrics have one name", () => {
  const all = metrics.map(({ name }) => name);
  assert.equal(new Set(all).size, all.length);
});
