import { type Estimate, noted } from "../stats/estimate";
import { reserve } from "../stats/reservation";
import { type Origin, originOf } from "./behind";
import type { Metric } from "./metricKinds";
import type { MeasureOptions } from "./options";
import type { Row } from "./table";

/** Estimates by metric for each row of a measure's table. */
export type Found = { by: string[]; rows: FoundRow[]; notes: string[] };
export type FoundRow = {
  by: Row;
  found: Record<string, Estimate>;
  origins?: Record<string, Origin | undefined>;
};

/** Metrics measured on the calls of one row. */
export const sameCalls = (row: Row, metrics: readonly { name: string }[]) =>
  Object.fromEntries(metrics.map(({ name }) => [name, originOf(row)]));

export function together(parts: Found[]): Found {
  const notes = parts.flatMap((part) => part.notes);
  return {
    by: parts.find((part) => part.by.length > 0)?.by ?? [],
    rows: parts.flatMap(({ rows }) => rows),
    notes,
  };
}

export function nothing({ unit, label, source }: Metric, { level = 0.95 }: MeasureOptions): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const why =
    source.measure === "quality"
      ? reserve("none.counted", { counted: `score named "${source.score}" here` })
      : reserve("none.in-log", { what: `${label} of this group` });
  return { ...none, level, method: "none", n: 0, clusters: 0, clusterBy: "", unit, ...noted([why]) };
}
