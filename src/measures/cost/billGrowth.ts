import { join } from "node:path";
import { unclustered } from "../../facts/cluster";
import { checkWhole } from "../../facts/drawn";
import type { SelectOptions } from "../../facts/request";
import { groupsOf, select } from "../../facts/select";
import { brief } from "../../stats/text";
import { areMany } from "../../stats/worstCase";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { withCalls } from "../behind";
import { type WeekCell, weekCells, weekWeights } from "../mix/weekWeights";
import { requestOf } from "../options";
import type { Row, Table } from "../table";
import { unpricedCalls } from "./costUnpriced";

const sql = statements<"bill_calls" | "week_calls" | "spent" | "span" | "selected_calls">(
  join(__dirname, "billGrowth.sql"),
);

/** The share of each window's calls that must lie in hours that both windows have. */
const enough = 0.25;

/** Which calls `billGrowth` compares, and at which moment. */
export interface GrowthOptions extends Omit<SelectOptions, "cluster"> {
  /** The moment between the two windows, "2026-03-05" or with a time, UTC. Default: the middle of the log. */
  at?: string;
}

/** How much one row of the bill grew. All in US dollars a day. */
export interface GrowthRow extends Row {
  before: number;
  after: number;
  growth: number;
  /**
   * The part of the growth from more or fewer calls at the old cost per call, and the part from dearer or
   * cheaper calls. NaN where calls without a known cost may have cost over 5 % of a bill.
   */
  from_calls: number;
  from_cost_per_call: number;
}

/**
 * Which workload and model made the bill grow: spending per day in two windows of equal length, row by row,
 * the largest change first.
 *
 * It is an account of what was logged, without intervals: it does not say whether growth will last. It
 * compares like with like: hours of the week that both windows have, each weighted as in the first window, so
 * a Monday is never compared with a Sunday. A row's growth is split into calls times old cost per call, and
 * the rest. Calls without a known cost are left out; where they may have cost more than 5 % of a window's bill, nothing
 * is split, and a window none of whose calls has a known cost has no bill.
 *
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid time or column, and for a store that was drawn from a larger log
 * @example
 * const store = await openDemo();
 * const { rows } = await billGrowth(store, { at: "2026-03-05" });
 * rows[0].growth.toFixed(2) // "-0.80"
 */
export async function billGrowth(store: Store, options: GrowthOptions = {}): Promise<Table<GrowthRow>> {
  const { at } = options;
  const request = requestOf("billGrowth", options);
  if (at !== undefined && Number.isNaN(Date.parse(at)))
    throw new RangeError(`billGrowth requires at to be a time such as "2026-03-05", got "${at}"`);
  const selection = await select(store, request, { cluster: unclustered, population: "tasks" });
  try {
    checkWhole("billGrowth", selection.drawn);
    const moment =
      at === undefined ? null : new Date(at.length <= 10 ? `${at}T00:00:00Z` : at).toISOString().slice(0, 23);
    const { connection, by } = selection;
    const zone = quoteText(request.timezone ?? "UTC");
    await run(connection, `set variable timezone = ${zone}`);
    await run(connection, `set variable moment = ${moment === null ? "null" : quoteText(moment)}`);
    await run(connection, sql.bill_calls);
    await run(connection, sql.week_calls);
    const table = { measure: "bill growth", by };
    const none = (note: string) => ({ ...table, rows: [], notes: [...selection.notes, note] });
    const [{ calls: selected }] = await rowsOf<{ calls: number }>(connection, sql.selected_calls);
    if (selected === 0) return none("No call is selected.");
    const [span] = await rowsOf<{ moment: string | null; days: number; calls: number }>(connection, sql.span);
    if (span.calls === 0 || span.moment === null) {
      const why = at === undefined ? "No call has a start" : `The log has no calls on both sides of ${at}`;
      return none(`${why}: spending before and after is unknown.`);
    }
    const spent = await rowsOf<Spent>(connection, sql.spent);
    const unpriced = spent.reduce((sum, one) => sum + one.unpriced, 0);
    if (unpriced === span.calls) return none("No call has a cost.");
    const cells = await weekCells(connection);
    const {
      weights,
      matched,
      notes: weekNotes,
    } = weekWeights(cells, ["before", "after"], (before, after) => Math.min(before, after) >= enough);
    const weight = new Map(weights.map(({ w, ...hour }) => [hourOf(hour), w]));
    const hours = cells.filter((cell) => !cell.second && weight.has(hourOf(cell)));
    const days = matched ? hours.reduce((sum, { occurrences }) => sum + occurrences, 0) / 24 : span.days;
    const rows = (await groupsOf(selection)).map(({ g, by: own }): GrowthRow => {
      const of = (second: boolean, what: "spent" | "calls" | "unpriced" | "hidden") =>
        spent
          .filter((one) => one.g === g && one.second === second)
          .reduce((sum, one) => sum + one[what] * (weight.get(hourOf(one)) ?? 0), 0);
      const sides = [false, true].map((second) => {
        const [value, hidden, lacking] = [of(second, "spent"), of(second, "hidden"), of(second, "unpriced")];
        const bill = lacking > 0 && lacking === of(second, "calls") ? Number.NaN : value;
        return { bill, isOpen: areMany(hidden, value) };
      });
      const [before, after] = sides.map(({ bill }) => bill);
      const isOpen = sides.some((side) => side.isOpen);
      // Without earlier calls there is no old cost per call: all of the growth is from calls.
      const fromCalls =
        of(false, "calls") === 0 ? after : (of(true, "calls") / of(false, "calls") - 1) * before;
      return {
        ...(by.length === 0 ? {} : (own as Row)),
        before: before / days,
        after: after / days,
        growth: (after - before) / days,
        from_calls: isOpen ? Number.NaN : fromCalls / days,
        from_cost_per_call: isOpen ? Number.NaN : (after - before - fromCalls) / days,
      };
    });
    const notes = [
      `US dollars a day in the ${span.days.toFixed(1)} days before and after ${span.moment.slice(0, 16)} UTC, as measured: without an interval, so part of a growth may be chance.`,
      ...weekNotes,
      ...leftOut(spent, rows),
      ...selection.notes,
    ];
    return withCalls(
      { ...table, rows: rows.sort((x, y) => size(y) - size(x)), notes },
      (again) => billGrowth(again, options),
      {
        from: "select g, at_row, cost as amount from bill_calls",
        amount: { name: "cost", sum: "the cost", first: "dearest" },
      },
    );
  } finally {
    selection.close();
  }
}

/** Rows without a growth come last. */
const size = ({ growth }: GrowthRow) => (Number.isNaN(growth) ? -1 : Math.abs(growth));

/** What is said of calls without a known cost. */
function leftOut(spent: readonly Spent[], rows: readonly GrowthRow[]): string[] {
  const sum = (name: "calls" | "unpriced" | "hidden") => spent.reduce((all, one) => all + one[name], 0);
  if (sum("unpriced") === 0) return [];
  const most =
    sum("hidden") < Number.POSITIVE_INFINITY ? `at most ${brief(sum("hidden"))} USD` : "at any amount";
  const unsplit = rows.filter(({ from_calls }) => Number.isNaN(from_calls)).length;
  const where = unsplit === rows.length ? "any row" : `${unsplit} of ${rows.length} rows`;
  const why = unsplit === 0 ? "" : `; growth is not split in ${where}, where they may be over 5 % of a bill`;
  return [`${unpricedCalls(sum("unpriced"), sum("calls"))} and are left out, ${most}${why}.`];
}

interface Spent extends Pick<WeekCell, "second" | "weekday" | "hour_of_day"> {
  g: string;
  spent: number;
  calls: number;
  unpriced: number;
  hidden: number;
}

const hourOf = ({ second, weekday, hour_of_day }: Pick<WeekCell, "second" | "weekday" | "hour_of_day">) =>
  `${second} ${weekday} ${hour_of_day}`;
