import type { BalanceRow } from "../../measures/mix/balance";
import type { ValidatorRow } from "../../measures/quality/validators";
import type { Table } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import type { Assumption } from "../assumption";
import { type Criterion, labelOf } from "../profile/criterion";
import { chance } from "./chooseText";
import type { WeightChange } from "./weights";

/** One model, or whatever `by` tells apart. */
export interface ChoiceRow {
  [by: string]: unknown;
  /** What it is called: the values of `by`. */
  name: string;
  /** Whether every floor is shown to hold and nothing unmeasured stands against it. */
  passes: boolean;
  /** Why not: "hallucination: upper bound 9 %, above 5 %". */
  fails: string[];
  /** From 0 to 1; only bounded where a criterion is not known. */
  utility: Estimate;
  /** The chance of being the best of those whose floors hold; NaN if a criterion is not known. */
  p_best: number;
  /** The criteria's metrics, by name. */
  criteria: Record<string, Estimate>;
  /** What each criterion is worth, from 0 to 1, at its point value. */
  worth: Record<string, number>;
}

/** The calls behind a choice. */
export interface Traffic {
  calls: number;
  /** From the first call to the last; NaN if calls have no time. */
  days: number;
}

/** The answer to which model a team should take. */
export interface Choice {
  profile: string;
  /** The workload chosen for; empty if the logs name none. */
  workload: string;
  /** The columns that tell the rows apart. */
  by: string[];
  criteria: Criterion[];
  /** Those that pass first, the likeliest best on top. */
  rows: ChoiceRow[];
  /** The one to take where that is settled: its chance of being the best is at least the level asked. */
  best: string | null;
  /** The answer in a sentence or two. */
  verdict: string;
  /** The share of all weightings under which each of those that pass is the best. */
  weights: Record<string, number>;
  /** The smallest change of weights that puts another on top; null if none does. */
  change: WeightChange | null;
  /** The chance that none keeps the floors. */
  p_none: number;
  /** Calls a row's models answered, and the days they span. */
  traffic: Traffic;
  /** How far each row's work is from that of all together, as it is and at one mix: a is all, b the row. */
  balance?: BalanceRow[];
  /** What the answer takes for granted, and which of it would make it another. */
  assumptions?: Assumption[];
  notes: string[];
  /** What the profile's check of the output catches of each model, where the log tells. */
  verification?: Table<ValidatorRow>;
  /** The same for each part of the workload that may take a model of its own. */
  sub_workloads?: Choice[];
}

/**
 * A choice as a table: a row for each model, a column for each criterion.
 *
 * @example
 * choiceTable({ profile: "p", workload: "", by: ["model"], criteria: [], rows: [], best: null, verdict: "none", weights: {}, change: null, p_none: 1, traffic: { calls: 0, days: 0 }, notes: [] }).notes // ["none"]
 */
export function choiceTable(choice: Choice): Table {
  const { by, rows, verdict, notes } = choice;
  return {
    measure: `choose: ${[choice.profile, choice.workload].filter(Boolean).join(", ")}`,
    by,
    rows: rows.map((row) => ({
      ...Object.fromEntries(by.map((column) => [column, row[column] as string])),
      passes: row.passes ? "yes" : row.fails.join("; "),
      "best, chance": Number.isNaN(row.p_best) ? "not compared" : chance(row.p_best),
      utility: row.utility,
      ...Object.fromEntries(
        Object.entries(row.criteria).map(([metric, estimate]) => [labelOf({ metric }), estimate]),
      ),
    })),
    notes: [verdict, ...notes],
  };
}
