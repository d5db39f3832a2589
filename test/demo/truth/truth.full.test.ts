import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { traffic } from "../../../src/demo/traffic/traffic";
import { truthOf } from "../../../src/demo/truth/truth";
import type { Known } from "../../../src/demo/truth/truthMeasures";
import { checkWorld, defaultWorldText, readWorld } from "../../../src/demo/world/world";

describe("the truth of a world", () => {
  const { world } = readWorld();
  const truth = truthOf(world, { calls: 160_000 });
  const row = (by: Record<string, string>) =>
    truth.rows.find((one) => JSON.stringify(one.by) === JSON.stringify(by))!.measures;

  test("comes from many runs, with an error of its own for each number", () => {
    assert.deepEqual([truth.calls, truth.weeks, truth.batches], [160_000, 40, 20]);
    for (const { measures } of truth.rows)
      for (const { value, standard_error } of Object.values(measures))
        assert.ok(value !== null && standard_error !== null && standard_error >= 0);
  });

  test("agrees with other runs of the same process read off by sorting", () => {
    const seconds: number[] = [];
    let calls = 0;
    let errors = 0;
    let cost = 0;
    let resolved = 0;
    for (let seed = 1; seed <= 40; seed++)
      for (const task of traffic(world, { seed, calls: 4000 })) {
        if (task.lane.workload === "chat-assistant" && task.lane.model === "tamarisk-mini") {
          resolved += task.resolved ? 1 : 0;
          for (const call of task.calls) cost += call.cost;
        }
        for (const { lane, status, duration } of task.calls) {
          if (lane.workload !== "chat-assistant" || lane.model !== "tamarisk-mini") continue;
          calls++;
          if (status === "error" || status === "timeout" || status === "rate_limited") errors++;
          if (status === "ok" || status === "timeout") seconds.push(duration / 1e6);
        }
      }
    seconds.sort((a, b) => a - b);
    const known = row({ workload: "chat-assistant", model: "tamarisk-mini" });
    const near = (value: number, { value: truth, standard_error }: Known) =>
      assert.ok(
        Math.abs(value - truth!) <= 5 * standard_error!,
        `${value} against ${truth} +- ${standard_error}`,
      );
    near(seconds.reduce((sum, x) => sum + x, 0) / seconds.length, known["duration.mean"]);
    for (const p of [0.5, 0.95, 0.99, 0.999])
      near(seconds[Math.floor(p * (seconds.length - 1))], known[`duration.${p}`]);
    near(errors / calls, known.error_rate);
    near(cost / resolved, known.cost_per_resolved);
  });

  test("puts a quantile among the timeouts at the limit", () => {
    const apex = truth.rows.find(
      ({ by }) => by.workload === "chat-assistant" && by.model === "orrery-apex" && by.provider === undefined,
    )!;
    assert.ok(apex.censored > 0.01);
    assert.equal(apex.measures["duration.0.99"].value, world.workloads["chat-assistant"].timeout);
  });

  test("has no time to first token where nothing is streamed", () => {
    assert.equal(row({ workload: "document-review" })["time_to_first_token.mean"], undefined);
  });

  test("tells the story of the field", () => {
    const best = (workload: string, measure: string) =>
      truth.rows
        .filter(({ by }) => by.workload === workload && by.model !== undefined && by.provider === undefined)
        .sort((a, b) => a.measures[measure].value! - b.measures[measure].value!)[0].by.model;
    for (const workload of Object.keys(world.workloads)) {
      assert.equal(best(workload, "duration.mean"), "orrery-swift");
      assert.equal(best(workload, "duration.0.99"), "tamarisk-mini");
      assert.equal(best(workload, "cost_per_call"), "quillon-7-lite");
      assert.notEqual(best(workload, "cost_per_resolved"), "quillon-7-lite");
    }
  });

  test("tells what was planted: the slower release, the better pipeline, and how wrong the judge is", () => {
    const of = (by: Record<string, string>, name: string) => row(by)[name].value!;
    const chat = (release: string) => of({ workload: "chat-assistant", release }, "duration.0.5");
    assert.equal(truth.planted.releases["chat-assistant"][1].slowdown, 1.3);
    // Days after the release are quieter too, so the two differ by more than the factor.
    const ratio = chat("4.3.0") / chat("4.2.0");
    assert.ok(ratio > 1.15 && ratio < 1.35, String(ratio));
    const review = (prompt_version: string, name: string) =>
      of({ workload: "document-review", prompt_version }, name);
    assert.ok(Math.abs(review("checked", "hallucination") / review("plain", "hallucination") - 0.5) < 0.05);
    assert.ok(review("checked", "resolve_rate") > review("plain", "resolve_rate") + 0.05);
    assert.ok(review("checked", "duration.0.5") > 1.1 * review("plain", "duration.0.5"));
    const { judge } = truth.planted.raters;
    const rate = review("plain", "hallucination");
    const judged = rate * judge.sensitivity + (1 - rate) * (1 - judge.specificity);
    assert.ok(Math.abs(review("plain", "hallucination_judge") - judged) < 1e-6);
  });

  test("knows one benchmark that agrees with production, and that the others do not", () => {
    const of = (benchmark: string) =>
      truth.ranks.filter((one) => one.metric === "resolve_rate" && one.benchmark === benchmark);
    for (const { spearman, models } of of("office-tasks")) {
      assert.ok(spearman >= 0.7, String(spearman));
      assert.equal(models, 6);
    }
    for (const benchmark of ["general-knowledge", "graduate-science", "arena-rating"])
      for (const { spearman } of of(benchmark)) assert.ok(spearman < 0.5, `${benchmark} ${spearman}`);
  });

  test("has no hallucinations where the world has none, and no study", () => {
    const plain = JSON.parse(defaultWorldText());
    for (const name of Object.keys(plain.workloads)) delete plain.workloads[name].hallucination;
    delete plain.study;
    const { rows, study } = truthOf(checkWorld(plain), { calls: 80_000 });
    assert.deepEqual(study, []);
    for (const { measures } of rows) assert.equal(measures.hallucination, undefined);
  });

  test("is refused from too short a run", () => {
    assert.throws(() => truthOf(world, { calls: 1000 }), /truthOf requires calls >= 80000, got 1000/);
  });
});
