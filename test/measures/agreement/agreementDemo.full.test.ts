import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Truth } from "../../../src/demo/truth/truth";
import { ingest } from "../../../src/logs/ingest";
import { agreement } from "../../../src/measures/agreement/agreement";
import type { AgreementRow } from "../../../src/measures/agreement/agreementTable";
import { agreementSideBySide } from "../../../src/measures/agreement/sideBySide";
import { benchmarkContamination } from "../../../src/measures/benchmark/contaminationOf";
import { benchmarkTiers } from "../../../src/measures/benchmark/saturation";
import type { Table } from "../../../src/measures/table";
import { open, type Store } from "../../../src/store/open";
import { root } from "../../dist";

/** The truth about the demo company, under the measures' names. */
interface True {
  benchmark: string;
  workload: string;
  metric: string;
  spearman: number;
}
const demo = join(root, "data", "demo");
const truth = JSON.parse(readFileSync(join(demo, "truth.json"), "utf8")) as Pick<
  Truth,
  "benchmarks" | "rows"
> & {
  ranks: True[];
};
const named: Record<string, string> = { "time_to_first_token.0.95": "time_to_first_token_p95" };

describe("the demo company, whose truth is known", () => {
  let store: Store;
  let table: Table<AgreementRow>;
  before(async () => {
    store = await open(":memory:");
    await ingest(store, demo);
    const metric = [
      "cost_per_resolved",
      "resolve_rate",
      "time_to_first_token_p95",
      "hallucination",
      "error_rate",
    ];
    table = await agreement(store, { metric, resamples: 499 });
  });
  after(() => store.close());

  test("the intervals hold the true rank correlations, but for few", () => {
    const missed: string[] = [];
    let held = 0;
    for (const { benchmark, workload, metric, spearman } of truth.ranks) {
      const row = table.rows.find(
        (one) =>
          one.benchmark === benchmark &&
          one.workload === workload &&
          one.metric === (named[metric] ?? metric),
      );
      // A benchmark that cannot rank these models says nothing about a correlation.
      if (row === undefined || Number.isNaN(row.spearman.value)) continue;
      const { low, high } = row.spearman;
      // The truth is rounded to four digits.
      if (low - 1e-4 <= spearman && spearman <= high + 1e-4) held++;
      else missed.push(`${workload}, ${benchmark}, ${metric}: ${spearman} in [${low}, ${high}]`);
    }
    assert.ok(held + missed.length >= 50, String(held + missed.length));
    // The pairs share their models, so misses come together: one in eight is no surprise.
    assert.ok(missed.length <= (held + missed.length) / 8, missed.join("\n"));
  });

  test("the leaderboards' first is the best of no workload by what a resolved task costs", () => {
    const rows = table.rows.filter(
      (row) =>
        row.metric === "cost_per_resolved" && ["arena-rating", "general-knowledge"].includes(row.benchmark),
    );
    assert.equal(rows.length, 6);
    for (const row of rows) {
      assert.equal(row.first, "orrery-apex");
      assert.ok(row.p_first_is_best! < 0.05 && row.regret!.low > 0, String(row.workload));
      assert.equal(row.verdict, "disagrees");
    }
  });

  test("the leader of most benchmarks is truly the best of no workload, by no metric", () => {
    const leaders = truth.benchmarks.filter(({ rank }) => rank === 1).map(({ model }) => model);
    assert.equal(leaders.filter((model) => model === "orrery-apex").length, 5);
    const more = ["resolve_rate", "correct", "helpful"];
    const less = [
      ...["duration.0.5", "duration.0.95", "time_to_first_token.0.95", "cost_per_task", "cost_per_resolved"],
      ...["hallucination", "error_rate"],
    ];
    const own = truth.rows.filter(({ by }) => Object.keys(by).join() === "workload,model");
    const workloads = [...new Set(own.map(({ by }) => by.workload))];
    assert.equal(workloads.length, 3);
    for (const workload of workloads)
      for (const name of [...more, ...less]) {
        const sign = more.includes(name) ? 1 : -1;
        const values = own
          .filter(({ by, measures }) => by.workload === workload && measures[name] !== undefined)
          .map(({ by, measures }): [string, number] => [by.model, sign * measures[name].value!])
          .sort((a, b) => b[1] - a[1]);
        // Nobody streams the reviews of documents.
        if (values.length > 0) assert.notEqual(values[0][0], "orrery-apex", `${workload}, ${name}`);
      }
  });

  test("one benchmark is saturated, and one model has seen the questions of another", async () => {
    const boards = await benchmarkTiers(store);
    assert.deepEqual(
      boards.rows.filter(({ verdict }) => verdict === "cannot rank").map(({ benchmark }) => benchmark),
      ["common-sense"],
    );
    const gaps = { public: "competition-math-2024", private: "competition-math-2026" };
    assert.deepEqual((await benchmarkContamination(store, gaps)).suspects, ["quillon-7-lite"]);
  });

  test("side by side, most benchmarks name a model that is nowhere the cheapest for what gets done", async () => {
    const { rows } = await agreementSideBySide(store, { compared: table });
    const costs = rows.filter(({ question }) => question === "Which model costs least for the work done?");
    assert.equal(costs.length, 3);
    for (const row of costs) {
      assert.match(row.benchmarks_say, /^orrery-apex \(5 of 6\)/);
      assert.doesNotMatch(row.production_says, /orrery-apex/);
      assert.equal(row.agree, "no");
    }
  });
});
