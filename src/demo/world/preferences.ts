import { number, object, record, text, whole } from "./shape";

/** Side-by-side comparisons of two answers, and what sways the raters. */
export interface Preferences {
  comparisons: number;
  raters: number;
  prompts: number;
  workload: string;
  /** Log-odds strength of each model for an average rater, without effects of order and length. */
  models: Record<string, number>;
  /** Log-odds advantage of the answer shown first. */
  first: number;
  /** Log-odds advantage of a longer answer, per unit of the difference in lengths over their sum. */
  length: number;
  /** Standard deviation of a rater's own taste for a model, in log-odds. */
  taste: number;
  /** Share of ties between two equally strong models. */
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
