import { sizeOf } from "../explore/fillDrawn";
import { firstPart, type Part } from "../explore/sharpen";
import { isUnchanging, type Store } from "../store/open";

/** The copy of a share of a log that first answers read, made once for all questions. */
export interface First {
  /** The copy; undefined where the log is too small to be worth one. Made again if calls came in. */
  part(): Promise<Part | undefined>;
  close(): Promise<void>;
}

/** Keeps a copy of a share of a store, from the first question on. */
export function firstOf(store: Store): First {
  let calls: number | undefined;
  // Those of a log that has grown since may still be asked.
  const made: Promise<Part | undefined>[] = [];
  return {
    async part() {
      if (made.length > 0 && isUnchanging(store)) return made.at(-1);
      const now = await sizeOf(store);
      if (now.calls !== calls) {
        calls = now.calls;
        // A log that cannot be copied is answered whole.
        made.push(firstPart(store).catch(() => undefined));
      }
      return made.at(-1);
    },
    async close() {
      for (const part of await Promise.all(made.splice(0))) part?.close();
    },
  };
}
