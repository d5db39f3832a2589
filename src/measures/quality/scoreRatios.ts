import { callsAlone } from "../../facts/cluster";
import { clusterSampleRate } from "../../facts/grain";
import { statements } from "../../store/statements";
import { ratioSums, regroupedBy } from "../estimate/duckdbRatios";
import { type Ratios, ratiosOf } from "../estimate/ratios";
import type { MeasureOptions } from "../options";
import type { ScoreSums } from "./qualityMean";
import type { Judged } from "./qualitySubjects";

const sql = statements(__dirname, "quality.sql");

/** The scores as ratios over clusters, unless every subject is one. */
export async function scoreRatios(
  selection: Judged,
  sums: readonly ScoreSums[],
  options: MeasureOptions,
): Promise<Ratios | undefined> {
  const { connection, clusterBy, hours } = selection;
  if (!hours && callsAlone(clusterBy) && options.interval !== "bootstrap") return undefined;
  const judged = sums.reduce((all, { n }) => all + n, 0);
  const regrouped = regroupedBy(selection, (unit, there) =>
    ratioSums(
      connection,
      `select g, rater as kind, fsum(value) as c, count(*)::double as r, ${unit} as unit
       from (select * replace (hash(cluster) as cluster) from rated) where ${there} group by g, rater, ${unit}`,
    ),
  );
  const every = clusterSampleRate(judged, sums.length);
  return ratiosOf({ connection, regrouped }, sql.rater_sums, { ...options, clusterBy, hours, every });
}
