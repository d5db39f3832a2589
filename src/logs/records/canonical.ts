import { quoteText } from "../../store/quote";
import type { Column } from "../../store/schema";
import { isMissingSql } from "../files/tableCell";
import { ownFormSql } from "./outputForm";
import { isShortSql, storedSql } from "./unasked";

/** The statuses of a call, and the words that tools write for them. */
const statuses = {
  ok: "ok success succeeded successful completed complete done 200 true",
  error: "error errored failure failed fail 500 false",
  timeout: "timeout timed_out timedout time_out deadline_exceeded 408 504",
  rate_limited: "rate_limited ratelimited rate_limit throttled too_many_requests 429",
  cancelled: "cancelled canceled aborted cancel",
};

/** Why a model stopped, and the words that APIs write for it. */
const finishes = {
  stop:
    "stop end_turn stop_sequence eos eos_token eos_found end end_of_turn complete completed finish finished done " +
    "natural stop_token stopped",
  length:
    "length max_tokens max_output_tokens max_length token_limit model_length model_context_window_exceeded " +
    "context_length_exceeded max_completion_tokens max_new_tokens",
  content_filter:
    "content_filter content_filtered guardrail_intervened safety image_safety recitation blocklist " +
    "prohibited_content spii blocked moderation content_policy_violation",
  refusal: "refusal refused",
  tool_calls: "tool_calls tool_call tool_use function_call function_calls",
  error: "error errored failed failure malformed_function_call malformed_tool_use unexpected_tool_call",
  cancelled: "cancelled canceled abort aborted",
};

/**
 * The role of a call, and the words that tools write for it. A word that is not listed is not an answer's either.
 */
const roles = {
  answer:
    "answer assistant agent ai bot model llm main primary default solver generator generation candidate completion " +
    "response target policy",
  judge:
    "judge grader scorer evaluator evaluation rater critic verifier llm_judge judgement judgment grading scoring " +
    "reward reward_model",
  other:
    "other user simulator user_simulator simulated_user guard guardrail guardrails moderator moderation embedder " +
    "embedding embeddings retriever reranker rerank router summarizer system tool helper monitor",
};

/** The operation that a model was asked for, and the words that tools write for it. */
const operations = {
  embeddings:
    "embeddings embedding embed text_embedding text_embeddings aembedding embed_content batch_embed_contents",
  chat: "chat chat_completion chat_completions chat.completion chat.completions acompletion responses aresponses messages",
  text_completion: "text_completion text_completions completions atext_completion",
  rerank: "rerank arerank reranking reranker",
  moderation: "moderation moderations amoderation guardrail guard",
};

/** Operations whose calls serve an answer and are not answers themselves. */
export const serving = ["embeddings", "rerank", "moderation"];

/** True if a status, in lower case, is read as it is. */
export const isStatus = (word: string): boolean =>
  Object.values(statuses).some((words) => words.split(" ").includes(word.replace(/[- ]/g, "_")));

/** The reasons in the canonical tables. */
export const finishReasons = Object.keys(finishes);

// What tools' words look like, in one language or another; a sentence or a key is none. Its length is checked apart: to
// prepare a pattern that counts letters of all languages takes a quarter of a second.
const aWord =
  "[\\p{L}/_]([\\p{L}_.:/-]|[0-9]{1,2}[_.:/-])*( [\\p{L}_.:/-]+)?( [\\p{L}_.:/-]+)?[0-9]{0,4}|[0-9]{1,6}";
const longestWord = 60;

/**
 * SQL for the canonical word, from what tools write; an unknown word is kept, for doctor to report, and what is no
 * word becomes "unnamed".
 *
 * @param said the word as it is in the log, with its spaces
 */
function oneOf(words: Record<string, string>, value: string, word: string, said = `trim(${value})`): string {
  const list = (some: string[]) => `[${some.map((one) => `'${one}'`).join(", ")}]`;
  const meant = Object.entries(words).flatMap(([one, spelled]) => spelled.split(" ").map(() => one));
  const spelled = Object.values(words).join(" ").split(" ");
  // Most are already canonical words, and looking them up costs more than everything else.
  return `case when list_contains(${list(Object.keys(words))}, ${value}) then ${value}
    else coalesce((${list(meant)})[list_position(${list(spelled)}, ${word})],
      case when length(${said}) <= ${longestWord} and regexp_full_match(${said}, '${aWord}') then ${word} when ${word} <> '' then 'unnamed' end) end`;
}

const plainWord = (value: string) => `replace(replace(lower(trim(${value})), '-', '_'), ' ', '_')`;

const statusSql = (value: string) => oneOf(statuses, value, plainWord(value));

const finishSql = (value: string) => {
  const word = `regexp_replace(replace(lower(trim(${value})), '-', '_'), '^(finish_?reason[._]+)|^\\["?|"?\\]$', '', 'g')`;
  return oneOf(finishes, value, word, word);
};

// Empty for a tier that every call gets, whatever the API calls it.
function tierSql(value: string): string {
  const word = `lower(trim(${value}))`;
  return `case when ${word} in ('batch', 'flex', 'priority') then ${word}
    when ${word} in ('batches', 'batch_api') then 'batch' end`;
}

// OPENAI, OpenAI and openai.chat, as Vercel's SDK names it by the interface used, are the same.
function providerSql(value: string): string {
  const word = `lower(trim(${value}))`;
  return `nullif(case when contains(${value}, '.')
    then regexp_replace(${word}, '[.](chat|messages|responses|completion|embedding)$', '') else ${word} end, '')`;
}

// An error is represented by its kind, not by its message, which may contain a key, a name or a question: the
// class, the code or the first words of its first line, as far as they are plain words; in Python's traces the
// last line names it.
const errorLine = (value: string) =>
  `trim(case when starts_with(ltrim(${value}), 'Traceback')
    then regexp_extract(rtrim(${value}, ' ' || chr(10) || chr(13)), '[^\\n]+$')
    else split_part(ltrim(${value}, ' ' || chr(10) || chr(13)), chr(10), 1) end, ' ' || chr(9) || chr(13))`;
const errorClass =
  "([A-Za-z_]\\w{0,40}[.])*[A-Za-z_]\\w{0,60}(Error|Exception|Timeout|Failure|Fault|Exceeded|_error|_exceeded)";
// In a script without capitals nothing tells a name in a sentence from its words, and a sentence may have no spaces: there
// one short word alone is a kind.
const errorCode = "[\\p{Lu}\\p{Ll}_][\\p{Lu}\\p{Ll}_.:/-]*[0-9]{0,4}|[0-9]{1,6}";
const bareWord = "[\\p{Lo}\\p{Lm}\\p{M}]+";
// Of a sentence that is longer, the first words tell what it is about.
const longest = { code: 64, bareWord: 8, word: 30, words: 8, ofSentence: 4 };
const keyBegin = "(sk|pk|rk)[-_]|(gh[pousr]|github_pat|xox[a-z]|hf|npm)[-_]|AKIA|ASIA|AIza|eyJ";
const wordEnd = "(?:[,;:]? |[.!]?$)";
const errorWord = "[\\p{Ll}_''’-]+|[A-Z]{2,6}|[1-5][0-9]{2}";
const errorWords = `(?:\\p{Lu}?[\\p{Ll}_''’-]+|[A-Z]{2,6})${wordEnd}(?:(?:${errorWord})${wordEnd})+`;
// Counting letters of all languages in a pattern takes the engine long to prepare: lengths are checked apart.
const firstWords = (line: string) =>
  `list_transform([string_split(trim(regexp_replace(regexp_extract(${line}, '^${errorWords}'), '[^ ]{${longest.word + 1}}.*$', '')), ' ')],
    lambda words: array_to_string(words[1:case when len(words) > ${longest.words} then ${longest.ofSentence} else ${longest.words} end], ' '))[1]`;
const errorSql = (value: string) => {
  const line = errorLine(value);
  const words = `trim(${firstWords(line)}, ' ,;:.!')`;
  const kind = `coalesce(
    nullif(regexp_extract(${line}, '^(${errorClass})(?:\\W|$)', 1), ''),
    case when length(${line}) <= ${longest.code} and regexp_full_match(${line}, '${errorCode}') and not regexp_matches(${line}, '^(${keyBegin})')
      then ${line} when length(${line}) <= ${longest.bareWord} and regexp_full_match(${line}, '${bareWord}') then ${line} end,
    nullif(regexp_extract(${words}, '^.+ .+$'), ''))`;
  return `(case when nullif(trim(${value}), '') is not null then
    list_transform([${kind}], lambda kind: case when ${isShortSql("kind")} then coalesce(kind, 'unnamed') else 'unnamed' end)[1] end)`;
};

/** Columns with a vocabulary of their own, and how others' words map to it. */
const inWords: Record<string, (value: string) => string> = {
  status: statusSql,
  role: (value) => oneOf(roles, value, plainWord(value)),
  operation: (value) => oneOf(operations, value, plainWord(value)),
  finish_reason: finishSql,
  service_tier: tierSql,
  error_type: errorSql,
  output_form: ownFormSql,
  provider: (value) => providerSql(storedSql("name", value, false)),
};

// An empty prompt or output is one; any other empty text is a missing value.
const mayBeEmpty = ["prompt", "output"];

/** A text in the column's own vocabulary, if it has one. */
export const inWordsOf = (column: string, value: string): string => inWords[column]?.(value) ?? value;

/**
 * SQL for what a column stores of a text; undefined if it is stored as it is.
 *
 * @param sql the expression that the text is from: a constant is a mapping's own word, not the log's
 * @param keep texts are asked for
 */
export function textIn(
  column: string,
  { holds = "name" }: Column,
  sql: string,
  keep: boolean,
): Cast["finished"] {
  if (Object.hasOwn(inWords, column)) return inWords[column];
  if (/^'[^']+'$/.test(sql) || (keep && mayBeEmpty.includes(column))) return undefined;
  return (value) => storedSql(holds, value, keep);
}

/** A value in the form of a canonical column. */
export interface Cast {
  value: string;
  /**
   * The condition, over the value read, that makes it invalid: beyond the column's bounds, or not a whole number.
   */
  wrong?: (value: string) => string;
  /** What is done to the value read. */
  finished?: (value: string) => string;
}

/**
 * SQL for whether a value lies beyond the bounds of its column. NaN does: the engine sorts it last.
 */
export function beyondSql({ type, bounds }: Column, value: string): string {
  if (bounds === undefined) return "false";
  const [least, most] = bounds.map((one) => (typeof one === "number" ? one : quoteText(one)));
  return `(${value} < ${least}::${type} or ${value} > ${most}::${type})`;
}

/**
 * An expression of the engine's type `from`, converted for a column.
 *
 * @param isField the expression is a field of the log rather than a calculation, which may be rounded
 * @param keep texts are stored
 */
export function castTo(
  sql: string,
  from: string,
  column: string,
  as: Column,
  isField: boolean,
  keep = false,
): Cast {
  const { type: to } = as;
  if (from === '"NULL"') return { value: `null::${to}` };
  const isText = from === "VARCHAR" || from === "JSON";
  const text = from === "JSON" ? `(${sql})->>'$'` : sql;
  if (to === "VARCHAR") {
    const value = isText ? text : `cast(${sql} as VARCHAR)`;
    return { value, finished: textIn(column, as, sql, keep) };
  }
  const beyond = (had: string) => beyondSql(as, had);
  if (to === "TIMESTAMP") return { value: timeOf(sql, text, from, column), wrong: beyond };
  // An empty text is a missing value, not a damaged one.
  const given = isText ? `nullif(${text}, '')` : sql;
  if (to === "BOOLEAN") return { value: from === to ? sql : `cast(${given} as ${to})` };
  if (!isText && /INT|BOOLEAN/.test(from))
    return { value: from === to ? sql : `cast(${sql} as ${to})`, wrong: beyond };
  // NaN is how tools write a missing number.
  const number = isText ? numberText(given) : isFloat(from) ? `nullif(${sql}, 'nan')` : sql;
  const value = `cast(${number} as ${to})`;
  if (to === "DOUBLE" || !(isText || isField)) return { value, wrong: beyond };
  return { value, wrong: (had) => `(try_cast(${number} as DOUBLE) <> ${had} or ${beyond(had)})` };
}

// Most begin with a digit: the others are checked, since tables mark a missing number with a dash or a word.
const numberText = (text: string) =>
  `case when ${text} >= '0' and ${text} < ':' then ${text} when ${isMissingSql(text)} then null
    when lower(${text}) = 'true' then '1' when lower(${text}) = 'false' then '0' else ${text} end`;
const isFloat = (type: string) => type === "DOUBLE" || type === "FLOAT";

/**
 * A time from a text that is not empty, in UTC unless the text names another zone.
 *
 * A cast to a time without zone silently drops an offset, and one with zone is slower: "Z" alone needs neither.
 */
export function timeSql(text: string): string {
  const utc = `(suffix(${text}, 'Z') or suffix(${text}, 'z')) and not contains(${text}, '+') and not contains(substr(${text}, 11), '-')`;
  return `case when ${utc} then cast(left(${text}, -1) as timestamp)
    else timezone('UTC', cast(${text} as timestamptz)) end`;
}

function timeOf(sql: string, text: string, from: string, column: string): string {
  if (from === "VARCHAR" || from === "JSON") return timeSql(`nullif(${text}, '')`);
  if (from.startsWith("TIMESTAMP WITH")) return `timezone('UTC', ${sql})`;
  if (from === "DATE" || from.startsWith("TIMESTAMP")) return `cast(${sql} as TIMESTAMP)`;
  throw new TypeError(
    `column ${column} requires a time, got ${from}: for a number of seconds since 1970 write ` +
      "to_timestamp(field), of milliseconds epoch_ms(field::bigint), of nanoseconds make_timestamp_ns(field::bigint)",
  );
}
