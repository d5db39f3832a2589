import assert from "node:assert/strict";
import { test } from "node:test";
import { listed } from "../../src/store/listed";

test("names come as a text with commas or as a list, without spaces around and without empty ones", () => {
  assert.deepEqual(listed(" workload, model ,"), ["workload", "model"]);
  assert.deepEqual(listed(["workload ", "", "model"]), ["workload", "model"]);
  assert.deepEqual([listed(""), listed(undefined)], [[], undefined]);
});
