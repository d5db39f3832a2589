import { withoutIntervals } from "../facts/cluster";
import type { Row, Table } from "./table";

/**
 * Says why a table is empty: its notes without those about intervals.
 *
 * @example
 * const store = await openDemo();
 * reason(await latency(store, { where: "model = 'nobody'" })) // "No call is selected."
 */
export function reason<R extends Row>(table: Table<R>): string {
  const why = withoutIntervals(table.notes);
  return why.length > 0 ? why.join(" ") : "There is nothing to show.";
}
