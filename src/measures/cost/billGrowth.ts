import { checkWhole } from "../../facts/drawn";
import { clusterSampleRate } from "../../facts/grain";
import { groupsOf, type Selection } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { brief, daysText } from "../../stats/text";
import { isDay } from "../../store/day";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { followedBy } from "../estimate/duckdbRatios";
import { ratiosOf } from "../estimate/ratios";
import { weekCells, weekWeights } from "../mix/weekWeights";
import type { MeasureOptions } from "../options";
import type { Keyed, Row } from "../table";
import { noCallSelected } from "../whyEmpty";
import { amountsOf, type Bill, factorsOf, sumsOf } from "./billAmounts";
import { unpricedCalls } from "./costUnpriced";

const sql = statements(__dirname, "billGrowth.sql");

/** The share of each window's calls that must lie in hours that both windows have. */
const enough = 0.25;

/** The group of all rows in what the statements give. */
const total = "all";

/** What the row of all groups has in the place of their names: no group's own. */
const namedTogether = (groups: readonly { by: Row }[]) =>
  groups.some(({ by }) => Object.values(by).every((value) => value === total)) ? "all together" : total;

/** How much one row of the bill grew, or all of them; the amounts in US dollars a day. */
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
  /** After over before: `calls_factor` times `cost_per_call_factor`. Of all rows, calls count by their row's old cost per call. */
  factor: Estimate;
  calls_factor: Estimate;
  cost_per_call_factor: Estimate;
}>;

/**
 * Which workload and model made the bill grow: spending per day in two windows of equal length, row by row,
 * the largest change first, and a last row "all" that they add up to.
 *
 * It compares like with like: hours of the week that both windows have, each weighted as in the first window, so
 * a Monday is never compared with a Sunday. A row's growth is split into calls times old cost per call, and
 * the rest. The amounts are what was logged; the intervals of the factors say how far chance alone may have moved them: other users,
 * and hours or days that differ from their partners in the other window. They do not say whether growth will last. n counts calls.
 * Calls without a known cost are left out; where they may have cost more than 5 % of a window's bill, nothing
 * is split, and a window none of whose calls has a known cost has no bill.
 *
 * @remarks Method: ratios by bootstrap over clusters (see `ratioInterval`), the cost per call as a ratio of ratios by the deviations of
 * its linear form; coverage in docs/simulations/growth.md.
 * @returns a table with a row for each group of `by`, and one of all
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
  about: "the bill before and after a date, split into calls and cost per call",
  needs: ["cost", "started_at"],
  fixed: {
    credit: "it counts calls, not tasks",
  },
  options: {
    at: {
      value: "<date>",
      about: "where before ends, in UTC (default: the middle of the log)",
      check(caller: string, at: string) {
        if (momentOf(at) === undefined)
          throw new RangeError(`${caller} requires at to be a time such as "2026-03-05", got "${at}"`);
      },
    },
  },
  selects: { hours: true, population: "tasks" },
  async table({ selection, options }): Promise<Result<GrowthRow>> {
    const { connection, by, drawn } = selection;
    const { at } = options;
    checkWhole("costGrowth", drawn);
    await madeCalls(selection, options);
    const none = (note: string) => ({ rows: [], notes: [note] });
    const [{ calls: selected }] = await rowsOf<{ calls: number }>(connection, sql.selected_calls);
    if (selected === 0) return none(noCallSelected);
    const [span] = await rowsOf<Span>(connection, sql.span);
    if (span.calls === 0 || span.moment === null) {
      const why =
        at !== undefined
          ? `The log has no calls on both sides of ${at}`
          : span.timed === 0
            ? "No call has a start"
            : "All calls start at the same time";
      return none(`${why}: spending before and after is unknown.`);
    }
    if (span.unpriced === span.calls) return none("No call has a cost.");
    const { days, notes } = await weighed(selection, span);
    const bills = await rowsOf<Bill>(connection, sql.bills);
    const groups = await groupsOf(selection);
    const together = namedTogether(groups);
    const ratios = await ratiosOf(await followedBy(selection, "clustered", "bill_weighed"), sql.sums, {
      ...options,
      clusterBy: selection.clusterBy,
      hours: selection.hours,
      every: clusterSampleRate(span.calls, groups.length + 1),
    });
    const rows = groups.map(({ g, by: values }): GrowthRow => {
      const own = bills.filter((bill) => bill.g === g);
      const amounts = amountsOf(own, days);
      return {
        ...(by.length === 0 ? {} : values),
        ...amounts,
        ...factorsOf(ratios, g, amounts, own),
      };
    });
    const sum = sumsOf(rows);
    const named = Object.fromEntries(by.map((name) => [name, together]));
    const all = { ...named, ...sum, ...factorsOf(ratios, total, sum, bills) };
    return {
      rows: [...rows.sort((x, y) => size(y) - size(x)), ...(rows.length < 2 ? [] : [all])],
      lead: [
        `US dollars a day in the ${daysText(span.days)} before and after ${span.moment.slice(0, 16)} UTC; factor is after over before, and calls factor times cost per call factor. An interval that holds 1 allows that nothing but chance changed.`,
        ...notes,
        ...leftOut(span, rows),
      ],
      behind: {
        from: "select g, at_row, logged as amount from bill_weighed",
        amount: { name: "cost", sum: "the cost", first: "dearest" },
        n: ({ factor }) => factor.n,
        keys: (row) => ({ by: by.every((name) => (row as Row)[name] === together) ? [] : by, rows: [row] }),
      },
    };
  },
});

/** A day or a time as the store has it: in UTC, unless it names its zone; undefined if it is none. */
function momentOf(at: string): string | undefined {
  const [, day, time = "00:00", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(at) ?? [];
  const moment = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(moment) || !isDay(String(day))
    ? undefined
    : new Date(moment).toISOString().slice(0, 23);
}

/** Makes the calls of both windows. */
async function madeCalls(
  { connection, clusterBy }: Selection,
  { at, timezone = "UTC" }: Pick<MeasureOptions, "timezone"> & { at?: string | undefined },
): Promise<void> {
  const found = at === undefined ? undefined : momentOf(at);
  const moment = found === undefined ? "null" : quoteText(found);
  const variables = { timezone: quoteText(timezone), moment, time_unit: quoteText(clusterBy) };
  for (const [name, value] of Object.entries(variables))
    await run(connection, `set variable ${name} = ${value}`);
  await run(connection, sql.bill_calls);
  await run(connection, sql.week_calls);
}

/** Weighs the calls of the hours of the week that both windows have, and says how many days that is. */
async function weighed({ connection }: Selection, span: Span): Promise<{ days: number; notes: string[] }> {
  const cells = await weekCells(connection);
  const { weights, matched, notes } = weekWeights(
    cells,
    ["before", "after"],
    (before, after) => Math.min(before, after) >= enough,
  );
  await run(connection, sql.week_weights, { weights: JSON.stringify(weights) });
  await run(connection, sql.weighed);
  await run(connection, sql.parts);
  const hourOf = (hour: (typeof weights)[number] | (typeof cells)[number]) =>
    `${hour.second} ${hour.weekday} ${hour.hour_of_day}`;
  const kept = new Set(weights.map(hourOf));
  const hours = cells.filter((cell) => !cell.second && kept.has(hourOf(cell)));
  const days = matched ? hours.reduce((sum, { occurrences }) => sum + occurrences, 0) / 24 : span.days;
  return { days, notes };
}

/** Rows without a growth come last. */
const size = ({ growth }: GrowthRow) => (Number.isNaN(growth) ? -1 : Math.abs(growth));

/** What is said of calls without a known cost. */
function leftOut({ unpriced, hidden, calls }: Span, rows: readonly GrowthRow[]): string[] {
  if (unpriced === 0) return [];
  const most = hidden < Number.POSITIVE_INFINITY ? `at most ${brief(hidden)} USD` : "at any amount";
  const unsplit = rows.filter(({ from_calls }) => Number.isNaN(from_calls)).length;
  const where = unsplit === rows.length ? "any row" : `${unsplit} of ${rows.length} rows`;
  const why = unsplit === 0 ? "" : `; growth is not split in ${where}, where they may be over 5 % of a bill`;
  return [`${unpricedCalls(unpriced, calls)} and are left out, ${most}${why}.`];
}

interface Span {
  moment: string | null;
  days: number;
  calls: number;
  unpriced: number;
  hidden: number;
  timed: number;
}
