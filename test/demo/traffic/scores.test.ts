import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered, type Task } from "../../../src/demo/traffic/call";
import { judging, type Score } from "../../../src/demo/traffic/scores";
import { traffic } from "../../../src/demo/traffic/traffic";
import { readWorld } from "../../../src/demo/world/world";
import { random } from "../../../src/stats/random";

const { world } = readWorld();
const tasks: Task[] = [...traffic(world, { seed: 5, calls: 40_000 })];
const judge = judging(world, random(5, 4));
const scores = tasks.flatMap(judge);
const callOf = ({ task, call }: Score) => task.calls[call];
const named = (name: string, rater: string) =>
  scores.filter((one) => one.name === name && one.rater === rater);
const share = (list: Score[], of: (one: Score) => boolean) => list.filter(of).length / list.length;

function near(list: Score[], of: (one: Score) => boolean, chance: number) {
  const error = Math.sqrt((chance * (1 - chance)) / list.length);
  const found = share(list, of);
  assert.ok(Math.abs(found - chance) <= 5 * error, `${found} against ${chance} +- ${error}`);
}

describe("judgements", () => {
  test("are right as often as the world says, of a model and of people", () => {
    for (const rater of ["judge", "human"] as const) {
      const { sensitivity, specificity } = world.raters[rater];
      const own = named("hallucination", rater);
      const isSo = own.filter((one) => callOf(one).hallucinated);
      const isNot = own.filter((one) => !callOf(one).hallucinated);
      near(isSo, ({ value }) => value === 1, sensitivity);
      near(isNot, ({ value }) => value === 0, specificity);
    }
  });

  test("of the model cover all answers where all are judged, and people a random part of them", () => {
    const own = (rater: string) =>
      named("hallucination", rater).filter(({ task }) => task.lane.workload === "document-review");
    const answers = tasks
      .filter(({ lane }) => lane.workload === "document-review")
      .flatMap(({ calls }) => calls)
      .filter(answered);
    assert.equal(own("judge").length, answers.length);
    const { reviewed, reviewed_twice } = world.workloads["document-review"].labels;
    const people = new Map<object, Score[]>();
    for (const one of own("human")) people.set(callOf(one), [...(people.get(callOf(one)) ?? []), one]);
    assert.ok(Math.abs(people.size / answers.length - reviewed) < 0.03);
    const twice = [...people.values()].filter((both) => both.length === 2);
    assert.ok(Math.abs(twice.length / people.size - reviewed_twice) < 0.04);
    for (const [first, second] of twice) assert.notEqual(first.raterId, second.raterId);
  });

  test("of the validation are right as often as its pipeline says, and fail its stage", () => {
    const { pipelines } = world.workloads["document-review"];
    const { sensitivity, specificity } = pipelines.checked.validator!;
    const own = named("supported", "rule");
    near(
      own.filter((one) => callOf(one).hallucinated),
      ({ value }) => value === 0,
      sensitivity,
    );
    near(
      own.filter((one) => !callOf(one).hallucinated),
      ({ value }) => value === 1,
      specificity,
    );
    for (const { calls, stages } of tasks.filter(({ pipeline }) => pipeline === 1))
      assert.equal(
        stages.filter(({ failed }) => failed).length,
        calls.filter(({ flagged }) => flagged === true).length,
      );
  });

  test("by rule say which answers passed", () => {
    const own = named("correct", "rule");
    assert.ok(own.length > 1000);
    for (const one of own) assert.equal(one.value === 1, callOf(one).passed);
  });

  test("of users are of a few tasks' last calls, and kinder where the task was resolved", () => {
    const own = named("helpful", "user");
    assert.ok(own.every(({ task, call }) => call === task.calls.length - 1));
    const eligible = tasks.filter(({ lane }) => lane.workload === "chat-assistant").length;
    assert.ok(Math.abs(own.length / eligible - 0.08) < 0.01);
    const kind = (resolved: boolean) =>
      share(
        own.filter(({ task }) => task.resolved === resolved),
        ({ value }) => value === 1,
      );
    assert.ok(kind(true) > 0.8 && kind(false) < 0.45);
  });

  test("come after the answer, and never of a refusal", () => {
    for (const one of scores) {
      const call = callOf(one);
      assert.ok(answered(call));
      assert.ok(one.at >= call.startedAt + call.duration);
    }
  });
});

describe("hallucinations", () => {
  const answers = tasks.flatMap((task) =>
    task.calls.filter(answered).map((call) => ({ call, pipeline: task.pipeline })),
  );
  const rate = (of: (one: (typeof answers)[number]) => boolean) => {
    const own = answers.filter(of);
    return own.filter(({ call }) => call.hallucinated).length / own.length;
  };

  test("are half as many in the checked pipeline", () => {
    const inReview = (pipeline: number) =>
      rate(({ call, ...one }) => call.lane.workload === "document-review" && one.pipeline === pipeline);
    const ratio = inReview(1) / inReview(0);
    assert.ok(Math.abs(ratio - 0.5) < 0.1, String(ratio));
  });

  test("are more where the prompt is longer than the model's effective context", () => {
    const far = (isFar: boolean) =>
      rate(
        ({ call }) =>
          call.lane.workload === "document-review" &&
          call.lane.model === "tamarisk-mini" &&
          call.inputTokens > call.lane.spec.effective_context === isFar,
      );
    assert.ok(far(true) > 1.5 * far(false), `${far(false)} ${far(true)}`);
  });
});
