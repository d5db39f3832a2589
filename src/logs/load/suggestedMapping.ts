import { quoteText } from "../../store/quote";
import type { Shape } from "../files/shape";
import { sureScores } from "../formats/leaderboardColumns";
import type { Mapping } from "../records/mapping";
import { readColumns } from "../records/texts";
import { perTokens, saidBy } from "./fieldName";
import { type Field, fieldsOf, identifier, isDate, isNumber, kindOfCells, valuesOf } from "./fields";

const divided = (name: string, by: number) => {
  if (by === 1) return name;
  return by < 1 ? `${name} * ${Math.round(1 / by)}` : `${name} / ${by >= 1e6 ? `1e${Math.log10(by)}` : by}`;
};
const seconds = ({ name, said, values }: Field) =>
  divided(name, said.seconds ?? timeUnits(values)[0].divisor);
const dollars = ({ name, said }: Field) => divided(name, said.dollars);

/** The units that times without one may be in, the likelier first: no usual call takes five minutes. */
export function timeUnits(values: readonly unknown[]): { unit: string; divisor: number }[] {
  const units = [
    { unit: "seconds", divisor: 1 },
    { unit: "milliseconds", divisor: 1000 },
  ];
  const sorted = values.map(Number).sort((one, other) => one - other);
  return sorted[sorted.length >> 1] >= 300 ? units.reverse() : units;
}

const ofError =
  /^(err(or)?(_?(type|class|code|kind|name|message|msg|text|reason))?|exception|failure_reason)$/;

/** What names say, and what turns their values into a column; of a column the first that fits counts. */
const aliases: [column: string, what: RegExp, expression?: (field: Field) => string][] = [
  [
    "call_id",
    /^((api_|llm_)?(call|request|req|response|completion|generation|log|span|event)_?(id|uuid|ref|no|nr)|id|uuid|guid)$/,
  ],
  [
    "user_id",
    /^((end_)?(user|customer|client|account|tenant|member|person)|who)(_(id|uuid|key|name|email|hash))?$/,
  ],
  ["conversation_id", /^(conversation|session|thread|chat|dialog(ue)?)(_(id|uuid))?$/],
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
  ["provider", /^(provider(_name)?|vendor|ai_org|hosted_by)$/],
  ["time_to_first_token", /(^|_)(ttft|ttfb|first_(token|chunk|byte))(_|$)|^first$/, seconds],
  [
    "started_at",
    /^(request_|call_|event_|log_)?(started|start|begin|began|begun|created|requested|received|sent|submitted|logged|invoked|called)(_(at|time|ts|timestamp|date|datetime|on))?$/,
    instant,
  ],
  [
    "started_at",
    /^(request_|call_|event_|log_)?(timestamp|time|ts|date|datetime|date_time|when|at)$/,
    instant,
  ],
  [
    "duration",
    /(^|_)(duration|latency|elapsed|response_time|processing_time|wall_time|run_?time|took|total_time|e2e|time_taken|roundtrip|round_trip)(_|$)/,
    seconds,
  ],
  ["duration", /^(request_|call_)?time$|^(ms|milliseconds|millis|seconds|secs)$/, seconds],
  [
    "cache_read_input_tokens",
    /^(cached|cache_read|cache_hit)(_(input|prompt))?_tok(en)?s?$|^tok(en)?s_cached$/,
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
  ["retry_after", /^(http_)?(response_)?(header_)?(x_)?retry_after(_|$)/, seconds],
  ["cost", /(^|_)(cost|costs|spend|spent|charge|charged|billed|amount)(_|$)|^(price|usd|cents)$/, dollars],
  ["http_status", /^(http_(status|code)(_code)?|status_code|code|response_(status|code))$/],
  ["status", /^(call_|request_|response_)?(status|outcome|state|result)$/],
  ["status", /^(is_)?(ok|success(ful)?|succeeded)$/, ({ name }) => `if(${name}, 'ok', 'error')`],
  ["status", /^(is_|has_)?(err(or)?|failed|failure)$/, ({ name }) => `if(${name}, 'error', 'ok')`],
  ["error_type", ofError],
  ["finish_reason", /^(finish|stop)_reason$/],
];

/** What a guess from a name needs of the field: a flag is no status word, and a text no HTTP status. */
const needs: Record<string, (field: Field, expression: string) => boolean> = {
  http_status: ({ scalar }) => scalar === "BIGINT",
  time_to_first_token: ({ said }) => said.what !== "first" || said.seconds !== undefined,
  prompt: ({ isText }) => isText,
  output: ({ isText }) => isText,
  status: ({ scalar }, expression) => (scalar === "BOOLEAN") === expression.startsWith("if("),
  started_at: ({ said, scalar, values }) =>
    !said.parts.some((part) =>
      /^(end(ed)?|finished|completed|updated|closed|resolved|expires)$/.test(part),
    ) &&
    (!isNumber(scalar) || (values.length > 0 ? isDate(values) : said.seconds === undefined)),
};

// A number since 1970, of seconds or of a fraction of one by its size.
function instant({ name, scalar, isText, values, said }: Field): string {
  if (!isNumber(scalar) && (isText || values.length === 0)) return name;
  const largest = Math.max(...values.map(Number).filter(Number.isFinite), 0);
  if (scalar !== undefined && !isNumber(scalar) && !values.every((one) => Number.isFinite(Number(one))))
    return name;
  if (values.length === 0) return name;
  if (said.seconds === 1000 || (largest > 1e11 && largest < 1e14)) return `epoch_ms(${name}::bigint)`;
  if (largest >= 1e17) return `make_timestamp_ns(${name}::bigint)`;
  if (largest >= 1e14) return `make_timestamp(${name}::bigint)`;
  return `to_timestamp(${name}::double)`;
}

const statusOfError = (name: string) =>
  `case when coalesce(trim(${name}), '') = '' then 'ok' when ${name} ilike '%time%out%' then 'timeout' when ${name} ilike '%rate%limit%' then 'rate_limited' else 'error' end`;

/** The columns of calls that a field's name may stand for, the likeliest first, each with its expression. */
export function readingsOf(field: Field): { column: string; expression: string }[] {
  const { name, said, values } = field;
  const fits = (column: string, expression: string) => needs[column]?.(field, expression) ?? true;
  const named = aliases
    .filter(([, what]) => what.test(said.what))
    .map(([column, , expression]) => ({ column, expression: expression?.(field) ?? name }))
    .filter(({ column, expression }) => fits(column, expression));
  const isOwn = Object.hasOwn(readColumns("calls"), said.what) && said.seconds === undefined;
  // One of ours in another case, or with other marks: "Region", "cache hit".
  return named.length === 0 && isOwn && values.length > 0 && fits(said.what, name)
    ? [{ column: said.what, expression: name }]
    : named;
}

/** A mapping of calls to start from, guessed from the fields' names: for a person to check, never used by itself. */
export function suggestedMapping(
  shape: Shape,
  records: readonly unknown[] = [],
): { table: "calls"; columns: Record<string, string> } {
  const columns: Record<string, string> = {};
  const all = fieldsOf(shape, records);
  // Lengths that come in pairs are of tokens: only answers have a length in characters here.
  const pairs = all.some(({ said }) => /^(input|prompt)_(length|len)$/.test(said.what));
  for (const field of all) {
    const { path, name } = field;
    const last = path[path.length - 1];
    const fits = (column: string, expression: string) => needs[column]?.(field, expression) ?? true;
    // A name of ours means what it says.
    const isOwn = path.length === 1 && Object.hasOwn(readColumns("calls"), last) && fits(last, last);
    if (isOwn && !(last === "output_length" && pairs)) {
      columns[last] = last === "started_at" ? instant(field) : name;
      continue;
    }
    const guess = readingsOf(field).find(({ column }) => columns[column] === undefined);
    if (guess !== undefined) columns[guess.column] = guess.expression;
  }
  // Where only failed calls name an error, the others went well.
  const error = all.find(({ name }) => name === columns.error_type);
  if (error?.isText && columns.status === undefined && columns.http_status === undefined)
    if (records.length > error.values.length) columns.status = statusOfError(error.name);
  const ended = all.find(({ said }) => /^(ended|end|finished|completed)(_(at|time|ts))?$/.test(said.what));
  if (columns.duration === undefined && columns.started_at !== undefined && ended?.isText)
    columns.duration = `epoch(${ended.name}::timestamptz) - epoch(${columns.started_at}::timestamptz)`;
  // No name is known: the first text and the first number stand in, so that there is something to change.
  if (Object.keys(columns).length === 0) {
    for (const { name, scalar } of all) {
      if (scalar === "VARCHAR") columns.model ??= name;
      if (scalar === "BIGINT" || scalar === "DOUBLE") columns.duration ??= name;
    }
  }
  return { table: "calls", columns };
}

const ofOutcome =
  /^((is|was|got)_)?((ticket|task|case|final)_)?(resolved|solved|outcome|resolution|solution|success|successful|closed|done|fixed|status|state|result)(_status)?$/;
const resolvedWhere =
  /^(resolved|solved|closed|completed|finished|settled)(_(at|time|ts|date|on))$|^resolution_(time|date)$/;
const positive =
  "resolved solved fixed done closed success successful succeeded completed complete yes true won ok 1".split(
    " ",
  );
const open = ["open", "pending", "in progress", "in_progress", "new", "waiting", "on hold", "unknown"];
const negative =
  /^(un|not[ _-]?)(re)?(solved|fixed|successful|done|closed)$|^(escalated?|fail(ed|ure)?|error|rejected|abandoned|cancell?ed|reopened|wont ?fix|lost|no|false|0)$/;
// Of a task nobody says that it timed out, or 429.
const howACallWent = /^[1-5]\d\d$|time[ _-]?d?[ _-]?out|rate[ _-]?limit|throttl|too[ _-]?many/;
const tellsHowCallsWent = ({ values }: Field) =>
  values.some((one) => howACallWent.test(String(one).trim().toLowerCase()));
const ofCall = ["input_tokens", "output_tokens", "cost", "duration", "time_to_first_token"];

/** A mapping of tasks with their outcomes, where fields tell a task and what became of it; else undefined. */
export function suggestedTasks(
  shape: Shape,
  records: readonly unknown[] = [],
): { table: "tasks"; columns: Record<string, string> } | undefined {
  const all = fieldsOf(shape, records);
  const { columns: called } = suggestedMapping(shape, records);
  const id = called.task_id;
  const isCalls = ofCall.some((column) => called[column] !== undefined);
  const found = all.filter(
    (field) =>
      field.path.length <= 2 && ofOutcome.test(field.said.what) && !(isCalls && tellsHowCallsWent(field)),
  );
  // Beside calls, "status" and "result" are theirs.
  const outcome =
    found.find(({ said }) => /resolv|solv|outcome|resolution|done|fixed/.test(said.what)) ??
    (isCalls ? undefined : found[0]);
  const key = id ?? (isCalls ? undefined : (called.call_id ?? called.conversation_id));
  if (outcome === undefined || key === undefined) return undefined;
  const at = all.find(({ said }) => resolvedWhere.test(said.what));
  const columns: Record<string, string> = { task_id: key, resolved: resolvedOf(outcome) };
  if (at !== undefined && at !== outcome) columns.resolved_at = instant(at);
  for (const name of ["user_id", "workload", "conversation_id"])
    if (called[name] !== undefined && called[name] !== key) columns[name] = called[name];
  return { table: "tasks", columns };
}

const resolvedOf = (field: Field) =>
  field.isText ? resolvedBy(field.name, outcomeWords(field)) : field.name;

/** The words of an outcome by what they mean. */
export interface OutcomeWords {
  words: string[];
  resolved: string[];
  /** Those that leave the outcome open, and those of which nobody knows. */
  unsettled: string[];
  unknown: string[];
}

/** What the words of a sample's outcomes mean. */
export function outcomeWords({ values }: Field): OutcomeWords {
  const words = [...new Set(values.map((one) => String(one).trim().toLowerCase()))].sort();
  const resolved = words.filter((word) => positive.includes(word));
  const unknown = words.filter((w) => !positive.includes(w) && !open.includes(w) && !negative.test(w));
  return {
    words,
    resolved,
    unsettled: words.filter((w) => open.includes(w) || unknown.includes(w)),
    unknown,
  };
}

/** The expression that is true where a task is resolved, false where it is not, and null where it is not settled. */
export function resolvedBy(
  name: string,
  { resolved, unsettled }: Pick<OutcomeWords, "resolved" | "unsettled">,
): string {
  const list = (some: string[]) => some.map(quoteText).join(", ");
  const done = `lower(trim(${name})) in (${list(resolved.length > 0 ? resolved : ["resolved"])})`;
  return unsettled.length === 0
    ? done
    : `case when lower(trim(${name})) not in (${list(unsettled)}) then ${done} end`;
}

const ofModel = /^((ai|llm)_)?(model(_?(name|id))?|name|id)$|^(llm|engine|deployment)$/;
const priced: Record<string, RegExp> = {
  input: /^(input|prompt|in)(_|$)/,
  cache_read: /^(cached?)(_|$)(?!.*(creat|writ))/,
  cache_creation: /^cache.*(creat|writ)/,
  output: /^(output|completion|out)(_|$)/,
};
const ofPrices = /^(cache_read|cache_creation)$/;
const aPrice = /price|cost|usd|\$|(^|[_ /])per[_ ]?|mtok|rate/i;
// A price of one token that is above this is of a million: none was ever as dear.
const dearest = 0.001;

/** A mapping of a price list, whose columns are named by their unit; undefined where the fields are none. */
export function suggestedPrices(
  shape: Shape,
  records: readonly unknown[] = [],
): { table: "prices"; columns: Record<string, string> } | undefined {
  const names = [...(shape.fields?.keys() ?? [])];
  const model = names.find((name) => ofModel.test(saidBy(name).what));
  // Columns of ours beside others: they mean what they say.
  if (
    ["model", "input", "output"].every((name) => names.includes(name)) &&
    names.some((name) => ofPrices.test(name))
  ) {
    const own = names.filter((name) => Object.hasOwn(readColumns("prices"), name));
    return { table: "prices", columns: Object.fromEntries(own.map((name) => [name, identifier(name)])) };
  }
  const columns = Object.fromEntries(
    Object.entries(priced).flatMap(([column, pattern]) => {
      const name = names.find((one) => pattern.test(saidBy(one).parts.join("_")) && aPrice.test(one));
      return name === undefined ? [] : [[column, pricedAs(name, shape, records)]];
    }),
  );
  if (model === undefined || columns.input === undefined || columns.output === undefined) return undefined;
  const from = names.find((name) =>
    /^(valid_|effective_)?(from|since|date|valid_from|effective)$/.test(saidBy(name).what),
  );
  return {
    table: "prices",
    columns: {
      model: identifier(model),
      ...columns,
      ...(from === undefined ? {} : { from: identifier(from) }),
    },
  };
}

// "$2.50" is a text.
function pricedAs(name: string, shape: Shape, records: readonly unknown[]): string {
  const { scalar, numeric } = shape.fields?.get(name) ?? {};
  const cell = identifier(name);
  const price =
    scalar === "VARCHAR" && numeric === false && !isNumber(kindOfCells(valuesOf(name, records)))
      ? `cast(translate(${cell}, '$,', '') as double)`
      : cell;
  const per = (perTokens(name) ?? priceUnits(valuesOf(name, records))[0]) * saidBy(name).dollars;
  return per === 1
    ? price
    : `${price} / ${per === 1e3 ? "1e3" : `${per / 10 ** Math.floor(Math.log10(per))}e${Math.floor(Math.log10(per))}`}`;
}

/** Of how many tokens a price may be whose name does not say it, the likelier first. */
export function priceUnits(values: readonly unknown[]): number[] {
  const prices = values.map((one) => Number(String(one).replace(/[$,]/g, ""))).filter(Number.isFinite);
  return Math.max(0, ...prices) > dearest ? [1e6, 1e3, 1] : [1, 1e3, 1e6];
}

/** A mapping of a leaderboard that no column tells the models of: the first texts stand in; undefined for no scores. */
export function suggestedScores(
  shape: Shape,
): { table: "benchmarks"; columns: Record<string, string> }[] | undefined {
  const texts = [...(shape.fields ?? [])]
    .filter(([, { scalar, numeric }]) => scalar === "VARCHAR" && !numeric)
    .map(([name]) => name);
  const scores = sureScores(shape);
  const model = texts.find((name) => /model|name|llm/i.test(name)) ?? texts[0];
  if (model === undefined || scores.length === 0) return undefined;
  return scores.slice(0, 3).map((name) => ({
    table: "benchmarks",
    columns: {
      model: identifier(model),
      benchmark: quoteText(name),
      score: identifier(name),
    },
  }));
}

/** The mapping to start from for a file that no format reads: of prices, outcomes, scores or calls, whichever it looks like. */
export function suggestion(shape: Shape, records: readonly unknown[] = []): Mapping | Mapping[] {
  const prices = suggestedPrices(shape, records);
  if (prices !== undefined) return prices;
  const tasks = suggestedTasks(shape, records);
  const calls = suggestedMapping(shape, records);
  const isCalls = ofCall.some((column) => calls.columns[column] !== undefined);
  if (tasks !== undefined && !isCalls) return tasks;
  const scores = suggestedScores(shape);
  if (scores !== undefined) return scores;
  if (tasks === undefined) return calls;
  return [calls, tasks];
}

/** Whether one of the mappings' expressions reads a field. */
export function isUsed(name: string, mapping: readonly Mapping[]): boolean {
  const used = mapping.flatMap(({ columns }) => Object.values(columns)).join(" ");
  return new RegExp(`(?<![\\w.])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w.])`).test(used);
}

/** The fields that a mapping leaves out, and of a clock that counts from 0 how it can be read. */
export function leftOut(
  mapping: readonly Mapping[],
  shape: Shape,
  records: readonly unknown[] = [],
): string[] {
  return fieldsOf(shape, records)
    .filter(({ name }) => !isUsed(name, mapping))
    .map((field) => {
      const { name, said, scalar, values } = field;
      const isClock =
        isNumber(scalar) &&
        values.length > 0 &&
        !isDate(values) &&
        aliases.some(([column, what]) => column === "started_at" && what.test(said.what));
      return isClock
        ? `${name} (it counts from 0; for arrivals, "started_at": "to_timestamp(1767225600 + ${name} / 1000)" reads milliseconds from 2026-01-01 on)`
        : name;
    });
}
