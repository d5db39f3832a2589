import type { Shape } from "../files/shape";
import { readColumns } from "../records/texts";
import { timeBy, timeFormats } from "../records/timeFormat";
import { type Field, fieldsOf, isDate, isNumber, isTime, scaleOfInstants } from "./fields";
import { saysSolved } from "./outcomeWords";
import {
  callStatus,
  errorType,
  failureBeside,
  statusOfError,
  successStatus,
  successWords,
} from "./statusWords";

const divided = (name: string, by: number) => {
  if (by === 1) return name;
  return by < 1 ? `${name} * ${Math.round(1 / by)}` : `${name} / ${by >= 1e6 ? `1e${Math.log10(by)}` : by}`;
};
/** A number as seconds, by the unit that its name states, else judged by its size. */
export const secondsOf = ({ value, said, values }: Field) =>
  divided(value, said.seconds ?? timeUnits(values)[0].divisor);
const dollars = ({ value, said }: Field) => divided(value, said.dollars);

/** The possible units of times without one, the more likely first: a usual call does not take five minutes. */
export function timeUnits(values: readonly unknown[]): { unit: string; divisor: number }[] {
  const units = [
    { unit: "seconds", divisor: 1 },
    { unit: "milliseconds", divisor: 1000 },
  ];
  const sorted = values.map(Number).sort((one, other) => one - other);
  return sorted[sorted.length >> 1] >= 300 ? units.reverse() : units;
}

const ofError =
  /^(err(or)?(_?(type|class|code|kind|name|message|msg|text|reason))?|exception|(exception|failure)_(reason|type|class|code|kind|name))$/;

/**
 * What names mean, and the expression that turns their values into a column; for each column the first match
 * counts.
 */
const aliases: [column: string, what: RegExp, expression?: (field: Field) => string][] = [
  [
    "call_id",
    /^((api_|llm_)?(call|request|req|response|completion|generation|log|span|event)_?(id|uuid|ref|no|nr)|[re]?id|uuid|guid|ref|reference)$/,
  ],
  ["user_id", /^((end_)?(user|customer|member|person)|who)(_(id|uuid|key|no|nr|ref|code|name|email|hash))?$/],
  ["user_id", /^(client|account|tenant)(_(id|uuid|key|no|nr|ref|code|name|email|hash))?$/],
  ["conversation_id", /^(conversation|session|thread|chat|dialog(ue)?)(_(id|uuid|no|nr|ref|key))?$/],
  [
    "task_id",
    /^((support_)?(task|trace|ticket|case|issue|job|run|incident)|ticket_ref)(_(id|uuid|no|nr|ref|key))?$/,
  ],
  [
    "workload",
    /^(workload|feature|app(lication)?|use_?case|service|project|product|queue|flow|category)(_name)?$/,
  ],
  [
    "model",
    /^((ai_|llm_|request_|used_)?model(_?(name|id|used|version))?|llm(_?(name|id))?|deployment(_?(name|id))?|engine|model_deployment)$/,
  ],
  ["provider", /^((provider|vendor)(_name)?|ai_org|hosted_by)$/],
  ["time_to_first_token", /(^|_)(ttft|ttfb|first_(token|chunk|byte))(_|$)|^first$/, secondsOf],
  [
    "started_at",
    /^(request_|call_|event_|log_)?(started|start|begin|began|begun|created|requested|received|recv|arrived|arrival|sent|submitted|logged|invoked|called)(_(at|time|ts|timestamp|date|datetime|on))?$/,
    instant,
  ],
  [
    "started_at",
    /^(request_|call_|event_|log_)?(timestamp|time|ts|date|datetime|date_time|when|at)$/,
    instant,
  ],
  [
    "duration",
    /(^|_)(duration|latency|elapsed|response_time|processing_time|wall(_?(clock|time))?|run_?time|took|total_time|e2e|timings?_total|time_taken|roundtrip|round_trip)(_|$)/,
    secondsOf,
  ],
  ["duration", /^(request_|call_)?time$|^(ms|milliseconds|millis|seconds|secs)$/, secondsOf],
  [
    "cache_read_input_tokens",
    /^((input|prompt|in)_)?(cached|cache_read|cache_hit)(_(input|prompt))?_tok(en)?s?$|^tok(en)?s_cached$/,
  ],
  ["reasoning_output_tokens", /^(reasoning|thinking|thought)(_output)?_tok(en)?s?$/],
  [
    "input_tokens",
    /^(input|prompt|context|in|request|question)(_(tok(en)?s?|length|len|size))$|^tok(en)?s?_(in|input|prompt|context|request)$/,
  ],
  [
    "output_tokens",
    /^(output|completion|generated|generation|out|response|answer)(_(tok(en)?s?|length|len|size))$|^tok(en)?s?_(out|output|completion|generated|response)$/,
  ],
  ["cache_hit", /^(cache(_(status|result|state|hit))?|(is_|was_)?from_cache)$/, cacheHit],
  ["retry_after", /^(http_)?(response_)?(header_)?(x_)?retry_after(_|$)/, secondsOf],
  ["cost", /(^|_)(cost|costs|spend|spent|charge|charged|billed|amount)(_|$)|^(price|usd|cents)$/, dollars],
  ["http_status", /^(http(_(status|code))?(_code)?|status_code|code|response_(status|code))$/],
  ["status", /^(call_|request_|response_)?(status|outcome|state|result)$/, callStatus],
  ["status", /^(is_)?(ok|success(ful)?|succeeded)$/, successStatus],
  ["status", /^(is_|has_)?(err(or)?|failed|failure)$/, successStatus],
  ["error_type", ofError],
  ["finish_reason", /^(finish|stop)(_reason)?$/],
  [
    "prompt",
    /^((user|input|full|final|rendered|request)_)?(prompt|question|query|instructions?)(_(text|content|body))?$|^(user|input|request)_(text|message|content|input)$/,
  ],
  [
    "output",
    /^((model|llm|ai|assistant|bot|generated|final|raw)_)?(reply|answer|completion|output|response)(_(text|content|body))?$|^(generated|assistant)_(text|message|content)$/,
  ],
];

const isHit = /hit$/i;
const ofCache =
  /^\s*(((simple|semantic|exact)[ _-]?)?(hit|miss)|bypass(ed)?|expired|stale|none|disabled|dynamic)\s*$/i;
/** What a gateway's cache says of a call, as a flag. */
function cacheHit({ name, isText }: Field): string {
  return isText ? `regexp_matches(lower(trim(${name})), 'hit$')` : name;
}

// A "response" may be a word such as "success", and a "query" an id.
const saysMuch = ({ isText, values, said }: Field) =>
  isText &&
  (/prompt|question|instruction|text|content|message|reply|answer|completion/.test(said.what) ||
    values.some((one) => /\s\S+\s/.test(String(one))));

/** What a guess from a name requires of the field: a flag is not a status word, and a text not an HTTP status. */
const needs: Record<string, (field: Field, expression: string) => boolean> = {
  // Rows of one id become one call; an export may hold a few calls twice.
  call_id: ({ values }) => new Set(values.map(String)).size >= 0.9 * values.length,
  http_status: ({ scalar }) => scalar === "BIGINT",
  time_to_first_token: (field) =>
    isSpan(field) && (field.said.what !== "first" || field.said.seconds !== undefined),
  duration: (field) => isSpan(field),
  prompt: (field) => saysMuch(field) && !isTime(field),
  finish_reason: ({ isText }) => isText,
  cache_hit: ({ isText, scalar, values }) =>
    isText
      ? values.every((one) => ofCache.test(String(one))) && values.some((one) => isHit.test(String(one)))
      : scalar === "BOOLEAN",
  output: (field) => (field.said.what === "output" ? field.isText : saysMuch(field) && !isTime(field)),
  // That a call did not solve its task is no failure of the call.
  status: (field, expression) =>
    (field.scalar === "BOOLEAN") === expression.startsWith("if(") && !saysSolved(field),
  started_at: ({ said, scalar, values }) =>
    !said.parts.some((part) =>
      /^(end(ed)?|finished|completed|updated|closed|resolved|expires)$/.test(part),
    ) &&
    (!isNumber(scalar) || (values.length > 0 ? isDate(values) : said.seconds === undefined)),
};

// "first_byte_us" may be a wait, or the moment at which it ended.
const isSpan = (field: Field) => (field.isText ? !isTime(field) : scaleOfInstants(field) === undefined);
const ofEnd =
  /^(response_|request_|call_)?(ended|end|finished|completed|done|responded|last_(token|chunk|byte)|response_time)(_(at|time|ts|timestamp))?$/;
const ofFirst = /(^|_)first_(token|chunk|byte)(_|$)/;

/** The seconds from one point in time to another. */
function between(from: Field, to: Field): string {
  const scale = scaleOfInstants(from);
  return scale !== undefined && scale === scaleOfInstants(to)
    ? divided(`(${to.value} - ${from.value})`, scale)
    : `epoch(${instant(to)}::timestamptz) - epoch(${instant(from)}::timestamptz)`;
}

/**
 * A time: a text as it is or by its format; a number since 1970 in seconds or in a fraction of a second, judged by
 * its size.
 */
export function instant({ name, scalar, isText, values, said }: Field): string {
  if (!isNumber(scalar) && (isText || values.length === 0)) return timeBy(name, timeFormats(values)[0]);
  const largest = Math.max(...values.map(Number).filter(Number.isFinite), 0);
  if (scalar !== undefined && !isNumber(scalar) && !values.every((one) => Number.isFinite(Number(one))))
    return name;
  if (values.length === 0) return name;
  if (said.seconds === 1000 || (largest > 1e11 && largest < 1e14)) return `epoch_ms(${name}::bigint)`;
  if (largest >= 1e17) return `make_timestamp_ns(${name}::bigint)`;
  if (largest >= 1e14) return `make_timestamp(${name}::bigint)`;
  return `to_timestamp(${name}::double)`;
}

/**
 * The columns of calls that a field's name may stand for, the most likely first, each with its expression, and how far
 * back its alias stands: of two fields for a column, the one with the earlier alias is taken unless `isBetter` knows more.
 */
export function readingsOf(field: Field): { column: string; expression: string; rank: number }[] {
  const { name, said, values } = field;
  const fits = (column: string, expression: string) => needs[column]?.(field, expression) ?? true;
  const named = aliases
    .map(([column, what, expression], rank) => ({ column, what, expression, rank }))
    .filter(({ what }) => what.test(said.what))
    .map(({ column, expression, rank }) => ({ column, rank, expression: expression?.(field) ?? field.value }))
    .filter(({ column, expression }) => fits(column, expression));
  const isOwn = Object.hasOwn(readColumns("calls"), said.what) && said.seconds === undefined;
  // One of our names in another case, or with other punctuation: "Region", "cache hit".
  return named.length === 0 && isOwn && values.length > 0 && fits(said.what, name)
    ? [{ column: said.what, expression: name, rank: 0 }]
    : named;
}

/**
 * A mapping of calls to start from, guessed from the fields' names: for a person to check, never used
 * automatically.
 */
export function suggestedCalls(
  shape: Shape,
  records: readonly unknown[] = [],
): { table: "calls"; columns: Record<string, string> } {
  const all = fieldsOf(shape, records);
  const columns = columnsOfCalls(all, records);
  // No name is known: the first text that is no time is used, so that there is something to change.
  const text = all.find((field) => field.isText && !isTime(field));
  if (Object.keys(columns).length === 0 && text !== undefined) columns.model = text.name;
  return { table: "calls", columns };
}

/** How finely times are told, from days to parts of a second; 0 if they are none. */
function fineness(field: Field): number {
  if (!isTime(field)) return 0;
  const parts = [/./, /\d:\d\d/, /\d:\d\d:\d\d/, /\d:\d\d:\d\d[.,]\d/];
  if (field.isText)
    return Math.max(...field.values.map((one) => parts.findLastIndex((part) => part.test(String(one))) + 1));
  const isWhole = scaleOfInstants(field) === 1 && field.values.every((one) => Number.isInteger(Number(one)));
  return isWhole ? 3 : 4;
}

/** A field that a column is read from, and how far back its alias stands. */
interface Taken {
  field: Field;
  rank: number;
}

/**
 * True if a field is read for a column rather than the one found before. What only answers have, such as a time inside
 * a response, would leave out exactly the calls that failed: of times of the call, and of two fields with one name, the
 * one that is filled more often is read, of equal times the finer one, and else the one with the earlier alias.
 */
function isBetter(column: string, one: Taken, before: Taken): boolean {
  const filled = one.field.values.length - before.field.values.length;
  if (column !== "started_at")
    return (
      one.rank < before.rank ||
      (one.rank === before.rank && one.field.said.what === before.field.said.what && filled > 0)
    );
  const [fine, known] = [fineness(one.field), fineness(before.field)];
  // A day alone does not tell when calls began.
  if (Math.min(fine, known) < 2 && fine !== known) return fine > known;
  if (filled !== 0) return filled > 0;
  return fine === known ? one.rank < before.rank : fine > known;
}

/** The columns of calls that fields' names stand for. */
export function columnsOfCalls(all: readonly Field[], records: readonly unknown[]): Record<string, string> {
  const columns: Record<string, string> = {};
  const taken: Record<string, Taken> = {};
  // Lengths that come in pairs count tokens: here only answers have a length in characters.
  const pairs = all.some(({ said }) => /^(input|prompt)_(length|len)$/.test(said.what));
  for (const field of all) {
    const { path } = field;
    const last = path[path.length - 1];
    const fits = (column: string, expression: string) => needs[column]?.(field, expression) ?? true;
    // A column with one of our names means what it says.
    const isOwn = path.length === 1 && Object.hasOwn(readColumns("calls"), last) && fits(last, last);
    if (isOwn && !(last === "output_length" && pairs)) {
      columns[last] = last === "started_at" ? instant(field) : field.value;
      delete taken[last];
      continue;
    }
    const guess = readingsOf(field).find(
      ({ column, rank }) =>
        columns[column] === undefined ||
        (taken[column] !== undefined && isBetter(column, { rank, field }, taken[column])),
    );
    if (guess === undefined) continue;
    columns[guess.column] = guess.expression;
    taken[guess.column] = { rank: guess.rank, field };
  }
  // If only failed calls name an error, the others succeeded.
  const error = all.find(({ name }) => name === columns.error_type);
  if (error?.isText && columns.status === undefined && columns.http_status === undefined) {
    const none = successWords(error).good;
    if (records.length > error.values.length || none.length > 0) {
      columns.status = statusOfError(error, none);
      columns.error_type = errorType(error.name, none);
    }
  } else {
    // A word whose meaning is asked for keeps its plain expression, which the question knows.
    const flag = all.find((field) => columns.status === successStatus(field));
    if (flag !== undefined && !(flag.isText && successWords(flag).unknown.length > 0))
      columns.status = successStatus(
        flag,
        failureBeside(error?.isText ? error : undefined, columns.http_status),
      );
  }
  const began = all.find((field) => instant(field) === columns.started_at);
  const moment = (what: RegExp) => all.find((field) => what.test(field.said.what) && isTime(field));
  const [ended, first] = [moment(ofEnd), moment(ofFirst)];
  if (began !== undefined && ended !== undefined) columns.duration ??= between(began, ended);
  if (began !== undefined && first !== undefined) columns.time_to_first_token ??= between(began, first);
  return columns;
}

/** True if a mapping reads what only calls have. */
export function isOfCalls({ columns }: { columns: Record<string, string> }): boolean {
  const ofCall = ["input_tokens", "output_tokens", "cost", "duration", "time_to_first_token"];
  return ofCall.some((column) => columns[column] !== undefined);
}

/** True if a field's name means the time of a call. */
function isStart({ said }: Field): boolean {
  return aliases.some(([column, what]) => column === "started_at" && what.test(said.what));
}

/** True for a field that tells when calls began as a count from the beginning of the log. */
export const countsFromZero = (field: Field): boolean =>
  isNumber(field.scalar) && field.values.length > 0 && !isDate(field.values) && isStart(field);

/** Such a count as a time, for a log that begins with the year 2026. */
export const fromZero = ({ value }: Field, divisor: number): string =>
  `to_timestamp(1767225600 + ${divided(value, divisor)})`;
