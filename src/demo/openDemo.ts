import { join } from "node:path";
import { type IngestResult, ingest } from "../logs/ingest";
import { open, type Store } from "../store/open";

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
 * @returns a store as `open` returns it; close it when done
 * @example
 * const store = await openDemo();
 * (await doctor(store)).calls // 8920
 */
export async function openDemo(): Promise<Store> {
  const store = await open(":memory:");
  await ingestDemo(store);
  return store;
}
