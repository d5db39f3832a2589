import type { Verdicts } from "../../src/measures/quality/heldEqual";
import { logistic } from "../../src/stats/comparisons";
import { type Random, random } from "../../src/stats/random";

/** Verdicts of a judge on answers of three models, whose log lengths rest on the model and on how hard the prompt is. */
export interface ControlWorld {
  name: string;
  /** The share of the prompts that all models answer; each other prompt has one answer. */
  shared: number;
  /** How much each unit of log length adds to the log-odds of a verdict of 1, by model. */
  likes: readonly [number, number, number];
  /** What a standard deviation of difficulty takes from the log-odds, and adds to the log length. */
  hard: number;
  longer: number;
}

const prompts = 300;
const users = 150;
const strength = [0.4, 0.1, -0.2];
const wordy = [-0.4, 0, 0.4];
const userSpread = 0.5;
const lengthSpread = 0.5;

const unbiased = [0, 0, 0] as const;
const liking = [0.8, 0.8, 0.8] as const;
const byModel = [0, 0.6, 1.2] as const;
const slightly = [0.4, 0.6, 0.8] as const;
const world = (
  name: string,
  shared: number,
  likes: ControlWorld["likes"],
  [hard, longer]: readonly [number, number],
): ControlWorld => ({ name, shared, likes, hard, longer });

/** Hard prompts have long answers. */
const hardLong = [1, 0.6] as const;
const apart = [0.5, 0] as const;

export const controlWorlds: readonly ControlWorld[] = [
  ...[0, 1 / 3, 1].flatMap((shared) => [
    world("nothing sways the judge", shared, unbiased, apart),
    world("hard prompts have long answers", shared, unbiased, hardLong),
    world("the judge likes long answers", shared, liking, apart),
    world("the judge likes those of one model more", shared, byModel, apart),
    world("the judge likes those of one model slightly more", shared, slightly, apart),
    world("the judge likes long answers, and hard prompts have them", shared, liking, hardLong),
    world("the judge likes those of one model more, and hard prompts have them", shared, byModel, hardLong),
  ]),
];

/** The length of a model's answer beyond the middle of all models', and how likely the judge says 1. */
const lengthOf = ({ longer }: ControlWorld, model: number, difficulty: number, source: Random) =>
  wordy[model] + longer * difficulty + lengthSpread * source.normal();
const chance = (
  { likes, hard }: ControlWorld,
  model: number,
  difficulty: number,
  length: number,
  user: number,
) => logistic(strength[model] + user - hard * difficulty + likes[model] * length);

/** The verdicts of a log, by model, each with its user as its cluster. */
export function verdictsOf(world: ControlWorld, seed: number): Verdicts[] {
  const source = random(seed);
  const ofUser = Array.from({ length: users }, () => userSpread * source.normal());
  const groups = strength.map(
    (): Verdicts => ({ value: [], judge: [], model: [], length: [], prompt: [], cluster: [] }),
  );
  const answer = (model: number, prompt: string, difficulty: number) => {
    const length = lengthOf(world, model, difficulty, source);
    const user = source.integer(users);
    const group = groups[model];
    group.value.push(Number(source.uniform() < chance(world, model, difficulty, length, ofUser[user])));
    group.judge.push("judge");
    group.model.push(`model-${model}`);
    group.length.push(6 + length);
    group.prompt.push(prompt);
    group.cluster.push(`user-${user}`);
  };
  const shared = Math.round(world.shared * prompts);
  for (let prompt = 0; prompt < shared; prompt++) {
    const difficulty = source.normal();
    for (const model of groups.keys()) answer(model, `shared-${prompt}`, difficulty);
  }
  for (let at = 0; at < 3 * (prompts - shared); at++) answer(at % 3, `own-${at}`, source.normal());
  return groups;
}

/** Each model's rate with the lengths of all answers. */
export function truthOf(world: ControlWorld): number[] {
  const source = random(9);
  const sums = strength.map(() => 0);
  const draws = 300_000;
  for (let at = 0; at < draws; at++) {
    const difficulty = source.normal();
    const length = lengthOf(world, at % 3, difficulty, source);
    const user = userSpread * source.normal();
    for (const model of sums.keys()) sums[model] += chance(world, model, difficulty, length, user) / draws;
  }
  return sums;
}
