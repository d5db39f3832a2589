import { conversationFacts, conversationsRead } from "../../facts/conversations";
import { attributesOf } from "../../facts/nameSources";
import { attributesEnding } from "../../facts/names";
import { type MeasuredSelection, type Selection, select } from "../../facts/select";
import { taskFacts, tasksRead } from "../../facts/tasks";
import type { Estimate } from "../../stats/estimate";
import { grouped, listed } from "../../stats/text";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { quoteName } from "../../store/quote";
import { run } from "../../store/run";
import { statements } from "../../store/statements";
import type { Amount, Behind } from "../behind";
import { type GroupSummary, groupSummaries } from "../estimate/distribution";
import { duckdbSummaries } from "../estimate/duckdbSummaries";
import type { Summaries } from "../estimate/summaries";
import { isRatio, type LatencyMetric, waits } from "../metricKinds";
import { namedMetrics } from "../metrics";
import type { MeasureRequest } from "../options";
import { behindRatio } from "../ratioTable";
import type { Row } from "../table";

const sql = statements(__dirname, "latency.sql");

/** The statement that makes the view `measured` of how long calls took. */
export const durationView = sql.duration;

/** A number known for each call or task: how long it took, what it cost, how many tokens it wrote. */
export interface UnitNumber {
  name: string;
  unit: string;
  better: "lower" | "higher";
  /** The unit that has the number, which n counts. */
  counted: "calls" | "tasks" | "conversations";
  /** The words for what is missing in a call without it. */
  what: string;
  population: MeasuredSelection["population"];
  /** The statement that makes the view `measured`. */
  view: string;
  /** Of money: the same with every unknown cost at the most that it may have been; `view` has these at 0. */
  highest?: string;
  /** The metric that is its mean, where that is a ratio of sums. */
  mean?: string;
  /**
   * The calls that have the number, as `withCalls` takes them; a task is represented by the first call that
   * answered it.
   */
  behind: string;
}

const waitNumbers = (Object.keys(waits) as LatencyMetric[]).map((name): UnitNumber => {
  const { unit, better, what, fact } = waits[name];
  return {
    name,
    unit,
    better,
    what,
    counted: "calls",
    population: "answers",
    view: sql[name],
    behind: `select g, at_row, ${fact} as amount from selected where ${fact} is not null`,
  };
});

const waitFacts: readonly string[] = Object.values(waits).map(({ fact }) => fact);

/** How long people wait until a conversation is resolved; where no outcome is known, in the whole conversation. */
export const resolutionNumber: UnitNumber = {
  name: "time_to_resolution",
  unit: "s",
  better: "lower",
  counted: "conversations",
  what: "known time to resolution",
  population: "tasks",
  view: sql.time_to_resolution,
  behind:
    "select g, at_row, seconds as amount, conversation as unit from conversation_facts where seconds is not null",
};

const from = {
  answers: { population: "answers", rows: "selected", cluster: "hash(cluster)" },
  calls: { population: "tasks", rows: "selected where chosen", cluster: "hash(cluster)" },
  tasks: { population: "tasks", rows: "task_facts where chosen", cluster: "cluster" },
  conversations: { population: "tasks", rows: "conversation_facts", cluster: "cluster" },
} as const;

/** A ratio over single calls or tasks gives a number for each of them; a yes or no has no distribution. */
const summedNumbers = namedMetrics().flatMap((one): UnitNumber[] => {
  if (!isRatio(one) || one.source.denominator !== undefined || one.unit === "1") return [];
  const { over, numerator } = one.source;
  if (!(over in from) || waitFacts.includes(numerator)) return [];
  const { population, rows, cluster } = from[over as keyof typeof from];
  const view = (x: string) => `create or replace temp view measured as
    select g, ${cluster} as cluster, hour_unit as hour, (${x})::double as x, false as cut, false as failed from ${rows}`;
  return [
    {
      name: one.name,
      unit: one.unit.replace(/\/.*/, ""),
      better: one.better,
      counted: over === "answers" ? "calls" : (over as "calls" | "tasks" | "conversations"),
      what: one.label.replace(/ per (call|task|conversation)$/, ""),
      population,
      view: view(numerator),
      ...(one.source.highest === undefined ? {} : { highest: view(one.source.highest) }),
      mean: one.name,
      behind: (behindRatio(one) as Behind).from,
    },
  ];
});

/**
 * The calls behind a row of such a number: the slowest, dearest or longest first. Speeds have no meaningful
 * sum.
 */
export function behindNumber<R extends Row & { n: number; mean: Estimate }>({
  name,
  unit,
  better,
  counted,
  behind,
}: UnitNumber): Behind<R> {
  const words: Record<string, Omit<Amount, "name">> = {
    duration: { sum: "all waiting", first: "slowest" },
    time_to_first_token: { sum: "all waiting", first: "slowest" },
    USD: { sum: "the cost", first: "dearest" },
    tokens: { sum: "all tokens", first: "longest" },
  };
  return {
    from: behind,
    amount: {
      name,
      ...(words[name] ?? words[unit] ?? { first: better === "higher" ? "lowest" : "highest" }),
      ...(better === "higher" ? { least: true } : {}),
    },
    counted,
    n: ({ n }) => n,
    total: ({ n, mean }) => (n === 0 ? 0 : n * mean.value),
  };
}

/** Every number known for a call or a task. */
export const unitNumbers: readonly UnitNumber[] = [...waitNumbers, ...summedNumbers];

/** The number that a name or short name stands for. */
export function numberNamed(caller: string, given: string, among = unitNumbers): UnitNumber {
  const shorts = new Map<string, string>(
    (Object.keys(waits) as LatencyMetric[]).flatMap((name) =>
      waits[name].names.map((short) => [short, name]),
    ),
  );
  const name = shorts.get(given) ?? given;
  const found = among.find((one) => one.name === name);
  if (found !== undefined) return found;
  const known = among.flatMap((one) => [...(waits[one.name as LatencyMetric]?.names ?? [one.name])]);
  // "cost" is part of two names: of a call and of a task.
  const meant = unitNumbers.filter((one) => one.name === name || one.name.startsWith(`${name}_per_`));
  const elsewhere = meant.filter((one) => !among.includes(one)).map((one) => one.name);
  const else_ =
    elsewhere.length > 0
      ? `; fieldnotes latency --distribution has ${listed(elsewhere)}`
      : meant.length > 0
        ? `; did you mean ${listed(
            meant.map((one) => one.name),
            "or",
          )}?`
        : didYouMean(given, known);
  throw new RangeError(`${caller} requires a metric of ${known.join(", ")}, got "${given}"${else_}`);
}

/**
 * The number that an attribute of calls is, named as in `by`: "attributes.queue_ms", or its last part; undefined if there
 * is no such attribute.
 */
export async function attributeNumber(
  caller: string,
  store: Store,
  given: string,
): Promise<UnitNumber | undefined> {
  const types = new Map((await attributesOf(store.connection)).map(({ name, type }) => [name, type]));
  const lower = given.trim().toLowerCase();
  const found = attributesEnding(lower, types);
  const whole = found.filter((name) => [lower, `attributes.${lower}`].includes(name.toLowerCase()));
  const [name, ...more] = whole.length > 0 ? whole : found;
  if (name === undefined) return undefined;
  if (more.length > 0)
    throw new RangeError(
      `${caller} requires a metric that names one attribute, got "${given}"; there are ${[name, ...more].join(", ")}`,
    );
  const type = types.get(name);
  if (type !== "DOUBLE")
    throw new RangeError(
      `${caller} requires a metric that is a number, and ${name} is ${type === "BOOLEAN" ? "true or false" : "text"}; by can name it`,
    );
  const value = quoteName(name);
  return {
    name,
    unit: "",
    better: "lower",
    counted: "calls",
    what: name,
    population: "answers",
    view: `create or replace temp view measured as
    select g, hash(cluster) as cluster, hour_unit as hour, ${value} as x, false as cut, false as failed from selected`,
    behind: `select g, at_row, ${value} as amount from selected where ${value} is not null`,
  };
}

/** The number that is a wait or a speed. */
export const waitNamed = (caller: string, given: LatencyMetric | "ttft" | "tpot" | "tps") =>
  numberNamed(caller, given, waitNumbers);

/** A number by group: the engine's sums of it, on a selection that the caller closes. */
export interface MeasuredNumber {
  number: UnitNumber;
  selection: Selection;
  summaries: Summaries;
  groups: GroupSummary[];
}

/** Selects the calls or tasks and summarises a number of theirs. */
export async function measuredNumber(
  store: Store,
  number: UnitNumber,
  request: MeasureRequest,
  hours = false,
): Promise<MeasuredNumber> {
  const { population, counted, view, highest = "", behind } = number;
  const selection = await select(store, request, {
    population,
    hours,
    reads: [
      view,
      highest,
      behind,
      sql.known,
      sql.zeros,
      sql.any_odd,
      sql.odd_duration,
      sql.odd_time_to_first_token,
      ...(counted === "calls" ? [] : [tasksRead, ...conversationsRead]),
    ],
  });
  try {
    if (counted !== "calls") await taskFacts(selection);
    if (counted === "conversations") await conversationFacts(selection);
    await run(selection.connection, view);
    const summaries = await duckdbSummaries(selection);
    const groups = await groupSummaries(summaries, selection.by);
    return { number, selection, summaries, groups: groups.map((group) => asStreamed(group, number.name)) };
  } catch (error) {
    selection.close();
    throw error;
  }
}

/** How many calls or tasks have the number, and how many not, in all groups together. */
export function countsOf(groups: readonly GroupSummary[]) {
  const sum = (count: "n" | "missing" | "failed" | "censored") =>
    groups.reduce((total, group) => total + group[count], 0);
  const [n, missing, failed] = [sum("n"), sum("missing"), sum("failed")];
  return { n, missing, failed, timeouts: sum("censored"), all: n + missing + failed };
}

/** The note for what was cut off: calls, or conversations that were not resolved. */
export const timeoutsNote = (timeouts: number, { counted }: Pick<UnitNumber, "counted">): string[] =>
  timeouts === 0
    ? []
    : [
        counted === "conversations"
          ? `${grouped(timeouts)} conversations were not resolved; they stay in as waits of at least theirs.`
          : `${grouped(timeouts)} calls timed out; they stay in as waits of at least their duration.`,
      ];

/**
 * If successful calls have no time to first token, answers are not streamed, and a timeout cut off the wait
 * for the whole answer: it has no time to first token either.
 */
function asStreamed(group: GroupSummary, name: string): GroupSummary {
  const { n, censored, missing } = group;
  if (name !== "time_to_first_token" || n === 0 || n > censored || missing === 0) return group;
  return { ...group, n: 0, censored: 0, missing: missing + n, total: 0, buckets: [] };
}
