import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { causesFiles, causesTruth } from "../../src/demo/causes";
import { generateDemo } from "../../src/demo/generate";
import { openDemo } from "../../src/demo/openDemo";
import { filesOf } from "../../src/logs/files/files";
import { causes } from "../../src/measures/causes/causes";
import { causesBegan } from "../../src/measures/causes/causesBegan";
import type { Store } from "../../src/store/open";
import { folder } from "../cli/command";

const truth = causesTruth();

describe("the log of causes", () => {
  const place = folder();
  let store: Store;
  before(async () => {
    store = await openDemo({ log: "causes" });
  });
  after(() => {
    store.close();
    place.remove();
  });

  test("has shares that cover the planted ones, by reading alone and with rules of which one is half wrong", async () => {
    const rules = join(place.path, "causes.json");
    writeFileSync(rules, JSON.stringify(causesFiles(1).causes));
    // Of the joint truth of many intervals: at .999 each.
    const [alone, ruled] = [
      await causes(store, { level: 0.999 }),
      await causes(store, { rules, level: 0.999 }),
    ];
    for (const { rows } of [alone, ruled]) {
      const named = rows.filter(({ cause }) => cause !== "nothing went wrong");
      assert.equal(named.length, Object.keys(truth.causes).length);
      for (const row of named)
        for (const [name, share] of Object.entries(truth.causes[row.cause])) {
          const { low, high } = row[name as "share_of_failed"];
          assert.ok(
            low <= share && share <= high,
            `${row.cause} ${name}: ${share} is not in ${low} to ${high}`,
          );
        }
    }
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    const found = (table: typeof alone) => table.rows.find(({ cause }) => cause === "search failed");
    const [before, after] = [found(alone), found(ruled)];
    assert.ok(before !== undefined && after !== undefined);
    assert.ok(width(after.share_of_failed) < 0.6 * width(before.share_of_failed));
  });

  test("is read as a folder without the files of its causes and its reader", () => {
    const out = join(place.path, "made");
    const { logs } = generateDemo({ out, log: "causes" });
    assert.deepEqual(filesOf([out]), logs.sort());
    assert.ok(existsSync(join(out, "causes.json")) && existsSync(join(out, "causes-reader.json")));
  });

  test("shows where tasks first went wrong, and what was spent after that", async () => {
    const { rows, notes } = await causesBegan(store, { level: 0.999 });
    assert.equal(rows.length, Object.keys(truth.began).length);
    for (const row of rows)
      for (const [name, share] of Object.entries(truth.began[row.step])) {
        const { low, high } = row[name as "share_of_failed" | "cost_after"];
        assert.ok(low <= share && share <= high, `${row.step} ${name}: ${share} is not in ${low} to ${high}`);
      }
    assert.ok(Math.abs(rows.reduce((sum, one) => sum + one.share_of_failed.value, 0) - 1) < 1e-9);
    assert.match(notes.join("\n"), /120 failed tasks were read with a step marked/);
    assert.doesNotMatch(notes.join("\n"), /it is not known what came after/);
  });

  test("shows that the small model fails from a search more often", async () => {
    const { differences } = await causes(store, { by: "model" });
    const search = differences.find(({ cause }) => cause === "search failed");
    assert.equal(search?.claim.status, "settled");
    assert.equal(search?.group, "sorrel-large");
    assert.ok((search?.difference.high ?? 0) < 0);
  });
});
