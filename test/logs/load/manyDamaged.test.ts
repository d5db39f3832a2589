import assert from "node:assert/strict";
import { test } from "node:test";
import { mostLooked } from "../../../src/logs/load/number";
import { jsonl, workbench } from "../workbench";

test("of many damaged records the first are looked at one by one, and all stand in rejects and are counted", () =>
  workbench(async ({ read, rows }) => {
    const before = mostLooked.records;
    mostLooked.records = 5;
    try {
      const good = jsonl({ model: "m", duration: 1 });
      const damaged = Array.from({ length: 9 }, () => `{"model":"m",\n${good}`).join("");
      const file = await read("log.jsonl", good + damaged);
      assert.deepEqual([file.calls, file.rejected, file.records?.rejected], [10, 9, 9]);
      assert.match(file.reason ?? "", /^9 rejected; line 2: is not JSON/);
      const rejects = await rows<{ line: number; reason: string }>("from rejects order by line");
      assert.deepEqual(
        rejects.map(({ line, reason }) => [line, reason.replace(/:.*/, "")]),
        Array.from({ length: 9 }, (_, at) => [2 * at + 2, at < 5 ? "is not JSON" : "not looked at"]),
      );
      assert.equal(rejects.at(-1)?.reason, "not looked at: 5 records before it cannot be read");
    } finally {
      mostLooked.records = before;
    }
  }));
