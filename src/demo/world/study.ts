import type { Random } from "../../stats/random";
import { number, object, record, text, whole } from "./shape";

/** How one model answers the prompts of a study. */
export interface StudyModel {
  /** Quality of its answers to a prompt of mean difficulty, between 0 and 1. */
  quality: number;
  /** How close a prompt's answers are to their mean: the sum of the parameters of their beta distribution. */
  steadiness: number;
  /** Chance that a repeat gives the prompt's usual answer word for word. */
  same: number;
}

/** A study that asks the same prompts repeatedly. */
export interface Study {
  workload: string;
  prompts: number;
  repeats: number;
  /**
   * Standard deviations of the log odds of quality between prompts: the part that all models share, and each model's
   * own.
   */
  difficulty: number;
  own_difficulty: number;
  /** Minimum quality for an answer to count as correct. */
  pass: number;
  models: Record<string, StudyModel>;
}

const within = number(0, 1, { above: true });

export const studyShape = object<Study>({
  workload: text(/./, "a workload's name"),
  prompts: whole(1, 1e6),
  repeats: whole(1, 1e6),
  difficulty: number(0, 10),
  own_difficulty: number(0, 10),
  pass: number(0, 1),
  models: record(
    object<StudyModel>({
      quality: within,
      steadiness: number(0, 1e9, { above: true }),
      same: number(0, 1),
    }),
    { least: 1 },
  ),
});

/** One answer of a study. */
export interface Answer {
  model: string;
  /** Number of the prompt and of the repeat, from 0. */
  prompt: number;
  repeat: number;
  /** Which of the prompt's answers it is; 0 is the usual one. */
  variant: number;
  /** From 0 to 1, to four decimal places. */
  quality: number;
  jsonValid: boolean;
}

function beta(random: Random, mean: number, steadiness: number): number {
  const a = random.gamma(mean * steadiness);
  const b = random.gamma((1 - mean) * steadiness);
  return Number((a / (a + b)).toFixed(4));
}

/** Log odds of a model's quality at a prompt of mean difficulty. */
export function ability({ quality }: StudyModel): number {
  return Math.log(quality / (1 - quality));
}

/**
 * Draws the answers of a study, model by model and prompt by prompt; `valid` gives the share of a model's JSON that
 * parses.
 */
export function drawStudy(study: Study, valid: (model: string) => number, random: Random): Answer[] {
  const prompts = Array.from({ length: study.prompts }, () => study.difficulty * random.normal());
  return Object.entries(study.models).flatMap(([model, spec]) =>
    prompts.flatMap((difficulty, prompt) => {
      const odds = ability(spec) - difficulty + study.own_difficulty * random.normal();
      const mean = 1 / (1 + Math.exp(-odds));
      const fresh = () => ({
        quality: beta(random, mean, spec.steadiness),
        jsonValid: random.uniform() < valid(model),
      });
      const usual = fresh();
      return Array.from({ length: study.repeats }, (_, repeat): Answer => {
        const isUsual = random.uniform() < spec.same;
        const answer = isUsual ? usual : fresh();
        return { model, prompt, repeat, variant: isUsual ? 0 : repeat + 1, ...answer };
      });
    }),
  );
}
