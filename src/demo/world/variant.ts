import { type Rater, raterShape } from "./labels";
import { nullable, number, object, oneOf, optional, record, text, whole } from "./shape";
import { type Size, size } from "./size";

/** A release of the application that uses the models. */
export interface Release {
  name: string;
  /** First local day or minute, "2026-03-05" or "2026-03-05T09:00". */
  from: string;
  /** Slowdown factor of every call, against the models' own numbers. */
  slowdown: number;
}

/** A pipeline: one way of asking, and of handling the answer. */
export interface Pipeline {
  /** Share of the tasks. */
  share: number;
  /** Tokens of instructions on top of the workload's. */
  system_tokens: number;
  /** Length of the answers, relative to the workload's. */
  output: number;
  /** Chance of a hallucination, relative to the workload's. */
  hallucination: number;
  /** Log odds of resolving, added to the model's. */
  resolve: number;
  /** Seconds of the stages it adds after each answer. */
  stages: Record<string, Size>;
  /** How often its stage "validation" is right about false claims (default: no verdict). */
  validator: Rater | null;
}

/** A kind of sessions: values not given are the workload's. */
export interface Kind {
  /** Share of the workload's sessions. */
  share: number;
  operation: "chat" | "text_completion";
  tasks_per_session?: number;
  pause?: number;
  tries?: number;
  system_tokens?: number;
  history?: number;
  input_tokens?: Size;
  output_tokens?: Size;
  stages?: Record<string, Size>;
  resolve?: Record<string, number>;
}

const money = number(0, Number.POSITIVE_INFINITY);
const share = number(0, 1);

/** A local day or minute. */
export const startShape = text(
  /^20\d\d-\d\d-\d\d(T\d\d:\d\d)?$/,
  'a day or minute like "2026-03-05" or "2026-03-05T09:00"',
);

export const releaseShape = object<Release>({
  name: text(/^[\w.-]{1,64}$/, 'a version like "4.2.0"'),
  from: startShape,
  slowdown: number(0, 1000, { above: true }),
});

export const pipelineShape = object<Pipeline>({
  share: money,
  system_tokens: optional(whole(0, 1e7), 0),
  output: optional(number(0, 1000, { above: true }), 1),
  hallucination: optional(number(0, 1), 1),
  resolve: optional(number(-20, 20), 0),
  stages: optional(record(size), {}),
  validator: optional(nullable(raterShape), null),
});

export const kindShape = object<Kind>({
  share: money,
  operation: optional(oneOf(["chat", "text_completion"]), "chat"),
  tasks_per_session: optional(number(1, 1000), undefined),
  pause: optional(money, undefined),
  tries: optional(whole(1, 20), undefined),
  system_tokens: optional(whole(0, 1e7), undefined),
  history: optional(share, undefined),
  input_tokens: optional(size, undefined),
  output_tokens: optional(size, undefined),
  stages: optional(record(size), undefined),
  resolve: optional(record(share), undefined),
});
