import { random } from "../../stats/random";
import type { Preferences } from "../world/preferences";
import type { World } from "../world/world";

/** Standard deviation of the log of an answer's length around its model's own. */
const lengthSpread = 0.35;
const typicalLength = 900;

/** Comparisons of answers, one per line, with the columns of this library's own table as keys. */
export function preferencesLog(world: World, of: Preferences, seed: number): string {
  const source = random(seed, 7);
  const models = Object.keys(of.models);
  const tastes = Array.from({ length: of.raters }, () => models.map(() => of.taste * source.normal()));
  const below = (count: number) => Math.floor(source.uniform() * count);
  const lines: string[] = [];
  for (let at = 0; at < of.comparisons; at++) {
    const [rater, prompt, a] = [below(of.raters), below(of.prompts), below(models.length)];
    const b = (a + 1 + below(models.length - 1)) % models.length;
    const [lengthA, lengthB] = [a, b].map((model) =>
      Math.round(
        typicalLength * world.models[models[model]].verbosity * Math.exp(lengthSpread * source.normal()),
      ),
    );
    const isFirst = source.uniform() < 0.5;
    const apart =
      of.models[models[a]] +
      tastes[rater][a] -
      of.models[models[b]] -
      tastes[rater][b] +
      of.first * (isFirst ? 1 : -1) +
      (of.length * (lengthA - lengthB)) / (lengthA + lengthB);
    const chance = 1 / (1 + Math.exp(-apart));
    // A tie takes as much from a win as from a loss, so the expected share of wins is unchanged.
    const tie = of.ties * Math.min(1, 2 * chance, 2 - 2 * chance);
    const drawn = source.uniform();
    const preferred = drawn < tie ? 0.5 : drawn < tie + chance - tie / 2 ? 1 : 0;
    lines.push(
      JSON.stringify({
        comparison_id: `comparison-${at + 1}`,
        prompt_id: `compared-${prompt + 1}`,
        workload: of.workload,
        model_a: models[a],
        model_b: models[b],
        preferred,
        shown_first: isFirst ? "a" : "b",
        rater: "human",
        rater_id: `p${rater + 1}`,
        length_a: lengthA,
        length_b: lengthB,
      }),
    );
  }
  return `${lines.join("\n")}\n`;
}
