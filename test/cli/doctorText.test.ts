import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnosisText } from "../../src/cli/doctorText";
import { doctor } from "../../src/measures/doctor";
import { open } from "../../src/store/open";

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
