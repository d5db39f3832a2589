import { clusterSampleRate } from "../../facts/grain";
import type { Selection } from "../../facts/select";
import { run } from "../../store/run";
import { statements } from "../../store/statements";
import type { MeasureOptions } from "../options";
import { groupSummaries } from "./distribution";
import { followedBy } from "./duckdbRatios";
import { duckdbSummaries } from "./duckdbSummaries";
import { type RatioOptions, type Ratios, ratiosOf } from "./ratios";
import { type Spread, spreads } from "./spread";
import type { GroupKey } from "./summaries";

const sql = statements(__dirname, "bins.sql");

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
  selection: Selection,
  rows: string,
  { requested, usual }: { requested?: number; usual: number },
): Promise<void> {
  const { connection } = selection;
  await run(connection, rows);
  await run(connection, sql.bins, {
    bins: requested ?? usual,
    least: requested === undefined ? leastInBin : 1,
  });
  await ofBins(selection);
}

/** The selection whose regroupings the view `binned` follows. */
const ofBins = (selection: Selection) => followedBy(selection, "binned", "cut_rows");

/** The ratios of the bins; `sums` reads the view `binned` and gives `unit`, its cluster, with each sum. */
export async function ratiosOfBins(
  selection: Selection,
  sums: string,
  bins: readonly { calls?: number; n?: number }[],
  options: RatioOptions,
): Promise<Ratios> {
  const rows = bins.reduce((all, { calls, n = calls ?? 0 }) => all + n, 0);
  const every = clusterSampleRate(rows, bins.length);
  return ratiosOf(await ofBins(selection), sums, { ...options, hours: selection.hours, every });
}

/** Quantiles of the waits of the table `binned`, by the key of a bin, at ascending probabilities. */
export async function waitsOfBins(
  selection: Selection,
  q: number[],
  options: MeasureOptions,
): Promise<Map<GroupKey, Spread["quantiles"]>> {
  await run(selection.connection, sql.measured);
  const summaries = await duckdbSummaries(await ofBins(selection));
  const found = await spreads(summaries, await groupSummaries(summaries), q, { ...options, unit: "s" });
  return new Map([...found].map(([bin, { quantiles }]) => [bin, quantiles]));
}
