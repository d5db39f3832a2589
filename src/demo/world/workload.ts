import { type Labels, labelsShape, noLabels } from "./labels";
import { flag, list, nullable, number, object, oneOf, optional, record, text, whole } from "./shape";
import { type Size, size } from "./size";
import { type Kind, kindShape, type Pipeline, pipelineShape, type Release, releaseShape } from "./variant";

/** One thing the company uses models for. */
export interface Workload {
  /** The format of its log. */
  format: "otlp" | "canonical" | "csv";
  /** Name of the file. */
  file: string;
  /** Share of the sessions. */
  share: number;
  users: number;
  /** The user of rank k is drawn with weight (k + use_offset)^-use_exponent (Zipf and Mandelbrot). */
  use_exponent: number;
  use_offset: number;
  /** Standard deviation between users of the log length of the answers they ask for; half of it for what they send. */
  user_size: number;
  /** Standard deviation between users of how hard their tasks are; within a user it is 1. */
  user_difficulty: number;
  /** Mean number of tasks in a session (geometric). */
  tasks_per_session: number;
  /** Mean seconds from the end of a task to the next in the session. */
  pause: number;
  stream: boolean;
  /** Seconds after which a call is given up. */
  timeout: number;
  /** Maximum calls for one answer while they fail, including the first. */
  attempts: number;
  /** Chance that a failed call is retried while attempts are left. */
  retry_rate: number;
  /** Seconds before the first retry; doubled each time, times a uniform number between 0.5 and 1.5. */
  backoff: number;
  /** Maximum answers requested until one passes its check. */
  tries: number;
  /** Share of calls the user cancels, whatever their length. */
  cancel_rate: number;
  /** Share of calls answered from the company's own response cache. */
  cache_hit_rate: number;
  /** Share of calls whose repeated prefix is found in the provider's prompt cache. */
  prompt_cache_rate: number;
  /** Tokens of the fixed instructions. */
  system_tokens: number;
  /** Share of a session's earlier turns that its next task sends again (default 1). */
  history: number;
  /** New tokens that a task sends; earlier turns are extra. */
  input_tokens: Size;
  output_tokens: Size;
  /** Whether answers are requested as JSON. */
  json: boolean;
  /** Fallback model when the attempts are used up, and the chance of using it. */
  fallback: string | null;
  fallback_rate: number;
  /** Seconds of the stages around the model: "retrieval" runs before the first call, others after each answer. */
  stages: Record<string, Size>;
  /** Share of the tasks whose stages are logged, if the format allows it. */
  stages_logged: number;
  /** Which texts are logged (default "none"). */
  texts: "none" | "support" | "clauses" | "code";
  /** Maximum length of an answer; longer ones are cut and marked as such (default 16,384 tokens). */
  longest_answer: number;
  /** Its releases, earliest first; a call belongs to the latest one before it (default none). */
  releases: Release[];
  /** Pipelines to which its tasks are assigned at random (default none). */
  pipelines: Record<string, Pipeline>;
  /** Kinds of sessions, each with its own numbers (default none). */
  kinds: Record<string, Kind>;
  /** By model: share of answers to tasks of mean difficulty that make a false claim (default none). */
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
