import { run } from "../../store/query";
import type { Selection } from "../../store/select";
import type { MeasureOptions } from "../options";
import { groupSummaries } from "./distribution";
import type { GroupKey } from "./ratios";
import { type Spread, spreads } from "./spread";

/** Quantiles of durations by bin. */
export interface BinSpreads {
  of(bin: GroupKey): Spread["quantiles"];
}

/**
 * Quantiles of duration in bins that a measure has cut.
 *
 * @param view the statement that makes the view `measured`, in which each bin is a group of its own
 */
export async function spreadOfBins(
  selection: Selection,
  view: string,
  q: readonly number[],
  options: MeasureOptions,
): Promise<BinSpreads> {
  await run(selection.connection, view);
  // The bins' names stand in the measure's own rows.
  const bins = { ...selection, by: [], hours: false };
  const groups = await groupSummaries(bins);
  const found = await spreads(bins, groups, [...q], { ...options, unit: "s" });
  const quantiles = new Map([...found].map(([g, spread]) => [String(g), spread.quantiles]));
  return { of: (bin) => quantiles.get(String(bin)) ?? {} };
}
