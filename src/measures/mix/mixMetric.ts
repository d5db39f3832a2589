import type { LatencyMetric } from "../metricKinds";
import { groupedBy } from "../rowKey";

/** A number that is reported at one mix. */
export interface MixMetric {
  name: string;
  kind: "quantile" | "rate" | "mean";
  /** For a quantile: its probability, and the metric. */
  of?: { metric: LatencyMetric; p: number };
}

/** A group's key. */
export type G = string | number;
/** What a row of sums is of. */
export type Keyed = { metric: string; g: G };
export const keyOf = ({ metric, g }: Keyed) => `${g} ${metric}`;

/** The rows of each group and metric. */
export const groupBy = <T extends Keyed>(rows: readonly T[]): Map<string, T[]> => groupedBy(rows, keyOf);

/** A sum of the engine, which adds in any order, without the digits that mean nothing. */
export const steady = (x: number) => (Number.isFinite(x) ? Number(x.toPrecision(12)) : x);
