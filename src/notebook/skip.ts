import { inspect } from "node:util";
import { showBundle } from "./display";

/**
 * Ends a notebook that has nothing to do, such as one about prices for logs without prices.
 *
 * The reason is displayed and the cells below do not run; `runNotebook` reports the status "skipped".
 * Call it from a cell: `if (calls === 0) skip("no call has a price");`
 *
 * @param reason What is missing, as a sentence without a full stop.
 * @example
 * const store = await openDemo();
 * const [{ n }] = await query(store, "select count(*) as n from calls where cost is not null");
 * if (n === 0) skip("no call has a price");
 * n // 8847
 */
export function skip(reason: string): never {
  if (typeof reason !== "string" || reason.trim() === "") {
    throw new TypeError(`skip requires a reason in words, got ${inspect(reason)}`);
  }
  showBundle({ "text/plain": `Skipped: ${reason}` }, { fieldnotes: { skip: reason } });
  const error = new Error(`skip: ${reason}`);
  error.name = "Skip";
  // tslab prints what a cell throws; a stack trace would not help the reader here.
  Object.defineProperty(error, inspect.custom, { value: () => `skip: ${reason}` });
  throw error;
}
