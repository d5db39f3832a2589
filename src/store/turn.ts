import type { Store } from "./open";

const last = new WeakMap<Store, Promise<unknown>>();

/** Does work that writes to a store after the work that was begun before it, whether that failed or not. */
export function inTurn<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const before = last.get(store) ?? Promise.resolve();
  const mine = before.then(work, work);
  last.set(
    store,
    mine.catch(() => undefined),
  );
  return mine;
}
