import fc from "fast-check";

/** The cases of a property that are tried, of so many: all, or under npm test the first fifth. */
export const runs = (all: number): number => Math.ceil(process.env.FIELDNOTES_QUICK ? all / 5 : all);

// Every run meets the same cases, so that a failure is of the change at hand. FIELDNOTES_SEED=2 tries others.
fc.configureGlobal({ seed: Number(process.env.FIELDNOTES_SEED ?? 1), numRuns: runs(100) });

export { fc };
