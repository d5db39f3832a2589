import type { Store } from "../store/open";
import { rowsOf } from "../store/run";

/** The columns that separate kinds of work: the workload, if any call has one. */
export async function workloadIfFilled(store: Store): Promise<string[]> {
  const sql = "select exists (select 1 from calls where workload is not null) as filled";
  const [{ filled }] = await rowsOf<{ filled: boolean }>(store.connection, sql);
  return filled ? ["workload"] : [];
}
