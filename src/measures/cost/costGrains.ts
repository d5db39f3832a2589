import { conversationsRead } from "../../facts/conversations";
import type { Selection } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import type { RatioMetric } from "../metricKinds";
import { metricSums } from "../metricSums";
import { ratiosIn } from "../metrics";
import type { MeasureOptions } from "../options";
import { conversationRatios } from "./conversationRatios";
import { bounded, type CostCounts, costsUnknown } from "./costRatios";
import { moneyOf, type Priced } from "./costUnpriced";

const sql = statements(__dirname, "costGrains.sql");
/** The SQL of these that reads `selected`. */
export const grainsRead: readonly string[] = [...Object.values(sql), ...conversationsRead];

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

/** The costs per conversation and per user of a row of a cost table. */
export type Grains = (row: CostCounts) => { cost_per_conversation?: Estimate; cost_per_user?: Estimate };

/** What conversations and users cost, if they have ids. `costCounts` must have made its tables. */
export async function costGrains(
  selection: Selection,
  options: MeasureOptions,
  filled: FilledGrains,
): Promise<Grains> {
  const conversations = filled.conversations
    ? await conversationRatios(selection, options, {
        wanted: new Set(["cost_per_conversation"]),
        ends: false,
      })
    : undefined;
  const users = filled.users ? await userCosts(selection, options) : undefined;
  return (row) => ({
    ...conversations?.of(row.g, costsUnknown(row)),
    ...(users === undefined ? {} : { cost_per_user: users(row) }),
  });
}

type Counted = Omit<Priced, "unknown"> & { g: GroupKey; n: number };

async function userCosts(
  selection: Selection,
  options: MeasureOptions,
): Promise<(row: CostCounts) => Estimate> {
  const { connection, clusterBy, missesPrices } = selection;
  const own = clusterBy.startsWith("user_id") ? sql.of_clusters : sql.of_tasks;
  await run(connection, `${own}; ${sql.users}`);
  const perUser = ratiosIn("cost").find(({ source }) => source.over === "users") as RatioMetric;
  const { name, unit } = perUser;
  const counted = new Map((await rowsOf<Counted>(connection, sql.user_rows)).map((one) => [one.g, one]));
  const sums = metricSums(bounded([perUser], missesPrices), "user_costs", '"user"');
  const settings = { ...options, hours: false, clusterBy: "user_id" };
  const ratios = await ratiosOf(selection, sums, settings);
  return (row) => {
    const { n, calls, unpriced } = counted.get(row.g) ?? { n: 0, calls: 0, unpriced: 0 };
    const priced = { calls, unpriced, unknown: costsUnknown(row) };
    return moneyOf(ratios, row.g, name, { n, unit, counted: "users", priced });
  };
}
