import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fieldnotes, folder } from "./command";

const place = folder();
after(place.remove);

test("profile check counts one criterion in the singular", async () => {
  const one = { name: "one", criteria: [{ metric: "error_rate", weight: 1, good: 0, bad: 0.1 }] };
  writeFileSync(join(place.path, "one.json"), JSON.stringify(one));
  const { stdout } = await fieldnotes(["profile", "check", "one.json"], place.path);
  assert.match(stdout, /profile "one" with 1 criterion is valid/);
});
