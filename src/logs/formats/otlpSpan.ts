import { quoteText } from "../../store/quote";
import { attributeName } from "../records/attributeNames";
import type { Field, Fields } from "../records/field";
import { flags } from "../records/flags";
import type { Attribute } from "../records/format";
import { firstOf } from "../records/sql";
import { isShort } from "../records/unasked";
import { attributeNames } from "./otlpNames";

const { unreadable, lost, first } = flags;

// Values as text whatever their kind: a 64-bit number may be a string or a number.
const attributes: Field = [
  {
    key: "VARCHAR",
    value: {
      stringValue: "VARCHAR",
      intValue: "VARCHAR",
      doubleValue: "VARCHAR",
      boolValue: "VARCHAR",
      arrayValue: "VARCHAR",
      kvlistValue: "VARCHAR",
    },
  },
];

const span: Fields = {
  traceId: "VARCHAR",
  spanId: "VARCHAR",
  parentSpanId: "VARCHAR",
  name: "VARCHAR",
  startTimeUnixNano: "VARCHAR",
  endTimeUnixNano: "VARCHAR",
  attributes,
  status: { code: "VARCHAR", message: "VARCHAR" },
  events: [{ name: "VARCHAR", timeUnixNano: "VARCHAR", attributes }],
};

/** The fields that are read from a record. */
export const fields: Fields = {
  resourceSpans: [
    {
      resource: { attributes },
      scopeSpans: [{ spans: [span] }],
      instrumentationLibrarySpans: [{ spans: [span] }],
    },
  ],
};

/** The keys of a list of attributes. */
export const keys = (list: string) => `list_transform(${list}, lambda a: a.key)`;
/** Their values, as text. */
export const values = (list: string) =>
  `list_transform(${list}, lambda a: coalesce(a.value.stringValue, a.value.intValue, a.value.doubleValue,
     a.value.boolValue, a.value.arrayValue, a.value.kvlistValue))`;
const elements = (list: string) => `case when len(${list}) > 0 then ${list} else [null] end`;

/** The first of several attributes that has a value, as text. */
export const attribute = (...names: string[]) =>
  firstOf(names.map((name) => `v[list_position(k, '${name}')]`));
/** An attribute of the span's resource, as text. */
export const resource = (name: string) => `rv[list_position(rk, '${name}')]`;
// Casts throw here: a span with an invalid number is rejected with its reason instead of being silently emptied.
// An unfinished span ends at 0.
export const nanoseconds = (text: string) => `nullif(cast(nullif(${text}, '') as bigint), 0)`;

/**
 * One row per span with its attributes, from a relation that has resourceSpans. A record without spans keeps one
 * row, so that records can still be counted.
 */
export const spansOf = (source: string) => `
select ${unreadable}, ${lost}, ${first}, span, rk, rv, ${keys("span.attributes")} as k, ${values("span.attributes")} as v
from (
  select ${unreadable}, ${lost}, rk, rv, ${first} and generate_subscripts(spans, 1) = 1 as ${first}, unnest(spans) as span
  from (
    select ${unreadable}, ${lost}, rk, rv, ${first} and generate_subscripts(scopes, 1) = 1 as ${first},
      ${elements("scope.spans")} as spans
    from (
      select ${unreadable}, ${lost}, rk, rv, ${first}, scopes, unnest(scopes) as scope
      from (
        select ${unreadable}, ${lost}, ${first}, ${keys("rs.resource.attributes")} as rk, ${values("rs.resource.attributes")} as rv,
          ${elements("case when len(rs.scopeSpans) > 0 then rs.scopeSpans else rs.instrumentationLibrarySpans end")} as scopes
        from (
          select ${unreadable}, ${lost}, generate_subscripts(list, 1) = 1 as ${first}, unnest(list) as rs
          from (select ${unreadable}, ${lost}, ${elements("resourceSpans")} as list from ${source}))))))
`;

// Values that many columns need from a span are looked up once.
const named = (spans: string) => `
select *, ${attribute(...attributeNames.requestModel)} as request_model,
  ${attribute(...attributeNames.responseModel)} as response_model,
  lower(${attribute(...attributeNames.operation)}) as operation_name,
  upper(${attribute("openinference.span.kind")}) as kind,
  lower(${attribute("traceloop.span.kind")}) as traceloop_kind
from (${spans})`;

/** Operations that are model calls. */
export const inference =
  "('chat', 'generate_content', 'unknown', 'text_completion', 'embeddings', 'completion', 'embedding', 'responses', 'messages')";

/**
 * One row per span: its attributes as keys k and values v, those of its resource as rk and rv, and is_call, which
 * is true for a model call. Roll-ups of calls in agents, chains and workflows are not calls. vLLM's own spans name
 * neither a model nor an operation.
 */
export const unnest = unnestOf(spansOf("source"));

/** The same for spans in another convention: a relation of span, rk, rv, k and v, and the flags. */
export function unnestOf(spans: string): string {
  return `
select *, case
  when operation_name is not null then operation_name in ${inference}
  when kind is not null then kind in ('LLM', 'EMBEDDING')
  when traceloop_kind in ('workflow', 'task', 'agent', 'tool') then false
  else coalesce(request_model, response_model, ${attribute("gen_ai.latency.e2e")}) is not null end as is_call
from (${named(spans)})`;
}

/** The attributes of calls, and of what they ran in, that no column is made of. */
export function attributesOf(used: string, records: readonly unknown[], keep: boolean): Attribute[] {
  const found = new Map<string, { list: "k" | "rk"; values: unknown[] }>();
  const look = (list: "k" | "rk", attributes: readonly KeyValue[]) => {
    for (const { key, value } of attributes) {
      const own = found.get(key) ?? { list, values: [] };
      found.set(key, own);
      const said = saidBy(value);
      if (own.list === list && said !== undefined) own.values.push(said);
    }
  };
  for (const one of records.flatMap(inside("resourceSpans", "resource_spans"))) {
    const scopes = inside("scopeSpans", "scope_spans", "instrumentationLibrarySpans")(one);
    const spans = scopes.flatMap(inside("spans")).map(attributesIn);
    const calls = spans.filter((attributes) => attributes.some(({ key }) => ofModels.test(key)));
    for (const attributes of calls) look("k", attributes);
    if (calls.length > 0) look("rk", attributesIn((one as Part).resource));
  }
  return [...found].flatMap(([name, { list, values }]) => {
    if (used.includes(`'${name}'`) || !isShort(values, keep)) return [];
    const isAll = (type: string) => values.length > 0 && values.every((value) => typeof value === type);
    const type = isAll("number") ? "DOUBLE" : isAll("boolean") ? "BOOLEAN" : "VARCHAR";
    const key = attributeName(name.split("."), type === "VARCHAR", keep);
    const [names, texts] = list === "k" ? ["k", "v"] : ["rk", "rv"];
    return key === undefined
      ? []
      : [{ key, type, sql: `${texts}[list_position(${names}, ${quoteText(name)})]` }];
  });
}

const ofModels = /^(gen_ai|llm|ai|openinference)\./;

interface KeyValue {
  key: string;
  value?: unknown;
}
type Part = Record<string, unknown>;

const isPart = (one: unknown): one is Part => one !== null && typeof one === "object";

/** The content of a record under one of several names, if it is a list. */
const inside =
  (...names: string[]) =>
  (record: unknown): unknown[] =>
    isPart(record)
      ? names.flatMap((name) => (Array.isArray(record[name]) ? (record[name] as unknown[]) : []))
      : [];

const attributesIn = (record: unknown): KeyValue[] =>
  inside("attributes")(record).filter(
    (one): one is Part & KeyValue => isPart(one) && typeof one.key === "string",
  );

// A 64-bit number may be a text.
function saidBy(value: unknown): unknown {
  const [[kind, said] = ["", undefined]] = isPart(value) ? Object.entries(value) : [];
  const isNumber = /^(int|double)/.test(kind) && Number.isFinite(Number(said));
  return isNumber ? Number(said) : (said ?? undefined);
}

/** The trace is the task, unless the log says otherwise. */
export const taskId = `coalesce(${attribute("fieldnotes.task_id")}, lower(span.traceId))`;
export const callId = "lower(span.traceId) || ':' || lower(span.spanId)";
