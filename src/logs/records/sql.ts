import { isUtcSql } from "./canonical";
import { flags } from "./flags";
import type { Target } from "./format";

// Pieces of SQL that the formats are written in. A record's fields stand in them as texts; what cannot be cast
// throws, and the record is then rejected with its reason, so nothing is tried in silence here.

/** The flags beside a record's own fields that every `unnest` carries on, and the one that it adds. */
export const carried = `${flags.unreadable}, ${flags.lost}`;
export const { first } = flags;

/** The first of several texts that is there and not empty. */
export function given(...texts: string[]): string {
  return firstOf(texts.map((text) => `nullif(${text}, '')`));
}

/** The first of several values that is there. */
export function firstOf(values: readonly string[]): string {
  return values.length === 1 ? values[0] : `coalesce(${values.join(", ")})`;
}

/** Reads texts out of JSON that is known to be valid: of several paths the first that is there. */
export function textsIn(valid: string): (...paths: string[]) => string {
  return (...paths) => firstOf(paths.map((path) => `json_extract_string(${valid}, '${pathOf(path)}')`));
}

/** A text as JSON, or null if it is none: objects, and objects that a tool wrote as text. */
export function json(text: string): string {
  return `(case when json_valid(${text}) then ${text} end)`;
}

/** The text at a path of a JSON text, the first of several that is there: inside("usage", "a.b", "c"). */
export function inside(text: string, ...paths: string[]): string {
  return textsIn(json(text))(...paths);
}

/** The JSON at a path of a JSON text, as text: objects and lists too. */
export function part(text: string, path: string): string {
  return `cast(json_extract(${json(text)}, '${pathOf(path)}') as varchar)`;
}

// Dots part the path, but not those between double quotes.
function pathOf(path: string): string {
  return path.startsWith("$") ? path : `$.${path}`;
}

/** A text that must be there: where it is missing or empty the record is rejected. */
export function required(text: string): string {
  // The engine's own error() cannot be tried; a cast that fails can.
  return `(case when ${given(text)} is null then cast(cast('missing' || coalesce(${text}, '') as boolean) as varchar) else ${text} end)`;
}

/**
 * What a record gives several rows of, where these are no more than a number: as many as no real record has would each look
 * through all of it, and it is rejected.
 */
export function few(count: string, most: number, list: string): string {
  return `(case when cast(case when ${count} > ${most} then 'more than ${most} of ' || ${count} else 'true' end as boolean) then ${list} end)`;
}

/**
 * The keys of a JSON object of which each is looked for in a text: refused where together they would look through more
 * than a number of bytes.
 *
 * @param within the text; default the object itself
 */
export function keysIn(object: string, within = object, most = 20_000_000): string {
  const keys = `json_keys(${object})`;
  return few(`len(${keys}) * strlen(cast(${within} as varchar))`, most, keys);
}

export function number(text: string): string {
  return `cast(${given(text)} as double)`;
}

/** A whole number. The engine would take 3.5 for 4 in silence: it fails instead, while 3.0 is 3. */
export function whole(text: string): string {
  const filled = given(text);
  return `cast(case when contains(${filled}, '.') then replace(regexp_replace(${filled}, '[.]0+$', ''), '.', '?')
    else ${filled} end as bigint)`;
}

/** A sum in which what is missing counts as nothing, and which is missing where its first part is. */
export function total(first: string, ...others: string[]): string {
  return `(${first}${others.map((other) => ` + coalesce(${other}, 0)`).join("")})`;
}

/** A time as text, with or without zone (then UTC), or as a number since 1970: of seconds, or of a fraction of one by its size. */
export function instant(text: string): string {
  const filled = given(text);
  return `(case when regexp_full_match(${text}, '[0-9]+([.][0-9]+)?([eE][+]?[0-9]+)?')
    then make_timestamp(cast(cast(${text} as double) * case when cast(${text} as double) > 1e17 then 1e-3
      when cast(${text} as double) > 1e14 then 1 when cast(${text} as double) > 1e11 then 1e3 else 1e6 end as bigint))
    when ${isUtcSql(text)} then cast(rtrim(${text}, 'Zz') as timestamp)
    else timezone('UTC', cast(${filled} as timestamptz)) end)`;
}

/** Seconds from one instant to a later one; a clock that ran backwards gives no duration. */
export function secondsBetween(from: string, to: string): string {
  const microseconds = `date_diff('microsecond', ${from}, ${to})`;
  return `(case when ${microseconds} >= 0 then ${microseconds} / 1e6 end)`;
}

export function milliseconds(text: string): string {
  return `(${number(text)} / 1000)`;
}

/** Input tokens with the cached ones, from a count that may leave them out: more cached than read means it did. */
export function withCached(input: string, read: string, written: string): string {
  const cached = `coalesce(${read}, 0) + coalesce(${written}, 0)`;
  return `(case when ${cached} > ${input} then ${input} + ${cached} else ${input} end)`;
}

/** What the words of a failed call say of it, as regular expressions over small letters. */
export const failureWords = {
  rate_limited: "rate.?limit|too.?many.?requests|throttl|quota|\\b429\\b",
  timeout: "time.?out|timed.out|deadline|\\b(408|504)\\b",
  cancelled: "cancel|abort",
} as const;

/** What a failed call's HTTP status and words say of it: the status of the canonical tables. */
export function statusOf(failed: string, words: string, http = "null::bigint"): string {
  const lower = `lower(coalesce(${words}, ''))`;
  return `(case when ${http} = 429 or (${failed} and regexp_matches(${lower}, '${failureWords.rate_limited}')) then 'rate_limited'
    when ${http} in (408, 504) or (${failed} and regexp_matches(${lower}, '${failureWords.timeout}')) then 'timeout'
    when ${http} = 499 or (${failed} and regexp_matches(${lower}, '${failureWords.cancelled}')) then 'cancelled'
    when ${http} >= 400 or ${failed} then 'error' else 'ok' end)`;
}

/**
 * Seconds that a refused call was told to wait: by its Retry-After (seconds, or a day and time, which counts from the
 * call's end), by Retry-After-Ms, else by the usual words of an error: "Please try again in 1m2.5s". None beyond a day.
 */
export function retryAfter({
  failed,
  header = "null",
  milliseconds = "null",
  words = "null",
  end = "null::timestamp",
}: {
  failed: string;
  header?: string;
  milliseconds?: string;
  words?: string;
  end?: string;
}): string {
  const alone = (text: string) =>
    `try_cast(nullif(regexp_extract(${text}, '(?:^|")\\s*([0-9]+(?:[.][0-9]+)?)\\s*(?:"|$)', 1), '') as double)`;
  const day = `try_strptime(nullif(regexp_extract(${header}, '([0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8}) GMT', 1), ''), '%d %b %Y %H:%M:%S')`;
  // Numbers with their units, as "1m2.5s" or "20 seconds".
  const span = `nullif(regexp_extract(lower(${words}), '(?:try again|retry|wait)[^0-9]{0,24}((?:[0-9.]+ ?(?:h|m|ms|millis|s)[a-z]* ?)+)', 1), '')`;
  const part = (unit: string) =>
    `coalesce(try_cast(nullif(regexp_extract(${span}, '([0-9.]+) ?(?:${unit})(?:[^a-z]|$)', 1), '') as double), 0)`;
  const said = `case when ${span} is not null then 3600 * ${part("h|hours?")} + 60 * ${part("m|min|minutes?")}
    + ${part("s|secs?|seconds?")} + ${part("ms|millis|milliseconds?")} / 1000 end`;
  const asked = `coalesce(${alone(milliseconds)} / 1000, ${alone(header)}, date_diff('millisecond', ${end}, ${day}) / 1000.0, ${said})`;
  return `case when ${failed} then list_filter([${asked}], lambda asked: asked between 0 and 86400)[1] end`;
}

/**
 * Names for texts that several columns read. `name` gives the column that stands for an expression, `derived` the
 * expressions by name, for the reading.
 */
export function namedTexts(): {
  name: (name: string, sql: string) => string;
  derived: Record<string, string>;
} {
  const derived: Record<string, string> = {};
  return {
    name: (name, sql) => {
      const plain = `@${name.replaceAll('"', "")}`;
      derived[plain] = sql;
      return `"${plain}"`;
    },
    derived,
  };
}

// Columns that many formats fill in the same way.

/** What a call was for: an answer, or the embedding of a text. */
export const chatOrEmbedding = (isEmbedding: string) => ({
  operation: `case when ${isEmbedding} then 'embeddings' else 'chat' end`,
  role: `case when ${isEmbedding} then 'other' else 'answer' end`,
});

/** A call that an evaluation made. */
export const evaluated = { environment: "'evaluation'", operation: "'chat'", role: "'answer'" };

/** The item of an eval set that a request of a batch asks, and its repeat: they are part of the request's own id. */
export const batchItem = "nullif(regexp_extract(custom_id, '^fieldnotes-(.+)-[0-9a-f]{6}-[0-9]+$', 1), '')";

/** The item of an eval set, under the name by which it is handed to other programs. */
export const itemField = "fieldnotes_item";

/** Input tokens, from a count that may leave out the cached ones. */
export const inputTokens = (input: string, read: string, written: string) => ({
  input_tokens: withCached(input, read, written),
  cache_read_input_tokens: read,
  cache_creation_input_tokens: written,
});

/** A number as an HTTP status, where it is one. */
export const httpStatus = (http: string) => `case when ${http} between 100 and 599 then ${http} end`;

/** Scores of a list whose elements have an id, a name and a value. */
export const scoresOf = (subject: "call" | "task", more: Record<string, string> = {}): Target["columns"] => ({
  subject: `'${subject}'`,
  subject_id: "element.id",
  name: "element.name",
  value: "element.value",
  ...more,
});

/** Length and marks of style of one side's answer, from its text. */
export function styleOf(side: "a" | "b", text: string): Target["columns"] {
  const marks = (pattern: string) => `len(regexp_extract_all(${text}, '${pattern}'))`;
  return {
    [`length_${side}`]: `length(${text})`,
    [`lists_${side}`]: marks("(?m)^[ \\t]*(?:[-*+]|[0-9]+[.)])[ \\t]"),
    [`headings_${side}`]: marks("(?m)^#{1,6}[ \\t]"),
    [`bold_${side}`]: marks("[*][*][^*\\n]+[*][*]"),
  };
}

/** The columns of a span that is the use of a tool; its name is also that of the stage. */
export function toolUse(tool: string, given: string): Record<"stage" | "tool" | "arguments_hash", string> {
  return { stage: tool, tool, arguments_hash: argumentsHash(given) };
}

/** A tool by the name of its span, where frameworks put words before it. */
export const toolOfSpan = (name: string) =>
  `regexp_replace(${name}, '^(running tool: |execute_tool |tool[.])|[.]start(-[0-9]+)?$', '', 'g')`;

/** True of the name of a span without length that tells that a tool was begun; and of one that tells what came of it. */
export const isToolBegun = (name: string) => `regexp_matches(${name}, '[.]start(-[0-9]+)?$')`;
export const isToolEvent = (name: string) =>
  `regexp_matches(${name}, '[.](finish|success|error|retry)(-[0-9]+)?$')`;

/** The hash of a tool's arguments, whatever blanks stand between them. */
export function argumentsHash(given: string): string {
  return `md5(case when json_valid(${given}) then cast(json(${given}) as varchar) else nullif(${given}, '') end)`;
}
