import type { Row, Table } from "./table";

/**
 * Says why a table is empty: its notes, which tell nothing of intervals where nothing is known.
 *
 * @example
 * const store = await openDemo();
 * reason(await latency(store, { where: "model = 'nobody'" })) // "No call is selected."
 */
export function reason<R extends Row>(table: Table<R>): string {
  return table.notes.length > 0 ? table.notes.join(" ") : "There is nothing to show.";
}
