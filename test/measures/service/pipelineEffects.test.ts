import assert from "node:assert/strict";
import { test } from "node:test";
import { pipelineSentence, qualityPipeline } from "../../../src/measures/service/pipelineEffects";
import type { PipelineRow } from "../../../src/measures/service/pipelineSquares";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { near } from "../../same";
import { type Call, withCalls } from "../calls";

const chances: Record<string, Record<string, number>> = {
  small: { plain: 0.4, checked: 0.8 },
  large: { plain: 0.6, checked: 0.85 },
};
/** Two models in two pipelines, assigned at random; each cell has its own chance of resolving a task. */
function world(count: number): { calls: Call[]; outcomes: [string, boolean][] } {
  const r = random(21);
  const outcomes: [string, boolean][] = [];
  const calls = Array.from({ length: count }, (_, i) => {
    const model = r.integer(2) === 0 ? "small" : "large";
    const prompt_version = r.integer(2) === 0 ? "plain" : "checked";
    outcomes.push([`t${i}`, r.uniform() < chances[model][prompt_version]]);
    return {
      call_id: `c${i}`,
      task_id: `t${i}`,
      user_id: `u${r.integer(200)}`,
      workload: "w",
      model,
      prompt_version,
    };
  });
  return { calls, outcomes };
}
const holds = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high;

async function measured(count: number, use: (row: PipelineRow) => void) {
  const { calls, outcomes } = world(count);
  await withCalls(calls, async (store) => {
    await run(
      store.connection,
      `insert into tasks (task_id, resolved) values ${outcomes.map(([id, one]) => `('${id}', ${one})`)}`,
    );
    const { rows, by } = await qualityPipeline(store, { level: 0.995 });
    assert.deepEqual(by, ["workload", "lesser_model", "better_model"]);
    assert.equal(rows.length, 1);
    use(rows[0]);
  });
}

thorough("model, pipeline and what they do together are told apart", () =>
  measured(4000, (row) => {
    assert.deepEqual(
      [row.lesser_model, row.better_model, row.lesser_pipeline, row.better_pipeline, row.n],
      ["small", "large", "plain", "checked", 4000],
    );
    near(row.lesser_in_better.value - row.better_in_lesser.value, row.lesser_ahead.value, "ahead");
    const cells = [row.lesser_in_lesser, row.lesser_in_better, row.better_in_lesser, row.better_in_better];
    for (const [at, truth] of [0.4, 0.8, 0.6, 0.85].entries()) assert.ok(holds(cells[at], truth));
    assert.ok(holds(row.model_effect, 0.125) && holds(row.pipeline_effect, 0.325));
    assert.ok(holds(row.interaction, -0.15) && row.interaction.high < 0);
    assert.equal(row.model_effect.clusterBy, "user_id");
    assert.equal(
      pipelineSentence(row),
      'small in "checked" does better than large in "plain": a lesser model in a well-built pipeline is ahead.',
    );
  }),
);

test("what few tasks leave open is said to be open", () =>
  measured(60, (row) => {
    assert.ok(row.lesser_ahead.high - row.lesser_ahead.low > 0.3);
    const open = { ...row, lesser_ahead: { ...row.lesser_ahead, low: -0.1, high: 0.1 } };
    assert.match(pipelineSentence(open), /is not distinguishable from .* in "\w+"\.$/);
    const behind = { ...row, lesser_ahead: { ...row.lesser_ahead, low: -0.2, high: -0.1 } };
    assert.match(pipelineSentence(behind), /the model outweighs the pipeline/);
    const equal = { ...row.model_effect, low: -0.1, high: 0.1 };
    const ahead = { ...row, lesser_ahead: { ...row.lesser_ahead, low: 0.1, high: 0.2 }, model_effect: equal };
    assert.match(pipelineSentence(ahead), /the pipelines differ, the models do not measurably/);
  }));

test("a score of calls is an outcome, and releases are pipelines where prompts do not differ", () =>
  withCalls(
    world(800).calls.map(({ prompt_version, ...call }) => ({
      ...call,
      release: prompt_version === "plain" ? "4.2" : "4.3",
    })),
    async (store) => {
      await run(
        store.connection,
        `insert into scores (subject, subject_id, name, value, rater)
         select 'call', call_id, 'grade', case release when '4.3' then 3 else 2 end, 'human' from calls`,
      );
      const [row] = (await qualityPipeline(store, { outcome: "grade" })).rows;
      assert.deepEqual([row.lesser_pipeline, row.better_pipeline], ["4.2", "4.3"]);
      near(row.pipeline_effect.value, 1, "effect");
      assert.equal(row.pipeline_effect.unit, "");
    },
  ));

test("one pipeline alone tells nothing, and says so", () =>
  withCalls([{ task_id: "t", model: "small", prompt_version: "plain" }], async (store) => {
    const { rows, notes } = await qualityPipeline(store);
    assert.equal(rows.length, 0);
    assert.match(notes.join(" "), /cannot be separated/);
    await assert.rejects(qualityPipeline(store, { pipeline: "region" as never }), /requires pipeline/);
  }));
