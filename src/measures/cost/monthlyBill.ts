import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import type { Row, Table } from "../table";
import type { CostRow } from "./cost";

/** What a month would cost. */
export interface BillRow extends Row {
  cost_per_task: Estimate;
  monthly_bill: Estimate;
}

/**
 * What a month of so many tasks would cost by each row of a cost table, in US dollars.
 *
 * The interval is that of the cost per task: it holds for tasks like those measured, at a given volume, and says
 * nothing of how the volume itself will vary.
 *
 * @param tasks tasks a month
 * @throws RangeError for an invalid number of tasks
 * @example
 * const store = await openDemo();
 * const table = await cost(store, { by: "model", where: "workload = 'document-review'" });
 * monthlyBill(table, { tasks: 30_000 }).rows[0].monthly_bill.value.toFixed(0) // "3849"
 */
export function monthlyBill(table: Table<CostRow>, { tasks }: { tasks: number }): Table<BillRow> {
  if (!(Number.isFinite(tasks) && tasks >= 0))
    throw new RangeError(`monthlyBill requires a finite number of tasks >= 0, got ${String(tasks)}`);
  const rows = table.rows.map((row) => {
    const one = row.cost_per_task;
    const bill = {
      value: one.value * tasks,
      low: one.low * tasks,
      high: one.high * tasks,
      unit: "USD/month",
    };
    const by = Object.fromEntries(table.by.map((name) => [name, row[name]]));
    return { ...by, cost_per_task: one, monthly_bill: { ...one, ...bill } };
  });
  const notes = [`At ${grouped(tasks)} tasks a month like those measured.`];
  return { measure: "monthly bill", by: table.by, rows, notes };
}
