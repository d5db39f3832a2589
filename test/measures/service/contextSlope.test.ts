import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { qualitySlope } from "../../../src/measures/service/contextSlope";
import { qualityFloor } from "../../../src/measures/service/effectiveContext";
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

async function slopeOf(limit: number, isTold: (good: boolean, at: number) => boolean = () => true) {
  const calls = log(limit);
  return withCalls(
    calls.map(({ good: _, ...call }) => call),
    async (store) => {
      const told = calls.filter(({ good }, at) => isTold(good, at));
      const values = told.map(({ task_id, good }) => `('${task_id}', ${good})`);
      await run(store.connection, `insert into tasks (task_id, resolved) values ${values.join(", ")}`);
      const floors = await qualityFloor(store, { by: "model", cluster: "user_id", floor: 0.75 });
      return { ...(await qualitySlope(store, { by: "model", cluster: "user_id" })), floors };
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
  test("falls, or holds a floor, only if outcomes are reported alike where some are unknown", async () => {
    const { rows, floors } = await slopeOf(13, (good, at) => good || at % 2 === 0);
    const [{ claim, verdict }] = rows;
    assert.deepEqual([claim.status, claim.needs], ["leads if", "outcomes-alike"]);
    assert.match(verdict, /^falls from .*, if outcomes are reported alike at all lengths$/);
    const [held] = floors.rows;
    assert.ok((held.effective_context.worst_case?.low ?? 0) < held.effective_context.low);
    assert.match(held.verdict, /^holds up to [\d,]+ tokens if outcomes are reported alike/);
  });
  test("is unknown where no task has an outcome", async () => {
    await withCalls([{ model: "m", input_tokens: 10 }], async (store) => {
      const { rows, notes } = await qualitySlope(store);
      assert.deepEqual(rows, []);
      assert.match(notes.join(" "), /No call with input tokens has a score "resolved"/);
    });
  });
});
