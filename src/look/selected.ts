import { allOf } from "../facts/allOf";
import { quoteName, quoteText } from "../store/quote";

/** A value of a column that calls are kept by; null for those without one. */
export type KeptValue = string | number | boolean | null;

/** What is looked at: a predicate as it was written, and what was selected in the views since. */
export interface Selected {
  /** A predicate over the columns of calls, as every measure takes it. */
  where?: string;
  /** The column whose values stand side by side. Default: the model. */
  by?: string;
  /** The metric whose course is shown. Default: the p95 of durations. */
  metric?: string;
  /** The first moment that belongs to it, and the first that does not, UTC. */
  from?: string;
  to?: string;
  /** The least duration that belongs to it, and the least that does not, in seconds. */
  least?: number;
  most?: number;
  /** Columns with the values of which one is kept. */
  only?: readonly { name: string; values: readonly KeptValue[] }[];
}

const moment = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?$/;
const plainName = /^(?:attributes\.)?[a-z_]\w*$/i;
/** A longer predicate is none that somebody wrote. */
const longest = 10_000;

/**
 * What a page asks to look at, checked: it comes from a browser, so nothing in it is taken for what it says.
 *
 * @throws TypeError for anything else
 */
export function selectedOf(given: unknown): Selected {
  const all = recordOf(given, "what is looked at");
  const found: Selected = {};
  for (const name of ["where", "by", "metric"] as const)
    if (all[name] !== undefined && all[name] !== "") found[name] = textOf(all[name], name);
  for (const name of ["from", "to"] as const)
    if (all[name] !== undefined) found[name] = momentOf(all[name], name);
  for (const name of ["least", "most"] as const)
    if (all[name] !== undefined) found[name] = numberOf(all[name], name);
  if (all.only !== undefined) found.only = listOf(all.only, "only").map(keptOf);
  return found;
}

/** The one predicate that all of it comes to, which any measure takes as its `where`; undefined for all calls. */
export function whereOf({ where, from, to, least, most, only = [] }: Selected): string | undefined {
  const parts = [
    where,
    from && `started_at >= ${quoteText(from)}`,
    to && `started_at < ${quoteText(to)}`,
    least === undefined ? undefined : `duration >= ${least}`,
    most === undefined ? undefined : `duration < ${most}`,
    ...only.map(({ name, values }) => keeping(name, values)),
  ].filter((part) => part !== undefined);
  // What was written is given back as it was.
  return parts.length === 1 ? parts[0] : allOf(parts);
}

/** The predicate for the calls whose column has one of some values. */
export function keeping(name: string, values: readonly KeptValue[]): string {
  const column = plainName.test(name) ? name : quoteName(name);
  const known = values.filter((value) => value !== null);
  const written = known.map(literal);
  const parts = [
    ...(known.length === 0
      ? []
      : [known.length === 1 ? `${column} = ${written[0]}` : `${column} in (${written.join(", ")})`]),
    ...(known.length < values.length ? [`${column} is null`] : []),
  ];
  return parts.length === 1 ? parts[0] : `(${parts.join(" or ")})`;
}

/** A value in SQL. */
export const literal = (value: KeptValue): string =>
  typeof value === "string" ? quoteText(value) : String(value);

function keptOf(given: unknown): { name: string; values: KeptValue[] } {
  const { name, values } = recordOf(given, "only");
  const list = listOf(values, "values").map((value) => {
    if (value === null || ["string", "boolean"].includes(typeof value)) return value as KeptValue;
    return numberOf(value, "values");
  });
  if (list.length === 0) throw new TypeError("look requires values of a column in only, got none");
  return { name: textOf(name, "name"), values: list };
}

/** An object of a question. */
export function recordOf(given: unknown, what: string): Record<string, unknown> {
  if (typeof given === "object" && given !== null && !Array.isArray(given))
    return given as Record<string, unknown>;
  throw new TypeError(`look requires an object as ${what}, got ${JSON.stringify(given) ?? "nothing"}`);
}

export function listOf(given: unknown, what: string): readonly unknown[] {
  if (Array.isArray(given) && given.length <= 100) return given;
  throw new TypeError(`look requires a list of at most 100 as ${what}`);
}

export function textOf(given: unknown, what: string): string {
  if (typeof given === "string" && given.length <= longest) return given;
  throw new TypeError(`look requires a text of at most ${longest} characters as ${what}`);
}

export function numberOf(given: unknown, what: string): number {
  if (typeof given === "number" && Number.isFinite(given)) return given;
  throw new TypeError(`look requires a number as ${what}, got ${JSON.stringify(given)}`);
}

function momentOf(given: unknown, what: string): string {
  const text = textOf(given, what);
  if (moment.test(text)) return text;
  throw new TypeError(`look requires a time such as "2026-03-05 14:00" as ${what}, got "${text}"`);
}
