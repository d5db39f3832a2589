import { grouped } from "../stats/text";

/** Calls with tokens but no cost, by the model's name in the log; null if it has none. */
export interface Unpriced {
  model: string | null;
  calls: number;
}

/** How many rows look wrong, by what is wrong with them. */
export type Oddities = Record<
  | "unnamed"
  | "negative_duration"
  | "zero_duration"
  | "endless_duration"
  | "negative_first_token"
  | "late_first_token"
  | "negative_tokens"
  | "cached_beyond_input"
  | "reasoning_beyond_output"
  | "negative_cost"
  | "unpriced"
  | "priced_zero"
  | "dear_prices"
  | "ancient"
  | "future"
  | "failed_undated"
  | "timeouts_untimed"
  | "unknown_status"
  | "unknown_role"
  | "zero_for_unknown"
  | "evaluation"
  | "doubled_ids"
  | "rejected"
  | "replaced"
  | "repeated_rows"
  | "read_twice",
  number
> & { a_status: string | null; a_role: string | null; failed_calls: number; timeouts: number };

/** What may look wrong in a store, or is asked about it. */
export type WarningId =
  | Exclude<keyof Oddities, "a_status" | "a_role" | "failed_calls" | "timeouts">
  | "doubles"
  | "whole_seconds"
  | "no_calls"
  | "drawn"
  | "contradictions"
  | "like_outcome"
  | "emptied"
  | "units"
  | "contested_benchmarks"
  | "unpaired";

/** Something that looks wrong in a store: its sentence, and of how many rows it is said. */
export interface Warning {
  id: WarningId;
  rows?: number;
  text: string;
}

/** Sentences of one kind. */
export const warningsOf = (id: WarningId, texts: readonly string[]): Warning[] =>
  texts.map((text) => ({ id, text }));

/** What looks wrong in a store, a sentence each. */
export function warnings(
  calls: number,
  odd: Oddities,
  clock: { timed: number; whole: number },
  doubles: number,
  unpriced: Unpriced[],
): Warning[] {
  const said: Warning[] = [];
  const warn = (id: WarningId, what: string, rows = id in odd ? Number(odd[id as keyof Oddities]) : 0) => {
    if (rows > 0) said.push({ id, rows, text: `${grouped(rows)} ${rows === 1 ? singular(what) : what}` });
  };
  warn("rejected", "records could not be read; the table rejects names file, line and reason");
  warn("replaced", "rows took the place of earlier ones with the same id (overlapping exports)");
  warn(
    "repeated_rows",
    "records appear again later in the same file under the same id, and only the last counts (votes of several people need a rater_id)",
  );
  warn("read_twice", "files were read more than once in different ways: their calls count each time");
  warn("doubled_ids", "call ids belong to more than one call, from different sources");
  warn(
    "doubles",
    "calls have the same time, duration, model, user and tokens as another: an export read twice?",
    doubles,
  );
  warn(
    "negative_duration",
    "calls have a negative duration, which counts as not known: clocks of different machines?",
  );
  warn("zero_duration", "successful calls have a duration of 0");
  warn("endless_duration", "calls have a duration that is not a finite number");
  if (clock.timed >= 50 && clock.whole > 0.95 * clock.timed) {
    const text =
      "nearly all durations are whole seconds: the clock is too coarse for latency, or the unit is not seconds";
    said.push({ id: "whole_seconds", rows: clock.whole, text });
  }
  warn("negative_first_token", "calls have a negative time to first token, which counts as not known");
  warn("late_first_token", "calls have their first token after their end");
  warn("negative_tokens", "calls have negative token counts");
  warn(
    "cached_beyond_input",
    "calls have more cached tokens than input tokens: does the log leave cached ones out of the input?",
  );
  warn(
    "reasoning_beyond_output",
    "calls have more reasoning tokens than output tokens: does the log leave reasoning out of the output?",
  );
  warn("negative_cost", "calls have a negative cost, which counts as not known");
  warn("unpriced", `calls have tokens and no cost (${byModel(unpriced)}): ingest prices, or map cost`);
  warn(
    "priced_zero",
    "calls cost 0 and did not fail, which counts as not known: if they are free, ingest a price of 0 for their model",
  );
  warn("dear_prices", "prices are above 0.001 dollars a token: are they per million tokens? Divide by 1e6");
  warn("ancient", "calls start before 2015: seconds taken for milliseconds?");
  warn("future", "calls start after they were read: the time zone, or milliseconds taken for seconds?");
  const lack = (id: "failed_undated" | "timeouts_untimed", of: number, kind: string, what: string) => {
    const rows = odd[id];
    const who =
      rows === of ? (of === 1 ? "the one" : `all ${grouped(of)}`) : `${grouped(rows)} of ${grouped(of)}`;
    const text = `${who} ${kind}${of === 1 ? " has" : "s have"} ${what}`;
    if (rows > 0) said.push({ id, rows, text });
  };
  lack(
    "failed_undated",
    odd.failed_calls,
    "failed call",
    "no start, and other calls have one: rates by day leave them out. Map started_at from a field that every call has",
  );
  lack(
    "timeouts_untimed",
    odd.timeouts,
    "timeout",
    "no duration, and other calls have one: latency leaves out these longest waits",
  );
  warn(
    "zero_for_unknown",
    "calls have a logged cost of 0 that counts as not known, since their model is a paid one and never logs another: a price list fills it",
  );
  warn(
    "unknown_role",
    `calls have an unknown role (not answer, judge or other), such as ${JSON.stringify(odd.a_role)}: they do not count as answers`,
  );
  if (odd.unknown_status > 0) {
    warn(
      "unknown_status",
      `calls have an unknown status (not ok, error, timeout, rate_limited or cancelled), such as ${JSON.stringify(odd.a_status)}: they count as errors`,
    );
  }
  if (odd.unnamed > 0 && odd.unnamed === calls) {
    const text =
      "no call names its model: if all calls of a file are of one, ingest FILE --set model=NAME, and provider likewise";
    said.push({ id: "unnamed", rows: calls, text });
  }
  if (odd.evaluation > 0 && odd.evaluation === calls) {
    const text =
      "all calls are evaluation runs: measures of production need --where \"environment = 'evaluation'\"";
    said.push({ id: "evaluation", rows: calls, text });
  }
  return said;
}

const verbs: Record<string, string> = {
  are: "is",
  have: "has",
  were: "was",
  stand: "stands",
  last: "lasts",
  start: "starts",
  belong: "belongs",
};

/** A sentence that begins with a plural noun and its verb, in the singular. */
function singular(what: string): string {
  return what.replace(/^((?:successful |call )?)(\w+?)s (\w+)/, (_, kind, noun, verb) => {
    return `${kind}${noun} ${verbs[verb] ?? verb}`;
  });
}

function byModel(unpriced: Unpriced[]): string {
  const some = unpriced.slice(0, 5).map(({ model, calls }) => `${model ?? "no model"} ${grouped(calls)}`);
  return some.join(", ") + (unpriced.length > 5 ? `, and ${unpriced.length - 5} more models` : "");
}
