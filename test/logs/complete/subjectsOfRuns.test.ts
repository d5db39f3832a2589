import assert from "node:assert/strict";
import { thorough } from "../../property";
import * as f from "../formats/fixtures/langsmith";
import { jsonl, workbench } from "../workbench";

const on = (run_id: string, score: number) => ({
  ...(f.feedback.content as object[])[0],
  id: `${run_id} ${score}`,
  run_id,
  key: "thumbs",
  score,
  feedback_source: { type: "app", user_id: "ann" },
});

thorough(
  "feedback on the root of a trace judges the task, that on a call the call, whichever file comes first",
  () =>
    workbench(async ({ read, rows }) => {
      const found = () =>
        rows(`select subject as "on", subject_id as id, value from scores where name = 'thumbs' order by id`);
      await read("feedback.jsonl", jsonl(on("run-1", 0), on("run-2", 1), on("run-9", 1)));
      await read("runs.jsonl", jsonl(...(f.full.content as object[])));
      const expected = [
        { on: "task", id: "run-1", value: 0 },
        { on: "call", id: "run-2", value: 1 },
        { on: "call", id: "run-9", value: 1 },
      ];
      assert.deepEqual(await found(), expected);
      // A later export that overlaps: the later value counts, and none counts twice.
      await read("later.jsonl", jsonl(on("run-1", 1), on("run-2", 0)));
      assert.deepEqual(await found(), [
        { on: "task", id: "run-1", value: 1 },
        { on: "call", id: "run-2", value: 0 },
        { on: "call", id: "run-9", value: 1 },
      ]);
    }),
);
