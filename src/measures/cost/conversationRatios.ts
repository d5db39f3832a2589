import {
  type ConversationCounts,
  conversationCounts,
  conversationFacts,
  conversationUnit,
} from "../../facts/conversations";
import type { Selection } from "../../facts/select";
import { type Estimate, withNotesFirst } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { costAtWorst, rateAtWorst } from "../../stats/worstCase";
import { ratioSums, regroupedBy } from "../estimate/duckdbRatios";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import type { RatioMetric } from "../metricKinds";
import { metricSums } from "../metricSums";
import { ratiosIn } from "../metrics";
import type { MeasureOptions } from "../options";
import { bounded } from "./costRatios";
import { moneyOf } from "./costUnpriced";

/** What is known of conversations, for each row of a table. */
export interface ConversationRatios {
  counts: ReadonlyMap<GroupKey, ConversationCounts>;
  /**
   * The estimates of a row by the name of their metric.
   *
   * @param unknown true if no cost of the row's calls is known
   */
  of(g: GroupKey, unknown: boolean): Record<string, Estimate>;
}

const none: Omit<ConversationCounts, "g"> = {
  ...{
    n: 0,
    shared: 0,
    credited: 0,
    with_outcome: 0,
    resolved: 0,
    calls: 0,
    fewest_turns: 0,
    most_turns: 0,
    unpriced: 0,
    cost: 0,
  },
  ...{ calls_with_outcome: 0, unpriced_with_outcome: 0, cost_with_outcome: 0 },
};

/**
 * Estimates what conversations cost, take and come to. The selection's `turns` must be there.
 *
 * @param only `wanted`: names of metrics over conversations, by default all; `ends`: false if none of them reads how a
 * conversation ended, nor does who asks
 */
export async function conversationRatios(
  selection: Selection,
  options: MeasureOptions,
  { wanted, ends }: { wanted?: ReadonlySet<string>; ends?: boolean } = {},
): Promise<ConversationRatios> {
  const { connection, hours, missesPrices, outcomeRule } = selection;
  await conversationFacts(selection, { ends });
  const counts = new Map((await conversationCounts(connection)).map((one) => [one.g, one]));
  const metrics = ratiosIn("conversations").filter(({ name }) => wanted?.has(name) ?? true);
  const summed = bounded([...metrics, ...otherwise(metrics)], missesPrices);
  const sums = (cluster: string) => metricSums(summed, "conversation_facts", cluster);
  const regrouped = regroupedBy(selection, (unit) => ratioSums(connection, sums(unit)));
  const clusterBy = conversationUnit(selection);
  const ratios = await ratiosOf({ connection, regrouped }, sums("cluster"), { ...options, hours, clusterBy });
  return {
    counts,
    of(g, unknown) {
      const own = counts.get(g) ?? { g, ...none };
      const cells = metrics.map(({ name, unit }): [string, Estimate] => {
        const estimate = (special[name] ?? plain(name))(ratios, own, { unit, unknown });
        return [name, byRule(name, withShared(estimate, own), outcomeRule)];
      });
      return Object.fromEntries(cells);
    },
  };
}

/** Whether a conversation had another number of turns than all others: none had, where this is asked. */
const otherwise = (metrics: readonly RatioMetric[]): RatioMetric[] =>
  metrics
    .filter(({ name }) => name === "turns_per_conversation")
    .map((one) => ({
      ...one,
      name: "other_turns",
      unit: "1",
      source: { ...one.source, numerator: "0::double" },
    }));

type Cell = (ratios: Ratios, own: ConversationCounts, about: { unit: string; unknown: boolean }) => Estimate;

const plain =
  (name: string): Cell =>
  (ratios, { g }, { unit }) =>
    ratios.ratio(g, name, {
      n: ratios.size(g, name),
      unit,
      counted: name === "time_per_conversation" ? "conversations with a known wait" : "conversations",
    });

const known = "conversations whose outcome is known";

const special: Readonly<Record<string, Cell>> = {
  cost_per_conversation: (ratios, { g, n, calls, unpriced }, { unit, unknown }) =>
    moneyOf(ratios, g, "cost_per_conversation", {
      ...{ n, unit, counted: "conversations" },
      priced: { calls, unpriced, unknown },
    }),
  cost_per_resolved_conversation(ratios, own, { unit, unknown }) {
    const { g, with_outcome: n, resolved, credited } = own;
    // Where no outcome counts, money spent in conversations of other rows bounds nothing.
    const name = n === 0 ? "" : "cost_per_resolved_conversation";
    const [calls, unpriced] = [own.calls_with_outcome, own.unpriced_with_outcome];
    const found = moneyOf(ratios, g, name, {
      ...{ n, unit, counted: known, trials: "conversation_resolve_rate" },
      priced: { calls, unpriced, unknown },
    });
    const of = { cost: own.cost_with_outcome, of: own.cost };
    return n === 0 ? found : costAtWorst(found, { ...of, events: resolved, known: n, all: credited });
  },
  // If all have as many turns, all resamples are equal: the bound is that of a share of 0 with one more or less instead.
  turns_per_conversation(ratios, own, about) {
    const found = plain("turns_per_conversation")(ratios, own, about);
    const turns = own.most_turns;
    if (found.n === 0 || own.fewest_turns < turns) return found;
    const again = ratios.rate(own.g, "other_turns", { n: own.n, unit: about.unit, counted: "conversations" });
    const low = turns === 1 ? turns : turns - again.high;
    const same = { ...again, value: turns, low, high: turns + again.high };
    return withNotesFirst(same, [
      turns === 1 ? reserve("method.one-turn") : reserve("method.same-turns", { turns }),
    ]);
  },
  conversation_resolve_rate: (ratios, { g, with_outcome: n, credited: all }, { unit }) =>
    rateAtWorst(ratios.rate(g, "conversation_resolve_rate", { n, unit, counted: known }), { known: n, all }),
};

/** Metrics that say what was resolved. */
const ofEnds = ["conversation_resolve_rate", "cost_per_resolved_conversation"];

/** Says by which declared rule conversations were resolved, of a number that rests on it. */
export const byRule = (name: string, estimate: Estimate, rule: string | undefined): Estimate =>
  rule === undefined || !ofEnds.includes(name) || Number.isNaN(estimate.value)
    ? estimate
    : withNotesFirst(estimate, [reserve("method.declared-outcome", { rule })]);

/** Says how many of the row's conversations other rows have a part in. */
export const withShared = (
  estimate: Estimate,
  { shared, n }: Pick<ConversationCounts, "shared" | "n">,
): Estimate =>
  shared === 0 || Number.isNaN(estimate.value)
    ? estimate
    : withNotesFirst(estimate, [reserve("method.outside-row", { spans: shared, n })]);
