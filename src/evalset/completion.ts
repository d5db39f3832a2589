import type { Sent } from "./sent";

type Completion = Omit<Sent, "duration">;

/** What a service sends. */
// biome-ignore lint/suspicious/noExplicitAny: anything
export type Given = any;

const isRecord = (value: unknown): value is Record<string, Given> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a whole answer, or one event of a streamed one; false if no choice is in it, which is not an answer. */
export function take(given: Given, answer: Completion): boolean {
  if (!isRecord(given)) return false;
  const [choice] = Array.isArray(given.choices) ? given.choices : [];
  const said = choice?.message ?? choice?.delta;
  const words = typeof said?.content === "string" ? said.content : said?.refusal;
  if (typeof words === "string") answer.output = (answer.output ?? "") + words;
  if (typeof said?.refusal === "string") answer.finish_reason = "refusal";
  if (typeof choice?.finish_reason === "string") answer.finish_reason ??= choice.finish_reason;
  if (typeof given.model === "string") answer.response_model = given.model;
  const { usage } = given;
  if (isRecord(usage)) {
    answer.input_tokens = count(usage.prompt_tokens);
    answer.output_tokens = count(usage.completion_tokens);
    answer.cache_read_input_tokens = count(usage.prompt_tokens_details?.cached_tokens);
    answer.reasoning_output_tokens = count(usage.completion_tokens_details?.reasoning_tokens);
    answer.cost = number(usage.cost);
  }
  return isRecord(said);
}

// Beyond the bounds of their columns they would be left empty when the answers are read.
const number = (given: unknown) => (typeof given === "number" && given >= 0 && given <= 1e12 ? given : null);
const count = (given: unknown) => (Number.isInteger(given) ? number(given) : null);
