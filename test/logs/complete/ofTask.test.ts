import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonl, workbench } from "../workbench";

const call = (call_id: string, more: object = {}) => ({
  call_id,
  task_id: "t1",
  model: "m",
  status: "ok",
  ...more,
});

test("calls have the user, conversation and workload of their task, whichever file comes first; their own stand", () =>
  workbench(async ({ read, rows }) => {
    const calls = jsonl(call("a"), call("b", { user_id: "own" }), call("c", { task_id: "t2" }));
    const tasks = jsonl({
      task_id: "t1",
      user_id: "ann",
      conversation_id: "s",
      workload: "support",
      resolved: true,
    });
    const found = () =>
      rows("select call_id as id, user_id as u, conversation_id as c, workload as w from calls order by id");
    const expected = [
      { id: "a", u: "ann", c: "s", w: "support" },
      { id: "b", u: "own", c: "s", w: "support" },
      { id: "c", u: null, c: null, w: null },
    ];
    await read("calls.jsonl", calls);
    await read("tasks.jsonl", tasks);
    assert.deepEqual(await found(), expected);
    await read("calls.jsonl", calls + jsonl(call("d", { task_id: "t3" })));
    assert.deepEqual((await found()).slice(0, 3), expected);
  }));
