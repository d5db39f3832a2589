import { timeSql } from "./canonical";
import { flags } from "./flags";
import type { Target } from "./format";

export { statusOf } from "./failure";

// Building blocks of SQL for the formats. A record's fields appear in them as texts; a failing cast throws, and
// the record is then rejected with its reason, so nothing is silently tried here.

/** The flags beside a record's own fields that every `unnest` carries along, and the one that it adds. */
export const carried = `${flags.unreadable}, ${flags.lost}`;
export const { first } = flags;

/** The first of several texts that is present and not empty. */
export function given(...texts: string[]): string {
  return firstOf(texts.map((text) => `nullif(${text}, '')`));
}

/** The first of several values that is present. */
export function firstOf(values: readonly string[]): string {
  return values.length === 1 ? values[0] : `coalesce(${values.join(", ")})`;
}

/** Reads texts from JSON that is known to be valid: the first of several paths that is present. */
export function textsIn(valid: string): (...paths: string[]) => string {
  return (...paths) => firstOf(paths.map((path) => `json_extract_string(${valid}, '${pathOf(path)}')`));
}

/** A text as JSON, or null if it is not JSON: objects, and objects that a tool wrote as text. */
export function json(text: string): string {
  return `(case when json_valid(${text}) then ${text} end)`;
}

/** The text at a path of a JSON text, the first of several that is present: inside("usage", "a.b", "c"). */
export function inside(text: string, ...paths: string[]): string {
  return textsIn(json(text))(...paths);
}

/** The JSON at a path of a JSON text, as text: objects and lists too. */
export function part(text: string, path: string): string {
  return `cast(json_extract(${json(text)}, '${pathOf(path)}') as varchar)`;
}

// Dots separate the parts of a path, except between double quotes.
function pathOf(path: string): string {
  return path.startsWith("$") ? path : `$.${path}`;
}

/** A text that must be present: if it is missing or empty the record is rejected. */
export function required(text: string): string {
  // The engine's own error() does not work inside try(); a failing cast does.
  return `(case when ${given(text)} is null then cast(cast('missing' || coalesce(${text}, '') as boolean) as varchar) else ${text} end)`;
}

/**
 * A list whose elements each give a row. Each row searches the whole record, so a record with more elements than
 * any real one has is rejected.
 */
export function few(count: string, most: number, list: string): string {
  return `(case when cast(case when ${count} > ${most} then 'more than ${most} of ' || ${count} else 'true' end as boolean) then ${list} end)`;
}

/**
 * The keys of a JSON object that are each looked up in a text: refused if together they would search more than a
 * maximum number of bytes.
 *
 * @param within the text; default the object itself
 */
export function keysIn(object: string, within = object, most = 20_000_000): string {
  const keys = `json_keys(${object})`;
  return few(`len(${keys}) * strlen(cast(${within} as varchar))`, most, keys);
}

/**
 * Requests in JSON, each as `it` with the `result` whose id is its own. The lists are read once: searching the text
 * of all replies for each request would take the square of its length.
 *
 * @param id the request's id, over the request `one`
 */
export function answered(
  requests: string,
  replies: string,
  idOfReply: string,
  id = "json_extract_string(one, '$.id')",
): string {
  return `list_transform([{'requests': ${requests}, 'replies': ${replies}}], lambda lists:
    list_transform([list_transform(lists.replies, lambda reply: coalesce(json_extract_string(reply, '$.${idOfReply}'), ''))], lambda ids:
      list_transform(lists.requests, lambda one: {'it': one,
        'result': lists.replies[list_position(ids, nullif(${id}, ''))]}))[1])[1]`;
}

export function number(text: string): string {
  return `cast(${given(text)} as double)`;
}

/** A whole number. The engine would silently turn 3.5 into 4: here it fails instead, while 3.0 is 3. */
export function whole(text: string): string {
  const filled = given(text);
  return `cast(case when contains(${filled}, '.') then replace(regexp_replace(${filled}, '[.]0+$', ''), '.', '?')
    else ${filled} end as bigint)`;
}

/** A sum in which missing parts count as nothing, and which is missing if its first part is. */
export function total(first: string, ...others: string[]): string {
  return `(${first}${others.map((other) => ` + coalesce(${other}, 0)`).join("")})`;
}

/**
 * A time as text, with or without zone (then UTC), or as a number since 1970: in seconds, or in a fraction of a
 * second, judged by its size.
 */
export function instant(text: string): string {
  // Most times have a letter or a colon, and the search for either is cheaper than the pattern of a number.
  return `(case when contains(${text}, ':') or not regexp_full_match(${text}, '[0-9]+([.][0-9]+)?([eE][+]?[0-9]+)?')
    then ${timeSql(given(text))}
    else make_timestamp(cast(cast(${text} as double) * case when cast(${text} as double) > 1e17 then 1e-3
      when cast(${text} as double) > 1e14 then 1 when cast(${text} as double) > 1e11 then 1e3 else 1e6 end as bigint)) end)`;
}

/** Seconds from one instant to a later one; a clock that ran backwards gives no duration. */
export function secondsBetween(from: string, to: string): string {
  const microseconds = `date_diff('microsecond', ${from}, ${to})`;
  return `(case when ${microseconds} >= 0 then ${microseconds} / 1e6 end)`;
}

export function milliseconds(text: string): string {
  return `(${number(text)} / 1000)`;
}

/**
 * Input tokens including the cached ones, from a count that may exclude them: if more were cached than read, it
 * does.
 */
export function withCached(input: string, read: string, written: string): string {
  const cached = `coalesce(${read}, 0) + coalesce(${written}, 0)`;
  return `(case when ${cached} > ${input} then ${input} + ${cached} else ${input} end)`;
}

/**
 * Seconds that a refused call was told to wait: from its Retry-After (seconds, or a date, counted from the call's
 * end), from Retry-After-Ms, else from the usual words of an error: "Please try again in 1m2.5s". None beyond a
 * day.
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
  const wait = `coalesce(${alone(milliseconds)} / 1000, ${alone(header)}, date_diff('millisecond', ${end}, ${day}) / 1000.0, ${said})`;
  return `case when ${failed} then list_filter([${wait}], lambda wait: wait between 0 and 86400)[1] end`;
}

/**
 * Names for texts that several columns read. `name` returns the column for an expression; `derived` has the
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

/** The purpose of a call: an answer, or the embedding of a text. */
export const chatOrEmbedding = (isEmbedding: string) => ({
  operation: `case when ${isEmbedding} then 'embeddings' else 'chat' end`,
  role: `case when ${isEmbedding} then 'other' else 'answer' end`,
});

/** What people call a conversation in the metadata of a request. */
export const conversationKeys = [
  "session_id",
  "sessionId",
  "conversation_id",
  "conversationId",
  "thread_id",
  "threadId",
  "chat_id",
  "chatId",
];

/** A call made by an evaluation. */
export const evaluated = { environment: "'evaluation'", operation: "'chat'", role: "'answer'" };

/** The item of an eval set that a batch request asks, and its repeat, both part of the request's own id. */
export const batchItem = "nullif(regexp_extract(custom_id, '^fieldnotes-(.+)-[0-9a-f]{6}-[0-9]+$', 1), '')";

/** The item of an eval set, under the name by which other programs receive it. */
export const itemField = "fieldnotes_item";

/** Input tokens, from a count that may exclude the cached ones. */
export const inputTokens = (input: string, read: string, written: string) => ({
  input_tokens: withCached(input, read, written),
  cache_read_input_tokens: read,
  cache_creation_input_tokens: written,
});

/** A number as an HTTP status, if it is one. */
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

/** The status of a span, and why a call failed: the first of some texts, shortened, else a word. */
export const spanStatus = (failed: string) => `case when ${failed} then 'error' else 'ok' end`;
export const reasonOf = (failed: string, text: string, otherwise: string) =>
  `case when ${failed} then coalesce(left(${text}, 200), '${otherwise}') end`;

/** The standard error of a score from its 95 % bounds, which are 3.92 of them apart if it is normal. */
export const errorOfBounds = (low: string, high: string) => `(${high} - ${low}) / 3.92`;
