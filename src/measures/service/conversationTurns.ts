import { join } from "node:path";
import { callsNaming, conversationFacts, conversationUnit } from "../../facts/conversations";
import type { Selection } from "../../facts/select";
import { taskFacts } from "../../facts/tasks";
import { type Estimate, noEnds, renoted, toldBy } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { daysText, grouped, withUnit } from "../../stats/text";
import { rateAtWorst } from "../../stats/worstCase";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { withShared } from "../cost/conversationRatios";
import { moneyOf } from "../cost/costUnpriced";
import { defineMeasure, type Result } from "../define";
import { type GroupKey, nothingCounted, type Ratios, ratiosOf } from "../estimate/ratios";
import { mostOption } from "../measure";
import { creditOption, type MeasureOptions } from "../options";
import type { Keyed, Row } from "../table";
import { whyEmpty } from "../whyEmpty";

const sql = statements<
  | "several"
  | "of_tasks"
  | "of_calls"
  | "pauses"
  | "placed"
  | "races"
  | "course"
  | "curve"
  | "turn_sums"
  | "turn_rows"
  | "turns_behind"
  | "no_texts"
  | "asked"
  | "follow_sums"
  | "conversation_rows"
  | "conversations_behind"
>(join(__dirname, "conversationTurns.sql"));

/** The share of words that a request and the one before have in common from which it says the same again. */
const sameWords = 0.5;
/** The turn beyond which a quantile of turns is not looked for. */
const furthest = 100;

/** One turn in the conversations of a row. */
export type TurnRow = Keyed<{
  turn: number;
  /** Those that come to this turn. */
  conversations: number;
  /** The share of conversations that go on after this turn. */
  going: Estimate;
  /** The shares that were over by this turn, resolved or not, of those whose outcome is known. */
  resolved: Estimate;
  given_up: Estimate;
  /** USD, for all calls of the turn. */
  cost_per_turn: Estimate;
  /** Input tokens of the turn's first answering call. */
  context: Estimate;
  /** The share of these turns that failed. */
  failed: Estimate;
}>;

const idleOption = {
  value: "<hours>",
  about:
    "hours without a next turn after which a conversation is over (default: 99 of 100 next turns come sooner)",
  as: "number",
  check(caller: string, hours: number) {
    if (!(hours > 0)) throw new RangeError(`${caller} requires hours > 0, got ${String(hours)}`);
  },
} as const;
const options = { credit: creditOption, idle: idleOption } as const;

/**
 * How conversations go, turn by turn: how many go on, are resolved or given up, what a turn costs and reads.
 *
 * A turn is a task with all its calls, or a call without one; where every conversation is one task, each of its answering
 * calls. A conversation belongs to the row of its first answering call, or its last (`credit`), with all its turns. It is over
 * when no next turn has come for `idle` hours; what may still go on at the end of the log is censored. A turn failed if no call
 * of it went well, or its task is known not to be resolved. n counts conversations.
 *
 * @remarks Method: Aalen & Johansen (1978), doi:10.2307/4615704, of which Kaplan & Meier (1958) is `going`; each conversation's
 * influence on the share (Andersen, Klein & Rosthøj 2003, doi:10.1093/biomet/90.1.15) summed by cluster, and Wilson's interval
 * on the effective n. Intervals are of each turn alone. How often they hold: docs/simulations/conversations.md.
 * @returns a table with a row for each group of `by` and turn
 * @throws RangeError for an invalid column, cluster, level, idle or limit
 * @example
 * const store = await openDemo();
 * const { rows } = await trajectoriesTurns(store, { by: "workload" });
 * `${rows[1].turn}: ${rows[1].going.value.toFixed(2)}` // "2: 0.26"
 */
export const trajectoriesTurns = defineMeasure({
  name: "turns",
  of: "trajectories",
  about: "how many conversations go on, are resolved or given up by each turn, with cost and context by turn",
  needs: ["conversation_id"],
  takes: "limit",
  options: { limit: { ...mostOption("turns", "of each group", 10), value: "[number]" }, ...options },
  selects: { population: "tasks" },
  async table({ selection, options }): Promise<Result<TurnRow>> {
    const { connection, by, missesPrices } = selection;
    const notes = await tabulateTurns(selection, options, options.limit);
    const clusterBy = conversationUnit(selection);
    const turns = await rowsOf<Turn>(connection, sql.turn_rows);
    const ratios = await ratiosOf(selection, sql.turn_sums, { ...options, clusterBy });
    const rows = turns.map((one) => ({
      ...(by.length === 0 ? {} : one.by),
      ...turnRow(one, ratios, missesPrices),
    }));
    return {
      rows,
      by: [...by, "turn"],
      notes,
      behind: {
        from: sql.turns_behind,
        amount: { name: "cost", sum: "the cost", first: "dearest" },
        counted: "conversations",
        n: ({ conversations }) => conversations,
        total: ({ cost_per_turn }) => sumOf(cost_per_turn),
      },
    };
  },
});

type Turn = { g: GroupKey; by: Row } & Record<
  "turn" | "conversations" | "calls" | "unpriced" | "cost" | "shared",
  number
>;

function turnRow(sums: Turn, ratios: Ratios, missesPrices: boolean): TurnRow {
  const { g, turn, conversations: n, calls, unpriced, cost } = sums;
  const all = ratios.size(g, "going");
  const share = (kind: string, counted = "conversations whose outcome is known") => {
    const known = ratios.size(g, kind);
    const rate = ratios.rate(g, kind, { n: known, unit: "1", counted });
    return withShared(rateAtWorst(rate, { known, all }), { shared: sums.shared, n });
  };
  const ofTurn = { n, counted: "conversations" };
  const priced = { calls, unpriced, unknown: missesPrices && cost === 0 };
  return {
    turn,
    conversations: n,
    going: share("going", "conversations"),
    resolved: share("resolved"),
    given_up: share("given_up"),
    cost_per_turn: moneyOf(ratios, g, "cost", { ...ofTurn, unit: "USD/turn", priced }),
    context: ratios.ratio(g, "context", {
      n: ratios.size(g, "context"),
      unit: "tokens",
      counted: "turns with tokens",
    }),
    failed: ratios.rate(g, "failed", { ...ofTurn, unit: "1" }),
  };
}

/** The conversations of a row. */
export type ConversationTurnsRow = Keyed<{
  conversations: number;
  /** Those that may go on after the end of the log. */
  open: number;
  /** Turns after which half of them, and nine of ten, are over. */
  turns: Record<string, Estimate>;
  /** The share of turns that failed. */
  failed: Estimate;
  /** The share of these after which people left, and of the others. */
  left_after_failed: Estimate;
  left_after_others: Estimate;
  /** The share of later requests that say the one before again. */
  rephrased: Estimate;
  /** How often the same rule finds a request in another conversation alike: its false alarms. */
  false_alarms: Estimate;
}>;

/**
 * How long conversations are, what follows a turn that failed, and how often people ask the same again.
 *
 * Turns, rows, failures and what is still open are those of `trajectoriesTurns`. People left after a turn if no other follows.
 * A request says the one before again if both have at least half of their words in common (of all words of the two); that
 * needs texts, kept at ingest. `false_alarms` applies the same rule to requests in two conversations, which cannot repeat each
 * other; two requests on one subject may be alike more often. People may leave after failures because those tasks are harder:
 * the difference is no effect. n counts turns; of `turns`, conversations.
 *
 * @remarks Method: quantiles where the curve of `trajectoriesTurns` crosses, with the turns at which its ends do (Brookmeyer &
 * Crowley 1982, doi:10.2307/2530286).
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid column, cluster, level or idle
 * @example
 * const store = await openDemo();
 * const { rows } = await trajectoriesConversations(store, { by: "workload" });
 * rows[0].turns["0.5"].value // 2
 */
export const trajectoriesConversations = defineMeasure({
  name: "conversations",
  of: "trajectories",
  about: "turns of conversations, what follows a failed one, and requests that are asked again",
  needs: ["conversation_id"],
  parts: { "trajectories --conversations: rephrased": ["texts"] },
  options,
  selects: { population: "tasks" },
  async table({ selection, options }): Promise<Result<ConversationTurnsRow>> {
    const { connection, by } = selection;
    const notes = await tabulateTurns(selection, options, furthest);
    const [{ kept }] = await rowsOf<{ kept: boolean }>(
      connection,
      "select exists (select 1 from texts where prompt is not null) as kept",
    );
    await run(connection, kept ? sql.asked : sql.no_texts, kept ? { overlap: sameWords } : {});
    const clusterBy = conversationUnit(selection);
    type Group = { g: GroupKey; by: Row } & Record<"conversations" | "open" | "shared", number>;
    const groups = await rowsOf<Group>(connection, sql.conversation_rows);
    const ratios = await ratiosOf(selection, sql.follow_sums, { ...options, clusterBy, whole: true });
    const curves = await curvesOf(selection, { ...options, clusterBy });
    const rows = groups.map(({ g, by: keys, conversations, open }): ConversationTurnsRow => {
      const rate = (kind: string, counted: string) =>
        ratios.rate(g, kind, { n: ratios.size(g, kind), unit: "1", counted });
      const curve = curves.get(g) ?? [];
      return {
        ...(by.length === 0 ? {} : keys),
        conversations,
        open,
        turns: Object.fromEntries([0.5, 0.9].map((q) => [String(q), crossing(curve, q)])),
        failed: rate("failed", "turns"),
        left_after_failed: rate("left_after_failed", "failed turns"),
        left_after_others: rate("left", "turns that did not fail"),
        rephrased: rate("again", "requests with a kept text and one before"),
        false_alarms: rate("chance", "requests with a kept text"),
      };
    });
    return {
      rows,
      notes: kept ? notes : [...notes, "No text is kept (ingest --text keep): requests cannot be compared."],
      behind: {
        from: sql.conversations_behind,
        amount: { name: "turns", sum: "all turns", first: "longest" },
        counted: "conversations",
        n: ({ conversations }) => conversations,
        total: ({ failed }) => failed.n,
      },
    };
  },
});

/** The share of each group's conversations that go on after each turn. */
async function curvesOf(
  selection: Selection,
  options: MeasureOptions & { clusterBy: string },
): Promise<Map<GroupKey, { turn: number; going: Estimate }[]>> {
  const { connection } = selection;
  const ratios = await ratiosOf(
    selection,
    "select hash(g, turn) as g, kind, c, r from curve where kind = 'going'",
    options,
  );
  const turns = await rowsOf<{ g: GroupKey; at: GroupKey; turn: number }>(
    connection,
    `select g::varchar as g, hash(g, turn)::varchar as at, turn from course
     where kind = 'going' and turn <= getvariable('most_turns') order by turn`,
  );
  const curves = new Map<GroupKey, { turn: number; going: Estimate }[]>();
  for (const { g, at, turn } of turns) {
    const going = ratios.rate(at, "going", {
      ...{ n: ratios.size(at, "going"), unit: "1", counted: "conversations" },
    });
    curves.set(g, [...(curves.get(g) ?? []), { turn, going }]);
  }
  return curves;
}

/** The first turn by which a share q is over, with the turns at which the ends of the curve get there. */
function crossing(curve: readonly { turn: number; going: Estimate }[], q: number): Estimate {
  if (curve.length === 0)
    return nothingCounted({ unit: "turns", counted: "conversations" }, { level: 0.95, clusterBy: "" });
  const [{ going }] = curve;
  const first = (end: "value" | "low" | "high") =>
    curve.find((one) => one.going[end] <= 1 - q + 1e-9)?.turn ?? Number.POSITIVE_INFINITY;
  const held = curve.find((one) => Number.isNaN(one.going.low))?.going;
  const reached = first("value");
  return renoted(
    {
      ...{ ...going, unit: "turns", method: "kaplan-meier" },
      value: Number.isFinite(reached) ? reached : curve[curve.length - 1].turn,
      ...(held === undefined ? { low: first("low"), high: first("high") } : noEnds),
    },
    [
      ...(Number.isFinite(reached) ? [] : [reserve("method.censored", { cut: "not reached" })]),
      ...toldBy(held ?? going),
    ],
  );
}

/** Makes the tables of turns and their course; what a reader has to know of them, in sentences. */
async function tabulateTurns(
  selection: Selection,
  { idle }: { idle?: number },
  most: number,
): Promise<string[]> {
  const { connection } = selection;
  const outside = await callsNaming(selection);
  await taskFacts(selection);
  await conversationFacts(selection);
  const [{ several }] = await rowsOf<{ several: boolean }>(connection, sql.several);
  await run(connection, several ? sql.of_tasks : sql.of_calls);
  const [{ usual, ends }] = await rowsOf<{ usual: number | null; ends: number | null }>(
    connection,
    sql.pauses,
  );
  const pause = idle === undefined ? usual : 3600 * idle;
  await run(connection, sql.placed, { cutoff: ends === null || pause === null ? null : ends - pause });
  await run(connection, sql.races);
  await run(connection, sql.course, { most });
  await run(connection, `set variable most_turns = ${most}; ${sql.curve}`);
  const [{ conversations, open }] = await rowsOf<Record<"conversations" | "open", number>>(
    connection,
    `select count(*)::double as conversations, count(*) filter (not closed)::double as "open"
     from (select bool_or(last and seen) as closed from placed group by conversation)`,
  );
  if (conversations === 0)
    return [await whyEmpty(selection, "No conversation belongs to these calls: turns cannot be counted.")];
  const span = (seconds: number) =>
    seconds < 7200 ? withUnit(seconds / 60, "minutes") : daysText(seconds / 86_400);
  return [
    several
      ? "A turn is a task with all its calls, or a call without a task."
      : "Every conversation is one task: a turn is an answering call that tries none again.",
    pause === null
      ? "No conversation has a second turn with a time: none counts as open at the log's end."
      : `A conversation goes on if its next turn comes within ${span(pause)}${idle === undefined ? ", as 99 of 100 do" : ""} (idle sets it): ${grouped(open)} of ${grouped(conversations)} may go on after the log's end and are censored.`,
    ...(outside.without > 0
      ? [
          `${grouped(outside.without)} of ${grouped(outside.calls)} calls name no conversation and are left out.`,
        ]
      : []),
  ];
}
