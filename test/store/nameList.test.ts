import assert from "node:assert/strict";
import { test } from "node:test";
import { nameList } from "../../src/store/nameList";

test("names come as a text with commas or as a list, without spaces around and without empty ones", () => {
  assert.deepEqual(nameList(" workload, model ,"), ["workload", "model"]);
  assert.deepEqual(nameList(["workload ", "", "model"]), ["workload", "model"]);
  assert.deepEqual([nameList(""), nameList(undefined)], [[], undefined]);
});
