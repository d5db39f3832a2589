import assert from "node:assert/strict";
import { test } from "node:test";
import { mergedNotes } from "../../src/measures/notes";

test("a note that another says with more behind it is left out, and each stands once", () => {
  const short = "Intervals take the calls of one user_id as one cluster.";
  const long = "Intervals take the calls of one user_id as one cluster, and hours with them.";
  assert.deepEqual(mergedNotes([short, "Other.", long, "Other."]), ["Other.", long]);
  assert.deepEqual(mergedNotes(["As one cluster.", "As one cluster; hours are not known."]).length, 1);
  assert.deepEqual(mergedNotes(["One.", "One. Two."]), ["One.", "One. Two."]);
});
