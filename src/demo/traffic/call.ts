import type { Lane } from "./lane";

export type Status = "ok" | "error" | "timeout" | "rate_limited" | "cancelled";

/** One request to a model. Times are whole microseconds, since the epoch or from the start of the call. */
export interface Call {
  /** Its number in the run, from 0. */
  number: number;
  lane: Lane;
  attempt: number;
  /** The model it stands in for, or "". */
  fallbackFrom: string;
  startedAt: number;
  duration: number;
  /** -1 where no token came or nobody listened. */
  timeToFirstToken: number;
  /** -1 where the log has none. */
  inputTokens: number;
  cacheReadTokens: number;
  cacheCreationTokens: number;
  /** -1 where the log has none. */
  outputTokens: number;
  /** US dollars. */
  cost: number;
  status: Status;
  httpStatus: number;
  finishReason: string;
  cacheHit: boolean;
  jsonValid: boolean;
  /** The JSON fits the schema it was asked for. */
  schemaValid: boolean;
  /** The answer resolves its task. */
  passed: boolean;
  /** The answer claims what is not so. */
  hallucinated: boolean;
  /** The validation finds that it does; null where there is none. */
  flagged: boolean | null;
}

/** One stage around the calls of a task. */
export interface Stage {
  name: string;
  startedAt: number;
  duration: number;
  /** It found fault with the answer before it. */
  failed: boolean;
}

/** What someone wanted done. */
export interface Task {
  /** Its number in the run, from 0. */
  number: number;
  /** The lane of its first call. */
  lane: Lane;
  /** Rank of the user, from 0. */
  user: number;
  /** Number of the session it belongs to, from 0. */
  session: number;
  /** Its place among the tasks of the session, from 0. */
  turn: number;
  /** The release and the pipeline it ran in, by their places in the lane's variants. */
  release: number;
  pipeline: number;
  startedAt: number;
  /** null where the run ended before it did. */
  resolved: boolean | null;
  /** When that was settled; when the last call ended. */
  endedAt: number;
  calls: Call[];
  stages: Stage[];
}

/** An answer came, and is no refusal. */
export function answered(call: Call): boolean {
  return call.status === "ok" && call.finishReason !== "content_filter";
}

/** US dollars of the tokens of a call, to the nanodollar. */
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
