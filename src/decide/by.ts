import type { Store } from "../store/open";
import { rowsOf } from "../store/query";

/** Names of columns as a list, from "workload, model" or a list; none where none are given. */
export function listed(names: string | readonly string[] | undefined): string[] | undefined {
  if (names === undefined) return undefined;
  return (typeof names === "string" ? names.split(",") : [...names]).map((one) => one.trim()).filter(Boolean);
}

/** The columns that tell kinds of work apart: the workload, where a call has one. */
export async function workloadIfFilled(store: Store): Promise<string[]> {
  const sql = "select exists (select 1 from calls where workload is not null) as filled";
  const [{ filled }] = await rowsOf<{ filled: boolean }>(store.connection, sql);
  return filled ? ["workload"] : [];
}
