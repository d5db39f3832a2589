import { join } from "node:path";
import type { Selection } from "../../facts/select";
import { tasksAlone } from "../../facts/tasks";
import type { Estimate } from "../../stats/estimate";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { ratioSums, regroupedBy } from "../estimate/duckdbRatios";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import type { RatioMetric } from "../metricKinds";
import { metricSums } from "../metricSums";
import { ratiosIn } from "../metrics";
import type { MeasureOptions } from "../options";
import { bounded, type CostCounts, costsUnknown } from "./costRatios";
import { type Spans, spanNotes, withSpans } from "./costSpans";
import { moneyOf, type Priced } from "./costUnpriced";

type Name =
  | "ids"
  | "conversations"
  | "conversation_rows"
  | "moved"
  | "of_tasks"
  | "of_clusters"
  | "users"
  | "user_rows";
const sql = statements<Name>(join(__dirname, "costGrains.sql"));
/** The SQL of these that reads `selected`. */
export const grainsRead: readonly string[] = Object.values(sql);

/** Which of conversations and users have ids in the log. */
export interface FilledGrains {
  conversations: boolean;
  users: boolean;
}

/** Those that have ids and are wanted. */
export async function filledGrains(
  { connection }: Selection,
  wanted?: ReadonlySet<string>,
): Promise<FilledGrains> {
  const isWanted = (name: string) => wanted?.has(name) ?? true;
  const [found] = await rowsOf<FilledGrains>(connection, sql.ids);
  return {
    conversations: found.conversations && isWanted("cost_per_conversation"),
    users: found.users && isWanted("cost_per_user"),
  };
}

/** The costs per conversation and per user, for each row of a cost table, and what to say of them. */
export interface Grains {
  notes: string[];
  of(row: CostCounts): { cost_per_conversation?: Estimate; cost_per_user?: Estimate };
}

type Counted = Omit<Priced, "unknown"> & { g: GroupKey; n: number; cost: number; spans?: number };

/** What conversations and users cost, if they have ids. `costCounts` must have made its tables. */
export async function costGrains(
  selection: Selection,
  options: MeasureOptions,
  filled: FilledGrains,
): Promise<Grains> {
  const { connection, clusterBy, hours, missesPrices } = selection;
  const metric = (unit: string) => ratiosIn("cost").find(({ source }) => source.over === unit) as RatioMetric;
  const find = async (
    { name, unit, source }: RatioMetric,
    rows: string,
    sums: (cluster: string, there?: string) => string,
    own: string,
  ) => {
    const counted = new Map((await rowsOf<Counted>(connection, rows)).map((one) => [one.g, one]));
    const spans = await spansOf(connection, [...counted.values()]);
    const regrouped = regroupedBy(selection, (unit) => ratioSums(connection, sums(unit)));
    const withHours = hours && source.over === "conversations";
    const settings = { ...options, hours: withHours, clusterBy: own };
    const ratios = await ratiosOf({ connection, regrouped }, sums("cluster"), settings);
    const of = (row: CostCounts) => {
      const { n, calls, unpriced } = counted.get(row.g) ?? { n: 0, calls: 0, unpriced: 0 };
      const priced = { calls, unpriced, unknown: costsUnknown(row) };
      const estimate = moneyOf(ratios, row.g, name, { n, unit, counted: source.over, priced });
      return withSpans(estimate, spans.get(row.g));
    };
    return { of, notes: spanNotes([...spans.values()], options.credit ?? "first") };
  };
  let conversations: { of(row: CostCounts): Estimate; notes: string[] } | undefined;
  if (filled.conversations) {
    await run(connection, sql.conversations, { last: options.credit === "last" });
    const of = metric("conversations");
    // Tasks and calls nest in conversations, and each conversation counts once.
    const alone = tasksAlone(clusterBy);
    const costs = alone
      ? "(select * replace (conversation as cluster) from conversation_costs)"
      : "conversation_costs";
    const sums = (cluster: string) => metricSums(bounded([of], missesPrices), costs, cluster);
    const own = alone ? (hours ? "conversation_id and hour" : "conversation_id") : clusterBy;
    conversations = await find(of, sql.conversation_rows, sums, own);
  }
  let users: typeof conversations;
  if (filled.users) {
    const own = clusterBy.startsWith("user_id") ? sql.of_clusters : sql.of_tasks;
    await run(connection, `${own}; ${sql.users}`);
    const of = metric("users");
    users = await find(
      of,
      sql.user_rows,
      () => metricSums(bounded([of], missesPrices), "user_costs", '"user"'),
      "user_id",
    );
  }
  return {
    notes: conversations?.notes ?? [],
    of: (row) => ({
      ...(conversations === undefined ? {} : { cost_per_conversation: conversations.of(row) }),
      ...(users === undefined ? {} : { cost_per_user: users.of(row) }),
    }),
  };
}

/** Of each row's conversations, how many span rows, and what they spent on other rows' tasks. */
async function spansOf(
  connection: Selection["connection"],
  counted: readonly Counted[],
): Promise<Map<GroupKey, Spans>> {
  if (!counted.some(({ spans = 0 }) => spans > 0)) return new Map();
  const found = await rowsOf<{ g: GroupKey; moved: number | null }>(connection, sql.moved);
  const moved = new Map(found.map((one) => [one.g, one.moved ?? 0]));
  return new Map(
    counted.map(({ g, n, cost, spans = 0 }) => [g, { n, cost, spans, moved: moved.get(g) ?? 0 }]),
  );
}
