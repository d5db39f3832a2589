import { taskUnit } from "../../facts/tasks";
import { type Estimate, noEnds, noted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { rowsOf } from "../../store/run";
import { defineMeasure, type Result } from "../define";
import { valueOption } from "../measure";
import type { Keyed } from "../table";
import { type CauseDifference, differenceNotes, differencesOf } from "./causeDifferences";
import { cannotTell, causeScores, causesSql } from "./causeFrame";
import { labelNotes } from "./causeLabels";
import { noneRead, notesOf } from "./causeNotes";
import { agreementOf, readersNote, type TwiceRead } from "./causeReaders";
import { openReading, readingOf, tasksBehind } from "./causeReading";
import { type OrderStep, orderOf, ranked, resolvedToday, resolvedWithout, tasksIn } from "./causeShares";

/** A cause of what went wrong in tasks, in a group. */
export type CauseRow = Keyed<{
  /** As readers named it; "nothing went wrong" of tasks in which they found nothing. */
  cause: string;
  /** The tasks read that have it. */
  tasks_read: number;
  /** Its share among failed tasks, and among all tasks. */
  share_of_failed: Estimate;
  share_of_tasks: Estimate;
  /** The most that the share of resolved tasks could become if it vanished. */
  resolved_at_most: Estimate;
  /** How far readers of the same tasks agree, beyond chance, on which have it: 1 is always, 0 as by chance. */
  agreement?: Estimate;
}>;

/**
 * Why tasks fail, by a person's reading of a drawn part of them: how often each cause is the one, and what a fix is worth at
 * most.
 *
 * A task failed if it was not resolved, or if no call answered it and its outcome is not known. `causes sheet` draws the
 * tasks and `causes import` reads what was said of them; here each stands for as many as its chance says, within its kind:
 * not resolved, no answer, looped, with a failed step, dearer than 95 % of its workload, or none of these. Where readers
 * disagree, what most of them say counts; `agreement` (kappa of two readers, alpha of more) says how far they agree. With `rules`, or where a judge's labels are in the log as scores "cause", each share
 * is that among tasks with the label and among those without, as readers found it: right however wrong the labels are, and
 * narrower where they are good. A rule is a predicate over the names of `where` that holds for some call of the task, and over
 * `looped`, `failed_step`, `steps`, `tool_uses`, `task_cost`, and the lists `tools`, `failed_tools`, `stages` and
 * `failed_stages` of the whole task. Where no sheet was read, people's labels `score` of tasks, or of calls of them, are read
 * alike, as other tools export them; shares are then of the labelled tasks alone. n counts tasks read. By default all models and workloads are one group.
 *
 * @remarks Method: within a kind Wilson at the effective n of clusters (see `rateFromSums`), over kinds `stratifiedRate`;
 * labels by post-stratification, which for a yes or no is the prediction-powered estimate with the best weight; the order of causes: Hung & Fithian 2019, https://arxiv.org/abs/1610.03944. Its
 * coverage is in docs/simulations/causes.md.
 * @returns a table with a row for each group of `by` and cause, and `order`: whether each of the first three causes of failed
 * tasks is settled to be more frequent than the next, and how many more to read; `resolved`: the share of
 * tasks with a known outcome that are resolved as it is; with `by`, `differences`: whether more
 * tasks failed from a cause in one group than in another (of releases, prompt versions and weeks the last against the one before)
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * (await causes(store)).rows.length // 0
 */
export const causes = defineMeasure({
  name: "causes",
  about:
    "why tasks fail, by a person's reading of a sample: the share of each cause, and what a fix is worth at most",
  needs: ["task_id"],
  fixed: { interval: "its intervals follow from the draw" },
  options: {
    rules: {
      value: "<file>",
      about: "causes with a rule each, JSON: tasks that it finds, corrected by what was read",
    },
    score: {
      value: "<name>",
      about: "labels by people that name causes of tasks that no sheet drew, as other tools export them",
      default: causeScores.cause,
    },
    named: valueOption<readonly string[]>("causes that have a row even where nobody found one"),
  },
  open: (asked) => openReading(asked, asked.options.score),
  async table({
    selection,
    options,
    draws,
    earlier,
  }): Promise<Result<CauseRow, { order: OrderStep[]; differences: CauseDifference[]; resolved: number }>> {
    const { connection, by } = selection;
    const settings = { level: options.level ?? 0.95, clusterBy: taskUnit(selection) };
    const seed = options.seed ?? 1;
    const { sizes, read, parts, labelled, drawn, unmatched, unnamed } = await readingOf(selection, draws, {
      ...options,
      undrawn: true,
    });
    const isDrawn = draws.length > 0;
    const ofAll = (estimate: Estimate) => (isDrawn ? estimate : withoutDraw(estimate));
    const twice = await rowsOf<TwiceRead>(connection, causesSql.twice_read, { open: cannotTell });
    const agreed = (group: string, cause: string) => {
      const own = twice.filter(({ g }) => g === group);
      return twice.length === 0
        ? {}
        : { agreement: agreementOf(own, { level: settings.level, seed }, cause) };
    };
    const names =
      read.length === 0
        ? []
        : [...new Set([...read.map(({ cause }) => cause), ...labelled, ...(options.named ?? [])])];
    const rows = parts.flatMap(({ g, by: keys, sizes: own, read: ownRead }) =>
      ranked(names, own, ownRead, settings).map(
        ({ share_of_tasks, ...shares }): CauseRow => ({
          ...(by.length === 0 ? {} : keys),
          ...shares,
          share_of_tasks: ofAll(share_of_tasks),
          resolved_at_most: ofAll(resolvedWithout(own, ownRead, shares.cause, settings)),
          ...agreed(g, shares.cause),
        }),
      ),
    );
    const differences = by.length === 0 || !isDrawn ? [] : differencesOf(parts, names, settings);
    const order = orderOf(read, settings);
    const [here] = await rowsOf<{ drawn: number; read: number }>(connection, causesSql.drawn_here, {
      drawn,
    });
    return {
      rows,
      by: [...by, "cause"],
      lead: rows.length === 0 ? [] : selection.frameNotes,
      none: noneRead(draws, { unmatched, unnamed }),
      notes:
        rows.length === 0
          ? []
          : [
              ...notesOf({
                by,
                draws,
                earlier,
                ...here,
                tasks: tasksIn(sizes),
                resolved: resolvedToday(sizes),
                unmatched,
                told: read.length,
                order,
                score: options.score,
              }),
              ...differenceNotes(differences),
              ...readersNote(twice, { level: settings.level, seed }),
              ...labelNotes(labelled, sizes, read, options.rules !== undefined),
            ],
      behind: tasksBehind,
      more: { order, differences, resolved: resolvedToday(sizes) },
    };
  },
});

/** What tasks that nobody drew cannot say of all. */
const withoutDraw = (estimate: Estimate): Estimate => ({
  ...estimate,
  value: Number.NaN,
  ...noEnds,
  ...noted([reserve("none.number", { why: "these tasks were not drawn, so they do not stand for all" })]),
});
