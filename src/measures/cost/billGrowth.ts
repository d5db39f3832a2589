import { join } from "node:path";
import { unclustered } from "../../facts/cluster";
import { type SelectOptions, select } from "../../facts/select";
import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/query";
import { statements } from "../../store/statements";
import type { Row, Table } from "../table";

const sql = statements<"halves">(join(__dirname, "billGrowth.sql"));

/** How the growth of the bill is told. */
export interface GrowthOptions extends Omit<SelectOptions, "cluster"> {
  /** The moment between the two windows, "2026-03-05" or with a time, UTC. Default: the middle of the log. */
  at?: string;
}

/** What one row of the bill grew by. All in US dollars a day. */
export interface GrowthRow extends Row {
  before: number;
  after: number;
  growth: number;
  /** Of the growth, what more or fewer calls at the old cost per call make of it, and what dearer calls do. */
  from_calls: number;
  from_cost_per_call: number;
}

/**
 * Which workload and model the bill grew by: spending a day in two windows of equal length, row by row, the largest
 * change first.
 *
 * It is an account of what was logged, exact and without intervals: whether a growth will last it does not say. A
 * row's growth is split into calls times old cost per call, and the rest.
 *
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid time or column
 * @example
 * const store = await openDemo();
 * const { rows } = await billGrowth(store, { at: "2026-03-05" });
 * rows[0].growth.toFixed(2) // "-2.10"
 */
export async function billGrowth(store: Store, options: GrowthOptions = {}): Promise<Table<GrowthRow>> {
  const { at, ...rest } = options;
  if (at !== undefined && Number.isNaN(Date.parse(at)))
    throw new RangeError(`billGrowth requires at to be a time such as "2026-03-05", got "${at}"`);
  const selection = await select(store, { ...rest, cluster: unclustered, population: "tasks" });
  try {
    const moment =
      at === undefined ? null : new Date(at.length <= 10 ? `${at}T00:00:00Z` : at).toISOString().slice(0, 23);
    const found = await rowsOf<Record<string, number> & { moment: string | null; by: Row }>(
      selection.connection,
      sql.halves,
      { at: moment },
    );
    const rows = found.map(({ by, days, before, after, calls_before, calls_after }) => {
      // Without calls before there is no old cost per call: all of the growth is calls.
      const fromCalls = calls_before === 0 ? after : (calls_after / calls_before - 1) * before;
      return {
        ...(selection.by.length === 0 ? {} : by),
        before: before / days,
        after: after / days,
        growth: (after - before) / days,
        from_calls: fromCalls / days,
        from_cost_per_call: (after - before - fromCalls) / days,
      };
    });
    const table = { measure: "bill growth", by: selection.by };
    const calls = found.reduce((sum, row) => sum + row.calls_before + row.calls_after, 0);
    const unpriced = found.reduce((sum, row) => sum + row.unpriced, 0);
    if (found.length === 0) return { ...table, rows: [], notes: ["No call is selected."] };
    if (calls === 0 || found[0].moment === null) {
      const why = at === undefined ? "No call has a start" : `The log has no calls on both sides of ${at}`;
      return { ...table, rows: [], notes: [`${why}: spending before and after is unknown.`] };
    }
    if (unpriced === calls) return { ...table, rows: [], notes: ["No call has a cost."] };
    const notes = [
      `US dollars a day in the ${found[0].days.toFixed(1)} days before and after ${found[0].moment.slice(0, 16)} UTC.`,
      ...(unpriced > 0 ? [`${grouped(unpriced)} calls without a cost are left out.`] : []),
    ];
    return { ...table, rows, notes };
  } finally {
    selection.close();
  }
}
