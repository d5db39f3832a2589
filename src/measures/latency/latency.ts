import { inspect } from "node:util";
import { callsOutside } from "../../facts/conversations";
import type { Selection } from "../../facts/select";
import { grouped } from "../../stats/text";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { columnDoubts } from "../columnDoubts";
import { defineMeasure, type Result } from "../define";
import type { GroupSummary } from "../estimate/distribution";
import { type Spread, spreads } from "../estimate/spread";
import { type LatencyMetric, waits } from "../metricKinds";
import { ruleOption } from "../options";
import type { Keyed } from "../table";
import { noCallSelected } from "../whyEmpty";
import { meanOrTail } from "./meanOrTail";
import {
  behindNumber,
  countsOf,
  measuredNumber,
  resolutionNumber,
  timeoutsNote,
  type UnitNumber,
  waitNamed,
} from "./number";
import { spreadsDoubted, waitsDoubted } from "./oddWaits";
import { shapeQuantiles, type TailShape, tailShapes } from "./tailShape";

export type { LatencyMetric } from "../metricKinds";

const sql = statements(__dirname, "latency.sql");

/** One line of a latency table. */
export type LatencyRow = Keyed<
  Spread &
    Partial<TailShape> & {
      /** Calls that have the metric, timeouts included; or conversations. */
      n: number;
      /** The timeouts among n: calls, or unresolved conversations, known only to last at least that long. */
      timeouts: number;
      /** Calls that failed, which have no latency. */
      failed: number;
    }
>;

/**
 * How long calls take: mean and quantiles of a metric, each with its interval.
 *
 * Quantiles are of type 7; their intervals are fractional order statistics on the effective number of
 * independent calls. n counts calls. Timeouts stay in as waits of at least their duration; failed calls are
 * counted apart. With `grain: "conversation"`, n counts conversations, whose waits are added up until they are
 * resolved; those not resolved stay in as waits of at least theirs, and `timeouts` counts them. With `more`, the
 * notes also say where one model is fastest by the mean and another by p95.
 *
 * @returns a table with a row for each group of `by`: n, mean, quantiles by probability, timeouts, failed
 * @throws RangeError for an invalid metric, probability, column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latency(store, { by: "model", where: "workload = 'document-review'", q: [0.5] });
 * rows[0].quantiles["0.5"].value.toFixed(1) // "14.9"
 */
export const latency = defineMeasure({
  name: "latency",
  about: "how long calls take: mean and quantiles",
  needs: ["duration"],
  parts: {
    "latency --metric time_to_first_token": ["time_to_first_token"],
    "latency --metric time_per_output_token": ["time_to_first_token", "output_tokens"],
    "latency --metric output_tokens_per_second": ["output_tokens"],
  },
  options: {
    metric: {
      value: "<name>",
      about: "duration, time_to_first_token (ttft), time_per_output_token (tpot) or output_tokens_per_second",
      check: waitNamed,
      default: "duration",
    },
    q: {
      value: "<list>",
      about: "quantiles",
      as: "numbers",
      check: probabilities,
      default: [0.5, 0.95, 0.99, 0.999],
    },
    grain: {
      value: "<kind>",
      about: "what waits are of: calls, or whole conversations until they are resolved, added up",
      choices: ["call", "conversation"],
      default: "call",
    },
    outcomeRule: ruleOption,
    more: {
      about:
        "also the trimmed mean, p99 over p50, the share of all waiting in the slowest 1 %, and where the best by mean is not the best by p95",
    },
  },
  caption: "metric",
  async open({ store, options, request }) {
    if (options.grain === "call")
      return measuredNumber(store, waitNamed("latency", options.metric), request, true);
    if (options.metric !== "duration" || options.more)
      throw new RangeError(
        'latency with grain "conversation" adds up durations: it takes no other metric, and not more',
      );
    const measured = await measuredNumber(store, resolutionNumber, request, true);
    await callsOutside("latency", measured.selection);
    return measured;
  },
  async table(asked): Promise<Result<LatencyRow>> {
    const { number: wait, selection, summaries, groups, options, store, request } = asked;
    const { unit, what } = wait;
    const q = probabilities("latency", options.q);
    const withShape = options.more ? probabilities("latency", [...q, ...shapeQuantiles]) : q;
    const { counted } = wait;
    const measured = await spreads(summaries, groups, withShape, { ...options, unit, what, counted });
    const known = await waitsDoubted(selection, groups, measured, wait);
    const estimated = spreadsDoubted(groups, known, await columnDoubts(store, request, selection.by));
    const shapes = options.more
      ? await tailShapes({ selection, groups }, estimated, { ...options, unit })
      : undefined;
    const rows = groups.map((group): LatencyRow => {
      const { mean, quantiles } = estimated.get(group.g) as Spread;
      return {
        ...group.by,
        n: group.n,
        mean,
        quantiles: Object.fromEntries(q.map((p) => [String(p), quantiles[String(p)]])),
        ...shapes?.get(group.g),
        timeouts: group.censored,
        failed: group.failed,
      };
    });
    const spreadRows = groups.map(({ g, by }) => ({ ...by, ...(estimated.get(g) as Spread) }));
    return {
      rows,
      notes: [
        ...notesOf(groups, wait),
        ...(options.grain === "conversation" ? await withoutEnds(selection) : []),
        ...(await withoutStatus(selection, groups)),
        ...(options.more ? meanOrTail(spreadRows, selection.by, wait) : []),
      ],
      behind: behindNumber(wait),
    };
  },
});

/** The requested quantiles, ascending. */
export function probabilities(caller: string, q: readonly number[]): number[] {
  if (!Array.isArray(q))
    throw new TypeError(
      `${caller} requires q to be a list of shares, such as [0.5, 0.95], got ${inspect(q)}`,
    );
  for (const p of q) {
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(
        `${caller} requires 0 <= q <= 1, got ${p}${p > 1 && p <= 100 ? `; did you mean ${p / 100}?` : ""}`,
      );
    }
  }
  return [...new Set(q)].sort((a, b) => a - b);
}

/** Says that waits are those of whole conversations where no outcome is known. */
async function withoutEnds({ connection }: Selection): Promise<string[]> {
  const [{ n, ended }] = await rowsOf<{ n: number; ended: number }>(connection, sql.ends);
  return n > 0 && ended === 0
    ? [
        "No outcome of these conversations is known: this is how long people wait in a whole conversation, resolved or not.",
      ]
    : [];
}

function notesOf(groups: readonly GroupSummary[], { name, what, counted }: UnitNumber): string[] {
  const { n, missing, failed, timeouts, all } = countsOf(groups);
  if (all === 0) return [noCallSelected];
  if (n === 0 && failed < all)
    return [`No ${counted.replace(/s$/, "")} has a ${what}: latency cannot be measured on this log.`];
  // A rate of tokens is that of whole answers: a timeout has none either.
  const isCut = !(name in waits) || waits[name as LatencyMetric].cut !== "false";
  const why = isCut ? "failed; they have no latency" : "failed or timed out; they have no whole answer";
  return [
    ...(missing > 0
      ? [
          `${grouped(missing)} of ${grouped(all)} ${counted} have no ${what}, or one below 0, and are left out.`,
        ]
      : []),
    ...(failed > 0 ? [`${grouped(failed)} of ${grouped(all)} calls ${why} and are left out.`] : []),
    ...timeoutsNote(timeouts, { counted }),
  ];
}

// A count of 0 failed calls or timeouts is only known if some call has a status.
async function withoutStatus({ connection }: Selection, groups: GroupSummary[]): Promise<string[]> {
  const calls = groups.some(({ n }) => n > 0);
  if (!calls || groups.some(({ failed, censored }) => failed + censored > 0)) return [];
  const [{ known }] = await rowsOf<{ known: boolean }>(connection, sql.known);
  return known ? [] : ["No call has a status: failed calls and timeouts, if any, are among the others."];
}
