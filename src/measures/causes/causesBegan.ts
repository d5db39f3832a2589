import { taskUnit } from "../../facts/tasks";
import { type Estimate, noEnds, noted } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { counted, grouped, percent } from "../../stats/text";
import { weightedRate } from "../../stats/weightedRate";
import { rowsOf, run } from "../../store/run";
import { defineMeasure, type Result } from "../define";
import type { Keyed } from "../table";
import { causesSql } from "./causeFrame";
import { noneRead } from "./causeNotes";
import { openReading, readingOf, tasksBehind } from "./causeReading";
import { isFailed, type ReadTask, type ShareSettings, shareOf } from "./causeShares";

/** A kind of step, as the first that went wrong in failed tasks of a group. */
export type CauseBeganRow = Keyed<{
  /** Its kind and tool: "Tool search", "Call", or the name of a stage. */
  step: string;
  /** The failed tasks read in which it was marked. */
  tasks_read: number;
  /** The share of failed tasks that first went wrong there. */
  share_of_failed: Estimate;
  /** Of what these tasks cost, the share spent after that step. */
  cost_after: Estimate;
  /** The same of the time of their answering calls. */
  time_after: Estimate;
}>;

/** A failed task with a marked step; what came after it is null where that is not known. */
export interface BeganTask extends ReadTask {
  g: string;
  cost: number;
  calls: number;
  unpriced: number;
  cost_after: number | null;
  seconds: number | null;
  seconds_after: number | null;
}

/**
 * Where failed tasks first went wrong, by a person's reading, and what was spent on them after that.
 *
 * Readers of a sheet mark the first step of a task that went wrong: of several readers, what most of them marked counts. What
 * came after it is the calls after it in the order in which steps began; after a stage that is no call and no tool, those that
 * began once it had ended. Time is that of answering calls together. The marked step itself does not count, so this is what
 * stopping right after it would have saved. n counts tasks read.
 *
 * @remarks Method: shares as in `causes`; what was spent as a share of costs or times, with tasks weighted by these and by one over
 * their chance of being drawn: Wilson at the effective n of weights and clusters (see `weightedRate`), which takes a task's part for no
 * more certain than a yes or no. Its coverage is in docs/simulations/causes.md.
 * @returns a table with a row for each group of `by` and kind of step; NaN, with the reason, where calls have no known cost, no time is
 * known, or it is not known which step was marked
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo({ log: "causes" });
 * const [{ step, cost_after }] = (await causesBegan(store)).rows;
 * `${step}: ${cost_after.value.toFixed(2)}` // "Tool search: 0.53"
 */
export const causesBegan = defineMeasure({
  name: "began",
  of: "causes",
  about: "where failed tasks first went wrong, by kind of step and tool, and what was spent after that",
  needs: ["task_id"],
  fixed: { interval: "its intervals follow from the draw" },
  options: {},
  open: openReading,
  async table({ selection, options, draws }): Promise<Result<CauseBeganRow>> {
    const { connection, by } = selection;
    const settings = { level: options.level ?? 0.95, clusterBy: taskUnit(selection) };
    const { parts, unnamed } = await readingOf(selection, draws, {});
    await run(connection, causesSql.began);
    const marked = unnamed > 0 ? [] : await rowsOf<BeganTask>(connection, causesSql.began_read);
    const rows = parts.flatMap(({ g, by: keys, sizes }) => {
      const own = marked.filter((one) => one.g === g);
      return [...new Set(own.map(({ cause }) => cause))]
        .map((step): CauseBeganRow => {
          const there = own.filter(({ cause }) => cause === step);
          return {
            ...(by.length === 0 ? {} : keys),
            step,
            tasks_read: there.length,
            share_of_failed: shareOf(sizes, own, isFailed, step, settings),
            cost_after: costAfter(there, settings),
            time_after: timeAfter(there, settings),
          };
        })
        .sort(
          (a, b) =>
            b.share_of_failed.value - a.share_of_failed.value || (String(a.step) < String(b.step) ? -1 : 1),
        );
    });
    return {
      rows,
      by: [...by, "step"],
      lead: rows.length === 0 ? [] : selection.frameNotes,
      none:
        draws.length === 0 || unnamed > 0
          ? noneRead(draws, { unnamed })
          : "No reader marked the first wrong step of a failed task.",
      notes: rows.length === 0 ? [] : beganNotes(marked, by, settings),
      behind: { ...tasksBehind, from: causesSql.began_behind },
    };
  },
});

type Tasks = readonly BeganTask[];

const sumOf = (tasks: Tasks, of: "calls" | "unpriced") => tasks.reduce((sum, one) => sum + one[of], 0);

/** The share of what tasks cost that came after their marked steps. */
export function costAfter(tasks: Tasks, settings: ShareSettings): Estimate {
  const [calls, unpriced] = [sumOf(tasks, "calls"), sumOf(tasks, "unpriced")];
  const why =
    unpriced === 0
      ? undefined
      : unpriced === calls
        ? reserve("costs.none")
        : reserve("costs.some", { calls: unpriced, of: calls });
  return partAfter(
    tasks.map((one) => ({ ...one, whole: one.cost, after: one.cost_after })),
    { ...settings, why },
  );
}

function timeAfter(tasks: Tasks, settings: ShareSettings): Estimate {
  const timed = tasks.map((one) => ({ ...one, whole: one.seconds ?? 0, after: one.seconds_after }));
  const why = timed.some(({ whole }) => whole > 0)
    ? undefined
    : reserve("none.known", { what: "the time of these tasks" });
  return partAfter(timed, { ...settings, why });
}

/** The part of what tasks took that came after their marked steps, of those of which that is known. */
function partAfter(
  tasks: readonly (BeganTask & { whole: number; after: number | null })[],
  { level, clusterBy, why }: ShareSettings & { why: Reservation | undefined },
): Estimate {
  const known = tasks.flatMap(({ whole, after, cluster, weight }) =>
    after === null || whole === 0
      ? []
      : [{ holds: Math.min(1, after / whole), item: cluster, weight: weight * whole }],
  );
  const part = weightedRate(known, { level, clusterBy, counted: "tasks whose marked step is known" });
  return why === undefined ? part : { ...part, value: Number.NaN, ...noEnds, ...noted([why]) };
}

/** What all of them together were spent after, and of how many that is not known. */
function beganNotes(marked: Tasks, by: readonly string[], settings: ShareSettings): string[] {
  const text = ({ value, low, high }: Estimate, of: string) =>
    Number.isNaN(value) ? [] : [`${percent(value)} [${percent(low)}, ${percent(high)}] of ${of}`];
  const spent = [
    ...text(costAfter(marked, settings), "what they cost"),
    ...text(timeAfter(marked, settings), "the time of their calls"),
  ];
  const open = marked.filter(({ cost_after }) => cost_after === null).length;
  return [
    `${counted(marked.length, "failed task")} were read with a step marked; the others are taken to be like these of their kind.`,
    ...(spent.length === 0
      ? []
      : [
          `After the step that first went wrong ${by.length === 0 ? "" : "in tasks of all rows together "}came ${spent.join(" and ")}: so much would have been saved by stopping right after it.`,
        ]),
    ...(open === 0
      ? []
      : [
          `In ${grouped(open)} of them it is not known what came after: their reader's page saved the step's title alone, the log knows the step by no id, or some step of the task has no time.`,
        ]),
  ];
}
