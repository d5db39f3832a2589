import { FEW_CLUSTERS, FEWEST_CLUSTERS } from "../../stats/clusterError";
import { effectiveOf } from "../../stats/comparisons";

/** How many prompts that several groups answered tell length from difficulty. */
export const needed = FEW_CLUSTERS;

/** The length of a judged answer, by which of the groups compared, and to which prompt. */
export interface JudgedLength {
  place: number;
  /** Its logarithm. */
  length: number;
  prompt: string | null;
  cluster: string;
}

/** Lengths apart from the difficulty of prompts, as far as prompts show it. */
export interface Lengths {
  /** Log lengths less their mean. */
  length: number[];
  /** Whether prompts that several groups answered tell length from difficulty. */
  isTold: boolean;
  /** Regressors that take up the difficulty of prompts: none if it is not told. */
  difficulty: number[][];
  /** Effective clusters behind what is known of length. */
  effective: number;
}

/**
 * Log lengths, and beside them how long answers to the same prompt are, whichever group gave them: what is left of the
 * length beside it varies within prompts alone, which are as hard for all. Mundlak (1978), doi:10.2307/1913646.
 *
 * Prompts that one group answered have a mean of their own, so that they say nothing on length.
 */
export function lengthsOf(answers: readonly JudgedLength[], places: number): Lengths {
  const mean = answers.reduce((sum, { length }) => sum + length, 0) / Math.max(1, answers.length);
  const length = answers.map((one) => one.length - mean);
  const ofUnit = new Map<string | number, number[]>();
  for (const [at, { prompt }] of answers.entries()) {
    const unit = ofUnit.get(prompt ?? at) ?? [];
    unit.push(at);
    ofUnit.set(prompt ?? at, unit);
  }
  const units = [...ofUnit.values()];
  const shared = units.filter((unit) => new Set(unit.map((at) => answers[at].place)).size > 1);
  const rows = shared.flat();
  const isShared = answers.map(() => false);
  for (const at of rows) isShared[at] = true;
  const ofPlace = placeLengths(answers, shared, places, length);
  const left = length.map((one, at) => one - ofPlace[answers[at].place]);
  const ofPrompt = answers.map(() => 0);
  for (const unit of units) {
    const middle = unit.reduce((sum, at) => sum + left[at], 0) / unit.length;
    for (const at of unit) ofPrompt[at] = middle;
  }
  const effective = effectiveOf(rows.map((at) => answers[at].cluster));
  const within = rows.reduce((sum, at) => sum + (left[at] - ofPrompt[at]) ** 2, 0);
  const isTold = shared.length >= needed && effective >= FEWEST_CLUSTERS && within > 1e-9;
  const only = (kept: boolean, of: readonly number[]) =>
    of.map((one, at) => (isShared[at] === kept ? one : 0));
  const difficulty = [
    only(true, ofPrompt),
    only(false, ofPrompt),
    only(
      false,
      answers.map(() => 1),
    ),
  ].filter((column) => column.some((one) => Math.abs(one) > 1e-9));
  return {
    length,
    isTold,
    difficulty: isTold ? difficulty : [],
    effective: isTold ? effective : effectiveOf(answers.map(({ cluster }) => cluster)),
  };
}

/** How much longer each group's answers are than others' to the same prompts, by turns with how long prompts' are. */
function placeLengths(
  answers: readonly JudgedLength[],
  shared: readonly (readonly number[])[],
  places: number,
  length: readonly number[],
): number[] {
  const means = (of: readonly number[], left: (at: number) => number) => {
    const [sums, counts] = [new Array<number>(places).fill(0), new Array<number>(places).fill(0)];
    for (const at of of) {
      sums[answers[at].place] += left(at);
      counts[answers[at].place] += 1;
    }
    return sums.map((sum, place) => (counts[place] === 0 ? undefined : sum / counts[place]));
  };
  const alone = means([...answers.keys()], (at) => length[at]).map((one) => one ?? 0);
  const rows = shared.flat();
  const ofPrompt = answers.map(() => 0);
  let found = alone;
  for (let round = 0; round < 200; round++) {
    for (const unit of shared) {
      const middle = unit.reduce((sum, at) => sum + length[at] - found[answers[at].place], 0) / unit.length;
      for (const at of unit) ofPrompt[at] = middle;
    }
    const next = means(rows, (at) => length[at] - ofPrompt[at]).map((one, place) => one ?? alone[place]);
    const moved = Math.max(0, ...next.map((one, place) => Math.abs(one - found[place])));
    found = next;
    if (moved < 1e-9) break;
  }
  return found;
}
