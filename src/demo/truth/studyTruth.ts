import { betaCdf } from "../../stats/beta";
import { ability, type Study, type StudyModel } from "../world/study";

/** The true values of one model in a study, over all prompts of its kind. */
export interface StudyTruth {
  model: string;
  /** Quality: its mean, its variance between prompts (of the prompts' means) and within them. */
  mean: number;
  variance_between: number;
  variance_within: number;
  icc: number;
  /** Chance that an answer is correct; that all of k are; that at least one of k is. */
  correct: number;
  pass_hat: Record<string, number>;
  pass_at: Record<string, number>;
  /** Chance that two answers to one prompt are the same, word for word. */
  same_output: number;
  json_valid: number;
}

// Normal deviates on a fine grid: the trapezoidal rule is exact to many places for smooth functions.
const steps = 400;
const widest = 8;

function overNormal(sd: number, of: (x: number) => number[]): number[] {
  const sums: number[] = [];
  let weights = 0;
  for (let step = 0; step <= steps; step++) {
    const z = -widest + (2 * widest * step) / steps;
    const weight = Math.exp((-z * z) / 2);
    weights += weight;
    for (const [at, value] of of(sd * z).entries()) sums[at] = (sums[at] ?? 0) + weight * value;
  }
  return sums.map((sum) => sum / weights);
}

/**
 * Chance that all of k answers pass, if each is the prompt's usual answer with chance `same` and otherwise a new one.
 */
const allPass = (same: number, pass: number, k: number) =>
  pass * (same + (1 - same) * pass) ** k + (1 - pass) * ((1 - same) * pass) ** k;

function truthOfModel(study: Study, model: string, spec: StudyModel, valid: number): StudyTruth {
  const { steadiness, same } = spec;
  const ks = Array.from({ length: study.repeats }, (_, at) => at + 1);
  const sd = Math.hypot(study.difficulty, study.own_difficulty);
  const [mean, square, fresh, correct, ...rest] = overNormal(sd, (shift) => {
    const mu = 1 / (1 + Math.exp(-ability(spec) - shift));
    const pass = 1 - betaCdf(study.pass, mu * steadiness, (1 - mu) * steadiness);
    const hats = ks.map((k) => allPass(same, pass, k));
    const ats = ks.map((k) => 1 - allPass(same, 1 - pass, k));
    return [mu, mu * mu, (mu * (1 - mu)) / (steadiness + 1), pass, ...hats, ...ats];
  });
  const usual = same * same * fresh;
  const between = square - mean * mean + usual;
  const within = fresh - usual;
  const round = (value: number) => Number(value.toPrecision(7));
  const byK = (values: number[]) => Object.fromEntries(ks.map((k, at) => [String(k), round(values[at])]));
  return {
    model,
    mean: round(mean),
    variance_between: round(between),
    variance_within: round(within),
    icc: round(between / (between + within)),
    correct: round(correct),
    pass_hat: byK(rest.slice(0, ks.length)),
    pass_at: byK(rest.slice(ks.length)),
    same_output: round(same * same),
    json_valid: valid,
  };
}

/** The true values of a study's models, by numerical integration over the prompts. */
export function truthOfStudy(study: Study, valid: (model: string) => number): StudyTruth[] {
  return Object.entries(study.models).map(([model, spec]) => truthOfModel(study, model, spec, valid(model)));
}
