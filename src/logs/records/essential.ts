import { quoteText } from "../../store/quote";
import type { FilledTable } from "../../store/schema";

/**
 * The columns without which a row says nothing: if one cannot be read, the row is rejected. Any other is left empty,
 * and the row stays.
 */
const essential: Partial<Record<FilledTable, readonly string[]>> = {
  calls: ["call_id"],
  tasks: ["task_id"],
  scores: ["subject", "subject_id", "name", "value"],
  spans: ["span_id"],
  texts: ["call_id"],
  items: ["item_id"],
  preferences: ["comparison_id", "model_a", "model_b", "preferred"],
  sides: ["comparison_id", "run_id", "name", "value"],
};

/** Of tables whose rows say something else without a column, such as a price without its condition: the columns that may be empty. */
const spare: Partial<Record<FilledTable, readonly string[]>> = {
  benchmarks: ["standard_error", "items", "as_of"],
  prices: [],
};

/** True if a row whose value for a column cannot be read is no row. */
export function isEssential(table: FilledTable, column: string): boolean {
  return essential[table]?.includes(column) ?? spare[table]?.includes(column) === false;
}

/** SQL for the names of the columns that are at fault, each with its condition; null if none is. */
export function emptiedNames(faults: readonly (readonly [column: string, fault: string])[]): string {
  if (faults.length === 0) return "null::varchar";
  const names = faults.map(([column, fault]) => `case when ${fault} then ${quoteText(column)} end`);
  return `case when ${faults.map(([, fault]) => fault).join(" or ")} then concat_ws(', ', ${names.join(", ")}) end`;
}
