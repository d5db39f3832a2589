import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../store/quote";
import { type Column, columnsOf, type FilledTable } from "../../store/schema";
import { attributeColumn } from "../records/attributes";
import { emptyRecord, isField, typesOf } from "../records/bind";
import { castTo } from "../records/canonical";
import { bit, mask } from "../records/field";
import { flags } from "../records/flags";
import type { Reading, Target } from "../records/format";
import { anyOf, canFail, elementOfTried, elementSql, triedElement } from "./element";

/** The column of the stage with the log's own kind for a record that gives no row. */
export const kindColumn = '"kind"';

/** The columns of a target's attributes. */
export const attributeColumns = ({ beside }: Target): string[] =>
  Object.keys(beside?.columns ?? {}).map(attributeColumn);

/** True for a record of the stage that is in rejects. */
export const leftSql = "(unreadable or lost <> 0 or lost_columns <> 0 or lost_elements <> 0)";

/** True for a record of the stage that gives a target some row. */
export function keepsSql(target: Target, number: number, clean: boolean): string {
  const keep = clean && target.where === undefined ? "true" : staged(number, "keep");
  return target.each === undefined ? keep : `(${keep} and coalesce(len(${staged(number, "each")}), 0) > 0)`;
}

/** The column of the stage that holds a target's canonical column. */
export const staged = (target: number, column: string) => quoteName(`${target}.${column}`);

/** A column besides the record's fields that says something about a target. */
const flagOf = (what: string, target: number, column = "") =>
  quoteName(`record ${what} ${target} ${column}`.trim());

/** One thing that the stage computes and that may fail, so that it can be named. */
export interface StagedColumn extends Pick<Column, "type" | "bounds"> {
  table: FilledTable;
  /** The column, or "where". */
  column: string;
  expression: string;
}

/** The SELECT that turns records into the rows of all targets, side by side. */
export interface Stage {
  select: string;
  /** The meaning of the bits of lost_columns. */
  columns: StagedColumn[];
  /**
   * The meaning of the bits of lost_elements: a list, or a column of some of its elements, the rest of which is
   * kept.
   */
  elements: StagedColumn[];
}

/** The records' relation: the source itself, or what the reading turns it into. */
export function recordsSql(reading: Reading, source: string): string {
  const records =
    reading.unnest === undefined
      ? `(select *, true as ${flags.first} from ${source})`
      : `(with source as (select * from ${source}) ${reading.unnest})`;
  return withDerived(records, reading.derived ?? {});
}

// A name used by another name is a column of the relation below it: written once, it is calculated once.
function withDerived(records: string, derived: Record<string, string>): string {
  const depths = new Map<string, number>();
  const levels: string[][] = [];
  for (const [name, sql] of Object.entries(derived)) {
    const below = [...depths]
      .filter(([other]) => sql.includes(quoteName(other)))
      .map(([, depth]) => depth + 1);
    const depth = Math.max(0, ...below);
    depths.set(name, depth);
    levels[depth] ??= [];
    levels[depth].push(`, ${sql} as ${quoteName(name)}`);
  }
  return levels.reduce((below, columns) => `(select *${columns.join("")} from ${below})`, records);
}

/**
 * Builds the stage.
 *
 * @param tolerant each value is tried on its own, and one that fails is marked; else the first failure throws, and
 * only values that are read but wrong are marked
 */
export async function stageOf(
  connection: DuckDBConnection,
  reading: Reading,
  source: string,
  tolerant: boolean,
): Promise<Stage> {
  const empty = recordsSql(reading, emptyRecord(reading.fields));
  const parts: string[] = [];
  const bits: string[] = [];
  const columns: StagedColumn[] = [];
  const elementBits: string[] = [];
  const elements: StagedColumn[] = [];
  const mark = (condition: string, column: StagedColumn) => {
    bits.push(bit(condition, columns.length));
    columns.push(column);
  };
  // What is used more than once is calculated below: which records a target keeps, and each value.
  const keeps: string[] = [];
  const steps: string[] = [];
  const lists: string[] = [];
  const odd: string[] = [];
  for (const [number, target] of reading.targets.entries()) {
    const { table, where, beside } = target;
    const keep = where === undefined ? "true" : flagOf("keep", number);
    if (where !== undefined) {
      const kept = `coalesce(${where}, false)`;
      keeps.push(`, ${tolerant ? `coalesce(try(${kept}), false)` : kept} as ${keep}`);
      if (tolerant) {
        keeps.push(`, try(${kept}) is null as ${flagOf("failed", number)}`);
        mark(flagOf("failed", number), { table, column: "where", type: "BOOLEAN", expression: where });
      }
    }
    if (tolerant) parts.push(`not ${flags.unreadable} and ${keep} as ${staged(number, "keep")}`);
    else if (where !== undefined) parts.push(`${keep} as ${staged(number, "keep")}`);
    if (target.each !== undefined) {
      const list = flagOf("step", number, "each");
      const had = tolerant ? `${list}.value` : list;
      const read = `case when ${keep} then ${target.each} end`;
      steps.push(`, ${tolerant ? `try({'value': ${read}})` : read} as ${list}`);
      if (!tolerant) {
        // Calculated only here: elsewhere the optimizer might move what fails out of its try().
        const made = `list_transform(${had}, lambda element: ${elementSql(target)})`;
        parts.push(`${made} as ${staged(number, "each")}`);
        elementBits.push(bit(anyOf(made, "one is null"), 0));
        continue;
      }
      const lost = (condition: string, column: string, type: Column["type"], expression: string) => {
        elementBits.push(bit(condition, elements.length));
        elements.push({ table, column, type, expression });
      };
      lost(`${list} is null`, "each", "VARCHAR", target.each);
      const tried = flagOf("tried", number);
      lists.push(`, list_transform(${had}, lambda element: ${triedElement(target)}) as ${tried}`);
      parts.push(
        `list_transform(${tried}, lambda one: ${elementOfTried(target)}) as ${staged(number, "each")}`,
      );
      for (const [column, expression] of Object.entries(target.columns)) {
        const as = columnsOf(table)[column];
        if (canFail(expression, as))
          lost(anyOf(tried, `one.${quoteName(column)} is null`), column, as.type, expression);
      }
      continue;
    }
    for (const [key, text] of Object.entries(beside?.columns ?? {}))
      parts.push(`${text} as ${staged(number, attributeColumn(key))}`);
    odd.push(...(beside?.odd ?? []));
    const types = await typesOf(connection, target.columns, empty);
    for (const [column, expression] of Object.entries(target.columns)) {
      const as = columnsOf(table)[column];
      const { value, wrong, finished } = castTo(expression, types[column], column, as, isField(expression));
      const of = { table, column, type: as.type, bounds: as.bounds, expression };
      const isAsIs = value === expression && wrong === undefined && finished === undefined;
      // A calculation may fail whatever its type; a field of the right type cannot.
      if (isAsIs && (!tolerant || isField(expression))) {
        parts.push(`${value} as ${staged(number, column)}`);
        continue;
      }
      const step = flagOf("step", number, column);
      const had = tolerant ? `${step}.value` : step;
      steps.push(`, ${tolerant ? `try({'value': ${value}})` : value} as ${step}`);
      parts.push(`${finished?.(had) ?? had} as ${staged(number, column)}`);
      const isLost = tolerant ? `${step} is null` : "false";
      const isWrong = wrong === undefined ? "false" : `coalesce(${wrong(had)}, false)`;
      if (tolerant || wrong !== undefined) mark(`${keep} and (${isLost} or ${isWrong})`, of);
    }
  }
  const lost = `case when ${flags.unreadable} then 0 else ${mask(bits)} end`;
  const first = tolerant || reading.unnest !== undefined ? [`${flags.first} as first`] : [];
  // Repeating the same flag a million times is not free: the fast way keeps only the one that makes it give up.
  const flagged = tolerant
    ? [
        `${flags.unreadable} as unreadable`,
        `${flags.lost} as lost`,
        `${lost} as lost_columns`,
        `case when ${flags.unreadable} then 0 else ${mask(elementBits)} end as lost_elements`,
      ]
    : [
        `${flags.unreadable} or ${flags.lost} <> 0 or (${mask([...bits, ...elementBits])}) <> 0${odd.map((one) => ` or ${one}`).join("")} as damaged`,
      ];
  // In most files every record gives a row and needs no kind.
  const isPartial = reading.targets.every(({ where, each }) => where !== undefined || each !== undefined);
  if (reading.kind === undefined || !isPartial) parts.push(`null::varchar as ${kindColumn}`);
  else {
    const word = `regexp_extract(${reading.kind}, '^[\\w.:/ -]{1,40}$')`;
    parts.push(`${tolerant ? `try(nullif(${word}, ''))` : `nullif(${word}, '')`} as ${kindColumn}`);
  }
  const records = `(select *${keeps.join("")} from ${recordsSql(reading, source)})`;
  const stepped = `(select *${steps.join("")} from ${records})`;
  const listed = lists.length === 0 ? stepped : `(select *${lists.join("")} from ${stepped})`;
  return {
    select: `select ${[...first, ...flagged, ...parts].join(", ")} from ${listed}`,
    columns,
    elements,
  };
}

/**
 * The rows of one target from the stage: the named columns, the record's file, its line and its place in the
 * stage, and for elements of a list their `turn` in it.
 *
 * @param clean the stage was filled the fast way
 */
export function targetRows(target: Target, number: number, clean: boolean): string {
  const beside = "file, line, place";
  const all = clean && target.where === undefined;
  const kept = `accepted${all ? "" : ` where ${staged(number, "keep")}`}`;
  if (target.each === undefined) {
    const names = [...Object.keys(target.columns), ...attributeColumns(target)];
    const columns = names.map((c) => `${staged(number, c)} as ${quoteName(c)}, `);
    return `select ${columns.join("")}${beside} from ${kept}`;
  }
  const columns = Object.keys(target.columns).map((c) => `made.${quoteName(c)} as ${quoteName(c)}, `);
  const list = staged(number, "each");
  return `select ${columns.join("")}${beside}, turn
    from (select unnest(${list}) as made, generate_subscripts(${list}, 1) as turn, ${beside} from ${kept})
    where made is not null`;
}

/** The order of a target's rows in the log: for rows that came from the elements of a list, by the list. */
export const orderOf = ({ each }: Target): string => (each === undefined ? "place" : "place, turn");
