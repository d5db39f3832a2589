import { derived } from "../../facts/request";
import { groupsOf, select } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { ratioInterval } from "../../stats/ratioInterval";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import type { MeasureRequest } from "../options";
import { rowKey } from "../rowKey";
import type { Row } from "../table";

const sql = statements(__dirname, "tasksPerUserDay.sql");

/**
 * The tasks of a user on a day on which the user brings any, for each group of some columns, at any level: over users,
 * who are independent, whatever model answered.
 */
export async function tasksPerUserDay(
  store: Store,
  request: MeasureRequest,
  by: readonly string[],
): Promise<(row: Row, level: number) => Estimate> {
  const selection = await select(store, derived(request, { by: [...by] }), {
    population: "tasks",
    reads: [sql.user_days],
  });
  try {
    const users = await rowsOf<{ g: string; tasks: number; days: number }>(
      selection.connection,
      sql.user_days,
    );
    const groups = await groupsOf(selection);
    return (row, level) => {
      const key = rowKey(by, row);
      const own = groups.find((group) => rowKey(by, group.by) === key)?.g;
      const some = users.filter(({ g }) => g === own);
      return ratioInterval(
        some.map(({ tasks }) => tasks),
        some.map(({ days }) => days),
        { level, clusterBy: "user_id", unit: "tasks/user/day" },
      );
    };
  } finally {
    selection.close();
  }
}
