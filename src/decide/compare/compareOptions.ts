import type { Selection } from "../../facts/select";
import type { Origin } from "../../measures/behind";
import type { OptionTable } from "../../measures/measure";
import { grainOptions } from "../../measures/metricGrain";
import type { Column } from "../../measures/mix/mixLevels";
import { type Prepared, readBy } from "../../measures/mix/mixTables";
import { raisedBoth, toldNames } from "../../measures/mix/mixUnits";
import type { Row } from "../../measures/table";
import type { Users } from "./compareAssumptions";
import { comparedMetric } from "./compareMetrics";
import type { UnjudgedRow } from "./compareRow";
import type { Stated } from "./compareRows";

/** Which two sides are compared, and in what. */
export const compareOptions = {
  a: { value: "<predicate>", about: "side a: calls that meet this SQL predicate" },
  b: { value: "<predicate>", about: "side b" },
  switch: {
    value: "<date>",
    about: "instead of --a and --b: calls before this time against those from then on",
  },
  metrics: {
    flag: "metric",
    value: "<names>",
    about: "metrics to compare (default: all that the log has)",
    as: "names",
  },
  ...grainOptions,
} as const satisfies OptionTable;

/** The rows of two sides before they are judged, and what they come from. */
export interface Found {
  selection: Selection;
  at?: string;
  prepared: Prepared;
  levels: Column[][];
  users: Users;
  matched: string[];
  rows: UnjudgedRow[];
  /** What is said of metrics that are compared as measured alone. */
  asMeasured: string[];
  stated: StatedRow;
}

/** The measures' estimates for both sides, and the calls they are for. */
export type StatedRow = (
  by: Row,
  metric: string,
) => (ReturnType<Stated> & { origins: Record<"a" | "b", Origin | undefined> }) | undefined;

/** What is summed for some metrics: themselves, costs with the unknown ones of a side at their most, and the outcomes told. */
export const readIn = (names: readonly string[]) => {
  const compared = names.map((name) => comparedMetric(name));
  const told = toldNames.map((name) => ({ name }));
  return readBy([...compared, ...compared.flatMap(({ name }) => raisedBoth(name)), ...told]);
};
