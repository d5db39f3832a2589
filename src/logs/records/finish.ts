/** Why a model stopped, and the words that APIs write for it. */
const reasons: Record<string, string[]> = {
  stop: (
    "stop end_turn stop_sequence eos eos_token eos_found end end_of_turn complete completed finish finished done natural " +
    "stop_token stopped"
  ).split(" "),
  length: (
    "length max_tokens max_output_tokens max_length token_limit model_length model_context_window_exceeded " +
    "context_length_exceeded max_completion_tokens max_new_tokens"
  ).split(" "),
  content_filter: (
    "content_filter content_filtered guardrail_intervened safety image_safety recitation blocklist prohibited_content " +
    "spii blocked moderation content_policy_violation"
  ).split(" "),
  refusal: "refusal refused".split(" "),
  tool_calls: "tool_calls tool_call tool_use function_call function_calls".split(" "),
  error: "error errored failed failure malformed_function_call malformed_tool_use unexpected_tool_call".split(
    " ",
  ),
  cancelled: "cancelled canceled abort aborted".split(" "),
};

/** The reasons of the canonical tables. */
export const finishReasons = Object.keys(reasons);

const list = (words: string[]) => `[${words.map((word) => `'${word}'`).join(", ")}]`;
const spelled = Object.values(reasons).flat();
const meant = Object.entries(reasons).flatMap(([reason, words]) => words.map(() => reason));

/** A finish reason in the canonical words; an unknown word is kept, in lower case. */
export function finishSql(value: string): string {
  const word = `regexp_replace(replace(lower(trim(${value})), '-', '_'), '^(finish_?reason[._]+)|^\\["?|"?\\]$', '', 'g')`;
  return `case when list_contains(${list(finishReasons)}, ${value}) then ${value}
    else coalesce((${list(meant)})[list_position(${list(spelled)}, ${word})], nullif(${word}, '')) end`;
}
