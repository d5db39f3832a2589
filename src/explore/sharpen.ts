import { type DrawUnit, NeedsWhole } from "../facts/drawn";
import { checkPositive } from "../stats/checks";
import { checkStore, open, type Store } from "../store/open";
import { quoteText } from "../store/quote";
import { run } from "../store/run";
import { scratch } from "../store/scratch";
import { chosen, fill, sizeOf } from "./fillDrawn";

/** Calls that the first answer reads, which most questions take half a second for. */
const FIRST = 20_000;
/** Beyond this share of a log its copy costs more than reading all of it. */
const MOST = 0.3;
/** An answer from fewer times the calls of the one before is hardly a better one. */
const LEAST_GAIN = 2;

/** An answer, and the share of a log that it rests on. */
export interface Sharper<T> {
  value: T;
  /** The share of its users, or else of its conversations or tasks; 1 for the whole log, whose answer is exact. */
  share: number;
  unit: DrawUnit;
  /** Seconds since the question was asked. */
  seconds: number;
}

/**
 * Answers a question about a log at once from a few of its users, then from more and more of them, and last from all: for
 * logs that take long. Whole users are drawn by md5 of the id, with all their calls, tasks and scores, so that each answer has
 * the intervals of its sample, which hold for the whole log; a larger share holds the users of a smaller one. The intervals
 * of each answer hold by themselves: who stops because of what an answer says has looked more than once.
 *
 * Its tables say which share they rest on; counts and sums are those of the share. What only a whole log can tell is asked of
 * the whole at once.
 *
 * @param ask asks any measure or decision of the store that it is given
 * @param within seconds after which no answer that would take longer is begun. The first one is always given. Default: all
 * are given, the last one from the whole log.
 * @param first calls that the first answer reads. Default 20,000
 * @returns the answers, each from at least twice the users of the one before
 * @throws RangeError for seconds or calls that are not above 0, and what `ask` throws
 * @remarks Online aggregation: Hellerstein, Haas and Wang (1997), doi:10.1145/253260.253291. Coverage at every share:
 * docs/simulations/sharpen.md.
 * @example
 * const store = await openDemo();
 * const shares = [];
 * for await (const { share } of sharpen(store, (part) => latency(part, { by: "model" }))) shares.push(share);
 * shares // [1]
 */
export async function* sharpen<T>(
  store: Store,
  ask: (part: Store) => Promise<T>,
  { within = Number.POSITIVE_INFINITY, first = FIRST }: { within?: number; first?: number } = {},
): AsyncGenerator<Sharper<T>, void> {
  checkStore("sharpen", store);
  if (within !== Number.POSITIVE_INFINITY) checkPositive("sharpen", "within", within);
  checkPositive("sharpen", "first", first);
  const begun = performance.now();
  const since = (from: number) => (performance.now() - from) / 1000;
  const { calls, unit, isDraw } = await sizeOf(store);
  let share = isDraw ? 1 : first / Math.max(1, calls);
  while (true) {
    if (share > MOST) share = 1;
    const asked = performance.now();
    const found = share === 1 ? { value: await ask(store) } : await fromShare(store, { share, unit }, ask);
    if ("instead" in found) {
      share = found.instead;
      continue;
    }
    const { value } = found;
    yield { value, share, unit, seconds: since(begun) };
    if (share === 1) return;
    const [took, left] = [since(asked), within - since(begun)];
    const fits = share * Math.min(10, left / took);
    // The whole log needs no copy, but nothing says that it would take less time than its share suggests.
    const next = fits >= 1 || left === Number.POSITIVE_INFINITY ? fits : Math.min(MOST, fits);
    if (next < LEAST_GAIN * share) return;
    share = next;
  }
}

/** A copy of a share of a log, which lives until it is closed. */
export interface Part {
  store: Store;
  share: number;
  unit: DrawUnit;
  close(): void;
}

/** The copy of a share that a first answer reads; undefined where the log is too small to be worth one. */
export async function firstPart(store: Store): Promise<Part | undefined> {
  const { calls, unit, isDraw } = await sizeOf(store);
  for (let share = isDraw ? 1 : FIRST / Math.max(1, calls); share <= MOST; share *= 10) {
    const part = await partOf(store, { share, unit });
    if (part !== undefined) return part;
  }
  return undefined;
}

/** Copies a share; undefined if it has no call. */
async function partOf(
  store: Store,
  { share, unit }: { share: number; unit: DrawUnit },
): Promise<Part | undefined> {
  const connection = await store.connect();
  const folder = scratch();
  const part = await open(":memory:");
  const close = () => {
    part.close();
    folder.remove();
  };
  try {
    // What does not fit in memory is written where it is removed with the rest.
    await run(part.connection, `set global temp_directory = ${quoteText(folder.path)}`);
    const counts = await chosen(connection, { share, unit });
    if (counts.calls > 0) {
      await fill(part, { share, unit, connection, store, folder: folder.path, counts });
      return { store: part, share, unit, close };
    }
  } catch (error) {
    close();
    throw error;
  } finally {
    connection.closeSync();
  }
  close();
  return undefined;
}

/** Asks a copy of a share, which lives as long as the question; where it cannot tell, the share to ask instead. */
async function fromShare<T>(
  store: Store,
  drawn: { share: number; unit: DrawUnit },
  ask: (part: Store) => Promise<T>,
): Promise<{ value: T } | { instead: number }> {
  const part = await partOf(store, drawn);
  if (part === undefined) return { instead: 10 * drawn.share };
  try {
    return { value: await ask(part.store) };
  } catch (error) {
    if (error instanceof NeedsWhole) return { instead: 1 };
    throw error;
  } finally {
    part.close();
  }
}
