import type { Selection } from "../../facts/select";
import type { Column } from "../../measures/mix/mixLevels";
import { type AtMix, atMix, type Prepared } from "../../measures/mix/mixTables";
import { raisedName } from "../../measures/mix/mixUnits";
import { countsTokens, ownTokens } from "../../measures/mix/ownTokens";
import type { Row } from "../../measures/table";
import { type Estimate, withNotes } from "../../stats/estimate";
import { pricedAt } from "../../stats/worstCase";
import type { ComparedMetric } from "./compareMetrics";
import { type CompareRow, compareRow, type UnjudgedRow } from "./compareRow";
import { oneSided, oneWayOf, toldMetrics } from "./compareTold";
import { outerRow, unknownRow } from "./compareUnpriced";
import type { Switched } from "./controlAt";

/** The measures' values for both sides, for a group and metric. */
export type Stated = (by: Row, metric: string) => Record<"a" | "b", Estimate> | undefined;

export interface CompareRowsOptions {
  level: number;
  byHour: boolean;
  levels: readonly Column[][];
  stated: Stated;
  /** For each group, the group of its users who are on both sides; undefined if these are nearly all of them. */
  again?: ReadonlyMap<string, string>;
  /** What the switch may be held against, if it is one. */
  switched?: Switched;
}

/** The rows of every group and metric that both sides have, in the order of the metrics. */
export async function compareRows(
  { connection, clusterBy, by, missesPrices }: Selection,
  prepared: Prepared,
  metrics: readonly ComparedMetric[],
  groups: readonly { g: string; by: Row }[],
  { level, byHour, levels, stated, again, switched }: CompareRowsOptions,
): Promise<UnjudgedRow[]> {
  const keys = groups.flatMap(({ g }) => [g, ...(again === undefined ? [] : [again.get(g) as string])]);
  const raised = metrics
    .filter(({ unit }) => missesPrices && unit.startsWith("USD"))
    .flatMap((one) => sideNames.map((side) => ({ ...one, name: raisedName(one.name, side) })));
  const asked = { levels, level, byHour, clusterBy };
  const at = await atMix(connection, prepared, [...metrics, ...raised, ...toldMetrics(metrics)], keys, asked);
  const rows: UnjudgedRow[] = [];
  for (const { g, by: own } of groups)
    for (const metric of metrics) {
      const [found, sides] = [at(g, metric.name), stated(own, metric.name)];
      if (found === undefined || sides === undefined) continue;
      const isUnknown = (side: Estimate) => metric.unit.startsWith("USD") && Number.isNaN(side.value);
      const rowOf = (name: string, given: typeof sides, at_: AtMix, atLevel = level) => {
        const users = again && { at: at(again.get(g) as string, name) };
        return compareRow({ ...metric, name }, given, at_, users, { level: atLevel, switched });
      };
      const plain = rowOf(metric.name, sides, found);
      const extremes = sideNames.flatMap((side) => {
        const name = raisedName(metric.name, side);
        const most = sides[side].unpriced === undefined ? undefined : at(g, name);
        return most === undefined
          ? []
          : [rowOf(name, { ...sides, [side]: pricedAt(sides[side], "high") }, most)];
      });
      const one = isUnknown(sides.a) || isUnknown(sides.b) ? unknownRow(plain) : outerRow(plain, extremes);
      const told = countsTokens(metric.name) && !prepared.same.tokensAlike ? tokensApart(one.row) : {};
      const { row, ...oneWayP } = oneWayOf(one.row, (name, given) => {
        const parts = at(g, name);
        return parts && { ...rowOf(name, given(parts), parts, oneSided(level)), margins: parts.margins };
      });
      rows.push({
        ...one,
        ...oneWayP,
        row: { ...(by.length === 0 ? {} : own), ...one.row, ...told, ...row },
      });
    }
  return rows;
}

/** The row's difference as what it is if the sides count tokens in different ways. */
const tokensApart = ({ a, within, within_ratio }: CompareRow): Partial<CompareRow> => ({
  within: withNotes(within, ownTokens(within, a.value)),
  within_ratio: withNotes(within_ratio, ownTokens(within_ratio)),
});

const sideNames = ["a", "b"] as const;
