import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnosisText } from "../../src/cli/doctorText";
import { doctor } from "../../src/measures/doctor";
import { wouldOpen } from "../../src/measures/measurable";
import { open } from "../../src/store/open";
import { run } from "../../src/store/run";
import { withCalls } from "../measures/calls";

test("of an empty store the text has no empty table and nothing on prompts", async () => {
  const store = await open(":memory:");
  const text = diagnosisText(await doctor(store));
  store.close();
  assert.deepEqual(text.split("\n"), [
    "0 calls, 0 tasks, 0 scores",
    "no call has a time",
    "models: none",
    "",
    "warnings",
    "  the store holds no calls yet: add some with fieldnotes ingest FILE",
  ]);
});

test("one of a thing is singular, and what is said of whole conversations has a line of its own", () =>
  withCalls([{ call_id: "a", task_id: "t", prompt_id: "p", conversation_id: "k" }], async (store) => {
    await run(
      store.connection,
      `insert into scores (subject, subject_id, name, value) values ('conversation', 'k', 'good', 1);
       insert into tasks (task_id, conversation_id, resolved) values ('t', 'k', true), (null, 'k', true)`,
    );
    const lines = diagnosisText(await doctor(store)).split("\n");
    assert.deepEqual(lines.slice(0, 3), [
      "1 call, 1 task, 1 score",
      "every call names a conversation: 1 conversation",
      "of whole conversations: 1 score, 1 outcome",
    ]);
    assert.ok(lines.includes("1 prompt; 0 asked more than once, in 0 calls"));
  }));

test("how many calls name their conversation is said as a share, and where none does as well", async () => {
  const lines = (ids: (string | null)[]) =>
    withCalls(
      ids.map((conversation_id, at) => ({ call_id: `c${at}`, conversation_id })),
      async (store) => diagnosisText(await doctor(store)).split("\n"),
    );
  assert.equal(
    (await lines(["k", "k", null, "l"]))[1],
    "75 % of the calls name a conversation: 2 conversations",
  );
  assert.equal((await lines([null]))[1], "no call names its conversation");
});

test("where no call names its model, that is what would tell most", () => {
  const cannot = ["quality", "consistency"].map((measure) => ({ measure, why: "there are no scores" }));
  assert.equal(
    wouldOpen({ cannot, calls: 3 }),
    "the model of each call would open every comparison of models, a score would open 2 questions",
  );
  assert.equal(wouldOpen({ cannot, calls: 3, models: ["oak"] }), "a score would open 2 questions");
});
