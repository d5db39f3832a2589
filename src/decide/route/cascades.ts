import type { Keyed, Table } from "../../measures/table";
import type { Claim } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";

/** The threshold to use for one type of request, and what it changes against the dear model alone. */
export type CascadeRow = Keyed<{
  /** Tasks of the cheap model on which it is replayed. */
  tasks: number;
  /**
   * Answers are accepted from this score upwards (or downwards, if lower is better); null if no threshold should
   * be used.
   */
  threshold: number | null;
  /** Share of tasks that go on to the dear model. */
  passed_on: Estimate;
  /** US dollars per task for the cascade and for the dear model alone, the difference, and the same per month. */
  cost_per_task: Estimate;
  cost_dear: Estimate;
  saving: Estimate;
  saving_month: Estimate;
  /** Share of good answers of the cascade and of the dear model alone, and the difference. */
  quality: Estimate;
  quality_dear: Estimate;
  quality_difference: Estimate;
  /** Why no threshold should be used; empty if one should. */
  why: string;
  /** That its answers are no worse than the dear model's beyond the margin, and that it saves, and how far either stands. */
  claim: Claim;
  saves: Claim;
}>;

/** One threshold of the curve. */
export type CascadePoint = Keyed<{
  threshold: number;
  passed_on: Estimate;
  cost_per_task: Estimate;
  saving: Estimate;
  quality: Estimate;
  quality_difference: Estimate;
  /** True if it is shown to be within the margin of the dear model and to cost less. */
  passes: boolean;
  fails: string;
  claim: Claim;
  saves: Claim;
}>;

export interface Cascades extends Table<CascadeRow> {
  cheap: string;
  dear: string;
  validator: string;
  accepts: "at least" | "at most";
  margin: number;
  /**
   * Which comparison the log identifies: tasks that were escalated at random, or prompts that both answered; null
   * for neither.
   */
  identified: "tasks sent on" | "prompts of both" | null;
  curve: CascadePoint[];
  /** What to do and what it saves, in a sentence or two; or why the log cannot show it. */
  verdict: string;
}
