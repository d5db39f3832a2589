import { join } from "node:path";
import { unclustered } from "../../facts/cluster";
import { checkWhole } from "../../facts/drawn";
import { groupsOf } from "../../facts/select";
import { brief } from "../../stats/text";
import { areMany } from "../../stats/worstCase";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { type WeekCell, weekCells, weekWeights } from "../mix/weekWeights";
import type { Keyed } from "../table";
import { noCallSelected } from "../whyEmpty";
import { unpricedCalls } from "./costUnpriced";

const sql = statements<"bill_calls" | "week_calls" | "spent" | "span" | "selected_calls">(
  join(__dirname, "billGrowth.sql"),
);

/** The share of each window's calls that must lie in hours that both windows have. */
const enough = 0.25;

const countsAll = "it counts what the log has, without intervals";

/** How much one row of the bill grew. All in US dollars a day. */
export type GrowthRow = Keyed<{
  before: number;
  after: number;
  growth: number;
  /**
   * The part of the growth from more or fewer calls at the old cost per call, and the part from dearer or
   * cheaper calls. NaN where calls without a known cost may have cost over 5 % of a bill.
   */
  from_calls: number;
  from_cost_per_call: number;
}>;

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
 * const { rows } = await costGrowth(store, { at: "2026-03-05" });
 * rows[0].growth.toFixed(2) // "-0.80"
 */
export const costGrowth = defineMeasure({
  name: "growth",
  of: "cost",
  was: "bill-growth",
  about: "the bill before and after a date, split into calls, tokens a call and price",
  needs: ["cost", "started_at"],
  fixed: {
    cluster: countsAll,
    level: countsAll,
    seed: countsAll,
    interval: countsAll,
    credit: "it counts calls, not tasks",
  },
  options: {
    at: {
      value: "<date>",
      about: "where before ends (default: the middle of the log)",
      check(caller: string, at: string) {
        if (Number.isNaN(Date.parse(at)))
          throw new RangeError(`${caller} requires at to be a time such as "2026-03-05", got "${at}"`);
      },
    },
  },
  selects: { cluster: unclustered, population: "tasks" },
  async table({ selection, options: { at, timezone = "UTC" } }): Promise<Result<GrowthRow>> {
    const { connection, by, drawn } = selection;
    checkWhole("costGrowth", drawn);
    const moment =
      at === undefined
        ? "null"
        : quoteText(new Date(at.length <= 10 ? `${at}T00:00:00Z` : at).toISOString().slice(0, 23));
    await run(connection, `set variable timezone = ${quoteText(timezone)}; set variable moment = ${moment}`);
    await run(connection, sql.bill_calls);
    await run(connection, sql.week_calls);
    const none = (note: string) => ({ rows: [], notes: [note] });
    const [{ calls: selected }] = await rowsOf<{ calls: number }>(connection, sql.selected_calls);
    if (selected === 0) return none(noCallSelected);
    const [span] = await rowsOf<{ moment: string | null; days: number; calls: number }>(connection, sql.span);
    if (span.calls === 0 || span.moment === null) {
      const why = at === undefined ? "No call has a start" : `The log has no calls on both sides of ${at}`;
      return none(`${why}: spending before and after is unknown.`);
    }
    const spent = await rowsOf<Spent>(connection, sql.spent);
    if (totalOf(spent, "unpriced") === span.calls) return none("No call has a cost.");
    const cells = await weekCells(connection);
    const weeks = weekWeights(
      cells,
      ["before", "after"],
      (before, after) => Math.min(before, after) >= enough,
    );
    const weight = new Map(weeks.weights.map(({ w, ...hour }) => [hourOf(hour), w]));
    const hours = cells.filter((cell) => !cell.second && weight.has(hourOf(cell)));
    const days = weeks.matched
      ? hours.reduce((sum, { occurrences }) => sum + occurrences, 0) / 24
      : span.days;
    const rows = (await groupsOf(selection)).map(({ g, by: values }): GrowthRow => {
      const ofGroup = spent.filter((cell) => cell.g === g);
      return { ...(by.length === 0 ? {} : values), ...growthOf(ofGroup, weight, days) };
    });
    return {
      rows: rows.sort((x, y) => size(y) - size(x)),
      lead: [
        `US dollars a day in the ${span.days.toFixed(1)} days before and after ${span.moment.slice(0, 16)} UTC, as measured: without an interval, so part of a growth may be chance.`,
        ...weeks.notes,
        ...leftOut(spent, rows),
      ],
      behind: {
        from: "select g, at_row, cost as amount from bill_calls",
        amount: { name: "cost", sum: "the cost", first: "dearest" },
      },
    };
  },
});

/** What a row spent a day in both windows, and its growth. */
function growthOf(cells: readonly Spent[], weight: ReadonlyMap<string, number>, days: number) {
  const [first, second] = [false, true].map((isSecond) => {
    const weighted = (sum: Sum) =>
      cells
        .filter((cell) => cell.second === isSecond)
        .reduce((total, cell) => total + cell[sum] * (weight.get(hourOf(cell)) ?? 0), 0);
    const [value, calls, unpriced] = [weighted("spent"), weighted("calls"), weighted("unpriced")];
    // A failed call is free: it makes no bill of calls whose costs are unknown.
    const bill = unpriced > 0 && value === 0 ? Number.NaN : value;
    return { bill, calls, isOpen: areMany(unpriced, calls) && areMany(weighted("hidden"), value) };
  });
  const [before, after] = [first.bill, second.bill];
  const isOpen = first.isOpen || second.isOpen;
  // Without earlier calls there is no old cost per call: all of the growth is from calls.
  const fromCalls = first.calls === 0 ? after : (second.calls / first.calls - 1) * before;
  return {
    before: before / days,
    after: after / days,
    growth: (after - before) / days,
    from_calls: isOpen ? Number.NaN : fromCalls / days,
    from_cost_per_call: isOpen ? Number.NaN : (after - before - fromCalls) / days,
  };
}

/** Rows without a growth come last. */
const size = ({ growth }: GrowthRow) => (Number.isNaN(growth) ? -1 : Math.abs(growth));

/** What is said of calls without a known cost. */
function leftOut(spent: readonly Spent[], rows: readonly GrowthRow[]): string[] {
  const [unpriced, hidden] = [totalOf(spent, "unpriced"), totalOf(spent, "hidden")];
  if (unpriced === 0) return [];
  const most = hidden < Number.POSITIVE_INFINITY ? `at most ${brief(hidden)} USD` : "at any amount";
  const unsplit = rows.filter(({ from_calls }) => Number.isNaN(from_calls)).length;
  const where = unsplit === rows.length ? "any row" : `${unsplit} of ${rows.length} rows`;
  const why = unsplit === 0 ? "" : `; growth is not split in ${where}, where they may be over 5 % of a bill`;
  return [`${unpricedCalls(unpriced, totalOf(spent, "calls"))} and are left out, ${most}${why}.`];
}

type Sum = "spent" | "calls" | "unpriced" | "hidden";

interface Spent extends Pick<WeekCell, "second" | "weekday" | "hour_of_day">, Record<Sum, number> {
  g: string;
}

const totalOf = (cells: readonly Spent[], sum: Sum) => cells.reduce((total, cell) => total + cell[sum], 0);

const hourOf = ({ second, weekday, hour_of_day }: Pick<WeekCell, "second" | "weekday" | "hour_of_day">) =>
  `${second} ${weekday} ${hour_of_day}`;
