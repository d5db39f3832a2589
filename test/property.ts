import fc from "fast-check";

// Every run meets the same cases, so that a failure is of the change at hand. FIELDNOTES_SEED=2 tries others.
fc.configureGlobal({ seed: Number(process.env.FIELDNOTES_SEED ?? 1) });

export { fc };
