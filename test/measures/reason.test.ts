import assert from "node:assert/strict";
import { test } from "node:test";
import { latency } from "../../src/measures/latency/latency";
import { reason } from "../../src/measures/reason";
import { latencyStages } from "../../src/measures/service/stages";
import { thorough } from "../property";
import { withCalls } from "./calls";

thorough("the reason of a table is what its notes say of the log, not of the intervals", async () => {
  for (const user of [undefined, "u"]) {
    const calls = Array.from({ length: 80 }, (_, i) => ({
      model: "m",
      duration: 1,
      user_id: user && `${user}${i % 40}`,
    }));
    await withCalls(calls, async (store) => {
      assert.equal(reason(await latencyStages(store)), "There are no spans: stages cannot be measured.");
      const first = await latency(store, { metric: "ttft" });
      assert.equal(
        reason(first),
        "No call has a time to first token: latency cannot be measured on this log.",
      );
    });
  }
});

test("a table that says nothing has nothing to tell", () => {
  assert.equal(reason({ measure: "m", by: [], rows: [], notes: [] }), "There is nothing to show.");
});
