import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../store/quote";
import { attributeColumn } from "../records/attributes";
import { emptyRecord, typesOf } from "../records/bind";
import { mask } from "../records/field";
import { flags } from "../records/flags";
import type { Reading, Target } from "../records/format";
import { storedSql } from "../records/unasked";
import { decisiveLeaves } from "./lostLeaves";
import type { Source } from "./source";
import { type Draft, type Stage, staged, wholeRecord } from "./stageDraft";
import { addTried, addTriedList } from "./stageTried";
import { addTyped, addTypedList } from "./stageTyped";

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
  { sql, leaves }: Source,
  tolerant: boolean,
): Promise<Stage> {
  const empty = recordsSql(reading, emptyRecord(reading.fields));
  const draft: Draft = {
    ...{ keeps: [], steps: [], faults: [], parts: [], leaves },
    ...{ bits: [], columns: [], elementBits: [], elements: [], emptied: [], odd: [] },
  };
  for (const [number, target] of reading.targets.entries()) {
    const add = tolerant ? addTried : addTyped;
    if (target.each === undefined)
      add(draft, target, number, await typesOf(connection, target.columns, empty));
    else (tolerant ? addTriedList : addTypedList)(draft, target, number);
  }
  const { columns, elements, emptied } = draft;
  return { select: selectOf(draft, reading, sql, tolerant), columns, elements, emptied };
}

function selectOf({ parts, ...draft }: Draft, reading: Reading, source: string, tolerant: boolean): string {
  const { unreadable, lost } = flags;
  const masked = (bits: readonly string[]) => `case when ${unreadable} then 0 else ${mask(bits)} end`;
  const { fatal, decisive } = decisiveLeaves(reading, draft.leaves);
  const first = tolerant || reading.unnest !== undefined ? [`${flags.first} as first`] : [];
  // Repeating the same flag a million times is not free: the fast way keeps only the one that makes it give up.
  const flagged = tolerant
    ? [
        `${unreadable} as unreadable`,
        `${lost} & (${decisive}) as lost`,
        `${masked(draft.bits)} as lost_columns`,
        `${masked(draft.elementBits)} as lost_elements`,
      ]
    : [
        `${unreadable} or ${lost} <> 0 or (${mask([...draft.bits, ...draft.elementBits])}) <> 0${draft.odd.map((one) => ` or ${one}`).join("")} as damaged`,
      ];
  const whole = `not ${unreadable} and (${lost} & (${fatal})) = 0`;
  const records = [
    [...(tolerant ? [`, ${whole} as ${wholeRecord}`] : []), ...draft.keeps],
    draft.steps,
    draft.faults,
  ].reduce(
    (below, list) => (list.length === 0 ? below : `(select *${list.join("")} from ${below})`),
    recordsSql(reading, source),
  );
  return `select ${[...first, ...flagged, ...parts, kindPart(reading, tolerant)].join(", ")} from ${records}`;
}

// In most files every record gives a row and needs no kind.
function kindPart({ kind, targets }: Reading, tolerant: boolean): string {
  const isPartial = targets.every(({ where, each }) => where !== undefined || each !== undefined);
  if (kind === undefined || !isPartial) return `null::varchar as ${kindColumn}`;
  const word = storedSql("name", `regexp_extract(${kind}, '^[\\w.:/ -]{1,40}$')`, false);
  return `${tolerant ? `try(${word})` : word} as ${kindColumn}`;
}

/**
 * The rows of one target from the stage: the named columns, the record's file, its line and its place in the
 * stage, for elements of a list their `turn` in it, and unless the stage was filled the fast way, the names of the
 * columns that had to be left empty.
 *
 * @param clean the stage was filled the fast way
 * @param more further columns of the stage
 */
export function targetRows(target: Target, number: number, clean: boolean, more = ""): string {
  const beside = `file, line, place${more}`;
  const all = clean && target.where === undefined;
  const kept = `accepted${all ? "" : ` where ${staged(number, "keep")}`}`;
  if (target.each === undefined) {
    const names = [...Object.keys(target.columns), ...attributeColumns(target)];
    const columns = names.map((c) => `${staged(number, c)} as ${quoteName(c)}, `);
    const emptied = clean ? "" : `${staged(number, "emptied")} as emptied, `;
    return `select ${columns.join("")}${emptied}${beside} from ${kept}`;
  }
  const columns = Object.keys(target.columns).map((c) => `made.${quoteName(c)} as ${quoteName(c)}, `);
  const list = staged(number, "each");
  return `select ${columns.join("")}${clean ? "" : "made.emptied as emptied, "}${beside}, turn
    from (select unnest(${list}) as made, generate_subscripts(${list}, 1) as turn, ${beside} from ${kept})
    where made is not null`;
}

/** The order of a target's rows in the log: for rows that came from the elements of a list, by the list. */
export const orderOf = ({ each }: Target): string => (each === undefined ? "place" : "place, turn");
