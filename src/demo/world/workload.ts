import { type Labels, labelsShape, noLabels } from "./labels";
import { flag, list, nullable, number, object, oneOf, optional, record, text, whole } from "./shape";
import { type Size, size } from "./size";
import { type Kind, kindShape, type Pipeline, pipelineShape, type Release, releaseShape } from "./variant";

/** One thing the company uses models for. */
export interface Workload {
  /** How its log is written. */
  format: "otlp" | "canonical" | "csv";
  /** Name of the file. */
  file: string;
  /** Share of the sessions. */
  share: number;
  users: number;
  /** The user of rank k is drawn with weight (k + use_offset)^-use_exponent (Zipf and Mandelbrot). */
  use_exponent: number;
  use_offset: number;
  /** Standard deviation between users of the logarithm of what they have written; half of it in what they send. */
  user_size: number;
  /** Standard deviation between users of how hard their tasks are; within a user it is 1. */
  user_difficulty: number;
  /** Mean tasks of a session; their number is geometric. */
  tasks_per_session: number;
  /** Mean seconds between the end of a task and the next of the session. */
  pause: number;
  stream: boolean;
  /** Seconds after which a call is given up. */
  timeout: number;
  /** Calls made for one answer while they fail, the first included. */
  attempts: number;
  /** Chance that a failed call is tried again while attempts are left. */
  retry_rate: number;
  /** Seconds before the first retry; doubled each time, times a uniform number between 0.5 and 1.5. */
  backoff: number;
  /** Answers asked for until one passes its check. */
  tries: number;
  /** Share of calls the user cancels, whatever their length. */
  cancel_rate: number;
  /** Share of calls answered from the company's own response cache. */
  cache_hit_rate: number;
  /** Share of calls whose known prefix is found in the provider's prompt cache. */
  prompt_cache_rate: number;
  /** Tokens of the fixed instructions. */
  system_tokens: number;
  /** Share of a session's earlier turns that its next task sends again (default 1). */
  history: number;
  /** New tokens a task sends; earlier turns come on top. */
  input_tokens: Size;
  output_tokens: Size;
  /** Answers are asked for as JSON. */
  json: boolean;
  /** Model asked when the attempts are used up, and the chance that it is. */
  fallback: string | null;
  fallback_rate: number;
  /** Seconds of the stages around the model: "retrieval" runs before the first call, others after each answer. */
  stages: Record<string, Size>;
  /** Share of the tasks whose stages are logged, where the format can. */
  stages_logged: number;
  /** What is written of what was said (default "none"). */
  texts: "none" | "support" | "clauses" | "code";
  /** An answer is cut there, and says so (default 16,384 tokens). */
  longest_answer: number;
  /** Its releases, the earliest first; a call is of the last that came before it (default none). */
  releases: Release[];
  /** Pipelines that its tasks are dealt out to at random (default none). */
  pipelines: Record<string, Pipeline>;
  /** Kinds of sessions, each with numbers of its own (default none). */
  kinds: Record<string, Kind>;
  /** By model: share of answers to tasks of mean difficulty that claim what is not so (default none). */
  hallucination: Record<string, number>;
  /** Log odds of that for each unit of difficulty (default 0.5). */
  hallucination_slope: number;
  /** Who judges its answers (default nobody). */
  labels: Labels;
  /** Share of the sessions that each model serves. */
  models: Record<string, number>;
  /** Chance that one answer resolves a task of mean difficulty. */
  resolve: Record<string, number>;
}

const share = number(0, 1);
const money = number(0, Number.POSITIVE_INFINITY);
const positive = number(0, Number.POSITIVE_INFINITY, { above: true });

export const workloadShape = object<Workload>({
  format: oneOf(["otlp", "canonical", "csv"]),
  file: text(/^[a-z0-9][a-z0-9.-]{0,63}\.(jsonl|csv)(\.gz)?$/, 'a plain file name like "coding.jsonl"'),
  share: money,
  users: whole(1, 1e7),
  use_exponent: number(0, 5),
  use_offset: number(0, 1e9),
  user_size: number(0, 3),
  user_difficulty: number(0, 10),
  tasks_per_session: number(1, 1000),
  pause: money,
  stream: flag,
  timeout: positive,
  attempts: whole(1, 20),
  retry_rate: share,
  backoff: money,
  tries: whole(1, 20),
  cancel_rate: share,
  cache_hit_rate: share,
  prompt_cache_rate: share,
  system_tokens: whole(0, 1e7),
  history: optional(share, 1),
  input_tokens: size,
  output_tokens: size,
  json: flag,
  fallback: nullable(text(/./, "a model's name or null")),
  fallback_rate: share,
  stages: record(size),
  stages_logged: share,
  texts: optional(oneOf(["none", "support", "clauses", "code"]), "none"),
  longest_answer: optional(whole(1, 1e9), 16_384),
  releases: optional(list(releaseShape), []),
  pipelines: optional(record(pipelineShape), {}),
  kinds: optional(record(kindShape), {}),
  hallucination: optional(record(number(0, 1)), {}),
  hallucination_slope: optional(number(0, 10), 0.5),
  labels: optional(labelsShape, noLabels),
  models: record(money, { least: 1 }),
  resolve: record(number(0, 1)),
});
