import { inBrackets } from "../../facts/allOf";
import { unlessNamed } from "../../facts/leftOut";
import { type SelectRequest, within } from "../../facts/request";
import { blamingWhere, checkPredicate, type Selection, select } from "../../facts/select";
import { parseExpression } from "../../store/expression";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";

/** The two sides: calls that meet one predicate each, or those before and from a moment. */
export interface Sides {
  /** A predicate over the columns of calls, in SQL: `release = '4.2.0'`. */
  a?: string;
  b?: string;
  /** The moment that separates before (a) and after (b): "2026-03-05", "2026-03-05 14:00", or with an offset. */
  switch?: string;
}

/**
 * Makes each side leave out what the other does: if one side names the environment, evaluation runs and load tests
 * stay out of the other; if one names the role or the operation, judges or embeddings do.
 */
export async function evenSides({ a, b, ...rest }: Sides): Promise<Sides> {
  if (a === undefined || b === undefined) return { a, b, ...rest };
  const names = async (text: string, side: string) =>
    new Set((await parseExpression(text, side)).columns.map(([name]) => name.toLowerCase()));
  const [ofA, ofB] = [await names(a, "a"), await names(b, "b")];
  const even = (side: string, own: Set<string>, other: Set<string>) => {
    const parts = Object.keys(unlessNamed).filter((column) => other.has(column) && !own.has(column));
    return parts.reduce(
      (text, column) => `${text} and ${unlessNamed[column]}`,
      parts.length > 0 ? inBrackets(side) : side,
    );
  };
  return { a: even(a, ofA, ofB), b: even(b, ofB, ofA), ...rest };
}

/** Selects the calls of both sides with whole tasks, and makes the view `sided`. */
export async function selectSides(
  store: Store,
  sides: Sides,
  request: SelectRequest,
  beforeAndAfter: string,
): Promise<{ selection: Selection; at?: string }> {
  const { a, b } = sides;
  const moment = sides.switch;
  if (
    (moment === undefined) === (a === undefined && b === undefined) ||
    (a === undefined) !== (b === undefined)
  )
    throw new RangeError(
      `compare requires either a and b, two predicates such as "model = 'alder'", or switch, a date such as 2026-03-02; got ${
        Object.entries({ a, b, switch: moment })
          .filter(([, one]) => one !== undefined)
          .map(([name]) => name)
          .join(" and ") || "none"
      }`,
    );
  const timezone = request.timezone ?? "UTC";
  const texts: string[] = [];
  for (const [name, text] of Object.entries({ a, b }))
    if (text !== undefined) {
      await checkPredicate(store, name, text, request);
      texts.push((await parseExpression(text, name)).sql);
    }
  const either = texts.length === 0 ? undefined : `(${texts[0]}) or (${texts[1]})`;
  const selection = await blamingWhere(store, request, () =>
    select(store, within(request, either), { population: "judged", keepsToProduction: true }),
  );
  try {
    await run(selection.connection, `set variable timezone = ${quoteText(timezone)}`);
    if (moment === undefined) {
      const parsed = [await selection.predicate(texts[0]), await selection.predicate(texts[1])];
      await run(
        selection.connection,
        `create or replace temp view sided as select *, case
           when (${parsed[0]}) and not coalesce((${parsed[1]}), false) then false
           when (${parsed[1]}) and not coalesce((${parsed[0]}), false) then true end as second from selected`,
      );
      return { selection };
    }
    const at = await momentOf(selection, moment, timezone);
    await run(selection.connection, `set variable switch = ${quoteText(at)}`);
    await run(selection.connection, beforeAndAfter);
    return { selection, at };
  } catch (error) {
    selection.close();
    throw error;
  }
}

const form = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** A time as the store keeps it: without an offset it is in the given time zone. */
async function momentOf({ connection }: Selection, given: string, timezone: string): Promise<string> {
  const wrong = () =>
    new RangeError(
      `compare requires switch to be a time such as "2026-03-05" or "2026-03-05 14:00", got "${given}"`,
    );
  const [, day, time = "00:00", seconds = ":00", zone] = form.exec(given) ?? [];
  if (day === undefined) throw wrong();
  const when = `${day} ${time}${seconds}${(zone ?? "").replace("Z", "+00")}`;
  const sql =
    zone === undefined
      ? "select (timezone($timezone, $when::timestamp) at time zone 'UTC')::varchar as moment"
      : "select ($when::varchar::timestamptz at time zone 'UTC')::varchar as moment";
  try {
    const [{ moment }] = await rowsOf<{ moment: string }>(connection, sql, { when, timezone });
    return moment;
  } catch {
    throw wrong();
  }
}
