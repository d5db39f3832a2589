import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { traffic } from "../../src/demo/traffic";
import { type Known, truthOf } from "../../src/demo/truth";
import { readWorld } from "../../src/demo/world";

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

  test("is refused from too short a run", () => {
    assert.throws(() => truthOf(world, { calls: 1000 }), /truthOf requires calls >= 80000, got 1000/);
  });
});
