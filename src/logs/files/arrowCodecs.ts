import { AsyncLocalStorage } from "node:async_hooks";
import type * as Arrow from "apache-arrow";
import { lz4Frame } from "./lz4";
import type { Room } from "./room";
import { unzstdWhole } from "./zstd";

// The library's codecs are one for all files, so each takes from the budget of the file that it is called for.
const budget = new AsyncLocalStorage<{ take(bytes: number): void }>();
const take = (bytes: number) => budget.getStore()?.take(bytes);

/**
 * Works on a file whose compressed buffers take from a limit.
 *
 * @param work told what to call when a batch is done with and no more in memory
 */
export function withinBudget<T>(room: Room, work: (endBatch: () => void) => Promise<T>): Promise<T> {
  const own = { take: room.holding() };
  const endBatch = () => {
    own.take = room.holding();
  };
  return budget.run(own, () => work(endBatch));
}

/** The library supports compressed buffers but ships no decompressor, and pandas compresses by default. */
export function addCodecs({ compressionRegistry, CompressionType }: typeof Arrow): void {
  const codecs = {
    [CompressionType.ZSTD]: (data: Uint8Array) => unzstdWhole(data, take),
    [CompressionType.LZ4_FRAME]: (data: Uint8Array) => lz4Frame(data, take),
  };
  for (const [type, decode] of Object.entries(codecs)) {
    const kind = Number(type) as Arrow.CompressionType;
    if (compressionRegistry.get(kind)?.decode === undefined)
      compressionRegistry.set(kind, { ...compressionRegistry.get(kind), decode });
  }
}
