import { flag, number, object, optional } from "./shape";

/** Who judges the answers of a workload. Shares are of the answers, drawn at random. */
export interface Labels {
  /** Share that a judge model checks for hallucinations (default 0). */
  judged: number;
  /** Share of those that people also judge (default 0). */
  reviewed: number;
  /** Share of those that a second person also judges (default 0). */
  reviewed_twice: number;
  /** Share of the tasks whose user says whether the last answer helped (default 0). */
  helpful: number;
  /** Whether a rule gives every answer the score "correct": whether it passed its check (default false). */
  checked: boolean;
  /**
   * A rule records for every answer where in its context the evidence was. In the middle third, the odds of a
   * hallucination are this many times those at the ends (default 0: no rule).
   */
  middle_odds: number;
  /**
   * Whether a rule records for every request if it is messy, that is, begins with a lower-case letter (default false).
   */
  messy: boolean;
}

/** A rater's accuracy: the sensitivity and the specificity. */
export interface Rater {
  sensitivity: number;
  specificity: number;
}

/** Chance that a rater says yes. */
export function saysSo({ sensitivity, specificity }: Rater, isSo: boolean): number {
  return isSo ? sensitivity : 1 - specificity;
}

/** The raters of a company. */
export interface Raters {
  judge: Rater;
  human: Rater;
}

export const noLabels: Labels = {
  judged: 0,
  reviewed: 0,
  reviewed_twice: 0,
  helpful: 0,
  checked: false,
  middle_odds: 0,
  messy: false,
};
export const perfectRaters: Raters = {
  judge: { sensitivity: 1, specificity: 1 },
  human: { sensitivity: 1, specificity: 1 },
};

const share = number(0, 1);
export const raterShape = object<Rater>({ sensitivity: share, specificity: share });

export const labelsShape = object<Labels>({
  judged: optional(share, 0),
  reviewed: optional(share, 0),
  reviewed_twice: optional(share, 0),
  helpful: optional(share, 0),
  checked: optional(flag, false),
  middle_odds: optional(number(0, 100), 0),
  messy: optional(flag, false),
});

export const ratersShape = object<Raters>({ judge: raterShape, human: raterShape });

/** Whether anybody judges anything. */
export function isLabelled({ judged, helpful, checked }: Labels): boolean {
  return judged > 0 || helpful > 0 || checked;
}
