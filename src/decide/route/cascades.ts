import type { Row, Table } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import type { CascadeTries } from "./cascadeTries";

/** The threshold to take for one type of request, and what it changes against the dear model alone. */
export interface CascadeRow extends Row {
  /** Tasks of the cheap model that it is replayed on. */
  tasks: number;
  /** Answers are accepted from this score on (or up to it, where lower is better); null if none is to be taken. */
  threshold: number | null;
  /** Share of tasks that go on to the dear model. */
  passed_on: Estimate;
  /** US dollars a task of the cascade and of the dear model alone, the difference, and the same a month. */
  cost_per_task: Estimate;
  cost_dear: Estimate;
  saving: Estimate;
  saving_month: Estimate;
  /** Share of good answers of the cascade and of the dear model alone, and the difference. */
  quality: Estimate;
  quality_dear: Estimate;
  quality_difference: Estimate;
  /** Why no threshold is to be taken; empty if one is. */
  why: string;
}

/** One threshold of the curve. */
export interface CascadePoint extends Row {
  threshold: number;
  passed_on: Estimate;
  cost_per_task: Estimate;
  saving: Estimate;
  quality: Estimate;
  quality_difference: Estimate;
  /** Whether it is shown to be within the margin of the dear model and to cost less. */
  passes: boolean;
  fails: string;
}

export interface Cascades extends Table<CascadeRow> {
  cheap: string;
  dear: string;
  validator: string;
  accepts: "at least" | "at most";
  margin: number;
  /** Which comparison the log identifies; null if it tells none. */
  identified: CascadeTries["identified"];
  curve: CascadePoint[];
  /** What to do and what it saves, in a sentence or two; or why the log does not tell. */
  verdict: string;
}
