import { conversationUnit } from "../../facts/conversations";
import { type Estimate, withNotesFirst } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { rateAtWorst } from "../../stats/worstCase";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { withShared } from "../cost/conversationRatios";
import { moneyOf } from "../cost/costUnpriced";
import { defineMeasure, type Result } from "../define";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import { mostOption } from "../measure";
import { ruleOption } from "../options";
import type { Keyed, Row } from "../table";
import { atTail, tabulateTurns, turnOptions } from "./turnTables";

const sql = statements(__dirname, "conversationTurns.sql");

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

/**
 * How conversations go, turn by turn: how many go on, are resolved or given up, what a turn costs and reads.
 *
 * A turn is a task with all its calls, or a call without one; where every conversation is one task, each of its answering
 * calls. A conversation belongs to the row of its first answering call, or its last (`credit`), with all its turns. It is over
 * when no next turn has come for `idle` hours; what may still go on at the end of the log is censored. A turn failed if no call
 * of it went well, or its task is known not to be resolved. n counts conversations.
 *
 * `outcomeRule` declares what counts as resolved in place of what the log says; the notes and both shares carry it.
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
  options: {
    limit: { ...mostOption("turns", "of each group", 10), value: "[number]" },
    ...turnOptions,
    outcomeRule: ruleOption,
  },
  selects: { population: "tasks" },
  async table({ selection, options }): Promise<Result<TurnRow>> {
    const { connection, by, missesPrices } = selection;
    const notes = await tabulateTurns(selection, options, options.limit);
    const clusterBy = conversationUnit(selection);
    const turns = await rowsOf<Turn>(connection, sql.turn_rows);
    const ratios = await ratiosOf(selection, sql.turn_sums, { ...options, clusterBy });
    const rows = turns.map((one) => ({
      ...(by.length === 0 ? {} : one.by),
      ...turnRow(one, ratios, { missesPrices, rule: options.outcomeRule }),
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

type Turn = { g: GroupKey; by: Row; followed: number | null } & Record<
  "turn" | "before" | "conversations" | "calls" | "unpriced" | "cost" | "shared",
  number
>;

function turnRow(
  sums: Turn,
  ratios: Ratios,
  { missesPrices, rule }: { missesPrices: boolean; rule: string },
): TurnRow {
  const { g, turn, conversations: n, calls, unpriced, cost } = sums;
  const all = ratios.size(g, "going");
  const share = (kind: string, counted = "conversations whose outcome is known") => {
    const known = ratios.size(g, kind);
    // Open ones count in part where outcomes are unknown; n is a number of conversations.
    const rate = { ...ratios.rate(g, kind, { n: known, unit: "1", counted }), n: Math.round(known) };
    const { followed, before } = sums;
    // Where others have been censored, the last few that are followed stand for all of these.
    const held = followed === null || known === 0 ? rate : atTail(rate, { kind, followed, before });
    return withShared(rateAtWorst(held, { known, all }), { shared: sums.shared, n });
  };
  const ended = (kind: string) =>
    rule === "logged" || ratios.size(g, kind) === 0
      ? share(kind)
      : withNotesFirst(share(kind), [reserve("method.declared-outcome", { rule })]);
  const ofTurn = { n, counted: "conversations" };
  const priced = { calls, unpriced, unknown: missesPrices && cost === 0 };
  return {
    turn,
    conversations: n,
    going: share("going", "conversations"),
    resolved: ended("resolved"),
    given_up: ended("given_up"),
    cost_per_turn: moneyOf(ratios, g, "cost", { ...ofTurn, unit: "USD/turn", priced }),
    context: ratios.ratio(g, "context", {
      n: ratios.size(g, "context"),
      unit: "tokens",
      counted: "turns with tokens",
    }),
    failed: ratios.rate(g, "failed", { ...ofTurn, unit: "1" }),
  };
}
