import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { messageOf } from "../../src/store/reason";
import { writeWhole } from "../../src/store/wholeFile";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a file is written whole, and nothing is left beside it", () => {
  writeWhole(join(folder, "a.txt"), "one");
  writeWhole(join(folder, "a.txt"), "two");
  assert.equal(readFileSync(join(folder, "a.txt"), "utf8"), "two");
  assert.deepEqual(readdirSync(folder), ["a.txt"]);
});

test("no name, and a folder that there is not, are said as such", () => {
  assert.throws(() => writeWhole("", "x"), /^RangeError: writing requires the name of a file, got ""$/);
  const nowhere = join(folder, "nowhere", "b.txt");
  assert.throws(() => writeWhole(nowhere, "x"), {
    message: `writing requires a folder that there is, got ${join(folder, "nowhere")} (for ${nowhere})`,
  });
});

test("a failure names the file that was asked for, not the one beside it", {
  skip: process.getuid?.() === 0,
}, () => {
  const closed = join(folder, "closed");
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  try {
    writeWhole(join(closed, "c.txt"), "x");
    assert.fail("written");
  } catch (error) {
    assert.equal(messageOf(error), `${join(closed, "c.txt")}: no permission for it`);
  }
});
