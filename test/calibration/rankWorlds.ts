import { tierTable } from "../../src/measures/benchmark/tiers";
import { bradleyTerry } from "../../src/stats/bradleyTerry";
import { waysBySize } from "../../src/stats/comparisons";
import { type Random, random } from "../../src/stats/random";
import { notShownDirectly } from "../../src/stats/shownDirectly";

/** Comparisons of models whose strengths, in log-odds of a win to a loss, are known. */
export interface PreferenceWorld {
  strengths: readonly number[];
  comparisons: number;
  raters?: number;
  prompts?: number;
  /** How far raters differ in their taste for each model, and prompts in how they suit each: standard deviations. */
  taste?: number;
  suits?: number;
  /** True if raters differ over the first model alone. */
  overOne?: boolean;
  /** True if some raters judge far more than others; a share if the first judges as much alone. */
  uneven?: boolean | number;
  /** How many of the models each rater judges. Default: all. */
  judged?: number;
  /** What each model has over the next one, and the last over the first, beyond its strength. */
  circle?: number;
  /** How often the pair of the last and the first model is taken of the times that it would be. Default: always. */
  closing?: number;
  /** Ties of two equal models for each win of one. Default: 0.3. */
  ties?: number;
}

export function comparisonsOf(world: PreferenceWorld, seed: number) {
  const {
    strengths,
    raters = 0,
    prompts = 0,
    taste = 0,
    suits = 0,
    circle = 0,
    closing = 1,
    ties = 0.3,
  } = world;
  const models = strengths.length;
  const source = random(seed);
  const tables = (rows: number, spread: number, overOne = false) =>
    Array.from({ length: rows }, () =>
      strengths.map((_, model) => (overOne && model > 0 ? 0 : spread * source.normal())),
    );
  const tastes = tables(raters, taste, world.overOne);
  const suiting = tables(prompts, suits);
  const { judged } = world;
  const judges =
    judged === undefined
      ? undefined
      : tables(raters, 1).map((drawn) =>
          [...drawn.keys()].sort((i, j) => drawn[i]! - drawn[j]!).slice(0, judged),
        );
  const [first, second, preferred, shown, rater, prompt]: number[][] = [[], [], [], [], [], []];
  while (first.length < world.comparisons) {
    const a = source.integer(models);
    const step = 1 + source.integer(models - 1);
    const b = (a + step) % models;
    if (closing < 1 && Math.abs(a - b) === models - 1 && source.uniform() > closing) continue;
    const who = whose(world, source);
    if (judges !== undefined && !(judges[who]!.includes(a) && judges[who]!.includes(b))) continue;
    const what = source.integer(Math.max(1, prompts));
    const side = source.uniform() < 0.5 ? 1 : -1;
    const of = (model: number) =>
      strengths[model] + (tastes[who]?.[model] ?? 0) + (suiting[what]?.[model] ?? 0);
    const turn = step === 1 ? circle : step === models - 1 ? -circle : 0;
    const up = Math.exp((of(a) - of(b) + turn + 0.2 * side) / 2);
    const place = source.uniform() * (up + 1 / up + ties);
    first.push(a);
    second.push(b);
    shown.push(side);
    rater.push(who);
    prompt.push(what);
    preferred.push(place < up ? 1 : place < up + ties ? 0.5 : 0);
  }
  const { enough, few } = waysBySize([rater, prompt].map((ids) => ({ ids })));
  const clusters = enough.map(({ ids }) => ids);
  return { ...{ first, second, preferred, shown, clusters }, fewClusters: few.map(({ ids }) => ids) };
}

/** Who judges a comparison. */
function whose({ raters = 0, uneven = false }: PreferenceWorld, { uniform, integer }: Random): number {
  if (typeof uneven !== "number") return Math.floor(raters * uniform() ** (uneven ? 2 : 1));
  return uniform() < uneven ? 0 : 1 + integer(raters - 1);
}

/** The ranks that each model truly may have: equal ones share them. */
export const trueRanks = (strengths: readonly number[]): [number, number][] =>
  strengths.map((own) => [
    1 + strengths.filter((other) => other > own).length,
    strengths.filter((other) => other >= own).length,
  ]);

export interface RankResult {
  /**
   * A rank set that leaves out a true rank; a model whose rating puts it first alone, and one that then leads only if preferences do
   * not go round in a circle; one that would be first if the fit were not tested; comparisons that no strengths explain.
   */
  wrong: boolean;
  first: boolean;
  leads: boolean;
  untested: boolean;
  misfit: boolean;
  /** Share of the pairs that are told apart. */
  apart: number;
  /** Models whose rating's interval holds the true one, and the first one's rating. */
  covered: number;
  rating: number;
}

const points = (strength: number) => 1000 + (400 / Math.LN10) * strength;

export function ranksOfPreferences(world: PreferenceWorld, seed: number): RankResult {
  const { strengths } = world;
  const models = strengths.length;
  const comparisons = comparisonsOf(world, seed);
  const found = bradleyTerry(comparisons, { models });
  const { ranks, strength } = found;
  const misfit = found.misfit !== undefined;
  const sets = ranks.map(({ low, high }): [number, number] => (misfit ? [1, models] : [low, high]));
  const mean = strengths.reduce((sum, one) => sum + one / models, 0);
  const covered = strength.filter(
    ({ low, high }, at) => low <= strengths[at] - mean && strengths[at] - mean <= high,
  );
  const told = toldBy(sets, strengths);
  const top = ranks.findIndex(({ high }) => high === 1);
  return {
    ...told,
    leads: told.first && notShownDirectly(comparisons, top, { models }).length > 0,
    untested: ranks.some(({ high }) => high === 1),
    misfit,
    covered: covered.length / models,
    rating: points(strength[0].value),
  };
}

export function toldBy(sets: readonly [number, number][], truth: readonly number[]) {
  const models = truth.length;
  const ranks = trueRanks(truth);
  return {
    wrong: sets.some(([low, high], at) => !(low <= ranks[at][0] && ranks[at][1] <= high)),
    first: sets.some(([, high]) => high === 1),
    apart: sets.reduce((sum, [low]) => sum + low - 1, 0) / ((models * (models - 1)) / 2),
  };
}

/** A leaderboard of models whose scores vary from run to run. */
export interface RunWorld {
  strengths: readonly number[];
  /** The runs of each model; one of those that are not named. */
  runs: readonly number[];
  /** Standard deviations: of what a model's runs share, which is known, and from run to run. */
  items: number;
  run: number;
  /** How many times as much as the others the first ones vary from run to run, and how many they are. Default: 1, 2. */
  unlike?: number;
  unlikeOf?: number;
  /** How far models' standard deviations from run to run lie apart, on the log scale. Default: 0. */
  spread?: number;
}

export function tiersOfRuns(world: RunWorld, seed: number): RankResult {
  const { strengths, runs, items, run, unlike = 1, unlikeOf = 2, spread = 0 } = world;
  const source = random(seed);
  const scores = strengths.flatMap((strength, at) => {
    const own = strength + items * source.normal();
    const varies =
      (at < unlikeOf ? unlike * run : run) * (spread > 0 ? Math.exp(spread * source.normal()) : 1);
    return Array.from({ length: runs[at] ?? 1 }, () => ({
      ...{ model: `m${at}`, score: own + varies * source.normal(), error: items },
    }));
  });
  const { rows } = tierTable(scores, { seed });
  const found = strengths.map((_, at) => rows.find(({ model }) => model === `m${at}`)!);
  const covered = found.filter(({ score }, at) => score.low <= strengths[at] && strengths[at] <= score.high);
  return {
    ...toldBy(
      found.map(({ rank_low, rank_high }): [number, number] => [rank_low, rank_high]),
      strengths,
    ),
    ...{
      covered: covered.length / strengths.length,
      misfit: false,
      untested: false,
      leads: false,
      rating: Number.NaN,
    },
  };
}
