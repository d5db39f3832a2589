import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { missing } from "../../src/notebook/missing";

/** What is printed outside a notebook. */
function printed(...why: Parameters<typeof missing>): string {
  const write = mock.method(process.stdout, "write", () => true);
  try {
    missing(...why);
    return write.mock.calls.map((call) => String(call.arguments[0 as never])).join("");
  } finally {
    write.mock.restore();
  }
}

describe("missing", () => {
  test("says a sentence, or why a table has nothing to show", () => {
    assert.equal(printed("No call has a start."), "No call has a start.\n");
    const table = { measure: "latency", by: [], rows: [], notes: ["No call is selected."] };
    assert.equal(printed(table), "No call is selected.\n");
  });

  test("without a reason, says nothing where nothing was gathered", () => {
    assert.equal(printed(), "");
  });

  test("requires a reason", () => {
    assert.throws(() => missing(" "), /missing requires a sentence or a table, got ' '/);
    assert.throws(() => missing(undefined as never), /got undefined/);
  });
});
