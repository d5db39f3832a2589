import { quoteName } from "../../store/quote";
import { columnsOf } from "../../store/schema";
import { attributeColumn } from "../records/attributes";
import { isField } from "../records/bind";
import { castTo } from "../records/canonical";
import { emptiedNames, isEssential } from "../records/essential";
import { flags } from "../records/flags";
import type { Target } from "../records/format";
import { anyOf, canFail, elementOfTried, triedElement } from "./element";
import { anyLeafLost } from "./lostLeaves";
import {
  attributeParts,
  type Draft,
  flagOf,
  markColumn,
  markElement,
  staged,
  wholeRecord,
} from "./stageDraft";

// Record by record: a value that cannot be read is left empty, and the row stays unless it is nothing without it.

// Which records a target keeps, record by record.
function keptTried(draft: Draft, { table, where }: Target, number: number): string {
  if (where === undefined) return wholeRecord;
  const keep = flagOf("keep", number);
  const failed = flagOf("failed", number);
  const tried = `try(coalesce(${where}, false))`;
  const lost = anyLeafLost(flags.lost, where, draft.leaves);
  const unknown = lost === undefined ? `${tried} is null` : `${tried} is null or ${lost}`;
  draft.keeps.push(
    `, coalesce(${tried}, false)${lost === undefined ? "" : ` and not ${lost}`} as ${keep}, ${unknown} as ${failed}`,
  );
  markColumn(draft, failed, { table, column: "where", type: "BOOLEAN", expression: where });
  return `(${wholeRecord} and ${keep})`;
}

/** Adds a target's columns. */
export function addTried(draft: Draft, target: Target, number: number, types: Record<string, string>): void {
  const { table } = target;
  const keep = keptTried(draft, target, number);
  draft.parts.push(...attributeParts(target, number));
  const missing: string[] = [];
  const empty: { column: string; fault: string; beyond?: { fault: string; value: string } }[] = [];
  for (const [key, text] of Object.entries(target.beside?.columns ?? {})) {
    const lost = anyLeafLost(flags.lost, text, draft.leaves);
    if (lost !== undefined)
      empty.push({ column: attributeColumn(key), fault: `(${lost} and (${text}) is null)` });
  }
  for (const [column, expression] of Object.entries(target.columns)) {
    const as = columnsOf(table)[column];
    const { value, wrong, finished } = castTo(
      expression,
      types[column],
      column,
      as,
      isField(expression),
      target.keep,
    );
    const of = { table, column, type: as.type, bounds: as.bounds, expression };
    const lost = anyLeafLost(flags.lost, expression, draft.leaves);
    const isAsIs = value === expression && wrong === undefined && finished === undefined;
    // A calculation may fail whatever its type; a field of the right type cannot.
    const canFail = !(isAsIs && isField(expression));
    const step = flagOf("step", number, column);
    const had = canFail ? `${step}.value` : value;
    if (canFail) draft.steps.push(`, try({'value': ${value}}) as ${step}`);
    const failed = [
      ...(canFail ? [`${step} is null`] : []),
      ...(lost === undefined ? [] : [`(${lost} and ${had} is null)`]),
    ];
    const beyond = flagOf("beyond", number, column);
    if (wrong !== undefined) draft.faults.push(`, coalesce(${wrong(had)}, false) as ${beyond}`);
    const kept = wrong === undefined ? had : `case when not ${beyond} then ${had} end`;
    draft.parts.push(`${finished?.(kept) ?? kept} as ${staged(number, column)}`);
    if (isEssential(table, column)) {
      if (failed.length > 0) markColumn(draft, `${keep} and (${failed.join(" or ")})`, of);
      if (wrong !== undefined) markColumn(draft, `${keep} and ${beyond}`, { ...of, isBeyond: true });
      missing.push(...failed, ...(wrong === undefined ? [] : [beyond]));
    } else if (failed.length > 0 || wrong !== undefined) {
      const faults = [...failed, ...(wrong === undefined ? [] : [beyond])];
      empty.push({
        column,
        fault: `(${faults.join(" or ")})`,
        ...(wrong === undefined ? {} : { beyond: { fault: beyond, value: had } }),
      });
      draft.emptied.push({ ...of, target: number });
    }
  }
  const has = missing.length === 0 ? keep : `${keep} and not (${missing.join(" or ")})`;
  draft.parts.push(`${has} as ${staged(number, "keep")}`);
  const names = emptiedNames(empty.map(({ column, fault }) => [column, fault]));
  draft.parts.push(`${names} as ${staged(number, "emptied")}`);
  const values = empty.flatMap(({ column, beyond }) => (beyond === undefined ? [] : [{ column, ...beyond }]));
  draft.parts.push(`${beyondValues(values)} as ${staged(number, "beyond")}`);
}

// What the values beyond their bounds are, as JSON, for the reason.
function beyondValues(values: readonly { column: string; fault: string; value: string }[]): string {
  if (values.length === 0) return "null::varchar";
  const fields = values.map(
    ({ column, fault, value }) => `'${column}': case when ${fault} then (${value})::varchar end`,
  );
  return `case when ${values.map(({ fault }) => fault).join(" or ")} then to_json({${fields.join(", ")}})::varchar end`;
}

/** Adds the rows that a target makes of a list. */
export function addTriedList(draft: Draft, target: Target, number: number): void {
  const { table, columns, each = "" } = target;
  const keep = keptTried(draft, target, number);
  const list = flagOf("step", number, "each");
  draft.steps.push(`, try({'value': case when ${keep} then ${each} end}) as ${list}`);
  markElement(draft, `${list} is null`, { table, column: "each", type: "VARCHAR", expression: each });
  const tried = flagOf("tried", number);
  draft.faults.push(`, list_transform(${list}.value, lambda element: ${triedElement(target)}) as ${tried}`);
  draft.parts.push(`${keep} as ${staged(number, "keep")}`);
  draft.parts.push(
    `list_transform(${tried}, lambda one: ${elementOfTried(target)}) as ${staged(number, "each")}`,
  );
  for (const [column, expression] of Object.entries(columns)) {
    const as = columnsOf(table)[column];
    if (!canFail(expression, as)) continue;
    const of = { table, column, type: as.type, bounds: as.bounds, expression };
    if (isEssential(table, column)) markElement(draft, anyOf(tried, `one.${quoteName(column)} is null`), of);
    else draft.emptied.push({ ...of, target: number });
  }
}
