import type { Lane } from "./lane";

export type Status = "ok" | "error" | "timeout" | "rate_limited" | "cancelled";

/** One request to a model. Times are whole microseconds, since the epoch or from the start of the call. */
export interface Call {
  /** Its number in the run, from 0. */
  number: number;
  lane: Lane;
  attempt: number;
  /** The model it is the fallback for, or "". */
  fallbackFrom: string;
  startedAt: number;
  duration: number;
  /** -1 if no token came or the call was not streamed. */
  timeToFirstToken: number;
  /** -1 if the log has none. */
  inputTokens: number;
  cacheReadTokens: number;
  cacheCreationTokens: number;
  /** -1 if the log has none. */
  outputTokens: number;
  /** US dollars. */
  cost: number;
  status: Status;
  httpStatus: number;
  finishReason: string;
  cacheHit: boolean;
  jsonValid: boolean;
  /** Whether the JSON fits the requested schema. */
  schemaValid: boolean;
  /** Whether the answer resolves its task. */
  passed: boolean;
  /** Whether the answer makes a false claim. */
  hallucinated: boolean;
  /** Whether the validation finds a false claim; null if there is no validation. */
  flagged: boolean | null;
}

/** One stage around the calls of a task. */
export interface Stage {
  name: string;
  startedAt: number;
  duration: number;
  /** Whether it rejected the answer before it. */
  failed: boolean;
}

/** A task: something that a user wants done. */
export interface Task {
  /** Its number in the run, from 0. */
  number: number;
  /** The lane of its first call. */
  lane: Lane;
  /** Rank of the user, from 0. */
  user: number;
  /** Number of the session it belongs to, from 0. */
  session: number;
  /** Its position among the tasks of the session, from 0. */
  turn: number;
  /** The release and the pipeline it ran in, by their positions in the lane's variants. */
  release: number;
  pipeline: number;
  startedAt: number;
  /** null if the run ended first. */
  resolved: boolean | null;
  /** When the outcome was settled, and when the last call ended. */
  endedAt: number;
  calls: Call[];
  stages: Stage[];
}

/** Whether an answer came that isn't a refusal. */
export function answered(call: Call): boolean {
  return call.status === "ok" && call.finishReason !== "content_filter";
}

/** The cost of a call's tokens in US dollars, to the nanodollar. */
export function priceOf(
  { spec }: Lane,
  input: number,
  cacheRead: number,
  cacheCreation: number,
  output: number,
): number {
  const price = spec.price_per_million;
  const micro =
    (input - cacheRead - cacheCreation) * price.input +
    cacheRead * price.cache_read +
    cacheCreation * price.cache_creation +
    output * price.output;
  return Math.round(micro * 1000) / 1e9;
}
