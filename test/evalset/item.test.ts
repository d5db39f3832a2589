import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSet } from "../../src/evalset/item";
import { labelsOf } from "../../src/evalset/labels";
import { readOutputs } from "../../src/evalset/outputs";
import { folder } from "../cli/command";

const place = folder();
after(place.remove);

test("a damaged set, output or label file is refused without a word of its texts", () => {
  const text = "Dear Ann Quux, my key is";
  const file = join(place.path, "set.jsonl");
  writeFileSync(file, text);
  for (const read of [() => readSet(file), () => readOutputs(file, []), () => labelsOf(`{${text}`, file)])
    assert.throws(read, (error: Error) => {
      assert.match(error.message, /requires/);
      assert.doesNotMatch(error.message, /Ann|key/);
      return true;
    });
});
