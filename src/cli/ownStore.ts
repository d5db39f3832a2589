import { existsSync, rmSync } from "node:fs";
import { kinOf } from "../store/magic";
import { open, type Store } from "../store/open";
import { rowsOf } from "../store/run";

/**
 * Does work on the store, and removes the store's file if this call created it and nothing came in: a mistyped option
 * leaves no empty store behind.
 */
export async function withOwnStore<T>(db: string, work: (store: Store) => Promise<T>): Promise<T> {
  // The engine makes its own files beside a store, with parts of it.
  const before = process.umask(0o077);
  try {
    return await onOwnStore(db, work);
  } finally {
    process.umask(before);
  }
}

async function onOwnStore<T>(db: string, work: (store: Store) => Promise<T>): Promise<T> {
  const isOurs = db !== ":memory:" && !existsSync(db);
  const store = await open(db);
  let isEmpty = false;
  try {
    return await work(store);
  } finally {
    if (isOurs) isEmpty = await holdsNothing(store).catch(() => false);
    store.close();
    // Its kin is the engine's: a store is not made where there was any.
    if (isEmpty) for (const file of [db, ...kinOf(db)]) rmSync(file, { force: true });
  }
}

async function holdsNothing(store: Store): Promise<boolean> {
  const [{ files }] = await rowsOf<{ files: number }>(
    store.connection,
    "select count(*) as files from ingests",
  );
  return files === 0;
}
