import assert from "node:assert/strict";
import { test } from "node:test";
import { causes } from "../../../src/measures/causes/causes";
import * as langsmith from "../../logs/formats/fixtures/langsmith";
import { jsonl, workbench } from "../../logs/workbench";

test("categories that a person gave in LangSmith's app are causes by name, and those of a model are not", () =>
  workbench(async ({ read, store }) => {
    await read("runs.jsonl", jsonl(...(langsmith.full.content as object[])));
    const given = (run_id: string, value: string, type: string) => ({
      ...(langsmith.feedback.content as object[])[0],
      ...{ id: `${run_id} ${type}`, run_id, key: "failure_mode", score: null, value },
      feedback_source: { type, user_id: "ann" },
    });
    await read(
      "feedback.jsonl",
      jsonl(
        given("run-1", "wrong tool", "app"),
        given("run-1", "lost", "model"),
        given("run-99", "lost", "app"),
      ),
    );
    const { rows, notes } = await causes(store, { score: "failure_mode" });
    assert.deepEqual(
      rows.map(({ cause, tasks_read }) => [cause, tasks_read]),
      [["wrong tool", 1]],
    );
    assert.match(notes.join("\n"), /1 of 2 tasks and calls that people labelled belongs to no selected task/);
  }));
