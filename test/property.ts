import { test } from "node:test";
import fc from "fast-check";

const isQuick = Boolean(process.env.FIELDNOTES_QUICK);

// By hand and at night all are tried; CI has an hour for everything.
const part = isQuick ? 5 : process.env.CI ? 3 : 1;

/** How many cases of a property to try: all, the first third in CI, or the first fifth under npm test. */
export const runs = (all: number): number => Math.ceil(all / part);

/** The cases of a table to try: all, or every fifth under npm test. */
export const some = <T>(all: readonly T[]): T[] => all.filter((_, at) => !isQuick || at % 5 === 0);

/** The cases of a slow table to try: all, or every second in CI. */
export const half = <T>(all: readonly T[]): T[] => all.filter((_, at) => !process.env.CI || at % 2 === 0);

/** A test that simulates, fuzzes or takes half a second or more; npm test leaves it to npm run test:full. */
export const thorough = ((...given: Parameters<typeof test>) =>
  isQuick ? undefined : test(...given)) as typeof test;

/** In CI a failure is told as it was found: making it small takes minutes, and the same seed finds it again by hand. */
export const isShrunk = !process.env.CI;

// Every run tries the same cases, so a failure is due to the current change. FIELDNOTES_SEED=2 tries others.
fc.configureGlobal({
  seed: Number(process.env.FIELDNOTES_SEED ?? 1),
  numRuns: runs(100),
  endOnFailure: !isShrunk,
});

export { fc };
