import type { Store } from "./open";

const last = new WeakMap<Store, Promise<unknown>>();

/** Runs work that writes to a store after earlier such work has finished, whether that failed or not. */
export function inTurn<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const before = last.get(store) ?? Promise.resolve();
  const mine = before.then(work, work);
  last.set(
    store,
    mine.catch(() => undefined),
  );
  return mine;
}
