import { commandOf } from "./measure";
import { measures } from "./measures";

/** Which measures a store's data allow. */
export interface Measurable {
  /** The measures that are available, by their command-line names, and those that are not. */
  can: string[];
  cannot: { measure: string; why: string }[];
}

/** How many rows have a column filled. */
export type Filled = (column: string) => number;

/** How much a store holds. */
export interface Overview {
  calls: number;
  tasks: number;
  /** Tasks whose outcome is known. */
  with_outcome: number;
  /** Prompts that one model answered more than once. */
  repeats: number;
  scores: number;
  /** Spans with a duration. */
  spans: number;
  /** Uses of tools. */
  tools: number;
  preferences: number;
  benchmarks: number;
  from: string | null;
  to: string | null;
}

/** Which measures are available: each says what it needs. */
export function measurable(
  overview: Overview,
  { unpriced }: { unpriced: number },
  filled: Filled,
): Measurable {
  const { scores, spans, tools, preferences, benchmarks, with_outcome, repeats } = overview;
  const tables: Record<string, number> = {
    scores,
    spans,
    "uses of tools": tools,
    preferences,
    benchmarks,
    "tasks.resolved": with_outcome,
    "repeated prompts": repeats,
  };
  const has = (need: string) => (tables[need] ?? filled(need)) > 0;
  const can: string[] = [];
  const cannot: Measurable["cannot"] = [];
  const judge = (measure: string, needs: readonly string[]) => {
    const missing = needs.find((need) => !need.split(" or ").some(has));
    if (missing === undefined) can.push(measure);
    else cannot.push({ measure, why: missing === "cost" ? noCost(unpriced) : lacking(missing) });
    return missing === undefined;
  };
  for (const measure of measures) {
    const base = measures.find(({ name }) => name === measure.of);
    // If a command isn't available at all, its views aren't listed as well.
    if (base !== undefined && !can.includes(base.name) && base.needs.join() === measure.needs.join())
      continue;
    if (!judge(commandOf(measure), measure.needs)) continue;
    for (const [part, needs] of Object.entries(measure.parts ?? {})) judge(part, needs);
  }
  if (overview.calls > 0 && !["user_id", "conversation_id", "task_id"].some(has))
    cannot.push({
      measure: "intervals clustered by user",
      why: "no call has a user, conversation or task id: calls count as independent, and intervals may be too narrow",
    });
  return { can, cannot };
}

/**
 * The one or two things that would open most questions: "a score would open 5 questions, a user 3"; empty if none opens two.
 * Where no call names its model, that comes first.
 */
export function wouldOpen({
  cannot,
  calls = 0,
  models = [],
}: Pick<Measurable, "cannot"> & { calls?: number; models?: readonly string[] }): string {
  const lengths = new Map<string, number>();
  for (const { why, measures } of cannotBy({ cannot })) {
    const what = opener(why);
    if (what !== undefined) lengths.set(what, (lengths.get(what) ?? 0) + measures.length);
  }
  const most = [...lengths]
    .map(([what, length]) => ({ what, length }))
    .filter(({ length }) => length > 1)
    .sort((a, b) => b.length - a.length)
    .slice(0, 2);
  const [first, second] = most;
  const questions = first && `${first.what} would open ${first.length} questions`;
  if (calls > 0 && models.length === 0)
    return [
      "the model of each call would open every comparison of models",
      ...(questions ? [questions] : []),
    ].join(", ");
  if (questions === undefined) return "";
  return second === undefined ? questions : `${questions}, ${second.what} ${second.length}`;
}

/** What would have to be there, by the reason for which something cannot be measured. */
function opener(why: string): string | undefined {
  const need = Object.keys(lacks).find((name) => lacks[name] === why);
  if (need !== undefined) return openers[need];
  if (why === noCost(0) || why === noCost(1))
    return why === noCost(0) ? "a cost of each call" : "a price list";
  const [, what] = /^no call has (an? .*|[\w ]*tokens)$/.exec(why) ?? [];
  return what?.split(" or ")[0];
}

const openers: Record<string, string> = {
  scores: "a score",
  spans: "spans with durations",
  "uses of tools": "the use of tools",
  preferences: "comparisons of two answers",
  benchmarks: "a leaderboard",
  "tasks.resolved": "an outcome of each task",
  prompt_id: "a prompt id",
  "repeated prompts": "the same prompt asked twice",
  started_at: "a start time",
  "json_valid or schema_valid": "a check of outputs",
};

/** What cannot be measured, grouped by reason. */
export function cannotBy({ cannot }: Pick<Measurable, "cannot">): { why: string; measures: string[] }[] {
  const reasons = [...new Set(cannot.map(({ why }) => why))];
  return reasons.map((reason) => {
    const some = cannot.filter(({ why }) => why === reason).map(({ measure }) => measure);
    return { why: reason, measures: some };
  });
}

const lacks: Record<string, string> = {
  scores: "there are no scores",
  spans: "there are no spans with a duration",
  "uses of tools": "the log has no tool use",
  preferences: "no two answers were compared side by side",
  benchmarks: "there are no benchmarks: ingest a leaderboard",
  "tasks.resolved": "no task is known to be resolved or not: ingest outcomes into tasks",
  prompt_id: "no call has a prompt id, so repeats cannot be found",
  "repeated prompts": "no model was asked the same prompt twice",
  started_at: "no call has a start time",
  "json_valid or schema_valid": "no output is known to be valid JSON or not",
};

/** What a need that other tables fill is called where it is one of several. */
const nouns: Record<string, string> = { scores: "score", "tasks.resolved": "known outcome" };

function lacking(need: string): string {
  if (lacks[need] !== undefined) return lacks[need];
  const names = need.split(" or ").map((one) => {
    return indefinite(nouns[one] ?? one);
  });
  return `no call has ${names.join(" or ")}`;
}

function indefinite(column: string): string {
  const name = column.replaceAll("_", " ");
  return `${/tokens$/.test(name) ? "" : /^[aeio]/.test(name) ? "an " : "a "}${name}`;
}

const noCost = (unpriced: number) =>
  unpriced > 0 ? "calls have tokens but no price: ingest a price list" : "no call has a cost or tokens";
