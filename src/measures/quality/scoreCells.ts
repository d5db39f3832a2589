import type { Estimate } from "../../stats/estimate";
import type { MeasureOptions } from "../options";
import { correctedByGroup } from "./judged";
import { meanOfScore, type ScoreSums } from "./qualityMean";
import type { Judged } from "./qualitySubjects";
import { scoreRatios } from "./scoreRatios";

/** What a table says of a score in one of its rows. */
export interface ScoreCells {
  n: number;
  rater: string;
  mean: Estimate;
  corrected?: Estimate;
}

/**
 * A score in the rows of any table of judged subjects, from the table `rated`: the one home of its mean, its interval and,
 * if people labelled some of what a judge judged, of its correction.
 */
export async function scoreCells(
  selection: Judged,
  sums: ScoreSums[],
  options: MeasureOptions & { rater?: string; guarantee?: boolean },
): Promise<(group: ScoreSums) => ScoreCells> {
  const { clusterBy } = selection;
  const { level, guarantee, interval } = options;
  const ratios = await scoreRatios(selection, sums, options);
  const settings = { level, clusterBy, guarantee, interval, ratios };
  const corrected = await corrections(selection, sums, options);
  return (group) => {
    const own = group.rater === "judge" ? corrected?.get(group.g)?.rates.corrected : undefined;
    return {
      n: group.n,
      rater: group.rater,
      mean: meanOfScore(group, settings),
      ...(own === undefined ? {} : { corrected: own }),
    };
  };
}

/** A judge's rates corrected for its errors, if people labelled some of the same subjects. */
async function corrections(
  selection: Judged,
  sums: ScoreSums[],
  { rater, level, seed }: MeasureOptions & { rater?: string },
) {
  const has = (kind: string) => sums.some((group) => group.rater === kind);
  if ((rater ?? "judge") !== "judge" || !has("judge") || !has("human")) return undefined;
  const corrected = await correctedByGroup(selection, sums, { level, seed });
  return [...corrected.values()].some(({ labelled }) => labelled > 0) ? corrected : undefined;
}
