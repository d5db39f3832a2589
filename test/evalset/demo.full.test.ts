import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "../../src/evalset/build";
import { check } from "../../src/evalset/check";
import { compareWithTraffic } from "../../src/evalset/compareWithTraffic";
import { storedOutputs } from "../../src/evalset/outputs";
import { ingest } from "../../src/logs/ingest";
import { open, type Store } from "../../src/store/open";
import { root } from "../dist";

let store: Store;
before(async () => {
  store = await open(":memory:");
  await ingest(store, join(root, "data", "demo"), { text: "keep" });
});
after(() => store.close());

describe("an eval set of the demo company", () => {
  test("of 300 examples is drawn, stands for its traffic, and its rules are checked on what was answered", async () => {
    const { items, manifest } = await build(store, { size: 300 });
    assert.equal(items.length, 300);
    assert.ok(manifest.near_duplicates.left_out > 0 && (manifest.masked?.email ?? 0) > 0);
    assert.ok(items.every(({ prompt }) => !prompt.includes("@example.com")));
    const { dimensions } = await compareWithTraffic(store, items);
    for (const { dimension, verdict } of dimensions.rows)
      assert.match(verdict, /^(like the traffic|not shown to be unlike it)$/, dimension);
    const ruled = items.map((item) => ({
      ...item,
      checks: [{ kind: "length" as const, least: 1, most: 200 }],
    }));
    const outputs = await storedOutputs(store, ruled);
    assert.ok(outputs.length > 200);
    const { table } = check(ruled, outputs);
    assert.deepEqual(
      [...new Set(table.rows.map(({ model }) => model))],
      [...new Set(outputs.map(({ model }) => model))].sort(),
    );
    for (const { passed } of table.rows) assert.ok(passed.low <= passed.value && passed.value <= passed.high);
  });
});
