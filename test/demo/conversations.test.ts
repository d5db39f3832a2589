import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { conversationsTruth } from "../../src/demo/conversations";
import { openDemo } from "../../src/demo/openDemo";
import { trajectoriesConversations } from "../../src/measures/service/conversationLengths";
import { trajectoriesTurns } from "../../src/measures/service/conversationTurns";
import type { Estimate } from "../../src/stats/estimate";
import type { Store } from "../../src/store/open";

const { models } = conversationsTruth();
const holds = (name: string, { low, high }: Estimate, truth: number) =>
  assert.ok(low <= truth && truth <= high, `${name}: ${truth} is not in ${low} to ${high}`);

describe("the log of conversations", () => {
  let store: Store;
  before(async () => {
    store = await openDemo({ log: "conversations" });
  });
  after(() => store.close());

  test("shows by which turn people are done or give up, and what a turn costs", async () => {
    // Of the joint truth of many intervals: at .999 each.
    const { rows } = await trajectoriesTurns(store, { by: "model", limit: 5, level: 0.999 });
    assert.equal(rows.length, 10);
    for (const row of rows) {
      const truth = models[String(row.model)].turns[row.turn - 1];
      for (const name of ["going", "resolved", "given_up"] as const)
        holds(`${row.model} ${name} ${row.turn}`, row[name], truth[name]);
      assert.equal(
        Number(row.cost_per_turn.value.toPrecision(6)),
        Number(truth.cost_per_turn.toPrecision(6)),
      );
    }
  });

  test("shows that people leave the small model after bad answers, and ask again in the same words", async () => {
    const { rows } = await trajectoriesConversations(store, { by: "model", level: 0.999 });
    for (const row of rows) {
      for (const name of ["failed", "left_after_failed", "left_after_others", "rephrased"] as const)
        holds(`${row.model} ${name}`, row[name], models[String(row.model)][name]);
      assert.ok(row.false_alarms.value < 0.01 && row.open > 0);
    }
    const [large, small] = rows;
    assert.ok(small.left_after_failed.value > large.left_after_failed.value + 0.1);
  });
});
