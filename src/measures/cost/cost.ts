import { scaledError } from "../../facts/drawn";
import { likeOutcome } from "../../facts/judgements";
import { type Selection, select } from "../../facts/select";
import { type Estimate, withNotesFirst } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { percent } from "../../stats/text";
import { areMany, costAtWorst, rateAtWorst } from "../../stats/worstCase";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { type Behind, withCalls } from "../behind";
import { columnDoubts, rowsDoubted } from "../columnDoubts";
import { defineMeasure, type MeasureFunction } from "../define";
import type { Ratios } from "../estimate/ratios";
import type { GivenTo } from "../given";
import { ratiosIn } from "../metrics";
import { creditOption, type MeasureOptions, requestOf, ruleOption } from "../options";
import type { Keyed, Table } from "../table";
import { type ConversationCostRow, conversationCosts } from "./conversationCosts";
import { costGrains, filledGrains, type Grains, grainsRead } from "./costGrains";
import { costNotes, type OpenTasks } from "./costNotes";
import { type CostCounts, costCounts, costRatios, costRead, costsUnknown, totalCost } from "./costRatios";
import { moneyOf } from "./costUnpriced";
import { type UnlikeSums, unlikeNotes } from "./unlikeTasks";

const sql = statements(__dirname, "cost.sql");

/** What a call is known to have cost. */
const spent = "coalesce(spent, 0)";

/** One line of a cost table. */
export type CostRow = Keyed<{
  /** Calls made to the row's own model. */
  calls: number;
  /** Tasks that belong to the row, and those among them known to be resolved. */
  tasks: number;
  resolved: number;
  /**
   * US dollars known to be spent on the row's tasks, with all their calls, and on its calls without a task;
   * NaN if nothing is known.
   */
  total_cost: number;
  /**
   * The number of `calls` that may have cost something but have no cost; a call that failed before a token
   * was read is free.
   */
  unpriced_calls: number;
  cost_per_call: Estimate;
  cost_per_task: Estimate;
  cost_per_resolved: Estimate;
  attempts_per_task: Estimate;
  resolve_rate: Estimate;
  /** If conversations have ids: what the row spent in a conversation that it has a part in. */
  cost_per_conversation?: Estimate;
  /**
   * If users have ids: the cost per user, over the whole log, of the row's tasks and its calls without a
   * task.
   */
  cost_per_user?: Estimate;
}>;

/** `cost` by tasks, and by conversations, which have columns of their own. */
type CostMeasure = ((
  store: Store,
  options: GivenTo<typeof costOptions> & { grain: "conversation" },
) => Promise<Table<ConversationCostRow>>) &
  MeasureFunction<typeof costOptions, Table<CostRow>>;

const costOptions = {
  credit: creditOption,
  grain: {
    value: "<kind>",
    about: "what is counted: tasks, or whole conversations with what they cost, take and come to",
    choices: ["task", "conversation"],
    default: "task",
  },
  outcomeRule: ruleOption,
} as const;

/** What `where` selects in tables of tasks. */
export const taskWords = {
  where:
    "only calls that meet this SQL predicate, and tasks whose answering call by --credit does, with all their calls",
};

/**
 * What calls, tasks and resolved tasks cost, including all attempts, fallbacks and judges of a task.
 *
 * A task belongs to the row of its first answering call, with all its calls; `where` chooses tasks by that
 * call. Cost per resolved task is the cost of all tasks whose outcome is known over the number of them that
 * were resolved; n of an estimate counts those tasks (for `cost_per_call` calls), clusters are users,
 * conversations or tasks. Calls without a cost are counted, not priced at 0: sums that include them are lower
 * bounds. If no task is resolved, the cost per resolved task is a lower bound. A conversation, and a user, counts
 * once in each row that has tasks of theirs, with what those cost. Both columns are there if the log has the ids.
 *
 * With `grain: "conversation"`, n counts conversations, and a row has what they cost, how many turns and seconds they
 * take and how many are resolved. Money and time stay in the row where they were spent; the outcome of a conversation
 * over several rows is credited to that of its first answering call, or its last (`credit`). A conversation is resolved
 * if the log says so of the whole, or where it says nothing of the whole, if its last task is.
 *
 * @remarks Method: bootstrap BCa intervals over clusters, from power sums (see `ratioFromPowerSums`); rates by
 * Wilson.
 * @returns a table with a row for each group of `by`; costs in US dollars
 * @throws RangeError for an invalid credit, column, cluster or level, and for conversations where no call names its own
 * @example
 * const store = await openDemo();
 * const { rows } = await cost(store, { by: "model", where: "workload = 'document-review'" });
 * rows[0].cost_per_resolved.value.toFixed(2) // "0.14"
 */
export const cost = defineMeasure({
  name: "cost",
  about: "what calls, tasks and resolved tasks cost, all attempts included",
  needs: ["cost"],
  parts: { "cost per resolved task": ["tasks.resolved"] },
  options: costOptions,
  words: taskWords,
  shares: true,
  compose: ({ store, request, options }) =>
    options.grain === "conversation"
      ? // `CostMeasure` says which rows these are.
        (conversationCosts(store, request) as unknown as Promise<Table<CostRow>>)
      : costColumns(store, request),
}) as CostMeasure;

/**
 * A cost table with only some of its estimates: most of the time goes into resampling, so the rest is left
 * out.
 */
export async function costColumns(
  store: Store,
  options: MeasureOptions,
  wanted?: ReadonlySet<string>,
): Promise<Table<CostRow>> {
  const request = requestOf("cost", options);
  const selection = await select(store, request, {
    population: "tasks",
    hours: true,
    reads: [...costRead, ...grainsRead, spent],
  });
  try {
    const counts = await costCounts(selection, wanted);
    const ratios = await costRatios(selection, options, counts, wanted);
    const grains = await costGrains(selection, options, await filledGrains(selection, wanted));
    const known = counts.map((sums) => rowOf(sums, selection, { ratios, grains, wanted }));
    const rows = rowsDoubted(known, await columnDoubts(store, request, selection.by));
    const open = await openTasks(selection, counts);
    const notes = costNotes(counts, {
      selection,
      open,
      credit: selection.credit === "last" ? "last" : "first",
      like: counts.some((one) => one.with_outcome > 0) ? "" : await likeOutcome(selection.connection),
    });
    notes.push(...open.notes);
    const { drawn } = selection;
    if (drawn !== undefined && rows.some(({ total_cost: total }) => total > 0)) {
      const error = await scaledError(selection.connection, drawn, spent);
      notes.push(
        `The bill of the whole log is ${Number((1 / drawn.share).toPrecision(4))} times total_cost, within ${percent(error, 2)} of that at 95 %.`,
      );
    }
    return withCalls(
      { measure: "cost", by: selection.by, rows, notes },
      (again) => costColumns(again, options, new Set()),
      { ...behindCost, n: ({ tasks }) => tasks, total: ({ total_cost }) => total_cost },
    );
  } finally {
    selection.close();
  }
}

/** All calls that a row's money was spent on. */
export const behindCost: Pick<Behind, "from" | "amount" | "counted"> = {
  from: sql.behind,
  amount: { name: "cost", sum: "the cost", first: "dearest" },
  counted: "tasks",
};

async function openTasks(
  { connection }: Selection,
  counts: CostCounts[],
): Promise<OpenTasks & { notes: string[] }> {
  const tasks = counts.reduce((sum, row) => sum + row.tasks, 0);
  const unknown = counts.reduce((sum, row) => sum + row.tasks - row.with_outcome, 0);
  // If no outcome is known, or every one is, the end of the log makes no difference.
  if (unknown === 0 || unknown === tasks) return { unknown, open: 0, notes: [] };
  await run(connection, sql.open_tasks);
  const [{ open }] = await rowsOf<{ open: number }>(connection, sql.open);
  if (!areMany(unknown - open, tasks - open)) return { unknown, open, notes: [] };
  const [sums] = await rowsOf<UnlikeSums>(connection, sql.unlike);
  return { unknown, open, notes: unlikeNotes(sums) };
}

function rowOf(
  counts: CostCounts,
  selection: Selection,
  { ratios, grains, wanted }: { ratios: Ratios; grains: Grains; wanted?: ReadonlySet<string> },
): CostRow {
  const { g, by, calls, tasks, with_outcome, resolved } = counts;
  const ofTasks = { n: tasks, counted: "tasks" };
  const ofOutcomes = { n: with_outcome, counted: "tasks whose outcome is known" };
  const ofCalls = { n: calls, counted: "calls" };
  const unpriced = calls - counts.priced;
  const unknown = costsUnknown(counts);
  const ofTaskCalls = { calls: counts.task_calls, unknown };
  // Known costs that are all 0 say nothing of a call whose cost is not known.
  const knownAreFree = (unit: string) =>
    unpriced > 0 && ratios.ratio(g, "cost_per_call", { ...ofCalls, unit }).value === 0;
  const special: Record<string, (unit: string) => Estimate> = {
    cost_per_call: (unit) => ({
      ...moneyOf(ratios, g, "cost_per_call", {
        ...ofCalls,
        unit,
        priced: { calls, unpriced, unknown: knownAreFree(unit) },
      }),
      clusterBy: selection.clusterBy,
    }),
    cost_per_task: (unit) =>
      moneyOf(ratios, g, "cost_per_task", {
        ...ofTasks,
        unit,
        priced: { ...ofTaskCalls, unpriced: counts.unpriced },
      }),
    cost_per_resolved: (unit) =>
      costAtWorst(
        moneyOf(ratios, g, "cost_per_resolved", {
          ...ofOutcomes,
          unit,
          trials: "resolve_rate",
          priced: { ...ofTaskCalls, unpriced: counts.unpriced_with_outcome },
        }),
        {
          cost: counts.cost_with_outcome,
          of: counts.cost,
          events: resolved,
          known: with_outcome,
          all: tasks,
        },
      ),
    attempts_per_task: () => attemptsOf(counts, ratios),
    resolve_rate: (unit) =>
      rateAtWorst(ratios.rate(g, "resolve_rate", { ...ofOutcomes, unit }), {
        known: with_outcome,
        all: tasks,
      }),
  };
  const cells = ratiosIn("cost")
    .filter(({ name }) => Object.hasOwn(special, name) && (wanted?.has(name) ?? true))
    .map(({ name, unit }) => [name, special[name](unit)]);
  return {
    ...(selection.by.length === 0 ? {} : by),
    calls,
    tasks,
    resolved,
    total_cost: totalCost(counts),
    unpriced_calls: unpriced,
    ...Object.fromEntries(cells),
    ...grains(counts),
  } as CostRow;
}

/** If no task was tried twice, all resamples are equal: the bound is that of a share of 0 instead. */
function attemptsOf({ g, tasks, attempts }: CostCounts, ratios: Ratios): Estimate {
  const counted = { n: tasks, counted: "tasks", unit: "calls/task" };
  if (tasks === 0 || attempts !== tasks) return ratios.ratio(g, "attempts_per_task", counted);
  const again = ratios.rate(g, "tried_again", counted);
  const once = { ...again, value: 1, low: 1 + again.low, high: 1 + again.high };
  return withNotesFirst(once, [reserve("method.once")]);
}
