import type { Store } from "../../../src/store/open";
import { fc, isShrunk, runs } from "../../property";
import type { Call } from "../calls";
import { crowd, crowds } from "./crowd";
import { hostile, type Log, withLog } from "./hostile";
import { disagree } from "./said";
import { printed, smaller } from "./smaller";

/** Predicates, in SQL and as functions of a call. */
export const wheres: Record<string, (call: Call) => boolean> = {
  "model = 'm0'": ({ model }) => model === "m0",
  "status = 'ok'": ({ status }) => status === "ok",
  "duration > 0.6": ({ duration }) => Number(duration ?? 0) > 0.6,
  "user_id is not null": (call) => (call.user_id ?? null) !== null,
  "cost > 0.5": (call) => Number(call.cost ?? 0) > 0.5,
};
export const settings = fc.record({
  by: fc.constantFrom<string[][]>([], ["model"], ["workload"], ["user_id"]),
  where: fc.constantFrom(undefined, undefined, ...Object.keys(wheres)),
  cluster: fc.constantFrom("auto", "auto", "call_id", "task_id", "user_id", "hour"),
  level: fc.constantFrom(0.95, 0.8),
});

/** What two measures of one store disagree on. */
export type Check<O> = (store: Store, options: O, log: Log) => Promise<string[]>;

/** Runs a check on random logs; the first that fails is shrunk, row by row, and printed. */
export async function hold<O>(
  logs: fc.Arbitrary<Log>,
  options: fc.Arbitrary<O>,
  check: Check<O>,
  { numRuns, tries }: { numRuns: number; tries: number },
): Promise<void> {
  let failed: { log: Log; own: O; found: string[] } | undefined;
  // A measure that throws has no numbers to compare.
  const run = (log: Log, own: O) =>
    withLog(log, (store) => check(store, own, log)).catch((error: Error) => [
      `an answer of any kind: ${error.stack ?? error.message}`,
    ]);
  const property = fc.asyncProperty(logs, options, async (log, own) => {
    const found = await run(log, own);
    if (found.length > 0) failed = { log, own, found };
    return found.length === 0;
  });
  const { errorInstance } = await fc.check(property, { numRuns: runs(numRuns), endOnFailure: true });
  if (failed === undefined) {
    if (errorInstance) throw errorInstance;
    return;
  }
  const { log, own, found } = failed;
  if (!isShrunk) disagree(found, own, printed(log));
  // The shrunk log must still fail on the same number.
  const [metric] = found[0].split(" of ");
  const same = (one: string) => one.startsWith(`${metric} of `);
  const least = await smaller(log, async (one) => (await run(one, own)).some(same), tries);
  disagree(least === log ? found : await run(least, own), own, printed(least));
}

/** Runs a check on small hostile logs. */
export function small<O>(
  options: fc.Arbitrary<O>,
  check: Check<O>,
  { logs = hostile, numRuns = 4 }: { logs?: fc.Arbitrary<Log>; numRuns?: number } = {},
): () => Promise<void> {
  return () => hold(logs, options, check, { numRuns, tries: 60 });
}

/** Runs a check on larger logs. */
export function large<O>(options: fc.Arbitrary<O>, check: Check<O>): () => Promise<void> {
  return () => hold(crowds.map(crowd), options, check, { numRuns: 2, tries: 60 });
}
