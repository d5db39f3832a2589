import { join } from "node:path";
import { type IngestResult, ingest } from "../logs/ingest";
import { open, type Store } from "../store/open";
import { ingestSmallLog, isSmallLog, type SmallLog } from "./smallLog";

/**
 * Reads the logs of the demo company that come with the package into a store, texts included.
 *
 * @returns what `ingest` returns
 * @throws if one of its files cannot be read
 */
export async function ingestDemo(store: Store): Promise<IngestResult> {
  const result = await ingest(store, join(__dirname, "..", "..", "data", "demo"), { text: "keep" });
  for (const one of result.files) if (one.status === "failed") throw new Error(`${one.path}: ${one.reason}`);
  return result;
}

/**
 * Opens the demo company's week as a store in memory, for trying things out: 7,000 calls of six models and a study of
 * repeated prompts. Takes a few seconds.
 *
 * @param options `log: "releases"` opens a small log instead that shows what the company's does not: two releases of
 * each of two models, one of which keeps its board's promise, and refused calls that were told how long to wait;
 * `log: "cascade"` one in which a cheap model answers, a check scores the answer and the dear model follows at random,
 * and a judge likes long answers; `log: "switch"` eight weeks of two models, one of which is replaced by a slower version;
 * `log: "conversations"` two days of conversations with two models, with one of which people give up more often;
 * `log: "causes"` three weeks of tasks that fail from five known causes, 200 of which a made-up reader has read
 * @returns a store as `open` returns it; close it when done
 * @throws RangeError for another log
 * @example
 * const store = await openDemo();
 * (await doctor(store)).calls // 8920
 */
export async function openDemo({ log = "week" }: { log?: "week" | SmallLog } = {}): Promise<Store> {
  if (log !== "week" && !isSmallLog(log))
    throw new RangeError(
      `openDemo requires log "week", "releases", "cascade", "switch", "conversations" or "causes", got "${String(log)}"`,
    );
  const store = await open(":memory:");
  await (log === "week" ? ingestDemo(store) : ingestSmallLog(store, log));
  return store;
}
