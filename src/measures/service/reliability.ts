import { callsAlone } from "../../facts/cluster";
import { callsOutside, conversationUnit } from "../../facts/conversations";
import { clusterSampleRate } from "../../facts/grain";
import { groupsOf, type Selection } from "../../facts/select";
import { tasksAlone } from "../../facts/tasks";
import { type Estimate, renoted } from "../../stats/estimate";
import { rateFromSums } from "../../stats/rate";
import { type Reservation, reserve } from "../../stats/reservation";
import { grouped } from "../../stats/text";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { defineMeasure, type Result } from "../define";
import { doubted } from "../doubted";
import { countsAlone } from "../estimate/duckdbRatios";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { valueOption } from "../measure";
import type { RatioMetric } from "../metricKinds";
import { metricSums } from "../metricSums";
import { ratiosIn } from "../metrics";
import type { Keyed } from "../table";
import { noCallSelected } from "../whyEmpty";

const sql = statements(__dirname, "reliability.sql");

/** One line of a reliability table: rates are shares of calls. */
export type ReliabilityRow = Keyed<{
  calls: number;
  /** With `grain: "conversation"`: conversations with such calls. */
  conversations?: number;
  /** Calls with any status but "ok" and "cancelled": errors, timeouts, rate limits and unknown statuses. */
  error_rate: Estimate;
  timeout_rate: Estimate;
  rate_limited_rate: Estimate;
  cancelled_rate: Estimate;
  /** Calls that are a second or later attempt of their task. */
  retry_rate: Estimate;
  /** Calls to a model that stands in for another (fallbacks). */
  fallback_rate: Estimate;
}>;

/** A rate of errors, doubted below for the statuses that nothing knows: each may be of a call that went well. */
function statusesDoubted(rate: Estimate, { strange, with_status, a_strange }: Counts): Estimate {
  if (strange === 0) return rate;
  const numbers = { strange, of: with_status, example: JSON.stringify(a_strange) };
  return doubted(rate, { less: strange / with_status }, reserve("doubt.statuses", numbers));
}

const ofStatus: readonly string[] = ["error_rate", "timeout_rate", "rate_limited_rate", "cancelled_rate"];

/** A rate of calls with a status, doubted where others have none: all of them may have gone well, or none. */
function withoutStatusDoubted(
  rate: Estimate,
  { with_status, calls: all, conversations: calls = all }: Counts,
): Estimate {
  const without = calls - with_status;
  if (without === 0 || with_status === 0) return rate;
  const [less, more] = [rate.value, 1 - rate.value].map((of) => (of * without) / calls);
  // Nothing is below none of the calls, nor above all of them.
  const id =
    less === 0 ? "doubt.no-status-of-none" : more === 0 ? "doubt.no-status-of-all" : "doubt.no-status";
  return doubted(rate, { less, more }, reserve(id, { without, of: calls }));
}

/** How many conversations each group has, and of how many a status is known of all calls or of a failed one. */
async function conversationsOf(
  selection: Selection,
): Promise<Map<GroupKey, Pick<Counts, "conversations" | "with_status" | "strange">>> {
  await callsOutside("reliability", selection);
  const found = await rowsOf<Counts>(selection.connection, sql.conversation_counts);
  return new Map(found.map(({ g, ...own }) => [g, own]));
}

/**
 * The conversations of each group, with whether any call of theirs there failed, was retried and so on. (Where calls are
 * clusters, conversations are.)
 */
function conversationSums(metrics: readonly RatioMetric[], clusterBy: string): string {
  const any = metrics.map(({ name, source }) => `max((${source.numerator})::int) as ${name}`);
  const first = "arg_min(hash(cluster), row(begun is not null, begun, logged, at_row))";
  const cluster = tasksAlone(clusterBy) ? "hash(conversation_id)" : first;
  const from = `(select g, ${cluster} as home, ${any.join(", ")} from selected where conversation_id is not null group by g, conversation_id)`;
  const named = metrics.map((one) => ({ ...one, source: { ...one.source, numerator: one.name } }));
  return metricSums(named, from, "home");
}

/** The engine's counts for one group, besides the rates. */
interface Counts {
  g: GroupKey;
  calls: number;
  conversations?: number;
  with_status: number;
  attempts: number;
  fallbacks: number;
  strange: number;
  a_strange: string | null;
}

/**
 * How often calls fail, are cut off, are rate limited, are retried or are answered by another model.
 *
 * Rates have Wilson intervals on the effective number of independent calls; n counts the calls with a status;
 * for retries and fallbacks it counts all calls, if the log numbers attempts at all. With `grain: "conversation"` it
 * counts conversations, and a rate is the share of them in which any call failed, was retried and so on.
 *
 * @returns a table with a row for each group of `by`: calls and the rates
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await reliability(store, { by: "model" });
 * rows[0].error_rate.value.toFixed(3) // "0.029"
 */
export const reliability = defineMeasure({
  name: "reliability",
  about: "rates of errors, timeouts, rate limits, retries and fallbacks",
  needs: ["status"],
  parts: { "reliability: retries": ["attempt"] },
  options: {
    grain: {
      value: "<kind>",
      about: "what rates are of: calls, or conversations in which any call failed, was retried and so on",
      choices: ["call", "conversation"],
      default: "call",
    },
    rates: valueOption<readonly string[]>("the rates that are estimated, besides the error rate"),
  },
  selects: { hours: true },
  async table({ selection, options }): Promise<Result<ReliabilityRow>> {
    const { connection, by } = selection;
    const { level = 0.95, interval } = options;
    const all = ratiosIn("reliability");
    // A total of what is behind a row reads the error rate, which comes first.
    const metrics = all.filter(({ name }, at) => at === 0 || (options.rates?.includes(name) ?? true));
    const failed = metrics[0].source.numerator;
    const counts = await rowsOf<Counts>(connection, sql.counts);
    const isTalk = options.grain === "conversation";
    const talks = isTalk ? await conversationsOf(selection) : undefined;
    const countsOf = new Map(
      counts.map((group): [string, Counts] => [String(group.g), { ...group, ...talks?.get(group.g) }]),
    );
    const calls = counts.reduce((sum, row) => sum + row.calls, 0);
    // If every call is its own cluster, a plain interval needs only counts.
    const alone = callsAlone(selection.clusterBy) && interval !== "bootstrap" && !isTalk;
    const clusterBy = isTalk ? conversationUnit(selection) : selection.clusterBy;
    const sums = isTalk
      ? conversationSums(metrics, selection.clusterBy)
      : metricSums(metrics, "selected", "hash(cluster)");
    const counted = isTalk ? "conversations" : "calls";
    const ratios = await ratiosOf(selection, sums, {
      ...options,
      // A conversation that is its own cluster has no hour of its own.
      hours: selection.hours && !(isTalk && tasksAlone(selection.clusterBy)),
      every: clusterSampleRate(calls, counts.length),
      clusterBy,
      whole: true,
      ...(alone ? { law: countsAlone(metricSums(metrics, "selected", "0::ubigint")) } : {}),
    });
    const rows = (await groupsOf(selection)).map(({ g, by: keys }) => {
      const group = countsOf.get(g) as Counts;
      const rates = metrics.map(({ name, unit }) => {
        const why = unknown(group, name);
        const n = why === undefined ? ratios.size(group.g, name) : 0;
        const about = { level, clusterBy, unit, counted };
        const none = n === 0 ? rateFromSums({ n, events: 0 }, about) : undefined;
        const rate = none ?? ratios.rate(group.g, name, { ...about, n });
        if (why !== undefined) return [name, renoted(rate, [why])];
        const known = ofStatus.includes(name) ? withoutStatusDoubted(rate, group) : rate;
        return [name, name === "error_rate" ? statusesDoubted(known, group) : known];
      });
      return {
        ...(by.length === 0 ? {} : keys),
        calls: group.calls,
        ...(isTalk ? { conversations: group.conversations ?? 0 } : {}),
        ...Object.fromEntries(rates),
      } as ReliabilityRow;
    });
    return {
      rows,
      notes: notesOf(counts),
      behind: {
        from: isTalk
          ? `select g, max(at_row) as at_row, max((${failed})::int) as amount, hash(conversation_id) as unit
             from selected where conversation_id is not null group by g, conversation_id`
          : `select g, at_row, (${failed})::int as amount from selected`,
        amount: { name: "failed", first: "failed" },
        counted,
        n: (row) => row.conversations ?? row.calls,
        total: ({ error_rate }) => sumOf(error_rate),
      },
    };
  },
});

/** Says that the log does not number attempts. */
export const noAttempt = reserve("none.has", { unit: "call", what: "an attempt number" });

/**
 * Why a rate isn't known: if the log never mentions a kind of call, its absence doesn't mean that there were
 * none.
 */
function unknown({ attempts, fallbacks }: Counts, name: string): Reservation | undefined {
  if (attempts > 0) return undefined;
  if (name === "retry_rate") return noAttempt;
  if (name === "fallback_rate" && fallbacks === 0)
    return reserve("none.has", { unit: "call", what: "an attempt number or names a fallback" });
  return undefined;
}

function notesOf(counts: Counts[]): string[] {
  const total = (name: Exclude<keyof Counts, "g" | "a_strange" | "conversations">) =>
    counts.reduce((sum, row) => sum + row[name], 0);
  const calls = total("calls");
  if (calls === 0) return [noCallSelected];
  const notes = [
    "The error rate counts errors, timeouts and rate limits among all calls with a status; cancelled calls count as not failed and have a rate of their own.",
  ];
  const known = total("with_status");
  if (known === 0) {
    notes.push("No call has a status: the rates of failure cannot be measured on this log.");
  } else if (known < calls) {
    notes.push(
      `${grouped(calls - known)} of ${grouped(calls)} calls have no status and are left out of those rates.`,
    );
  }
  const strange = total("strange");
  if (strange > 0) {
    const [word] = counts.flatMap(({ a_strange }) => a_strange ?? []).sort();
    notes.push(
      `${grouped(strange)} of ${grouped(calls)} calls have an unknown status (not ok, error, timeout, rate_limited or cancelled), such as ${JSON.stringify(word)}: they count as errors; a mapping can translate it.`,
    );
  }
  if (total("attempts") === 0)
    notes.push("No call has an attempt number: retries and fallbacks cannot be measured.");
  return notes;
}
