import { conversationUnit } from "../../facts/conversations";
import type { Selection } from "../../facts/select";
import { type Estimate, noEnds, renoted, toldBy } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { type GroupKey, nothingCounted, ratiosOf } from "../estimate/ratios";
import type { MeasureOptions } from "../options";
import type { Keyed, Row } from "../table";
import { atTail, tabulateTurns, turnOptions } from "./turnTables";

const sql = statements(__dirname, "conversationTurns.sql");

/** The share of words that a request and the one before have in common from which it says the same again. */
const sameWords = 0.5;
/** The turn beyond which a quantile of turns is not looked for. */
const furthest = 100;

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
  options: turnOptions,
  selects: { population: "tasks" },
  async table({ selection, options }): Promise<Result<ConversationTurnsRow>> {
    const { connection, by } = selection;
    const { level = 0.95 } = options;
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
        turns: Object.fromEntries(
          [0.5, 0.9].map((q) => [String(q), crossing(curve, q, { level, clusterBy })]),
        ),
        failed: rate("failed", "turns"),
        left_after_failed: rate("left_after_failed", "failed turns with a known next step"),
        left_after_others: rate("left", "other turns with a known next step"),
        rephrased: rate("again", "requests with a kept text and one before"),
        false_alarms: rate("chance", "requests with a kept text"),
      };
    });
    return {
      rows,
      notes:
        kept || rows.length === 0
          ? notes
          : [
              ...notes,
              "No conversation has two prompts with a text (ingest --text keep, where the log has them): requests cannot be compared.",
            ],
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
  type Turn = { g: GroupKey; at: GroupKey } & Record<"turn" | "followed" | "before", number>;
  const turns = await rowsOf<Turn & { cut: boolean }>(
    connection,
    `select
       g::varchar as g, hash(g, turn)::varchar as at, turn, risk as followed, jump * risk as before,
       jump * conversations > 1.000001 as cut
     from course
     where kind = 'going' and turn <= getvariable('most_turns') order by turn`,
  );
  const curves = new Map<GroupKey, { turn: number; going: Estimate }[]>();
  for (const { g, at, turn, cut, followed, before } of turns) {
    const rate = ratios.rate(at, "going", {
      ...{ n: ratios.size(at, "going"), unit: "1", counted: "conversations" },
    });
    const going = cut ? atTail(rate, { kind: "going", followed, before }) : rate;
    curves.set(g, [...(curves.get(g) ?? []), { turn, going }]);
  }
  return curves;
}

/** The first turn by which a share q is over, with the turns at which the ends of the curve get there, as far as it is followed. */
function crossing(
  curve: readonly { turn: number; going: Estimate }[],
  q: number,
  about: { level: number; clusterBy: string },
): Estimate {
  if (curve.length === 0) return nothingCounted({ unit: "turns", counted: "conversations" }, about);
  const lost = curve.findIndex(({ going }) => Number.isNaN(going.low));
  const followed = lost <= 0 ? curve : curve.slice(0, lost);
  const beyond = followed[followed.length - 1].turn + 1;
  const first = (end: "value" | "low" | "high") =>
    followed.find(({ going }) => going[end] <= 1 - q + 1e-9)?.turn ?? Number.POSITIVE_INFINITY;
  const [value, high] = [first("value"), first("high")];
  const { going } = curve[0];
  return renoted(
    {
      ...{ ...going, unit: "turns", method: "kaplan-meier" },
      value: Math.min(value, beyond),
      ...(lost === 0 ? noEnds : { low: Math.min(first("low"), beyond), high }),
    },
    [
      ...(value > beyond ? [reserve("method.censored", { cut: "not reached" })] : []),
      ...(value <= beyond && high > beyond ? [reserve("method.censored-bound")] : []),
      ...toldBy(going),
    ],
  );
}
