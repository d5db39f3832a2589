import { type Criterion, labelOf } from "../profile/criterion";
import type { ChoiceRow } from "./chooseTable";
import { amountOf } from "./chooseText";

/** Criteria in whose units an amount of utility is expressed. */
const MOST_NAMED = 2;

/**
 * An amount of utility in familiar units: how much better a model would have to be in one criterion alone, "0.4 s
 * of p95 duration or 2 points of resolve rate". It uses the criteria that need the smallest change relative to the
 * model's value.
 *
 * @param utility a difference of utilities, from 0 to 1
 * @param row the model whose values decide what is much and what is little
 */
export function inUnits(
  utility: number,
  criteria: readonly Criterion[],
  row: Pick<ChoiceRow, "criteria">,
): string {
  return amountsOf(utility, criteria, row)
    .sort((a, b) => (Number.isNaN(a.size) ? 1 : 0) - (Number.isNaN(b.size) ? 1 : 0) || a.size - b.size)
    .slice(0, MOST_NAMED)
    .map(({ one, by, unit }) => amountOf(labelOf(one), by, unit))
    .join(" or ");
}

/** An amount of utility as a change of each criterion alone, in its unit and relative to the model's value. */
export function amountsOf(
  utility: number,
  criteria: readonly Criterion[],
  row: Pick<ChoiceRow, "criteria">,
): { one: Criterion; by: number; unit: string; size: number }[] {
  return criteria.flatMap((one) => {
    const { value = Number.NaN, unit = "" } = row.criteria[one.metric] ?? {};
    const by = (utility / one.weight) * Math.abs(one.good - one.bad);
    const size = Math.abs(by / value);
    return one.weight > 0 && Number.isFinite(by) ? [{ one, by, unit, size }] : [];
  });
}
