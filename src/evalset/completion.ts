import { columnsOf } from "../store/schema";
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
    const { prompt_tokens_details: read, completion_tokens_details: written } = usage;
    answer.input_tokens = measured("input_tokens", usage.prompt_tokens);
    answer.output_tokens = measured("output_tokens", usage.completion_tokens);
    answer.cache_read_input_tokens = measured("cache_read_input_tokens", read?.cached_tokens);
    answer.reasoning_output_tokens = measured("reasoning_output_tokens", written?.reasoning_tokens);
    answer.cost = measured("cost", usage.cost);
  }
  return isRecord(said);
}

const columns = columnsOf("calls");

/** What a number of a column may be. */
const rangeOf = (column: string) => {
  const { type, bounds: [least, most] = [0, 0] } = columns[column];
  return { least: Number(least), most: Number(most), isWhole: type === "BIGINT" };
};

/** A number of an answer; null where it cannot be one of its column, so that the rest of the answer stays. */
function measured(column: string, given: unknown): number | null {
  const { least, most, isWhole } = rangeOf(column);
  const isOne = typeof given === "number" && given >= least && given <= most;
  return isOne && (!isWhole || Number.isInteger(given)) ? given : null;
}

/** SQL for the same of a column of that name. */
export function measuredSql(column: string): string {
  const { least, most, isWhole } = rangeOf(column);
  const whole = isWhole ? ` and ${column} = trunc(${column})` : "";
  return `if(${column} >= ${least} and ${column} <= ${most}${whole}, ${column}, null)`;
}

/** The columns of an answer that are numbers. */
export const numbersOfAnswer = [
  ...["duration", "time_to_first_token", "input_tokens", "cache_read_input_tokens", "output_tokens"],
  ...["reasoning_output_tokens", "cost", "http_status"],
];

/** An answer without half characters: a file of answers with one could not be read. */
export function wellFormed<A extends object>(answer: A): A {
  const texts = Object.entries(answer).flatMap(([name, value]) =>
    // Written as UTF-8, half a character becomes the sign for an unknown one.
    typeof value === "string" ? [[name, Buffer.from(value).toString()]] : [],
  );
  return { ...answer, ...Object.fromEntries(texts) };
}

/** An answer that was kept, without numbers and characters that cannot be. */
export function withinBounds<A extends object>(answer: A): A {
  const read = numbersOfAnswer.flatMap((name) =>
    name in answer ? [[name, measured(name, answer[name as keyof A])]] : [],
  );
  return wellFormed({ ...answer, ...Object.fromEntries(read) });
}
