import assert from "node:assert/strict";
import { test } from "node:test";
import { thorough } from "../../property";
import * as alpaca from "./fixtures/alpacaAnnotations";
import * as arena from "./fixtures/arenaBattles";
import * as arenaHard from "./fixtures/arenaHardJudgments";
import * as mtBench from "./fixtures/mtBenchPairs";
import { read } from "./read";

test("a battle of the Arena is a preference of the left answer over the right one, and bad ones both are a tie", async () => {
  const { preferences, calls } = await read([arena.full]);
  assert.equal(calls.length, 0);
  assert.deepEqual(
    preferences.map(({ preferred, shown_first, rater }) => [preferred, shown_first, rater]),
    [1, 0, 0.5, 0.5, 0.5].map((preferred) => [preferred, "a", "human"]),
  );
  const [one, , , , counted] = preferences;
  assert.deepEqual([one.rater_id, (one.at as Date).getUTCHours()], ["arena_user_17", 0]);
  const style = ({ length_a, lists_a, headings_a, bold_a, length_b, lists_b }: typeof one) =>
    [length_a, lists_a, headings_a, bold_a, length_b, lists_b].map(Number);
  assert.deepEqual(style(one), [40, 5, 3, 2, 10, 0]);
  // Without the Arena's own counts those of the texts.
  assert.deepEqual(style(counted), [38, 2, 1, 1, 23, 0]);
});

thorough("a winner that is neither model nor a tie is rejected", async () => {
  const { preferences, rejects } = await read([arena.broken]);
  assert.deepEqual([preferences.length, rejects.length], [1, 2]);
});

test("each game of a pair is a preference of its own, in the order in which the judge saw it", async () => {
  const { preferences } = await read([mtBench.full]);
  assert.deepEqual(
    preferences
      .map(({ model_a, preferred, shown_first, rater_id }) =>
        [model_a, preferred, shown_first, rater_id].join(" "),
      )
      .sort(),
    ["quarry-2 0 b judge-a", "quarry-2 0.5 b judge-a", "quarry-2 1 a judge-a"],
  );
  const hard = await read([arenaHard.full]);
  assert.deepEqual(
    hard.preferences
      .map(({ prompt_id, model_a, model_b, preferred, shown_first }) =>
        [prompt_id, model_a, model_b, preferred, shown_first].join(" "),
      )
      .sort(),
    ["q-1 quarry-2 reference-1 0.5 a", "q-1 quarry-2 reference-1 1 b", "q-2 quarry-2 reference-1 0 b"],
  );
});

test("an annotation of AlpacaEval is a preference with the judge's probability", async () => {
  const { preferences } = await read([alpaca.full]);
  assert.deepEqual(preferences.map(({ preferred }) => preferred).sort(), [0, 0.5, 0.75]);
  assert.deepEqual([preferences[0].model_a, preferences[0].model_b], ["reference", "model-7b"]);
});
