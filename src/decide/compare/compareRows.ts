import type { Selection } from "../../facts/select";
import type { Column } from "../../measures/mix/mixLevels";
import { atMix, type Prepared } from "../../measures/mix/mixTables";
import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import type { ComparedMetric } from "./compareMetrics";
import { compareRow, type UnjudgedRow } from "./compareRow";

/** The measures' values for both sides, for a group and metric. */
export type Stated = (by: Row, metric: string) => Record<"a" | "b", Estimate> | undefined;

export interface CompareRowsOptions {
  level: number;
  byHour: boolean;
  levels: readonly Column[][];
  stated: Stated;
  /** For each group, the group of its users who are on both sides; undefined if these are nearly all of them. */
  again?: ReadonlyMap<string, string>;
}

/** The rows of every group and metric that both sides have, in the order of the metrics. */
export async function compareRows(
  { connection, clusterBy, by }: Selection,
  prepared: Prepared,
  metrics: readonly ComparedMetric[],
  groups: readonly { g: string; by: Row }[],
  { level, byHour, levels, stated, again }: CompareRowsOptions,
): Promise<UnjudgedRow[]> {
  const keys = groups.flatMap(({ g }) => [g, ...(again === undefined ? [] : [again.get(g) as string])]);
  const at = await atMix(connection, prepared, metrics, keys, { levels, level, byHour, clusterBy });
  const rows: UnjudgedRow[] = [];
  for (const { g, by: own } of groups)
    for (const metric of metrics) {
      const [found, sides] = [at(g, metric.name), stated(own, metric.name)];
      if (found === undefined || sides === undefined) continue;
      const users = again && { at: at(again.get(g) as string, metric.name) };
      const one = compareRow(metric, sides, found, users, level);
      rows.push({ ...one, row: { ...(by.length === 0 ? {} : own), ...one.row } });
    }
  return rows;
}
