import { withCached } from "./expressions";
import type { Target } from "./format";

// Columns that many formats fill in the same way.

/** What a call was for: an answer, or the embedding of a text. */
export const chatOrEmbedding = (isEmbedding: string) => ({
  operation: `case when ${isEmbedding} then 'embeddings' else 'chat' end`,
  role: `case when ${isEmbedding} then 'other' else 'answer' end`,
});

/** A call that an evaluation made. */
export const evaluated = { environment: "'evaluation'", operation: "'chat'", role: "'answer'" };

/** Input tokens, from a count that may leave out the cached ones. */
export const inputTokens = (input: string, read: string, written: string) => ({
  input_tokens: withCached(input, read, written),
  cache_read_input_tokens: read,
  cache_creation_input_tokens: written,
});

/** A number as an HTTP status, where it is one. */
export const httpStatus = (http: string) => `case when ${http} between 100 and 599 then ${http} end`;

/** Scores of a list whose elements have an id, a name and a value. */
export const scoresOf = (subject: "call" | "task", more: Record<string, string> = {}): Target["columns"] => ({
  subject: `'${subject}'`,
  subject_id: "element.id",
  name: "element.name",
  value: "element.value",
  ...more,
});
