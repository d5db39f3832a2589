// SQL for the uses of tools: which spans are some, of which tool, and whether two had the same arguments.

/** The columns of a span for a tool use; its name is also that of the stage. */
export function toolUse(tool: string, given: string): Record<"stage" | "tool" | "arguments_hash", string> {
  return { stage: tool, tool, arguments_hash: argumentsHash(given) };
}

/** The same for spans of which only some are tool uses. */
export const toolIf = (isTool: string, tool: string, given: string) => ({
  tool: `case when ${isTool} then ${tool} end`,
  arguments_hash: `case when ${isTool} then ${argumentsHash(given)} end`,
});

/** The tool in a span's name, where frameworks put words before it. */
export const toolOfSpan = (name: string) =>
  `regexp_replace(${name}, '^(running tool: |execute_tool |tool[.])|[.]start(-[0-9]+)?$', '', 'g')`;

/** True for the name of a span without length that marks a tool's start; and of one that marks its result. */
export const isToolBegun = (name: string) => `regexp_matches(${name}, '[.]start(-[0-9]+)?$')`;
export const isToolEvent = (name: string) =>
  `regexp_matches(${name}, '[.](finish|success|error|retry)(-[0-9]+)?$')`;

/** The hash of a tool's arguments, regardless of white space and of the order of keys. */
export function argumentsHash(given: string): string {
  return `md5(case when json_valid(${given}) then ${sortedJson(`json(${given})`)} else nullif(${given}, '') end)`;
}

/**
 * JSON as a text that is equal for equal values whatever the order of keys: objects' fields by name, down to `levels`
 * of nesting, below which everything stays as it is written. Each level adds little SQL: a list's elements are
 * fields without a name.
 */
function sortedJson(value: string, levels = 4): string {
  if (levels === 0) return `cast(${value} as varchar)`;
  const [one, field] = [`value${levels}`, `field${levels}`];
  const fields = `case json_type(${one}) when 'OBJECT' then list_sort(map_entries(from_json(${one}, '"MAP(VARCHAR,JSON)"')))
    when 'ARRAY' then list_transform(from_json(${one}, '["JSON"]'), lambda ${field}: {'key': null::varchar, 'value': ${field}}) end`;
  const inner = sortedJson(`coalesce(${field}.value, 'null'::json)`, levels - 1);
  const texts = `list_transform(${fields}, lambda ${field}: concat(to_json(${field}.key), ':', ${inner}))`;
  // The lambda names the value: written out at each of its places, it would grow with each level.
  return `list_transform([${value}], lambda ${one}:
    coalesce(json_type(${one}) || array_to_string(${texts}, ',') || ';', cast(${one} as varchar)))[1]`;
}
