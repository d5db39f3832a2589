import { number, object, record, text, whole } from "./shape";

/** Comparisons of two answers side by side, and what sways those who make them. */
export interface Preferences {
  comparisons: number;
  raters: number;
  prompts: number;
  workload: string;
  /** Log-odds of each model for an average rater, neither shown first and both of one length. */
  models: Record<string, number>;
  /** Log-odds that the answer shown first gains. */
  first: number;
  /** Log-odds that a longer answer gains for each 1 of the difference of lengths over their sum. */
  length: number;
  /** Standard deviation of a rater's own taste for a model, in log-odds. */
  taste: number;
  /** Share of ties between two models of one strength. */
  ties: number;
}

export const preferencesShape = object<Preferences>({
  comparisons: whole(1, 1e9),
  raters: whole(1, 1e6),
  prompts: whole(1, 1e9),
  workload: text(/^[\w .-]{1,64}$/, "a name of letters, digits, spaces, dots and hyphens (1 to 64)"),
  models: record(number(-10, 10), { least: 2 }),
  first: number(-5, 5),
  length: number(-10, 10),
  taste: number(0, 3),
  ties: number(0, 1),
});
