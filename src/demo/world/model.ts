import { number, object, optional, record, text } from "./shape";

/** A provider of models, and how steady its service is. */
export interface Provider {
  region: string;
  /** Standard deviation of the log of an hour's slowdown, drawn anew every hour. */
  shock: number;
  /** Chance that an hour is an incident. */
  incident_rate: number;
  /** Slowdown factor of an incident. */
  incident_slowdown: number;
  /** Share of calls that fail in an incident, on top of the usual errors. */
  incident_error_rate: number;
}

/** One model at one provider. */
export interface Serving {
  /** Share of the model's tasks. */
  share: number;
  /** Demand it can handle, as a multiple of the week's mean hourly demand. */
  capacity: number;
  /** Maximum slowdown factor from demand, >= 1. */
  slowest: number;
  /** Slowdown in a quiet hour, against the model's own numbers. */
  slowness: number;
  error_rate: number;
  /** Share of calls refused (HTTP 429) in any hour. */
  refused_rate: number;
  /** Additional share refused for each unit by which demand over capacity exceeds 0.9. */
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
  /** Date of the snapshot that answers: requested as "name", it answers as "name-date". */
  snapshot: string;
  /** Median seconds to first token, before reading the prompt. */
  time_to_first_token: number;
  /** Standard deviation of its logarithm. */
  first_token_spread: number;
  tokens_per_second: number;
  /** Standard deviation of the log of a call's own speed. */
  speed_spread: number;
  /** Prompt tokens read per second; cached ones take no time. */
  prefill_tokens_per_second: number;
  /** Output length relative to the workload's median. */
  verbosity: number;
  /** Share of calls that stall: their whole time is multiplied by a Pareto factor. */
  stall_rate: number;
  /** Shape of that Pareto distribution: P(factor > x) = x^-shape. */
  stall_shape: number;
  /** Maximum prompt length; longer ones are cut. */
  context: number;
  /** Prompt length beyond which answers get worse: the odds of resolving fall in proportion to the excess. */
  effective_context: number;
  /** Share of answers requested as JSON that parse. */
  json_valid: number;
  /** Share of those that fit the requested schema (default 1). */
  schema_valid: number;
  /** Share of answers that a content filter replaces with a refusal (default 0). */
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
