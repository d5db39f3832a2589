import type { Random } from "../../stats/random";
import { type Call, priceOf } from "./call";
import type { Hours } from "./hours";
import type { Lane } from "./lane";

/** A request to a lane. */
export interface Request {
  /** Tokens of the prompt, and how many of them are a prefix sent before. */
  input: number;
  prefix: number;
  /** The answer's log length relative to the workload's. */
  size: number;
  /** Slowdown of everything, against the model's own numbers. */
  slowdown: number;
}

const microseconds = 1e6;
const refusalTokens = 24;

function started(lane: Lane, startedAt: number): Call {
  return {
    number: 0,
    lane,
    attempt: 1,
    fallbackFrom: "",
    startedAt,
    duration: 1,
    timeToFirstToken: -1,
    inputTokens: -1,
    cacheReadTokens: 0,
    cacheCreationTokens: 0,
    outputTokens: -1,
    cost: 0,
    status: "ok",
    httpStatus: 200,
    finishReason: "",
    cacheHit: false,
    jsonValid: false,
    schemaValid: false,
    passed: false,
    hallucinated: false,
    flagged: null,
  };
}

function lasting(seconds: number): number {
  return Math.max(1, Math.round(seconds * microseconds));
}

/** Ends a call early, keeping what had arrived: at the timeout, or when the user gave up. */
function cut(call: Call, duration: number, first: number, perToken: number, stream: boolean): void {
  call.duration = duration;
  call.finishReason = "";
  call.jsonValid = call.schemaValid = false;
  const heard = stream && first < duration;
  call.timeToFirstToken = heard ? first : -1;
  call.outputTokens = heard
    ? Math.min(call.outputTokens, 1 + Math.floor((duration - first) / microseconds / perToken))
    : 0;
}

/**
 * Draws one call: log-normal sizes and speeds, slowed by the hour's load, occasionally stalled by a Pareto factor,
 * refused, failed, cancelled or timed out.
 */
export function serve(
  lane: Lane,
  request: Request,
  hours: Hours,
  hour: number,
  startedAt: number,
  random: Random,
): Call {
  const { work, spec, slot } = lane;
  const call = started(lane, startedAt);
  if (work.cache_hit_rate > 0 && random.uniform() < work.cache_hit_rate) {
    call.duration = lasting(0.25 * Math.exp(0.3 * random.normal()));
    call.inputTokens = call.outputTokens = 0;
    call.cacheHit = call.jsonValid = call.schemaValid = true;
    call.finishReason = "stop";
    return call;
  }
  const slow = hours.slow[slot][hour];
  const refused = hours.refused[slot][hour];
  const luck = random.uniform();
  if (luck < refused) {
    call.status = "rate_limited";
    call.httpStatus = 429;
    call.duration = lasting(0.07 * Math.exp(0.4 * random.normal()));
    return call;
  }
  if (luck < refused + (1 - refused) * hours.failed[slot][hour]) {
    call.status = "error";
    call.httpStatus = random.uniform() < 0.5 ? 500 : 503;
    const limit = lasting(work.timeout) - 1;
    const wait = spec.time_to_first_token * slow * 2 * Math.exp(0.8 * random.normal());
    call.duration = Math.min(limit, lasting(wait));
    return call;
  }

  const input = Math.min(spec.context, request.input);
  const known = Math.min(request.prefix, input);
  const read = known > 0 && random.uniform() < work.prompt_cache_rate ? known : 0;
  const wanted =
    work.output_tokens.median *
    spec.verbosity *
    Math.exp(request.size + work.output_tokens.spread * random.normal());
  const refuses = spec.refusal_rate > 0 && random.uniform() < spec.refusal_rate;
  const output = refuses ? refusalTokens : Math.max(1, Math.min(work.longest_answer, Math.round(wanted)));
  const stall = random.uniform() < spec.stall_rate ? (1 - random.uniform()) ** (-1 / spec.stall_shape) : 1;
  const pace = slow * stall * request.slowdown;
  const first =
    pace *
    (spec.time_to_first_token * Math.exp(spec.first_token_spread * random.normal()) +
      (input - read) / spec.prefill_tokens_per_second);
  const perToken = (pace * Math.exp(spec.speed_spread * random.normal())) / spec.tokens_per_second;
  const whole = first + (output - 1) * perToken;

  call.inputTokens = input;
  call.cacheReadTokens = read;
  call.cacheCreationTokens = read === 0 ? known : 0;
  call.outputTokens = output;
  call.finishReason = refuses ? "content_filter" : output === work.longest_answer ? "length" : "stop";
  call.duration = lasting(whole);
  const firstToken = Math.min(call.duration, lasting(first));
  call.timeToFirstToken = work.stream ? firstToken : -1;
  call.jsonValid = work.json && call.finishReason === "stop" && random.uniform() < spec.json_valid;
  call.schemaValid = call.jsonValid && (spec.schema_valid === 1 || random.uniform() < spec.schema_valid);
  const limit = lasting(work.timeout);
  const left = random.uniform() < work.cancel_rate ? lasting(whole * random.uniform()) : call.duration;
  if (left >= limit) {
    call.status = "timeout";
    call.httpStatus = 504;
    cut(call, limit, firstToken, perToken, work.stream);
  } else if (left < call.duration) {
    call.status = "cancelled";
    call.httpStatus = 499;
    cut(call, left, firstToken, perToken, work.stream);
  }
  call.cost = priceOf(lane, input, read, call.cacheCreationTokens, call.outputTokens);
  return call;
}
