import type { Target } from "./format";
import * as sql from "./sql";
import { toolUse } from "./toolSql";

// Where the APIs put the tools that the model asks for: OpenAI's chat and responses, Anthropic, Bedrock's Converse and
// its streams' events, Gemini.
const places: [path: string, of?: string][] = [
  ["$.choices[*].message.tool_calls[*]"],
  ["$.choices[*].message.function_call"],
  ["$.output[*]", "('function_call', 'custom_tool_call', 'mcp_call')"],
  ["$.content[*]", "('tool_use', 'server_tool_use')"],
  ["$.output.message.content[*].toolUse"],
  ["$.candidates[*].content.parts[*].functionCall"],
  ["$.candidates[*].content.parts[*].function_call"],
  ["$[*].contentBlockStart.start.toolUse"],
];
const words = "tool_?call|tool_?use|function_?call|mcp_call";

/** SQL for the tools that a model asks for in a response of any of the APIs: a list of JSON. */
export function askedIn(response: string): string {
  const lists = places.map(([path, types]) => {
    const found = `json_extract(${response}, '${path}')`;
    return types === undefined
      ? found
      : `list_filter(${found}, lambda one: json_extract_string(one, '$.type') in ${types})`;
  });
  // Most responses ask for none, and searching a text for a word is cheaper than parsing it.
  return `(case when regexp_matches(${response}, '${words}', 'i') and json_valid(${response})
    then list_filter(flatten([${lists.join(", ")}]), lambda one: json_type(one) = 'OBJECT') end)`;
}

const m = sql.textsIn("element.it");

/**
 * The tools that the model asks for, as spans of the call's task. Whether and how they were done is only in the next
 * call's messages.
 *
 * @param list JSON of each use, as the API writes it
 * @param at when the call ended
 */
export function askedTools(
  list: string,
  { call_id, task_id }: Target["columns"],
  at = "null::timestamp",
): Target {
  return {
    table: "spans",
    each: `list_transform(${list}, lambda use, n: {'it': use, 'n': n, 'call': ${call_id}, 'task': ${task_id}, 'at': ${at}})`,
    columns: {
      span_id: "element.call || ':tool:' || element.n",
      task_id: "element.task",
      ...toolUse(
        m("function.name", "custom.name", "name"),
        m("function.arguments", "custom.input", "arguments", "input", "args"),
      ),
      started_at: "element.at",
    },
  };
}
