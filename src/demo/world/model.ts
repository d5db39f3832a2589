import { number, object, optional, record, text } from "./shape";

/** Who serves models, and how steadily. */
export interface Provider {
  region: string;
  /** Standard deviation of the logarithm of an hour's slowness, new every hour. */
  shock: number;
  /** Chance that an hour is an incident. */
  incident_rate: number;
  /** How many times slower an incident is. */
  incident_slowdown: number;
  /** Share of calls that an incident fails, over the usual errors. */
  incident_error_rate: number;
}

/** One model at one provider. */
export interface Serving {
  /** Share of the model's tasks. */
  share: number;
  /** Demand it can take, as a multiple of the week's mean hourly demand. */
  capacity: number;
  /** The most that demand can slow it down, >= 1. */
  slowest: number;
  /** Its slowness in the quiet hour against the model's own numbers. */
  slowness: number;
  error_rate: number;
  /** Share of calls refused (HTTP 429) in any hour. */
  refused_rate: number;
  /** Share refused on top, for each unit that demand over capacity exceeds 0.9. */
  refused_slope: number;
}

/** US dollars per million tokens. */
export interface Price {
  input: number;
  cache_read: number;
  cache_creation: number;
  output: number;
}

/** One model. Times are for a quiet hour. */
export interface Model {
  vendor: string;
  /** Date of the snapshot that answers: asked for as "name", it answers as "name-date". */
  snapshot: string;
  /** Median seconds to first token, before reading the prompt. */
  time_to_first_token: number;
  /** Standard deviation of its logarithm. */
  first_token_spread: number;
  tokens_per_second: number;
  /** Standard deviation of the logarithm of a call's own speed. */
  speed_spread: number;
  /** Tokens of the prompt read in a second; cached ones take no time. */
  prefill_tokens_per_second: number;
  /** Output against the workload's median. */
  verbosity: number;
  /** Share of calls that stall: their whole time is multiplied by a Pareto number. */
  stall_rate: number;
  /** Index of that Pareto: P(factor > x) = x^-shape. */
  stall_shape: number;
  /** Longest prompt taken; longer ones are cut. */
  context: number;
  /** Prompt length beyond which answers get worse: the odds of resolving fall in proportion to the excess. */
  effective_context: number;
  /** Share of answers asked for as JSON that parse. */
  json_valid: number;
  /** Share of those that fit the schema they were asked for (default 1). */
  schema_valid: number;
  /** Share of answers that a content filter replaces by a refusal (default 0). */
  refusal_rate: number;
  price_per_million: Price;
  providers: Record<string, Serving>;
}

const share = number(0, 1);
const positive = number(0, Number.POSITIVE_INFINITY, { above: true });
const money = number(0, Number.POSITIVE_INFINITY);
const label = text(/^[\w .-]{1,64}$/, "a name of letters, digits, spaces, dots and hyphens (1 to 64)");

export const providerShape = object<Provider>({
  region: label,
  shock: number(0, 3),
  incident_rate: share,
  incident_slowdown: number(1, 1000),
  incident_error_rate: share,
});

export const modelShape = object<Model>({
  vendor: label,
  snapshot: text(/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day like "2026-01-20"'),
  time_to_first_token: positive,
  first_token_spread: number(0, 3),
  tokens_per_second: positive,
  speed_spread: number(0, 3),
  prefill_tokens_per_second: positive,
  verbosity: positive,
  stall_rate: share,
  stall_shape: number(1, Number.POSITIVE_INFINITY, { above: true }),
  context: number(1000, 1e9),
  effective_context: number(1, 1e9),
  json_valid: share,
  schema_valid: optional(share, 1),
  refusal_rate: optional(share, 0),
  price_per_million: object<Price>({ input: money, cache_read: money, cache_creation: money, output: money }),
  providers: record(
    object<Serving>({
      share: money,
      capacity: positive,
      slowest: number(1, 1000),
      slowness: positive,
      error_rate: share,
      refused_rate: share,
      refused_slope: money,
    }),
    { least: 1 },
  ),
});
