import { quoteText } from "../../store/quote";
import { textStructure } from "../records/field";
import type { Format } from "../records/format";
import * as sql from "../records/sql";
import { has, hasAny, opened } from "../records/textRecord";
import { attributes, derived, nothing, targets } from "./otlp";
import { fields, spansOf, unnestOf } from "./otlpSpan";

const words =
  "resource_spans scope_spans instrumentation_library_spans trace_id span_id parent_span_id start_time_unix_nano " +
  "end_time_unix_nano time_unix_nano string_value int_value double_value bool_value array_value kvlist_value";

const camel = (word: string) => word.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

// Only a name directly before its colon counts: inside a text, a name like this would have escaped quotes.
const renamed = (text: string) =>
  words
    .split(" ")
    .reduce((sql, word) => `regexp_replace(${sql}, '"${word}"\\s*:', '"${camel(word)}":', 'g')`, text);

// Some services write ids of 16 and 8 bytes in base64, all others in hexadecimal.
const hexadecimal = (
  id: string,
) => `case when length(${id}) = 24 and suffix(${id}, '==') or length(${id}) = 12 and suffix(${id}, '=')
  then lower(hex(from_base64(${id}))) else ${id} end`;

/** OpenTelemetry traces in snake_case, as written by Phoenix and generic protobuf-to-JSON writers. */
export const format: Format = {
  name: "otlp-snake",
  about:
    "OpenTelemetry traces in snake_case (Phoenix's otlpv1, protobuf's own JSON), ids in base64 or hexadecimal",
  signature: ["resource_spans, or trace_id, span_id, start_time_unix_nano"],
  lacks: "cost in the convention itself (ingest prices), time to first token where the tool does not set it",
  recognises: (file, shape) =>
    has(file, "resource_spans") ||
    (has(shape, "trace_id", "span_id", "attributes") && hasAny(shape, "start_time_unix_nano")),
  reading(file) {
    const { wrapper } = opened(file);
    const text = "cast(record as varchar)";
    // Bare spans, in a list or one per line, are wrapped to match a whole document.
    const list =
      wrapper === undefined
        ? `'[' || ${text} || ']'`
        : `cast(json_extract(record, '$.${wrapper}') as varchar)`;
    const document = has(file, "resource_spans")
      ? text
      : `'{"resourceSpans":[{"scopeSpans":[{"spans":' || ${list} || '}]}]}'`;
    const source = `(select ${sql.carried}, from_json(${renamed(document)}, ${quoteText(textStructure(fields))}).resourceSpans
      as resourceSpans from source)`;
    const ids = ["traceId", "spanId", "parentSpanId"].map((id) => `${id} := ${hexadecimal(`span.${id}`)}`);
    const others = ["name", "startTimeUnixNano", "endTimeUnixNano", "attributes", "status", "events"];
    const span = `struct_pack(${[...ids, ...others.map((name) => `${name} := span.${name}`)].join(", ")})`;
    return {
      fields: { record: "JSON" },
      whole: true,
      unnest: unnestOf(`select * replace (${span} as span) from (${spansOf(source)})`),
      derived,
      targets,
      attributes,
      nothing,
    };
  },
};
