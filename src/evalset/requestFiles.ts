import { type Ask, asksOf } from "./ask";
import type { Item } from "./item";
import {
  anthropicBatch,
  inspect,
  jsonl,
  openaiBatch,
  promptfoo,
  type RequestFile,
  type RequestOptions,
  type RequestTarget,
  requestTargets,
} from "./requestTargets";

/** The files, and what to do with them. */
export interface Requests {
  files: RequestFile[];
  requests: number;
  /** What to do next, one sentence per step. */
  next: string[];
}

/**
 * Returns the questions of an eval set as files for a batch service or another program: every item `repeats` times to
 * every model, in one shuffled order. `evalset import` reads the answers back, each with its item.
 *
 * @param items the set
 * @returns the files' names and texts; nothing is written or sent
 * @throws RangeError for an unknown target, no model or one twice, invalid repeats, tokens or temperature, or an item id that does not fit
 * @example
 * const store = await openDemo();
 * const { items } = await build(store, { size: 50 });
 * requestFiles(items, { for: "openai-batch", models: ["a", "b"], repeats: 3 }).requests // 300
 */
export function requestFiles(items: readonly Item[], options: RequestOptions): Requests {
  if (!requestTargets.includes(options.for))
    throw new RangeError(
      `requestFiles requires for, one of ${requestTargets.join(", ")}, got ${options.for}`,
    );
  const asks = asksOf(items, options, "requestFiles");
  const { files, next } = writers[options.for](asks, { ...options, name: options.name ?? "evalset" });
  return { files, requests: asks.length, next };
}

type Writer = (
  asks: readonly Ask[],
  options: RequestOptions & { name: string },
) => { files: RequestFile[]; next: string[] };

const writers: Record<RequestTarget, Writer> = {
  "openai-batch": openaiBatch,
  "anthropic-batch": anthropicBatch,
  inspect,
  promptfoo,
  jsonl,
};
