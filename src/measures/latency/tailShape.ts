import { clusterSampleRate } from "../../facts/grain";
import { type Estimate, noEnds, renoted } from "../../stats/estimate";
import { ratioOf } from "../../stats/mover";
import { reserve } from "../../stats/reservation";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { openAbove } from "../estimate/openAbove";
import { ratiosOf } from "../estimate/ratios";
import type { Spread } from "../estimate/spread";
import type { GroupKey } from "../estimate/summaries";
import type { MeasureOptions } from "../options";
import type { MeasuredNumber } from "./number";

const sql = statements(__dirname, "tailShape.sql");

/** What the mean and quantiles alone do not say about a group. */
export interface TailShape {
  /** The mean without the shortest 5 % and the longest 5 % of calls. */
  trimmed_mean: Estimate;
  /** The 99th percentile divided by the median. */
  p99_to_p50: Estimate;
  /** The share of all waiting spent in the slowest 1 % of calls. */
  slowest_share: Estimate;
}

const trim = 0.05;
const slowest = 0.01;

/** The quantiles that the shape is computed from. */
export const shapeQuantiles = [trim, 0.5, 1 - trim, 1 - slowest];

/**
 * Estimates the shape of every group's distribution.
 *
 * @remarks Method: the trimmed mean and the share by their influence functions, with values beyond the
 * quantiles set to them (Tukey & McLaughlin 1963; the share is a point of the Lorenz curve, Beach & Davidson
 * 1983, doi:10.2307/2297476), as ratios over clusters; p99 over p50 by MOVER on the log scale, with the two
 * taken as independent, which widens the interval where slow users raise both.
 * @param spreads quantiles at `shapeQuantiles` for each group
 */
export async function tailShapes(
  { selection, groups }: Pick<MeasuredNumber, "selection" | "groups">,
  spreads: ReadonlyMap<GroupKey, Spread>,
  { unit, ...options }: MeasureOptions & { unit: string },
): Promise<Map<GroupKey, TailShape>> {
  const { connection } = selection;
  const quantile = (g: GroupKey, p: number) => (spreads.get(g) as Spread).quantiles[String(p)];
  const measured = groups.filter(({ n }) => n > 0);
  const ends = measured
    .map(({ g }) => ({
      g,
      low: quantile(g, trim).value,
      high: quantile(g, 1 - trim).value,
      top: quantile(g, 1 - slowest).value,
    }))
    .filter(({ low, high, top }) => [low, high, top].every(Number.isFinite));
  await run(connection, sql.ends, { ends: JSON.stringify(ends) });
  await run(connection, `set variable trim = ${trim}; set variable slowest = ${slowest}`);
  const early = new Map(
    (await rowsOf<{ g: string; early: number }>(connection, sql.early)).map((row) => [row.g, row.early]),
  );
  const ratios = await ratiosOf(selection, sql.shape, {
    ...options,
    clusterBy: selection.clusterBy,
    hours: selection.hours,
    every: clusterSampleRate(
      measured.reduce((sum, { n }) => sum + n, 0),
      measured.length,
    ),
  });
  return new Map(
    groups.map(({ g, n, censored }) => {
      const [p50, p99] = [quantile(g, 0.5), quantile(g, 1 - slowest)];
      const share = ratios.ratio(g, "slowest", { n, unit: "1", counted: "calls" });
      const mean = ratios.ratio(g, "trimmed", { n, unit, counted: "calls" });
      return [
        g,
        {
          trimmed_mean: openAbove(mean, early.get(g) ?? 0),
          p99_to_p50: timesOf(p99, p50),
          // If the calls cannot bound the quantile, they cannot say how much lies above it either.
          slowest_share:
            censored > 0 || p99.high !== Number.POSITIVE_INFINITY
              ? openAbove(share, censored, { high: 1 })
              : renoted(
                  { ...share, ...noEnds },
                  p99.reservations ?? [reserve("none.bound", { quantile: "p99" })],
                ),
        },
      ];
    }),
  );
}

/** The ratio of two quantiles; it carries the warnings of the one further out. */
function timesOf(p99: Estimate, p50: Estimate): Estimate {
  return renoted({ ...ratioOf(p99, p50), unit: "×" }, p99.reservations ?? []);
}
