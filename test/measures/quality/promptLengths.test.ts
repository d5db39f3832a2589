import assert from "node:assert/strict";
import { test } from "node:test";
import { type JudgedLength, lengthsOf } from "../../../src/measures/quality/promptLengths";

/** Answers of two groups, the second's longer by .5, to prompts whose answers are as long as they are hard. */
const answers = (prompts: number, by: (prompt: number) => number[] = () => [0, 1]): JudgedLength[] =>
  Array.from({ length: prompts }, (_, prompt) =>
    by(prompt).map((place) => ({
      place,
      length: 5 + 0.5 * place + (prompt % 4) + 0.1 * ((7 * prompt + 3 * place) % 5),
      prompt: `p${prompt}`,
      cluster: `u${prompt % 20}`,
    })),
  ).flat();

test("lengths are told from difficulty by prompts that several groups answered, from 30 on", () => {
  const few = lengthsOf(answers(29), 2);
  assert.deepEqual([few.isTold, few.difficulty.length], [false, 0]);
  const many = lengthsOf(answers(40), 2);
  assert.deepEqual([many.isTold, many.difficulty.length], [true, 1]);
  assert.equal(
    lengthsOf(
      answers(80, (prompt) => [prompt % 2]),
      2,
    ).isTold,
    false,
  );
});

test("how long the answers to a prompt are does not rest on which groups answered it", () => {
  const both = lengthsOf(answers(40), 2).difficulty[0];
  const some = answers(80, (prompt) => (prompt < 40 ? [0, 1] : [prompt % 2]));
  const { difficulty } = lengthsOf(some, 2);
  // Prompts of the second group alone are as hard as those of the first, and get a mean of their own.
  assert.equal(difficulty.length, 3);
  assert.deepEqual([difficulty[0][80], difficulty[1][0], difficulty[2][80]], [0, 0, 1]);
  const spread = (of: readonly number[]) => Math.max(...of) - Math.min(...of);
  assert.ok(Math.abs(spread(both) - spread(difficulty[0].slice(0, 80))) < 1e-6);
  const alone = some.flatMap(({ place }, at) => (at < 80 ? [] : [{ place, own: difficulty[1][at] }]));
  const mean = (of: number) => {
    const own = alone.filter(({ place }) => place === of);
    return own.reduce((sum, one) => sum + one.own, 0) / own.length;
  };
  // Without the groups' own lengths these would be .5 further apart.
  assert.ok(Math.abs(mean(1) - mean(0) - 1) < 0.3, `${mean(1) - mean(0)}`);
});
