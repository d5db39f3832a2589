import { derived } from "../../facts/request";
import type { Estimate } from "../../stats/estimate";
import { grouped, percent } from "../../stats/text";
import type { Store } from "../../store/open";
import { withCalls } from "../behind";
import { defineMeasure } from "../define";
import type { BalanceRow } from "../mix/balance";
import { oneMix } from "../mix/oneMix";
import { creditOption, type MeasureRequest } from "../options";
import { keysOf } from "../rowKey";
import type { Keyed, Row, Table } from "../table";
import { behindCost, cost, costColumns, taskWords } from "./cost";
import { tasksPerUserDay } from "./tasksPerUserDay";

/** Days of a month, on average. */
const DAYS = 365.25 / 12;

/** What a month would cost. */
export type BillRow = Keyed<{
  /** The bill for the row's own tasks, and for the mix of tasks of all rows together. */
  cost_per_task: Estimate;
  at_one_mix: Estimate;
  /** With `dailyUsers`: a user's tasks on a day with any, of all rows together, or of the row's workload. */
  tasks_per_user_day?: Estimate;
  /** The given number of tasks, or those of the given number of users, at one mix. */
  monthly_bill: Estimate;
}>;

/** The bill of each row, and how far its tasks differ from those of all rows. */
export interface Bill extends Table<BillRow> {
  balance: BalanceRow[];
}

/**
 * What a month with a given number of tasks, or of users a day, would cost with each model, or each group of `by`, in
 * US dollars.
 *
 * All rows are priced on one mix (see `compare`): of shared prompts, else of workload, prompt version, input length of the first turn and working
 * hours: that of all their tasks together (with workload in `by`, of all in the row's workload), since a model
 * that got the short tasks only looks cheap. The interval comes from the cost per task: it holds for tasks like
 * those measured, at a given volume, and says nothing about how the volume itself will vary. Users bring as many tasks
 * on a day as those of the log did on days with any, whatever model answered; then the interval is the product of
 * two, the cost per task and the tasks of a user, which hold together at the level however the two are related.
 *
 * @returns a table with a row for each group of `by`, "model" unless given
 * @throws RangeError for an invalid number of tasks or users, and for both or none
 * @example
 * const store = await openDemo();
 * const { rows } = await costMonthly(store, { tasks: 30_000, where: "workload = 'document-review'" });
 * rows[0].monthly_bill.value.toFixed(0) // "3577"
 */
export const costMonthly = defineMeasure({
  name: "monthly",
  of: "cost",
  about:
    "what a month with this number of tasks, or of users a day, would cost, all rows at one mix of tasks",
  needs: ["cost"],
  takes: "tasks",
  options: {
    tasks: { value: "[tasks]", about: "tasks a month", as: "number", check: checkCountOf("tasks") },
    dailyUsers: {
      value: "<number>",
      about: "users a day instead of tasks a month, each with the tasks of a user's day in the log",
      as: "number",
      check: checkCountOf("daily users"),
    },
    credit: creditOption,
  },
  words: taskWords,
  async compose({ store, measure, options: { tasks, dailyUsers }, request: asked }): Promise<Bill> {
    if ((tasks === undefined) === (dailyUsers === undefined))
      throw new RangeError(
        `costMonthly requires tasks or dailyUsers, got ${tasks === undefined ? "neither" : "both"}`,
      );
    const request = derived(asked, { by: asked.by ?? "model" });
    const { level = 0.95 } = request;
    const { table, mix, each, priced } = await pricedAtOneMix(store, request);
    const perUser = dailyUsers === undefined ? undefined : await tasksPerUserDay(store, request, each);
    // Two intervals that each miss half as often hold together at the level.
    const strict = 1 - (1 - level) / 2;
    const sure =
      perUser === undefined
        ? priced
        : (await pricedAtOneMix(store, derived(request, { level: strict }))).priced;
    const rows = priced.map((row, at): BillRow => {
      if (perUser === undefined || dailyUsers === undefined) {
        const exact = Number(tasks);
        return { ...row, monthly_bill: billOf(row.at_one_mix, { value: exact, low: exact, high: exact }) };
      }
      const { value, low, high } = perUser(row, strict);
      const times = dailyUsers * DAYS;
      const volume = { value: value * times, low: low * times, high: high * times };
      const bill = billOf(sure[at]?.at_one_mix ?? row.at_one_mix, volume);
      return { ...row, tasks_per_user_day: perUser(row, level), monthly_bill: { ...bill, level } };
    });
    const alone = (mix?.apart ?? []).map(
      ({ by, covered }) => `${Object.values(by).join(" ")} (${percent(covered)} of it)`,
    );
    const notes = [
      dailyUsers === undefined
        ? `At ${grouped(Number(tasks))} tasks a month, assuming tasks like those measured.`
        : `At ${grouped(dailyUsers)} users a day, each with the tasks of a user's day in the log, assuming users and tasks like those measured: the interval has both, but not how many users there will be.`,
      ...(mix?.uneven
        ? [
            `${mix.byChance ? "The rows' tasks differed by no more than chance" : "The rows had different tasks"}: each is priced on the mix of all${each.length > 0 ? " of its workload" : ""}, by ${mix.of}.`,
            ...mix.notes,
          ]
        : []),
      ...(alone.length === 0
        ? []
        : [`Priced on their own tasks, since they had too little of the mix of all: ${alone.join(", ")}.`]),
    ];
    return withCalls(
      { measure, by: table.by, rows, balance: mix?.balance ?? [], notes },
      (again) => costColumns(again, request, new Set()),
      behindCost,
    );
  },
});

/** A cost per task times a number of tasks: its interval holds where those of both do, however they are related. */
export function billOf(
  { value, low, high, ...about }: Estimate,
  tasks: Pick<Estimate, "value" | "low" | "high">,
): Estimate {
  const ends = [low * tasks.low, low * tasks.high, high * tasks.low, high * tasks.high];
  const bill = { value: value * tasks.value, low: Math.min(...ends), high: Math.max(...ends) };
  return { ...about, ...bill, unit: "USD/month" };
}

/** What a task of each row costs, and would cost at one mix of all rows. */
async function pricedAtOneMix(store: Store, request: MeasureRequest) {
  const table = await cost(store, request);
  const known = table.rows.filter(({ cost_per_task: { n } }) => n > 0);
  // A workload of its own has a mix of its own: nobody asks what reviews would cost at the lengths of chats.
  const each = table.by.filter((name) => name === "workload");
  const mix = known.length < 2 ? undefined : await oneMix(store, ["cost_per_task"], request, { each });
  const byOf = (row: Row) => keysOf(table.by, row);
  const priced = table.rows.map((row) => {
    const { cost_per_task } = row;
    const at_one_mix = mix?.move(byOf(row), "cost_per_task", cost_per_task) ?? cost_per_task;
    return { ...byOf(row), cost_per_task, at_one_mix };
  });
  return { table, mix, each, priced };
}

function checkCountOf(what: string) {
  return (caller: string, count: number): void => {
    if (!(Number.isFinite(count) && count >= 0))
      throw new RangeError(`${caller} requires a finite number of ${what} >= 0, got ${String(count)}`);
  };
}
