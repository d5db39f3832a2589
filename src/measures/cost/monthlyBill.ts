import { derived } from "../../facts/request";
import type { Estimate } from "../../stats/estimate";
import { grouped, percent } from "../../stats/text";
import { withCalls } from "../behind";
import { defineMeasure } from "../define";
import type { BalanceRow } from "../mix/balance";
import { oneMix } from "../mix/oneMix";
import { creditOption } from "../options";
import { keysOf } from "../rowKey";
import type { Keyed, Row, Table } from "../table";
import { behindCost, cost, costColumns, taskWords } from "./cost";

/** What a month would cost. */
export type BillRow = Keyed<{
  /** The bill for the row's own tasks, and for the mix of tasks of all rows together. */
  cost_per_task: Estimate;
  at_one_mix: Estimate;
  /** The given number of tasks, at one mix. */
  monthly_bill: Estimate;
}>;

/** The bill of each row, and how far its tasks differ from those of all rows. */
export interface Bill extends Table<BillRow> {
  balance: BalanceRow[];
}

/**
 * What a month with a given number of tasks would cost with each model, or each group of `by`, in US dollars.
 *
 * All rows are priced on one mix (see `compare`): of shared prompts, else of workload, prompt version, input length of the first turn and working
 * hours: that of all their tasks together (with workload in `by`, of all in the row's workload), since a model
 * that got the short tasks only looks cheap. The interval comes from the cost per task: it holds for tasks like
 * those measured, at a given volume, and says nothing about how the volume itself will vary.
 *
 * @returns a table with a row for each group of `by`, "model" unless given
 * @throws RangeError for an invalid number of tasks
 * @example
 * const store = await openDemo();
 * const { rows } = await costMonthly(store, { tasks: 30_000, where: "workload = 'document-review'" });
 * rows[0].monthly_bill.value.toFixed(0) // "3577"
 */
export const costMonthly = defineMeasure({
  name: "monthly",
  of: "cost",
  about: "what a month with this number of tasks would cost, all rows at one mix of tasks",
  needs: ["cost"],
  takes: "tasks",
  options: {
    tasks: {
      value: "<tasks>",
      about: "tasks a month",
      as: "number",
      required: true,
      check(caller: string, tasks: number) {
        if (!(Number.isFinite(tasks) && tasks >= 0))
          throw new RangeError(`${caller} requires a finite number of tasks >= 0, got ${String(tasks)}`);
      },
    },
    credit: creditOption,
  },
  words: taskWords,
  async compose({ store, measure, options: { tasks }, request: asked }): Promise<Bill> {
    const request = derived(asked, { by: asked.by ?? "model" });
    const table = await cost(store, request);
    const priced = table.rows.filter(({ cost_per_task: { n } }) => n > 0);
    // A workload of its own has a mix of its own: nobody asks what reviews would cost at the lengths of chats.
    const each = table.by.filter((name) => name === "workload");
    const mix = priced.length < 2 ? undefined : await oneMix(store, ["cost_per_task"], request, { each });
    const byOf = (row: Row) => keysOf(table.by, row);
    const rows = table.rows.map((row): BillRow => {
      const { cost_per_task } = row;
      const at_one_mix = mix?.move(byOf(row), "cost_per_task", cost_per_task) ?? cost_per_task;
      const { value, low, high } = at_one_mix;
      const bill = { value: value * tasks, low: low * tasks, high: high * tasks };
      return {
        ...byOf(row),
        cost_per_task,
        at_one_mix,
        monthly_bill: { ...at_one_mix, ...bill, unit: "USD/month" },
      };
    });
    const alone = (mix?.apart ?? []).map(
      ({ by, covered }) => `${Object.values(by).join(" ")} (${percent(covered)} of it)`,
    );
    const notes = [
      `At ${grouped(tasks)} tasks a month, assuming tasks like those measured.`,
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
