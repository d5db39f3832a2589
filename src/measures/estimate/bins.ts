import { join } from "node:path";
import { clusterSampleRate } from "../../facts/grain";
import type { Selection } from "../../facts/select";
import { run } from "../../store/run";
import { statements } from "../../store/statements";
import type { MeasureOptions } from "../options";
import { groupSummaries } from "./distribution";
import { regroupedBy } from "./duckdbRatios";
import { duckdbSummaries } from "./duckdbSummaries";
import { type RatioOptions, type Ratios, ratiosOf } from "./ratios";
import { type Spread, spreads } from "./spread";
import type { GroupKey } from "./summaries";

const sql = statements<"bins" | "measured">(join(__dirname, "bins.sql"));

/** Checks a number of bins. */
export function checkBins(caller: string, bins: number | undefined): void {
  if (bins === undefined || (Number.isSafeInteger(bins) && bins >= 1 && bins <= 1000)) return;
  throw new RangeError(`${caller} requires a whole number of bins from 1 to 1000, got ${String(bins)}`);
}

/** The option that says how many bins there are. */
export const binsOption = <const A extends string, const U extends number>(about: A, usual: U) =>
  ({
    value: "<number>",
    about: `${about} (default: ${usual}, fewer where rows are few)`,
    as: "whole",
    check: (caller: string, bins: number) => checkBins(caller, bins),
  }) as const;

/** Minimum rows in a bin, if its group has them: fewer give neither a rate nor a median. */
const leastInBin = 5;

/**
 * Makes the view `binned` from the counts of every level in the table `unbinned`, which the statement `rows`
 * makes.
 *
 * @param asked the number of bins requested, which are made however few rows there are
 */
export async function cutBins(
  { connection }: Selection,
  rows: string,
  { requested, usual }: { requested?: number; usual: number },
): Promise<void> {
  await run(connection, rows);
  await run(connection, sql.bins, {
    bins: requested ?? usual,
    least: requested === undefined ? leastInBin : 1,
  });
  await clusterBins(connection);
}

/** Makes the view `binned`, with `unit` as the cluster of its rows. */
const clusterBins = (connection: Selection["connection"], unit = "cluster", there = "true") =>
  run(
    connection,
    `create or replace temp view binned as select * replace (${unit} as cluster) from cut_rows where ${there}`,
  );

/** The selection whose regroupings the view `binned` follows; its rows have an `hour_unit`. */
function ofBins(selection: Selection): Selection {
  const { connection } = selection;
  const reread = (unit: string, there: string) => clusterBins(connection, unit, there);
  const regrouped = regroupedBy(selection, reread);
  return {
    ...selection,
    regrouped: async (grain, every, work) => {
      try {
        return await regrouped(grain, every, work);
      } finally {
        await clusterBins(connection);
      }
    },
  };
}

/** The ratios of the bins; `sums` reads the view `binned` and gives `unit`, its cluster, with each sum. */
export function ratiosOfBins(
  selection: Selection,
  sums: string,
  bins: readonly { calls?: number; n?: number }[],
  options: RatioOptions,
): Promise<Ratios> {
  const rows = bins.reduce((all, { calls, n = calls ?? 0 }) => all + n, 0);
  const every = clusterSampleRate(rows, bins.length);
  return ratiosOf(ofBins(selection), sums, { ...options, hours: selection.hours, every });
}

/** Quantiles of the waits of the table `binned`, by the key of a bin, at ascending probabilities. */
export async function waitsOfBins(
  selection: Selection,
  q: number[],
  options: MeasureOptions,
): Promise<Map<GroupKey, Spread["quantiles"]>> {
  await run(selection.connection, sql.measured);
  const summaries = await duckdbSummaries(ofBins(selection));
  const found = await spreads(summaries, await groupSummaries(summaries), q, { ...options, unit: "s" });
  return new Map([...found].map(([bin, { quantiles }]) => [bin, quantiles]));
}
