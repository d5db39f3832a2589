import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { traffic, windowOf } from "../../src/demo/traffic/traffic";
import { truthOf } from "../../src/demo/truth/truth";
import { readWorld, type World } from "../../src/demo/world/world";
import { changedMix, noDifference, otherWorld, sharedWinner } from "./worlds";

type Measures = Record<string, { value: number | null; standard_error: number | null }>;

function measuresOf(world: World) {
  const { rows } = truthOf(world, { calls: 80_000 });
  return (workload: string): [string, Measures][] =>
    rows
      .filter(({ by }) => Object.keys(by).join() === "workload,model" && by.workload === workload)
      .map(({ by, measures }) => [by.model, measures]);
}

const worth = (value: number, good: number, bad: number) =>
  Math.min(1, Math.max(0, (value - bad) / (good - bad)));

/** The best model for each of three teams, by plain weighted sums over true values. */
function winners(world: World) {
  const of = measuresOf(world);
  const best = (workload: string, score: (m: (name: string) => number) => number) =>
    of(workload)
      .map(([model, measures]): [string, number] => [model, score((name) => measures[name].value!)])
      .sort((a, b) => b[1] - a[1])[0][0];
  return {
    chat: best(
      "chat-assistant",
      (m) =>
        0.4 * worth(m("time_to_first_token.0.95"), 0.4, 2) +
        0.25 * worth(m("cost_per_conversation"), 0, 0.02) +
        0.2 * worth(m("resolve_rate"), 0.9, 0.5) +
        0.15 * worth(m("error_rate"), 0, 0.05),
    ),
    review: best(
      "document-review",
      (m) =>
        (m("hallucination_judge") > 0.05 ? -1 : 0) +
        0.4 * worth(m("hallucination"), 0, 0.1) +
        0.35 * worth(m("resolve_rate"), 0.95, 0.5) +
        0.2 * worth(m("cost_per_resolved"), 0, 0.25),
    ),
    coding: best(
      "coding-assistant",
      (m) =>
        0.3 * worth(m("time_to_first_token.0.95"), 0.5, 3) +
        0.6 * worth(m("resolve_rate"), 0.95, 0.4) +
        0.1 * worth(m("cost_per_task"), 0, 0.1),
    ),
  };
}

const leader = (world: World, benchmark: string) =>
  Object.entries(world.benchmarks[benchmark].models).sort((a, b) => b[1] - a[1])[0][0];

describe("worlds", () => {
  test("the default one has three teams with three models, none of them the leader of the benchmarks", () => {
    const { world } = readWorld();
    const best = winners(world);
    assert.deepEqual(best, { chat: "tamarisk-mini", review: "tamarisk-large", coding: "quillon-7" });
    for (const benchmark of [
      "general-knowledge",
      "graduate-science",
      "competition-math-2024",
      "arena-rating",
    ])
      assert.equal(leader(world, benchmark), "orrery-apex", benchmark);
  });

  test("another one has three other models", () => {
    assert.deepEqual(winners(otherWorld()), {
      chat: "quillon-7",
      review: "orrery-swift",
      coding: "tamarisk-mini",
    });
  });

  test("one has two teams that share a model", () => {
    assert.deepEqual(winners(sharedWinner()), {
      chat: "quillon-7",
      review: "tamarisk-large",
      coding: "quillon-7",
    });
  });

  test("one has no difference between its models", () => {
    const of = measuresOf(noDifference());
    for (const workload of ["chat-assistant", "document-review", "coding-assistant"])
      for (const name of ["duration.mean", "resolve_rate", "cost_per_task", "error_rate", "hallucination"]) {
        const [[, first], ...others] = of(workload);
        for (const [model, measures] of others) {
          const difference = measures[name].value! - first[name].value!;
          const error = Math.hypot(measures[name].standard_error!, first[name].standard_error!);
          assert.ok(
            Math.abs(difference) < 5 * error,
            `${workload} ${model} ${name}: ${difference} +- ${error}`,
          );
        }
      }
  });

  test("one changes its mix in the second of two weeks, and nothing else", () => {
    const world = changedMix();
    const middle = windowOf(world).from + 7 * 86_400e6;
    const tasks = [...traffic(world, { seed: 1, calls: 20_000 })];
    const share = (late: boolean) => {
      const own = tasks.filter(({ startedAt }) => startedAt >= middle === late);
      return own.filter(({ lane }) => lane.workload === "document-review").length / own.length;
    };
    assert.ok(share(true) > 1.5 * share(false), `${share(false)} ${share(true)}`);
    for (const { release, startedAt } of tasks) assert.equal(release, startedAt >= middle ? 1 : 0);
    for (const { lane } of tasks)
      for (const { slowdown } of lane.variants.releases) assert.equal(slowdown, 1);
  });
});
