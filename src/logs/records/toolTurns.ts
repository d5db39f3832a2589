import * as sql from "./sql";

// The uses of tools in the messages of a conversation, as the APIs and frameworks write them, each as JSON with an id, a
// name and arguments.

/** Where a message has them beside its text. */
const lists = [
  "$.tool_calls[*]",
  "$.toolCalls[*]",
  "$.toolInvocations[*]",
  "$.tool_uses[*]",
  "$.data.tool_calls[*]",
  "$.kwargs.tool_calls[*]",
  "$.function_call",
  "$.functionCall",
];
/** Where it has its parts, some of which are uses of tools. */
const parts = [
  "$.content[*]",
  "$.parts[*]",
  "$.content.parts[*]",
  "$.data.content[*]",
  "$.kwargs.content[*]",
];
const usedTypes =
  "('tool_use', 'server_tool_use', 'mcp_tool_use', 'tool_call', 'function_call', 'custom_tool_call', 'mcp_call')";
const type = (one: string) => `replace(coalesce(json_extract_string(${one}, '$.type'), ''), '-', '_')`;
const p = sql.textsIn("use");

// What a part or an element of a list calls its tool, whatever it is wrapped in.
const wrapped = [
  "",
  "function.",
  "custom.",
  "toolInvocation.",
  "functionCall.",
  "function_call.",
  "toolUse.",
];
const of = (...names: string[]) => wrapped.flatMap((one) => names.map((name) => `${one}${name}`));
const name = `coalesce(${p(...of("name", "toolName", "tool_name", "tool"))},
  case when ${type("use")} like 'tool_%' and ${type("use")} not in ${usedTypes} then substr(json_extract_string(use, '$.type'), 6) end)`;
const given = p(...of("arguments", "input", "args", "parameters"));
const id = p(...of("id", "toolCallId", "tool_call_id", "call_id", "toolUseId"));
/** How a part that holds its own result went. */
const ended = `case when ${p("state", "toolInvocation.state")} = 'output-error' then 'error'
  when ${p("state", "toolInvocation.state")} in ('output-available', 'result') then 'ok' end`;

const made = (fields: string) => `json_object(${fields})`;
const asUse = `lambda use: ${made(`'id', ${id}, 'name', ${name}, 'arguments', ${given}, 'status', ${ended}`)}`;

/**
 * Tools that a text asks for: "TOOL_CALL[search] ...", ReAct's "Action:", and tags around JSON or a name. A
 * name is one word with the signs of a call around it or right after it: an answer may be about calls.
 */
const inText: [pattern: string, name: string, given: string][] = [
  ["(?i)^\\s*(?:tool|function)[ _]?(?:call|use)[\\[(]([\\w.:/-]+)[\\])]\\s*[:(]?\\s*([^\\n]*)", "1", "2"],
  ["(?i)^\\s*(?:tool|function)[ _]?(?:call|use):\\s*([\\w./-]+)\\(([^\\n]*)\\)[ \\t]*(?:\\n|$)", "1", "2"],
  ["(?is)^\\s*(?:tool|function)[ _]?(?:call|use):\\s*([\\w./-]+)\\s*(\\{.*\\})\\s*$", "1", "2"],
  ["(?m)^\\s*Action:[ \\t]*([\\w.:/-]+)[ \\t]*\\n\\s*Action Input:\\s*([^\\n]*)", "1", "2"],
  ["(?s)<function=([\\w.:/-]+)>(.*?)</function>", "1", "2"],
  ['(?s)<invoke name="([\\w.:/-]+)">(.*?)</invoke>', "1", "2"],
];
// Whether a text that is not JSON tells of a failure itself.
const failed = `case when regexp_matches(given, '^(?i)(error|failed|failure|exception)\\b') then 'error' end`;

function textUses(said: string): string {
  const plain = inText.map(
    ([pattern, tool, rest]) => `list_transform(list_zip(regexp_extract_all(said, '${pattern}', ${tool}),
      regexp_extract_all(said, '${pattern}', ${rest})), lambda pair: list_transform([trim(pair[2])], lambda given:
        ${made(`'name', pair[1], 'arguments', given, 'status', ${failed}`)})[1])`,
  );
  const tagged = `list_transform(list_filter(regexp_extract_all(said, '(?s)<(?:tool|function)_call>\\s*(\\{.*?\\})\\s*</', 1),
    lambda use: json_valid(use)), ${asUse})`;
  return `list_transform([${said}], lambda said: case when regexp_matches(said, '(?i)tool|function|action|invoke')
    then list_concat(${[...plain, tagged].join(", ")}) else [] end)[1]`;
}

/**
 * SQL for the uses of tools in the message `turn`, as a list of JSON.
 *
 * @param said SQL for the message's text
 */
export function toolsAsked(said: string): string {
  const extracted = (path: string) => `json_extract(turn, '${path}')`;
  const beside = lists.map((path) => (path.endsWith("[*]") ? extracted(path) : `[${extracted(path)}]`));
  const inParts = `list_filter(flatten([${parts.map(extracted).join(", ")}]), lambda one: ${type("one")} in ${usedTypes}
    or (${type("one")} like 'tool_%' and ${type("one")} not like 'tool_result%')
    or json_type(one, '$.functionCall') = 'OBJECT' or json_type(one, '$.toolUse') = 'OBJECT')`;
  const uses = `list_transform(list_filter(flatten([${beside.join(", ")}, ${inParts}]),
    lambda one: json_type(one) = 'OBJECT'), ${asUse})`;
  // The message itself may be one: what it says is then JSON, or it has the fields of a use.
  const whole = `case when coalesce(${sql.textsIn("turn")("role", "from", "type")}, '') in ('function_call', 'tool_call', 'tool_use')
    then list_transform(list_filter([coalesce(case when json_valid(${said}) then ${said}::json end, turn)],
      lambda one: json_type(one) = 'OBJECT'), ${asUse}) else [] end`;
  return `list_filter(list_concat(${uses}, ${whole}, ${textUses(said)}), lambda use: json_extract_string(use, '$.name') is not null)`;
}

const r = sql.textsIn("reply");
const isError = r("is_error", "isError");
const state = `lower(${r("status", "state")})`;

/** SQL for the results of tools among messages, as JSON with the id of the use and, where a message says it, how it went. */
export function toolResults(turns: string): string {
  const inParts = parts
    .map(
      (path) =>
        `list_filter(coalesce(json_extract(turn, '${path}'), []), lambda one: ${type("one")} like '%tool_result%')`,
    )
    .join(", ");
  const whole = `case when ${sql.textsIn("turn")("tool_call_id", "toolCallId", "call_id", "data.tool_call_id", "kwargs.tool_call_id")} is not null
    then [turn] else [] end`;
  return `list_transform(flatten(list_transform(${turns}, lambda turn: list_concat(${inParts}, ${whole}))), lambda reply:
    ${made(`'id', ${r("tool_call_id", "toolCallId", "tool_use_id", "toolUseId", "call_id", "data.tool_call_id", "kwargs.tool_call_id")},
      'status', case when ${isError} = 'true' or ${state} in ('error', 'failed', 'failure') then 'error'
        when ${isError} = 'false' or ${state} in ('ok', 'success', 'succeeded', 'completed') then 'ok' end`)})`;
}
