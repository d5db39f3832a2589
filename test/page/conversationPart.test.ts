import assert from "node:assert/strict";
import { test } from "node:test";
import { requestOf } from "../../src/measures/options";
import { conversationPart } from "../../src/page/conversationPart";
import { type Call, withCalls } from "../measures/calls";

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2) + 60_000 * minutes).toISOString().slice(0, 19);
const talks = (turns: number): Call[] =>
  Array.from({ length: 20 * turns }, (_, i) => ({
    ...{ call_id: `c${i}`, task_id: `t${i}`, conversation_id: `s${Math.floor(i / turns)}`, model: "alder" },
    ...{ user_id: `u${Math.floor(i / turns)}`, status: "ok", cost: 1, started_at: at(i) },
  }));
const request = requestOf("report", {});

test("a report has a chapter on conversations where these have several turns, and none where they have one", async () => {
  await withCalls(talks(3), async (store) => {
    const found = await conversationPart(store, request);
    const [whole, turns] = Object.values(found?.tables ?? {});
    assert.deepEqual([whole.rows[0].conversations, turns.rows.length], [20, 3]);
    assert.equal(found?.part.tables?.[1].figure?.description.includes("after turn"), true);
  });
  await withCalls(talks(1), async (store) => assert.equal(await conversationPart(store, request), undefined));
});
