import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { missing } from "../../src/notebook/missing";

/** What is printed outside a notebook. */
function printed(work: () => void): string {
  const write = process.stdout.write;
  let text = "";
  process.stdout.write = ((part: string) => {
    text += part;
    return true;
  }) as typeof write;
  try {
    work();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

describe("missing", () => {
  test("says a sentence, or why a table has nothing to show", () => {
    assert.equal(
      printed(() => missing("No call has a start.")),
      "No call has a start.\n",
    );
    const table = { measure: "latency", by: [], rows: [], notes: ["No call is selected."] };
    assert.equal(
      printed(() => missing(table)),
      "No call is selected.\n",
    );
  });

  test("requires a reason", () => {
    assert.throws(() => missing(" "), /missing requires a sentence or a table, got ' '/);
    assert.throws(() => missing(undefined as never), /got undefined/);
  });
});
