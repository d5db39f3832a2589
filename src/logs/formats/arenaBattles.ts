import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { has, recordwise } from "../records/textRecord";

const names =
  "question_id id model_a model_b winner judge judge_hash evaluation_session_id conversation_a conversation_b conv_metadata language tstamp timestamp";

/** The assistant's text in a conversation, its turns joined by line breaks. */
const answersIn = (conversation: string) =>
  `array_to_string(list_transform(list_filter(from_json(${sql.json(conversation)}, '["JSON"]'),
    lambda turn: json_extract_string(turn, '$.role') = 'assistant'),
    lambda turn: coalesce(json_extract_string(turn, '$.content[0].text'), json_extract_string(turn, '$.content'))), chr(10))`;

/** The Arena's own counts, else counts from the text. */
function styleOf(side: "a" | "b"): Target["columns"] {
  const texts = sql.styleOf(side, answersIn(`conversation_${side}`));
  const counted = (name: string, ...keys: string[]) => {
    const each = keys.map((key) =>
      sql.whole(`json_extract_string(${sql.json("conv_metadata")}, '$.${name}_${side}."${key}"')`),
    );
    return `list_sum([${each.join(", ")}])`;
  };
  const own: Target["columns"] = {
    [`length_${side}`]: sql.number(sql.inside("conv_metadata", `sum_assistant_${side}_tokens`)),
    [`lists_${side}`]: counted("list_count", "ordered", "unordered"),
    [`headings_${side}`]: counted("header_count", "h1", "h2", "h3", "h4", "h5", "h6"),
    [`bold_${side}`]: counted("bold_count", "**", "__"),
  };
  // Tokens on one side and characters on the other would not be comparable.
  const known = `${own.length_a ?? own.length_b} is not null`;
  return Object.fromEntries(
    Object.keys(own).map((name) => [name, `case when ${known} then ${own[name]} else ${texts[name]} end`]),
  );
}

const winner = "lower(trim(winner))";

/** Battles of Chatbot Arena (LMArena): two answers side by side, one of which a person prefers. */
export const format: Format = {
  name: "arena-battles",
  about: "Chatbot Arena battles: which of two answers a person prefers, or neither",
  signature: ["model_a", "model_b", "winner"],
  lacks: "latency, tokens and cost of the answers",
  recognises: (shape) => has(shape, "model_a", "model_b", "winner"),
  reading: recordwise(names, [
    {
      table: "preferences",
      columns: {
        comparison_id: sql.given("question_id", "id"),
        model_a: sql.required("model_a"),
        model_b: sql.required("model_b"),
        preferred: `case when ${winner} in ('model_a', 'a') then 1 when ${winner} in ('model_b', 'b') then 0
          when starts_with(${winner}, 'tie') or regexp_replace(${winner}, '[^a-z]', '', 'g') in ('bothbad', 'bothgood') then 0.5
          else cast(${sql.required("winner")} as double) end`,
        // The first of the two is on the left.
        shown_first: "'a'",
        rater: "'human'",
        rater_id: sql.given("judge_hash", "judge", "evaluation_session_id"),
        at: sql.instant("coalesce(tstamp, timestamp)"),
        ...styleOf("a"),
        ...styleOf("b"),
      },
    },
  ]),
};
