import { conversationReading, isAnswerSql, turnNames } from "../records/conversation";
import type { Format } from "../records/format";
import { readingOf } from "../records/mapping";
import { suggestedConversation } from "../suggest/suggestedConversation";

const inTurn = (name: string) => `${turnNames.turn}->>'$.${name}'`;
/** What the mapping of a sample may read. */
const columns = {
  conversation_id: "conversation_id",
  user_id: "user_id",
  workload: "workload",
  model: inTurn("model"),
  started_at: inTurn("created_at"),
  duration: inTurn("latency_ms"),
  time_to_first_token: inTurn("ttft_ms"),
  input_tokens: inTurn("usage.input_tokens"),
  output_tokens: inTurn("usage.output_tokens"),
  cost: inTurn("cost"),
};

/** Records that each hold a whole conversation: a list of messages, and what people say of it beside. */
export const format: Format = {
  name: "conversation",
  about:
    "conversations, one a record: a list of messages by role, with their tool calls; what stands beside them is an outcome or a label",
  signature: ["messages", "role", "content"],
  lacks:
    "whatever the messages do not say, mostly the model (--set model=...), time, tokens and cost; a conversation counts as one task",
  also: ["tasks", "scores"],
  recognises: (_, __, sample) =>
    sample !== undefined && suggestedConversation(sample.shape, sample.records) !== undefined,
  reading: () =>
    conversationReading(
      { messages: "messages", where: isAnswerSql(), columns },
      { messages: "JSON" },
      { others: [] },
    ),
  async ofSample({ shape, records, own }) {
    const suggested = suggestedConversation(shape, records);
    if (suggested === undefined)
      throw new TypeError(
        "the format conversation requires records with one list of messages, each with a role",
      );
    const { mapping: _, format: __, ...reading } = await readingOf(suggested, shape, own);
    return reading;
  },
};
