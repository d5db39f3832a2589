import type { BalanceRow } from "../../measures/mix/balance";
import type { ValidatorRow } from "../../measures/quality/validators";
import { keysOf } from "../../measures/rowKey";
import type { Keyed, Table } from "../../measures/table";
import type { Claim } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import type { Assumption } from "../assumption";
import { type Criterion, labelOf } from "../profile/criterion";
import { chance } from "./chooseText";
import type { WeightChange } from "./weights";

/** One model, or one value of whatever `by` names. */
export type ChoiceRow = Keyed<{
  /** Its name: the values of `by`. */
  name: string;
  /** True if every floor is shown to hold and no unmeasured requirement fails. */
  passes: boolean;
  /** Why not: "hallucination: upper bound 9 %, above 5 %". */
  fails: string[];
  /** From 0 to 1; has only a bound if a criterion is unknown. */
  utility: Estimate;
  /** The probability of being the best of those whose floors hold; NaN if a criterion is unknown. */
  p_best: number;
  /** The criteria's metrics, by name. */
  criteria: Record<string, Estimate>;
  /** Their values as measured, before models were brought to one mix of work. */
  as_measured: Record<string, number>;
  /** The worth of each criterion, from 0 to 1, at its point value. */
  worth: Record<string, number>;
}>;

/** The calls behind a choice. */
export interface Traffic {
  calls: number;
  /** From the first call to the last; NaN if calls have no time. */
  days: number;
}

/** The answer to which model a team should use. */
export interface Choice {
  profile: string;
  /** The workload chosen for; empty if the logs name none. */
  workload: string;
  /** The columns that tell the rows apart. */
  by: string[];
  criteria: Criterion[];
  /** Models that pass first, the most likely best at the top. */
  rows: ChoiceRow[];
  /** The model to use if that is settled: its probability of being the best is at least the requested level. */
  best: string | null;
  /** The answer in a sentence or two. */
  verdict: string;
  /** That the model on top is the best, and how far that stands. */
  claim: Claim;
  /** The share of all weightings under which each passing model is the best. */
  weights: Record<string, number>;
  /** The smallest change of weights that puts another model at the top; null if none does. */
  change: WeightChange | null;
  /** The probability that no model keeps the floors. */
  p_none: number;
  /** The calls that each row's models answered, and the days they span. */
  traffic: Traffic;
  /**
   * How far each row's work is from the work of all rows together, unadjusted and at one mix: a is all, b the row.
   */
  balance?: BalanceRow[];
  /** What the answer takes for granted, and which of these would change it. */
  assumptions?: Assumption[];
  notes: string[];
  /** What the profile's output check catches for each model, if the log has it. */
  verification?: Table<ValidatorRow>;
  /** The same for each part of the workload that may use a different model. */
  sub_workloads?: Choice[];
}

/**
 * A choice as a table: a row for each model, a column for each criterion.
 *
 * @example
 * const store = await openDemo();
 * const choice = await choose(store, { profile: "chat" });
 * const [first] = choiceTable(choice).rows;
 * `${first.model}: ${first.utility.value.toFixed(2)}, best: ${first["best, chance"]}` // "tamarisk-mini: 0.81, best: 98 %"
 */
export function choiceTable(choice: Choice): Table {
  const { by, rows, verdict, notes } = choice;
  return {
    measure: `choose: ${[choice.profile, choice.workload].filter(Boolean).join(", ")}`,
    by,
    rows: rows.map((row) => ({
      ...keysOf(by, row),
      passes: passesText(row),
      "best, chance": Number.isNaN(row.p_best) ? "not compared" : chance(row.p_best),
      utility: row.utility,
      ...Object.fromEntries(
        Object.entries(row.criteria).map(([metric, estimate]) => [labelOf({ metric }), estimate]),
      ),
    })),
    notes: [verdict, ...notes],
  };
}

/** A model that keeps its floors but lacks a criterion has not passed: nothing was compared. */
function passesText({ passes, fails, p_best }: ChoiceRow): string {
  if (!passes) return fails.join("; ");
  return Number.isNaN(p_best) ? "no floor fails, not compared" : "yes";
}
