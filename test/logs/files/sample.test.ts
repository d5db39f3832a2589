import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sampleOf } from "../../../src/logs/files/sample";
import { scratch } from "../../../src/store/scratch";

test("the pieces of a file that are looked at overlap at no length: no record is seen twice", () => {
  const { path: folder, remove } = scratch();
  try {
    for (const kilobytes of [200, 300, 400, 600, 900]) {
      const file = join(folder, "x.jsonl");
      const lines = Array.from({ length: kilobytes }, (_, id) =>
        JSON.stringify({ id, text: "x".repeat(1000) }),
      );
      writeFileSync(file, lines.join("\n"));
      const ids = sampleOf(file).records.map((one) => (one as { id: number }).id);
      assert.ok(ids.length > 190, `${ids.length} of ${kilobytes}`);
      assert.equal(new Set(ids).size, ids.length, `${kilobytes} kB`);
    }
  } finally {
    remove();
  }
});
