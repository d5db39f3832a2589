import { join } from "node:path";
import { drawWay } from "../engines/refused";
import { type Reads, rehearsal } from "../engines/rehearse";
import { type DrawnShare, drawnNote, drawnShare } from "../facts/drawn";
import { attributesOf } from "../facts/names";
import { textSql } from "../logs/load/attributes";
import { recordsOfFiles } from "../logs/load/fates";
import { grouped } from "../stats/text";
import { checkStore, type Store } from "../store/open";
import { quoteName } from "../store/quote";
import { rowsOf } from "../store/run";
import { columnsOf } from "../store/schema";
import { statements } from "../store/statements";
import { commandOf } from "./measure";
import { measures } from "./measures";
import { engineOf, refusalOf } from "./onEngines";

const sql = statements<
  | "overview"
  | "tools"
  | "a_score"
  | "models"
  | "oddities"
  | "same_second"
  | "doubles"
  | "prompts"
  | "unpriced"
>(join(__dirname, "doctor.sql"));

/** What a store holds, what looks wrong in it, and what cannot be measured with it. */
export interface Diagnosis {
  calls: number;
  tasks: number;
  scores: number;
  /** Calls that are evaluation runs. */
  evaluation: number;
  /** Names of the models, the one with the most calls first. */
  models: string[];
  /** First and last start of a call, ISO in UTC; null if no call has a time. */
  from: string | null;
  to: string | null;
  /** For every column of calls: the number of rows in which it is filled, and their share. */
  columns: { column: string; filled: number; share: number }[];
  /**
   * What the logs hold beyond the columns: rows in which it is filled, the number of its values, and the
   * commonest ones.
   */
  attributes: {
    key: string;
    /** The table that has it. */
    of: "calls" | "tasks" | "scores";
    type: string;
    filled: number;
    share: number;
    values: number;
    examples: string[];
  }[];
  /** Prompts sent to a model, those sent more than once with all their calls, and their templates. */
  prompts: { prompts: number; repeated: number; repeatedCalls: number; templates: number };
  /** Calls with tokens but no cost, by the model's name in the log; null if it has none. */
  unpriced: { model: string | null; calls: number }[];
  /** The result for the records of every file: each counts once, and they add up to the records read. */
  records: Awaited<ReturnType<typeof recordsOfFiles>>;
  warnings: string[];
  /** The measures that are available, by their command-line names, and those that are not. */
  can: string[];
  cannot: { measure: string; why: string }[];
  /** If the store is a sample of a larger log: its share of that log. */
  drawn?: DrawnShare;
  /** For another engine: what each measure would make it read, run without options. */
  scans?: ({ measure: string } & Reads)[];
}

type Unpriced = Diagnosis["unpriced"][number];

type Filled = (column: string) => number;

/**
 * Checks a store: what it holds, what looks wrong, and which measures are not available and why. Changes
 * nothing.
 *
 * @example
 * const store = await openDemo();
 * (await doctor(store)).calls // 8920
 */
export async function doctor(store: Store): Promise<Diagnosis> {
  checkStore("doctor", store);
  const { connection } = store;
  const [overview] = await rowsOf<Omit<Overview, "tools">>(connection, sql.overview);
  // A store opened read-only may date from before tools were kept.
  const [{ tools }] = await rowsOf<{ tools: number }>(connection, sql.tools).catch(() => [{ tools: 0 }]);
  const models = await rowsOf<{ model: string }>(connection, sql.models);
  const columns = await filledColumns(store, overview.calls);
  const filled: Filled = (column) => columns.find((one) => one.column === column)?.filled ?? 0;
  const [odd] = await rowsOf<Oddities>(connection, sql.oddities);
  const [clock] = await rowsOf<{ timed: number; whole: number }>(connection, sql.same_second);
  const [doubles] = await rowsOf<{ calls: number }>(connection, sql.doubles);
  const [prompts] = await rowsOf<Diagnosis["prompts"]>(connection, sql.prompts);
  const unpriced = odd.unpriced === 0 ? [] : await rowsOf<Unpriced>(connection, sql.unpriced);
  const { calls, tasks, scores, preferences, from, to } = overview;
  const drawn = await drawnShare(connection);
  const measures =
    calls + tasks + preferences === 0
      ? { can: [], cannot: [] }
      : onEngine(store, measurable({ ...overview, tools }, odd, filled));
  return {
    calls,
    tasks,
    scores,
    evaluation: odd.evaluation,
    models: models.map(({ model }) => model),
    from,
    to,
    columns,
    attributes: [
      ...(await filledAttributes(connection, "calls", overview.calls)),
      ...(await filledAttributes(connection, "tasks", overview.tasks)),
      ...(await filledAttributes(connection, "scores", overview.scores)),
    ],
    prompts,
    unpriced,
    records: await recordsOfFiles(connection),
    warnings:
      calls + tasks + scores + preferences === 0
        ? ["the store holds no calls yet: add some with fieldnotes ingest FILE"]
        : [
            ...(drawn === undefined ? [] : [drawnNote(drawn)]),
            ...warnings(calls, odd, clock, doubles.calls, unpriced),
          ],
    ...measures,
    ...(drawn === undefined ? {} : { drawn }),
    ...(store.engine === undefined ? {} : { scans: await scansOf(store, measures.can) }),
  };
}

/** Of the measures that the log allows, those that its engine can run. */
function onEngine(
  { engine }: Store,
  { can, cannot }: ReturnType<typeof measurable>,
): ReturnType<typeof measurable> {
  if (engine === undefined) return { can, cannot };
  const refused = can.flatMap((command) => {
    const measure = measures.find((one) => commandOf(one) === command);
    const why = measure && refusalOf(measure, engineOf(engine));
    return why === undefined ? [] : [{ measure: command, why: `${why}; ${drawWay}` }];
  });
  const without = new Set(
    refused.flatMap(({ measure }) => [
      measure,
      ...Object.keys(measures.find((one) => commandOf(one) === measure)?.parts ?? {}),
    ]),
  );
  return {
    can: can.filter((one) => !without.has(one)),
    cannot: [...cannot, ...refused],
  };
}

async function scansOf(store: Store, can: readonly string[]): Promise<Diagnosis["scans"]> {
  const { reads, close } = await rehearsal(store);
  const [known] = await rowsOf<{ name: string }>(store.connection, sql.a_score);
  const score = known?.name ?? "resolved";
  try {
    const scans: Diagnosis["scans"] = [];
    for (const measure of measures) {
      const name = commandOf(measure);
      if (!can.includes(name)) continue;
      const preset = Object.entries(measure.options ?? {}).map(([key, one]) => [
        key,
        one.default ?? (key === "score" ? score : undefined),
      ]);
      const options = Object.fromEntries(preset.filter(([, value]) => value !== undefined));
      scans.push({
        measure: name,
        ...(await reads((rehearsed) => measure.run(rehearsed, options as never))),
      });
    }
    return scans;
  } finally {
    close();
  }
}

interface Overview {
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

type Oddities = Record<
  | "negative_duration"
  | "long_duration"
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
> & { a_status: string | null; a_role: string | null };

async function filledColumns(store: Store, calls: number): Promise<Diagnosis["columns"]> {
  const names = Object.keys(columnsOf("calls")).filter((name) => name !== "ingest_id" && name !== "line");
  const counts = names.map((name) => `count(${quoteName(name)})::double as ${quoteName(name)}`);
  const [row] = await rowsOf<Record<string, number>>(
    store.connection,
    `select ${counts.join(", ")} from calls`,
  );
  return names.map((column) => ({
    column,
    filled: row[column],
    share: calls === 0 ? 0 : row[column] / calls,
  }));
}

async function filledAttributes(
  connection: Store["connection"],
  table: "calls" | "tasks" | "scores",
  rows: number,
): Promise<Diagnosis["attributes"]> {
  const columns = await attributesOf(connection, table);
  if (columns.length === 0) return [];
  const expressions = columns.map(
    ({ name, type }, at) =>
      `count(${quoteName(name)})::double as filled${at}, approx_count_distinct(${quoteName(name)})::double as values${at},
       approx_top_k(${textSql(quoteName(name), type)}, 3) as examples${at}`,
  );
  const [row] = await rowsOf<Record<string, unknown>>(
    connection,
    `select ${expressions.join(", ")} from ${table}`,
  );
  return columns.map(({ name, type }, at) => {
    const filled = Number(row[`filled${at}`]);
    const examples = ((row[`examples${at}`] ?? []) as (string | null)[]).filter((one) => one !== null);
    return {
      key: name,
      of: table,
      type,
      filled,
      share: rows === 0 ? 0 : filled / rows,
      values: Math.min(filled, Number(row[`values${at}`])),
      examples,
    };
  });
}

function warnings(
  calls: number,
  odd: Oddities,
  clock: { timed: number; whole: number },
  doubles: number,
  unpriced: Unpriced[],
): string[] {
  const said: string[] = [];
  const warn = (count: number, what: string) => {
    if (count > 0) said.push(`${grouped(count)} ${count === 1 ? singular(what) : what}`);
  };
  warn(odd.rejected, "records could not be read; the table rejects names file, line and reason");
  warn(odd.replaced, "rows took the place of earlier ones with the same id (overlapping exports)");
  warn(
    odd.repeated_rows,
    "records appear again later in the same file under the same id, and only the last counts (votes of several people need a rater_id)",
  );
  warn(odd.read_twice, "files were read more than once in different ways: their calls count each time");
  warn(odd.doubled_ids, "call ids belong to more than one call, from different sources");
  warn(
    doubles,
    "calls have the same time, duration, model, user and tokens as another: an export read twice?",
  );
  warn(
    odd.negative_duration,
    "calls have a negative duration, which counts as not known: clocks of different machines?",
  );
  warn(odd.zero_duration, "successful calls have a duration of 0");
  warn(odd.long_duration, "calls last more than a day: milliseconds taken for seconds?");
  warn(odd.endless_duration, "calls have a duration that is not a finite number");
  if (clock.timed >= 50 && clock.whole > 0.95 * clock.timed) {
    said.push(
      "nearly all durations are whole seconds: the clock is too coarse for latency, or the unit is not seconds",
    );
  }
  warn(odd.negative_first_token, "calls have a negative time to first token, which counts as not known");
  warn(odd.late_first_token, "calls have their first token after their end");
  warn(odd.negative_tokens, "calls have negative token counts");
  warn(
    odd.cached_beyond_input,
    "calls have more cached tokens than input tokens: does the log leave cached ones out of the input?",
  );
  warn(
    odd.reasoning_beyond_output,
    "calls have more reasoning tokens than output tokens: does the log leave reasoning out of the output?",
  );
  warn(odd.negative_cost, "calls have a negative cost");
  warn(odd.unpriced, `calls have tokens and no cost (${byModel(unpriced)}): ingest prices, or map cost`);
  warn(odd.priced_zero, "calls have tokens and a cost of 0: is the price known to be 0?");
  warn(odd.dear_prices, "prices are above 0.001 dollars a token: are they per million tokens? Divide by 1e6");
  warn(odd.ancient, "calls start before 2015: seconds taken for milliseconds?");
  warn(odd.future, "calls start after they were read: the time zone, or milliseconds taken for seconds?");
  warn(
    odd.zero_for_unknown,
    "calls have a logged cost of 0 that counts as not known, since their model is a paid one and never logs another: a price list fills it",
  );
  warn(
    odd.unknown_role,
    `calls have an unknown role (not answer, judge or other), such as ${JSON.stringify(odd.a_role)}: they do not count as answers`,
  );
  if (odd.unknown_status > 0) {
    warn(
      odd.unknown_status,
      `calls have an unknown status (not ok, error, timeout, rate_limited or cancelled), such as ${JSON.stringify(odd.a_status)}: they count as errors`,
    );
  }
  if (odd.evaluation > 0 && odd.evaluation === calls) {
    said.push(
      "all calls are evaluation runs: measures of production need --where \"environment = 'evaluation'\"",
    );
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

/** Which measures are available: each says what it needs. */
function measurable(overview: Overview, odd: Oddities, filled: Filled): Pick<Diagnosis, "can" | "cannot"> {
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
  const cannot: Diagnosis["cannot"] = [];
  const judge = (measure: string, needs: readonly string[]) => {
    const missing = needs.find((need) => !need.split(" or ").some(has));
    if (missing === undefined) can.push(measure);
    else cannot.push({ measure, why: missing === "cost" ? noCost(odd) : lacking(missing) });
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

/** What cannot be measured, grouped by reason. */
export function cannotBy({ cannot }: Pick<Diagnosis, "cannot">): { why: string; measures: string[] }[] {
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

function lacking(need: string): string {
  if (lacks[need] !== undefined) return lacks[need];
  const names = need.replaceAll("_", " ");
  return `no call has ${/tokens$/.test(names) ? "" : /^[aeio]/.test(names) ? "an " : "a "}${names}`;
}

const noCost = ({ unpriced }: Oddities) =>
  unpriced > 0 ? "calls have tokens but no price: ingest a price list" : "no call has a cost or tokens";
