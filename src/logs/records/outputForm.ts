// Each pattern begins with what is quickly looked for, or is tried only where what it needs is there: the answers of a log
// are most of its bytes.
const patterns = {
  empty: "\\s*",
  json: "^\\s*[\\[{]",
  array: "^\\s*\\[",
  code: "(^|\\n)[ \\t]*(```|~~~)",
  // The line below a table's head: |---|---|
  table: "\\n[ \\t]*\\|?[ \\t]*:?-{2,}:?[ \\t]*\\|",
  // An item below the first line.
  list: "\\n([-*+•]|[0-9]{1,3}[.)])[ \\t]+\\S",
};
const has = (pattern: keyof typeof patterns) => `regexp_matches(said, '${patterns[pattern]}')`;

const form = `case when regexp_full_match(said, '${patterns.empty}') then 'empty'
  when ${has("json")} and json_valid(said) then case when ${has("array")} then 'json array'
    else 'json ' || left(md5(array_to_string(list_sort(json_keys(said)), chr(31))), 8) end
  when (contains(said, '\`\`\`') or contains(said, '~~~')) and ${has("code")} then 'code'
  when contains(said, '--') and contains(said, '|') and ${has("table")} then 'table'
  when ${has("list")} then 'list' when said is not null then 'prose' end`;

/**
 * SQL for the form of an answer, in which none of its words are: JSON by a hash of its sorted keys at the top, Markdown's
 * code (in a fence), table or list (an item below the first line), else prose; of what a text has, the first named counts.
 *
 * @param text a column's name, or an expression, which is read once
 */
export function outputFormSql(text: string): string {
  if (/^\w+$|^"[^"]+"$/.test(text)) return form.replaceAll("said", text);
  return `list_transform([${text}], lambda said: ${form})[1]`;
}

/** SQL for a form, also one that a log names itself; empty for what is none, which may be a text. */
export const ownFormSql = (value: string): string =>
  `nullif(regexp_extract(${value}, '^(json [0-9a-f]{8}|json array|code|table|list|prose|empty)$'), '')`;
