import { columnsOf } from "../../store/schema";
import { isField } from "../records/bind";
import { castTo } from "../records/canonical";
import { bit } from "../records/field";
import type { Target } from "../records/format";
import { anyOf, elementSql } from "./element";
import { attributeParts, type Draft, flagOf, staged } from "./stageDraft";

// The fast way: the first value that fails stops the file, which is then read record by record.

// Which records a target keeps, the fast way.
function keptTyped(draft: Draft, { where }: Target, number: number): string {
  if (where === undefined) return "true";
  const keep = flagOf("keep", number);
  draft.keeps.push(`, coalesce(${where}, false) as ${keep}`);
  draft.parts.push(`${keep} as ${staged(number, "keep")}`);
  return keep;
}

/** Adds a target's columns. */
export function addTyped(draft: Draft, target: Target, number: number, types: Record<string, string>): void {
  const keep = keptTyped(draft, target, number);
  draft.parts.push(...attributeParts(target, number));
  draft.odd.push(...(target.beside?.odd ?? []));
  for (const [column, expression] of Object.entries(target.columns)) {
    const as = columnsOf(target.table)[column];
    const { value, wrong, finished } = castTo(
      expression,
      types[column],
      column,
      as,
      isField(expression),
      target.keep,
    );
    if (value === expression && wrong === undefined && finished === undefined) {
      draft.parts.push(`${value} as ${staged(number, column)}`);
      continue;
    }
    const step = flagOf("step", number, column);
    draft.steps.push(`, ${value} as ${step}`);
    draft.parts.push(`${finished?.(step) ?? step} as ${staged(number, column)}`);
    if (wrong !== undefined) draft.bits.push(bit(`${keep} and coalesce(${wrong(step)}, false)`, 0));
  }
}

/** Adds the rows that a target makes of a list. */
export function addTypedList(draft: Draft, target: Target, number: number): void {
  const keep = keptTyped(draft, target, number);
  const list = flagOf("step", number, "each");
  draft.steps.push(`, case when ${keep} then ${target.each} end as ${list}`);
  // Calculated only here: elsewhere the optimizer might move what fails out of its try().
  const made = `list_transform(${list}, lambda element: ${elementSql(target)})`;
  draft.parts.push(`${made} as ${staged(number, "each")}`);
  draft.elementBits.push(bit(anyOf(made, "one is null"), 0));
}
