import { join } from "node:path";
import type { Estimate } from "../../stats/estimate";
import { rowsOf, run } from "../../store/query";
import type { Selection } from "../../store/select";
import { statements } from "../../store/statements";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import type { MeasureOptions } from "../options";
import type { CostCounts } from "./costPrepare";
import { type Priced, withUnpriced } from "./costUnpriced";
import { tasksAlone } from "./tasks";

type Name = "filled" | "conversations" | "conversation_rows" | "users" | "user_rows";
const sql = statements<Name>(join(__dirname, "costGrains.sql"));

/** Which of the larger things a log has ids of, and how the cost of users is had. */
export interface FilledGrains {
  conversations: boolean;
  users: "clusters" | "owners" | "none";
}

/** What of it is filled and wanted. */
export async function filledGrains(
  { connection, clusterBy }: Selection,
  wanted?: ReadonlySet<string>,
): Promise<FilledGrains> {
  const asked = (name: string) => wanted?.has(name) ?? true;
  const [found] = await rowsOf<{ conversations: boolean; users: boolean; userless: boolean }>(
    connection,
    sql.filled,
  );
  const users = clusterBy.startsWith("user_id") && !found.userless ? "clusters" : "owners";
  return {
    conversations: found.conversations && asked("cost_per_conversation"),
    users: found.users && asked("cost_per_user") ? users : "none",
  };
}

/** The costs of what is larger than a task, for each row of a cost table. */
export interface Grains {
  of(row: CostCounts): { cost_per_conversation?: Estimate; cost_per_user?: Estimate };
}

type Counted = Omit<Priced, "dearest"> & { g: GroupKey; n: number };
type Find = (row: CostCounts) => Estimate;

/**
 * What conversations and users cost, where they have ids. What `prepare` makes must stand.
 *
 * @param ratios those of the table, which have the users' where clusters are users
 */
export async function costGrains(
  selection: Selection,
  options: MeasureOptions,
  { filled, ratios: own }: { filled: FilledGrains; ratios: Ratios },
): Promise<Grains> {
  const { connection, clusterBy, hours } = selection;
  // Tasks and calls nest in conversations, and each conversation counts once.
  const alone = tasksAlone(clusterBy);
  const find = async (
    make: string,
    rows: string,
    { kind, ...settings }: { kind: string; clusterBy: string; hours?: boolean },
  ): Promise<Find> => {
    await run(connection, make);
    const counted = await rowsOf<Counted>(connection, rows);
    const ratios = await ratiosOf(connection, { ...options, hours: false, ...settings });
    const known = new Map(counted.map((one) => [one.g, one]));
    return ({ g, dearest }) => {
      const own = known.get(g) ?? { n: 0, calls: 0, unpriced: 0, cost: 0 };
      const estimate = ratios.ratio(g, kind, { n: own.n, unit: `USD/${kind}`, counted: `${kind}s` });
      return withUnpriced(estimate, own.n, { ...own, dearest });
    };
  };
  const conversations = filled.conversations
    ? await find(sql.conversations, sql.conversation_rows, {
        kind: "conversation",
        clusterBy: alone ? (hours ? "conversation_id and hour" : "conversation_id") : clusterBy,
        hours,
      })
    : undefined;
  const users =
    filled.users === "owners"
      ? await find(sql.users, sql.user_rows, { kind: "user", clusterBy: "user_id" })
      : (row: CostCounts) => usersOf(row, own);
  return {
    of: (row) => ({
      ...(conversations === undefined ? {} : { cost_per_conversation: conversations(row) }),
      ...(filled.users === "none" ? {} : { cost_per_user: users(row) }),
    }),
  };
}

/** Where clusters are users, and every call has one, the sums of the row tell it. */
function usersOf(row: CostCounts, ratios: Ratios): Estimate {
  const estimate = ratios.ratio(row.g, "user", { n: row.users, unit: "USD/user", counted: "users" });
  return withUnpriced({ ...estimate, clusterBy: "user_id" }, row.users, {
    calls: row.task_calls + row.without_task,
    unpriced: row.unpriced + row.unpriced_without_task,
    cost: row.total_cost,
    dearest: row.dearest,
  });
}
