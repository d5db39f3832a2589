/** How much an engine has read for a statement. */
export interface Reading {
  rows: number;
  /** How many there are, if the engine knows. */
  of?: number;
}

/** A statement that an engine works on. */
export interface Statement<T> {
  /** Sends it; the signal is aborted when it is to be stopped. */
  ask(signal: AbortSignal): Promise<T>;
  /** Has the engine stop it, for engines that do not notice that nobody listens any more. */
  cancel?(): Promise<unknown>;
  /** Asks how far it is; undefined if the engine does not say. */
  reading?(): Promise<Reading | undefined>;
}

interface Running extends Pick<Statement<unknown>, "reading"> {
  since: number;
  /** Resolves to false if the engine was asked to stop it and did not agree. */
  stop(): Promise<boolean>;
}

const running = new Set<Running>();
const leftovers = new Set<() => Promise<unknown>>();
let isStopped = false;

/** Runs a statement until it is done, its signal is aborted, or all are stopped. */
export async function stoppable<T>(signal: AbortSignal, statement: Statement<T>): Promise<T> {
  if (isStopped) throw new Error("it was stopped");
  const own = new AbortController();
  const either = AbortSignal.any([signal, own.signal]);
  let cancelled: Promise<boolean> | undefined;
  either.addEventListener("abort", () => {
    cancelled = statement.cancel?.().then(
      () => true,
      () => false,
    );
  });
  const asked = statement.ask(either);
  const settled = asked.catch(() => undefined);
  const one: Running = {
    since: performance.now(),
    reading: statement.reading,
    async stop() {
      own.abort();
      const [isCancelled = true] = await Promise.all([cancelled, settled]);
      return isCancelled;
    },
  };
  running.add(one);
  try {
    return await asked;
  } finally {
    running.delete(one);
  }
}

/**
 * Stops every statement of this process on any engine, has what it left there removed, and sends no more.
 *
 * @returns false if an engine did not agree: a statement may still run there, or a table stay
 */
export async function stopAll(): Promise<boolean> {
  isStopped = true;
  const stopped = await Promise.all([...running].map((one) => one.stop()));
  const removed = await Promise.allSettled([...leftovers].map((remove) => remove()));
  return stopped.every((is) => is) && removed.every(({ status }) => status === "fulfilled");
}

/** Has something removed from an engine when everything is stopped; returns how to take that back. */
export function atStop(remove: () => Promise<unknown>): () => void {
  leftovers.add(remove);
  return () => leftovers.delete(remove);
}

/** How much was read for the statements that have run for some milliseconds; undefined if none has, or no engine says. */
export async function readingSince(milliseconds: number): Promise<Reading | undefined> {
  const now = performance.now();
  const long = [...running].filter(({ since }) => now - since >= milliseconds);
  const asked = await Promise.all(long.map(({ reading }) => reading?.().catch(() => undefined)));
  const known = asked.filter((one) => one !== undefined);
  if (known.length === 0) return undefined;
  const sum = (count: (one: Reading) => number) => known.reduce((all, one) => all + count(one), 0);
  return known.every(({ of }) => of !== undefined)
    ? { rows: sum(({ rows }) => rows), of: sum(({ of = 0 }) => of) }
    : { rows: sum(({ rows }) => rows) };
}
