import { inspect } from "node:util";
import { reason } from "../measures/reason";
import type { Table } from "../measures/table";
import { showBundle } from "./display";

/** A sentence, or what the notes of a table say; undefined if it is neither. */
export function saidBy(why: string | Table): string | undefined {
  const said = typeof why === "object" && why !== null && Array.isArray(why.rows) ? reason(why) : why;
  return typeof said === "string" && said.trim() !== "" ? said : undefined;
}

/**
 * Ends a notebook that has nothing to do, such as one about prices for logs without prices.
 *
 * The reason is displayed and the cells below do not run; `runNotebook` reports the status "skipped".
 * Call it from a cell: `if (calls === 0) skip("no call has a price");`
 *
 * @param why What is missing, as a sentence without a full stop, or a table whose notes say it.
 * @example
 * const store = await openDemo();
 * const [{ n }] = await query(store, "select count(*) as n from calls where cost is not null");
 * if (n === 0) skip("no call has a price");
 * n // 8847
 */
export function skip(why: string | Table): never {
  const said = saidBy(why);
  if (said === undefined)
    throw new TypeError(`skip requires a reason in words, or a table, got ${inspect(why)}`);
  showBundle({ "text/plain": `Skipped: ${said}` }, { fieldnotes: { skip: said } });
  const error = new Error(`skip: ${said}`);
  error.name = "Skip";
  // tslab prints what a cell throws; a stack trace would not help the reader here.
  Object.defineProperty(error, inspect.custom, { value: () => `skip: ${said}` });
  throw error;
}
