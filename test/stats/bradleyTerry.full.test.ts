import assert from "node:assert/strict";
import { test } from "node:test";
import { bradleyTerry } from "../../src/stats/bradleyTerry";
import { random } from "../../src/stats/random";

const logs = 300;

/** Raters with personal tastes for models, and prompts that favour some models, as in real data. */
function world(seed: number) {
  const source = random(seed);
  const strength = [0.5, 0.2, 0, -0.7];
  const [raters, prompts, n] = [40, 50, 600];
  const tastes = Array.from({ length: raters }, () => strength.map(() => 0.5 * source.normal()));
  const suits = Array.from({ length: prompts }, () => strength.map(() => 0.5 * source.normal()));
  const rater: number[] = [];
  const prompt: number[] = [];
  const first: number[] = [];
  const second: number[] = [];
  const preferred: number[] = [];
  const shown: number[] = [];
  for (let at = 0; at < n; at++) {
    // Some raters do far more than others.
    const who = Math.floor(raters * source.uniform() ** 1.5);
    const what = Math.floor(prompts * source.uniform());
    const a = Math.floor(4 * source.uniform());
    const b = (a + 1 + Math.floor(3 * source.uniform())) % 4;
    const side = source.uniform() < 0.5 ? 1 : -1;
    const of = (model: number) => strength[model] + tastes[who][model] + suits[what][model];
    const chance = 1 / (1 + Math.exp(of(b) - of(a) - 0.4 * side));
    rater.push(who);
    prompt.push(what);
    first.push(a);
    second.push(b);
    shown.push(side);
    preferred.push(Number(source.uniform() < chance));
  }
  return { first, second, preferred, shown, clusters: [rater, prompt] };
}

/**
 * The expected result of a position-neutral comparison over raters and prompts: the limit of the logistic regression,
 * from a long run.
 */
function truth(): number[] {
  const long = Array.from({ length: 300 }, (_, at) => world(1e6 + at));
  const all = {
    first: long.flatMap((one) => one.first),
    second: long.flatMap((one) => one.second),
    preferred: long.flatMap((one) => one.preferred),
    shown: long.flatMap((one) => one.shown),
  };
  return bradleyTerry(all, { models: 4 }).winRate.map(({ value }) => value);
}

test("intervals of win rates cover where raters and prompts are alike, and those without clusters do not", (t) => {
  const expected = truth();
  const covered = { both: 0, none: 0 };
  for (let at = 0; at < logs; at++) {
    const { clusters, ...comparisons } = world(at + 1);
    const by = (ways: typeof clusters | undefined) =>
      bradleyTerry(
        { ...comparisons, ...(ways === undefined ? {} : { clusters: ways }) },
        { models: 4 },
      ).winRate.filter(({ low, high }, model) => low <= expected[model] && expected[model] <= high).length /
      4;
    covered.both += by(clusters) / logs;
    covered.none += by(undefined) / logs;
  }
  t.diagnostic(
    `covered by rater and prompt ${covered.both.toFixed(3)}, by comparison ${covered.none.toFixed(3)}`,
  );
  // Standard error of a share of 0.95 over so many logs: 0.013.
  assert.ok(covered.both > 0.93, `covered ${covered.both}`);
  assert.ok(covered.none < 0.9, `without clusters ${covered.none}`);
});
