import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { contextSlope } from "../../../src/measures/service/contextSlope";
import { random } from "../../../src/stats/random";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { withCalls } from "../calls";

/** Calls whose tasks are resolved in 9 of 10 cases, ten points less for each doubling beyond the limit. */
function log(limit: number) {
  const { uniform } = random(3);
  return Array.from({ length: 1500 }, (_, at) => {
    const doublings = 10 + 7 * uniform();
    const good = uniform() < 0.9 - 0.15 * Math.max(0, doublings - limit);
    return {
      call_id: `c${at}`,
      task_id: `t${at}`,
      user_id: `u${at % 300}`,
      model: "m",
      status: "ok",
      input_tokens: Math.round(2 ** doublings),
      good,
    };
  });
}

async function slopeOf(limit: number) {
  const calls = log(limit);
  return withCalls(
    calls.map(({ good: _, ...call }) => call),
    async (store) => {
      const values = calls.map(({ task_id, good }) => `('${task_id}', ${good})`);
      await run(store.connection, `insert into tasks (task_id, resolved) values ${values.join(", ")}`);
      return contextSlope(store, { by: "model", cluster: "user_id" });
    },
  );
}

describe("quality along the length of inputs", () => {
  thorough("falls from the length on at which it does", async () => {
    const { rows } = await slopeOf(13);
    const [row] = rows;
    assert.equal(row.calls, 1500);
    assert.ok(row.turns_at.low <= 2 ** 13 && 2 ** 13 <= row.turns_at.high, JSON.stringify(row.turns_at));
    assert.ok(row.per_doubling.high < 0);
    assert.match(row.verdict, /^falls from about [\d,]+ tokens on/);
  });
  test("is not shown to fall where it does not", async () => {
    const { rows } = await slopeOf(99);
    assert.match(rows[0].verdict, /^not shown to fall up to 13\d,\d{3} tokens$/);
    assert.ok(Number.isNaN(rows[0].turns_at.value));
  });
  test("is unknown where no task has an outcome", async () => {
    await withCalls([{ model: "m", input_tokens: 10 }], async (store) => {
      const { rows, notes } = await contextSlope(store);
      assert.deepEqual(rows, []);
      assert.match(notes.join(" "), /No call with input tokens has a score "resolved"/);
    });
  });
});
