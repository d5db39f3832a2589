import { quoteName } from "../../store/quote";
import { type Column, columnsOf } from "../../store/schema";
import { beyondSql, castTo, textIn } from "../records/canonical";
import { emptiedNames, isEssential } from "../records/essential";
import type { Target } from "../records/format";

// The elements of a record's list, each of which gives a row.

const ofText = /^(element(\.[\w"]+)+|json_extract_string\([^()]*\))$/;

// An element's own field is read like a record's text field, a calculation as it is.
function elementCast({ table, keep = false }: Target, column: string, expression: string): string {
  const as = columnsOf(table)[column];
  if (as.type === "VARCHAR") {
    const finished = textIn(column, as, expression, keep);
    const text = `cast(${expression} as varchar)`;
    return finished === undefined ? text : `list_transform([${text}], lambda text: ${finished("text")})[1]`;
  }
  const value = ofText.test(expression)
    ? castTo(`cast(${expression} as varchar)`, "VARCHAR", column, as, true).value
    : `cast(${expression} as ${as.type})`;
  // A failing cast marks an element as lost. The lambda names the value, which may be long, so that it is read once.
  return as.bounds === undefined
    ? value
    : `list_transform([${value}], lambda one: case when ${beyondSql(as, "one")} then cast('beyond ' || one as ${as.type}) else one end)[1]`;
}

/** True if a condition holds for any element of a list. */
export const anyOf = (list: string, condition: string) =>
  `coalesce(len(list_filter(${list}, lambda one: ${condition})) > 0, false)`;

const structOf = ({ columns }: Target, value: (column: string, expression: string) => string) =>
  `struct_pack(${Object.entries(columns)
    .map(([column, expression]) => `${quoteName(column)} := ${value(column, expression)}`)
    .join(", ")})`;

/** The columns of an element, or null if one of them fails. */
export const elementSql = (target: Target) =>
  `try(${structOf(target, (column, expression) => elementCast(target, column, expression))})`;

/** True if a column of an element may not be read: all but constant texts. */
export const canFail = (expression: string, { type }: Column) =>
  type !== "VARCHAR" || !/^'[^']*'$/.test(expression);

/**
 * The columns of an element, each tried on its own: where one value of a chunk fails, the engine calculates all that is
 * in its try() again, value by value.
 */
export const triedElement = (target: Target) =>
  structOf(target, (column, expression) => {
    const as = columnsOf(target.table)[column];
    const value = elementCast(target, column, expression);
    return canFail(expression, as) ? `try({'value': ${value}})` : value;
  });

/**
 * The same as `elementSql`, from `triedElement`, with the names of the columns that had to be left empty; null if one
 * cannot be.
 */
export function elementOfTried(target: Target): string {
  const { table, columns } = target;
  const of = (column: string) => `one.${quoteName(column)}`;
  const isTried = (column: string) => canFail(columns[column], columnsOf(table)[column]);
  const tried = Object.keys(columns).filter(isTried);
  const fault = (column: string) => `${of(column)} is null`;
  const failed = tried.filter((column) => isEssential(table, column)).map(fault);
  const spare = tried.filter((column) => !isEssential(table, column));
  const names = emptiedNames(spare.map((column) => [column, fault(column)]));
  const values = structOf(target, (column) => (isTried(column) ? `${of(column)}.value` : of(column)));
  const element = values.replace(/\)$/, `, emptied := ${names})`);
  return failed.length === 0 ? element : `case when not (${failed.join(" or ")}) then ${element} end`;
}
