import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { truthOfStudy } from "../../../src/demo/truth/studyTruth";
import { drawStudy, type Study } from "../../../src/demo/world/study";
import { readWorld } from "../../../src/demo/world/world";
import { names } from "../../../src/demo/write/name";
import { studyLog } from "../../../src/demo/write/studyLog";
import { random } from "../../../src/stats/random";
import { sameOutput } from "../../../src/stats/sameOutput";

const { world } = readWorld();
const study = world.study!;
const valid = (model: string) => world.models[model].json_valid;

const near = (value: number, truth: number, error: number, what: string) =>
  assert.ok(Math.abs(value - truth) <= 5 * error, `${what}: ${value} against ${truth} +- ${error}`);
const mean = (list: number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
/** The standard error of a mean. */
function spread(list: number[]): number {
  const centre = mean(list);
  return Math.sqrt(mean(list.map((x) => (x - centre) ** 2)) / list.length);
}

describe("the truth of a study", () => {
  const prompts = 6000;
  const model = "tamarisk-large";
  // Half of the variance between prompts is chance (the usual answers), half is difficulty.
  const spec = { quality: 0.6, steadiness: 5, same: 0.6 };
  const large: Study = { ...study, prompts, models: { [model]: spec } };
  const [truth] = truthOfStudy(large, valid);
  const answers = drawStudy(large, valid, random(3));
  const byPrompt = Array.from({ length: prompts }, (_, prompt) =>
    answers.slice(prompt * study.repeats, (prompt + 1) * study.repeats),
  );

  test("is what many prompts show: means, variances, passes and repetitions", () => {
    const means = byPrompt.map((own) => mean(own.map(({ quality }) => quality)));
    near(mean(means), truth.mean, spread(means), "mean");
    const within = byPrompt.map((own) => {
      const centre = mean(own.map(({ quality }) => quality));
      return own.reduce((sum, { quality }) => sum + (quality - centre) ** 2, 0) / (own.length - 1);
    });
    near(mean(within), truth.variance_within, spread(within), "variance within");
    const centre = mean(means);
    const squares = means.map((own) => (own - centre) ** 2);
    const between = mean(squares) - truth.variance_within / study.repeats;
    near(between, truth.variance_between, spread(squares), "variance between");
    for (const k of [1, 2, 4, 8]) {
      const passes = byPrompt.map((own) => own.slice(0, k).every(({ quality }) => quality >= study.pass));
      near(mean(passes.map(Number)), truth.pass_hat[k], spread(passes.map(Number)), `pass^${k}`);
      const any = byPrompt.map((own) => own.slice(0, k).some(({ quality }) => quality >= study.pass));
      near(mean(any.map(Number)), truth.pass_at[k], spread(any.map(Number)), `pass@${k}`);
    }
    const same = byPrompt.map((own) => {
      const counts = new Map<number, number>();
      for (const { variant } of own) counts.set(variant, (counts.get(variant) ?? 0) + 1);
      return sameOutput([...counts.values()]);
    });
    near(mean(same), truth.same_output, spread(same), "same output");
    const parsed = byPrompt.map((own) => mean(own.map(({ jsonValid }) => Number(jsonValid))));
    near(mean(parsed), truth.json_valid, spread(parsed), "JSON");
  });

  test("has a model of lower mean that is far steadier than the one of the highest", () => {
    const all = truthOfStudy(study, valid).sort((a, b) => b.mean - a.mean);
    const [first, second] = all;
    assert.deepEqual([first.model, second.model], ["orrery-apex", "tamarisk-large"]);
    assert.ok(second.variance_within < first.variance_within / 5);
    assert.ok(second.pass_hat[8] > 1.5 * first.pass_hat[8]);
    assert.ok(second.same_output > 10 * first.same_output);
  });
});

describe("the log of a study", () => {
  const small = { ...study, prompts: 3, repeats: 4 };
  const log = studyLog(world, small, names(1), 1);
  const calls = log.calls
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const models = Object.keys(study.models);

  test("has every prompt as often of every model, each answer a task of its own with its trial", () => {
    assert.equal(calls.length, 3 * 4 * models.length);
    const tasks = log.tasks.trimEnd().split("\n").slice(1);
    assert.equal(new Set(tasks.map((line) => line.split(",")[0])).size, calls.length);
    assert.deepEqual(
      tasks.slice(0, 4).map((line) => line.split(",")[3]),
      ["1", "2", "3", "4"],
    );
    assert.ok(calls.every(({ environment, status }) => environment === "evaluation" && status === "ok"));
    assert.equal(new Set(calls.map(({ call_id }) => call_id)).size, calls.length);
  });

  test("names equal answers alike: the same words have the same length, quality and JSON", () => {
    const quality = new Map(
      log.scores
        .trimEnd()
        .split("\n")
        .filter((line) => line.includes(",quality,"))
        .map((line) => [line.split(",")[1], line.split(",")[3]]),
    );
    const seen = new Map<string, string>();
    let repeated = 0;
    for (const { output_hash, output_length, json_valid, prompt_id, model, call_id } of calls) {
      const what = [output_length, json_valid, prompt_id, model, quality.get(call_id)].join();
      if (seen.has(output_hash)) repeated++;
      assert.equal(seen.get(output_hash) ?? what, what);
      seen.set(output_hash, what);
    }
    assert.ok(repeated > 0);
  });

  test("calls correct what reaches the quality that passes", () => {
    const rows = log.scores
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    for (let at = 0; at < rows.length; at += 2)
      assert.equal(rows[at + 1][3], Number(rows[at][3]) >= study.pass ? "1" : "0");
  });
});
