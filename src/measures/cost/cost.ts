import { join } from "node:path";
import type { Estimate } from "../../stats/estimate";
import { sparing } from "../../store/grain";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/query";
import { type Selection, select } from "../../store/select";
import { statements } from "../../store/statements";
import type { Ratios } from "../estimate/ratios";
import { checkOptions, type MeasureOptions } from "../options";
import type { Row, Table } from "../table";
import { costGrains, filledGrains, type Grains } from "./costGrains";
import { costNotes, type OpenTasks } from "./costNotes";
import { type CostCounts, costRatios, prepare } from "./costPrepare";
import { unpricedOf, withUnpriced } from "./costUnpriced";
import { checkCredit } from "./tasks";

const sql = statements<"open">(join(__dirname, "cost.sql"));

/** How cost is measured. */
export interface CostOptions extends MeasureOptions {
  /** Which answering call names the row that a task belongs to: its "first" (default) or its "last". */
  credit?: "first" | "last";
}

/** One line of a cost table. */
export interface CostRow extends Row {
  /** Calls made to the row's own model. */
  calls: number;
  /** Tasks that belong to the row, and how many of them are known to be resolved. */
  tasks: number;
  resolved: number;
  /** US dollars known to be spent on the row's tasks, with all their calls, and on its calls without a task; NaN where nothing is known. */
  total_cost: number;
  /** Of `calls`, those without a cost. */
  unpriced_calls: number;
  cost_per_call: Estimate;
  cost_per_task: Estimate;
  cost_per_resolved: Estimate;
  attempts_per_task: Estimate;
  resolve_rate: Estimate;
  /** Where conversations have ids: all calls of a conversation, which belongs to the row of its first answering call. */
  cost_per_conversation?: Estimate;
  /** Where users have ids: all that the row's tasks, and its calls without a task, cost each user in the time of the log. */
  cost_per_user?: Estimate;
}

/**
 * What calls, tasks and resolved tasks cost, all attempts, fallbacks and judges of a task included.
 *
 * A task belongs to the row of its first answering call, with all its calls; `where` chooses tasks by that call. Cost
 * per resolved task is the cost of all tasks whose outcome is known over the number of them that were resolved; n of
 * an estimate counts those tasks (for `cost_per_call` calls), clusters are users, conversations or tasks. Calls
 * without a cost are counted, not priced at 0: what holds them is known from below only. None resolved: a lower bound.
 * A conversation, too, belongs with all its calls to the row of its first answering call; a user counts once in each row
 * that has tasks of theirs, with what these cost. Both columns stand where the log has the ids.
 *
 * @returns a table with a row for each group of `by`; costs in US dollars
 * @throws RangeError for a credit, column, cluster or level that is none
 * Method: bootstrap BCa intervals over clusters, from power sums (see `ratioFromPowerSums`); rates by Wilson.
 * @example
 * const table = await cost(await open(":memory:"));
 * table.rows.length // 0
 */
export async function cost(store: Store, options: CostOptions = {}): Promise<Table<CostRow>> {
  return costColumns(store, options);
}

/** A cost table of which only some estimates are made: drawing those that nobody reads takes most of the time. */
export async function costColumns(
  store: Store,
  options: CostOptions,
  wanted?: ReadonlySet<string>,
): Promise<Table<CostRow>> {
  checkOptions("cost", options);
  checkCredit(options.credit);
  const selection = await select(store, { ...options, population: "tasks", hours: true });
  try {
    const filled = await filledGrains(selection, wanted);
    const counts = await prepare(selection, { credit: options.credit, users: filled.users });
    const ratios = await costRatios(selection, options, counts);
    const grains = await costGrains(selection, options, { filled, ratios });
    const rows = counts.map((one) => rowOf(one, selection, ratios, grains, wanted));
    const open = await openTasks(selection, counts);
    const notes = costNotes(counts, { selection, open, credit: options.credit ?? "first" });
    return { measure: "cost", by: selection.by, rows, notes };
  } finally {
    selection.close();
  }
}

async function openTasks({ connection }: Selection, counts: CostCounts[]): Promise<OpenTasks> {
  const tasks = counts.reduce((sum, one) => sum + one.tasks, 0);
  const unknown = counts.reduce((sum, one) => sum + one.tasks - one.settled, 0);
  // Where no outcome is known at all, or every one is, the log's edge says nothing.
  if (unknown === 0 || unknown === tasks) return { unknown, open: 0 };
  await run(connection, `set variable one_in = ${sparing(tasks, 1)}`);
  const [{ open }] = await rowsOf<{ open: number }>(connection, sql.open);
  return { unknown, open };
}

function rowOf(
  counts: CostCounts,
  selection: Selection,
  ratios: Ratios,
  grains: Grains,
  wanted?: ReadonlySet<string>,
): CostRow {
  const { g, by, calls, tasks, settled, resolved, total_cost, unpriced_calls } = counts;
  const ofTasks = { n: tasks, counted: "tasks" };
  const ofSettled = { n: settled, counted: "tasks whose outcome is known" };
  const ofCalls = { n: counts.counted, counted: "calls with a cost" };
  const known = { ...counts, calls: counts.task_calls };
  const perResolved = { ...ofSettled, unit: "USD/resolved task", trials: "resolved" };
  // None known of what may have cost something is no sum of 0, and no mean of it either.
  const noneKnown = total_cost === 0 && counts.unpriced + unpriced_calls > counts.free;
  const estimates: Record<string, () => Estimate> = {
    cost_per_call: () => {
      const perCall = ratios.ratio(g, "per_call", { ...ofCalls, unit: "USD/call" });
      return { ...(noneKnown ? unpricedOf(perCall) : perCall), clusterBy: selection.clusterBy };
    },
    cost_per_task: () =>
      withUnpriced(ratios.ratio(g, "per_task", { ...ofTasks, unit: "USD/task" }), tasks, known),
    cost_per_resolved: () =>
      withUnpriced(ratios.ratio(g, "per_resolved", perResolved), resolved, {
        ...known,
        cost: counts.settled_cost,
        unpriced: counts.settled_unpriced,
      }),
    attempts_per_task: () => attemptsOf(counts, ratios),
    resolve_rate: () => ratios.rate(g, "resolved", { ...ofSettled, unit: "1" }),
  };
  const found = Object.entries(estimates).filter(([name]) => wanted?.has(name) ?? true);
  return {
    ...(selection.by.length === 0 ? {} : by),
    calls,
    tasks,
    resolved,
    total_cost: noneKnown ? Number.NaN : total_cost,
    unpriced_calls,
    ...Object.fromEntries(found.map(([name, estimate]) => [name, estimate()])),
    ...grains.of(counts),
  } as CostRow;
}

/** Where no task was tried twice, resamples are all alike: the bound is that of a share of none instead. */
function attemptsOf({ g, tasks, attempts }: CostCounts, ratios: Ratios): Estimate {
  const counted = { n: tasks, counted: "tasks", unit: "calls/task" };
  if (tasks === 0 || attempts !== tasks) return ratios.ratio(g, "attempts", counted);
  const again = ratios.rate(g, "tried_again", counted);
  const note =
    again.note === undefined ? "no task was tried twice" : `no task was tried twice; ${again.note}`;
  return { ...again, value: 1, low: 1 + again.low, high: 1 + again.high, note };
}
