import assert from "node:assert/strict";
import { test } from "node:test";
import * as tau2 from "./fixtures/tau2Bench";
import { type Fixture, pick, read } from "./read";

/** The uses of tools in a file, in the order of the log; those with the same arguments have the same letter. */
async function usesIn(fixture: Fixture) {
  const { spans } = await read([fixture]);
  const seen: unknown[] = [];
  return spans
    .filter(({ tool }) => tool !== null)
    .map((span) => {
      const { arguments_hash } = span;
      if (!seen.includes(arguments_hash)) seen.push(arguments_hash);
      const same = arguments_hash === null ? null : "abcdef"[seen.indexOf(arguments_hash)];
      return { ...pick(span, "task_id", "stage", "tool", "status", "duration"), with: same };
    });
}

test("tau2-bench tells the tools that the agent used, and whether they failed; none that the simulated user did", async () => {
  const own = { task_id: "sim-t", duration: null };
  assert.deepEqual(await usesIn(tau2.withTools), [
    { ...own, stage: "find", tool: "find", status: "ok", with: "a" },
    { ...own, stage: "book", tool: "book", status: "error", with: "b" },
  ]);
});
