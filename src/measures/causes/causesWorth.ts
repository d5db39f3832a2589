import { taskUnit } from "../../facts/tasks";
import type { Estimate } from "../../stats/estimate";
import { defineMeasure, type Result } from "../define";
import type { Keyed } from "../table";
import { noneRead } from "./causeNotes";
import { openReading, readingOf, tasksBehind } from "./causeReading";
import { ranked, resolvedWithout } from "./causeShares";
import { causes } from "./causes";
import { costWithout, timeWithout, worthNotes } from "./causeWorth";

/** What it would be worth, at most, if a cause vanished from a group. */
export type CauseWorthRow = Keyed<{
  /** As readers named it; "nothing went wrong" of tasks in which they found nothing. */
  cause: string;
  /** The tasks read that have it. */
  tasks_read: number;
  /** The most that the share of resolved tasks could become. */
  resolved_at_most: Estimate;
  /** USD: the least that tasks whose outcome is known could cost, per resolved one. */
  cost_per_resolved_at_least: Estimate;
  /** Seconds that its answering calls take, at least, on average. */
  time_per_task_at_least: Estimate;
}>;

/**
 * What a fix is worth at most: if a cause vanished, how many tasks could be resolved, and what a resolved task would cost and a
 * task would take at least.
 *
 * The causes are those of `causes`, in the same order, by the same draw. Each task with the cause is counted as resolved, at no
 * cost and in no time; the others as they are. Without the cause a task may still fail from another, and it still costs money
 * and time: so these are bounds. The time of a task is that of its answering calls together. n counts tasks read.
 *
 * @remarks Method: the share that tasks with the cause have of all costs and times, which are known: `stratifiedRate` with
 * tasks weighted by these, Wilson at the effective n of weights and clusters within a kind; cost per resolved task by solving
 * both ends for it (Fieller 1954). The log's totals count as they are. Its coverage is in docs/simulations/causes.md.
 * @returns a table with a row for each group of `by` and cause; NaN, with the reason, where no outcome, cost or time is known,
 * or calls have no known cost
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * (await causesWorth(store)).rows.length // 0
 */
export const causesWorth = defineMeasure({
  name: "worth",
  of: "causes",
  about: "what a fix is worth at most: tasks resolved, cost per resolved task and time without each cause",
  needs: ["task_id"],
  fixed: { interval: "its intervals follow from the draw" },
  options: { rules: causes.options.rules },
  open: openReading,
  async table({ selection, options, draws }): Promise<Result<CauseWorthRow>> {
    const { by } = selection;
    const settings = { level: options.level ?? 0.95, clusterBy: taskUnit(selection) };
    const { read, parts, labelled, unnamed } = await readingOf(selection, draws, options);
    const names = read.length === 0 ? [] : [...new Set([...read.map(({ cause }) => cause), ...labelled])];
    const rows = parts.flatMap(({ by: keys, sizes: own, read: ownRead }) =>
      ranked(names, own, ownRead, settings).map(
        ({ cause, tasks_read }): CauseWorthRow => ({
          ...(by.length === 0 ? {} : keys),
          ...{ cause, tasks_read },
          resolved_at_most: resolvedWithout(own, ownRead, cause, settings),
          cost_per_resolved_at_least: costWithout(own, ownRead, cause, settings),
          time_per_task_at_least: timeWithout(own, ownRead, cause, settings),
        }),
      ),
    );
    return {
      rows,
      by: [...by, "cause"],
      lead: rows.length === 0 ? [] : selection.frameNotes,
      none: noneRead(draws, { unnamed }),
      notes:
        rows.length === 0
          ? []
          : worthNotes(by.length === 0 ? parts.map((part) => ({ ...part, by: {} })) : parts),
      behind: tasksBehind,
    };
  },
});
