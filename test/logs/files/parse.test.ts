import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedJson } from "../../../src/logs/files/parse";

test("NaN and Infinity, as Python writes them, are null, and text in a string", () => {
  assert.deepEqual(parsedJson('{"a": NaN, "b": [-Infinity, 1], "c": "NaN \\" Infinity"}'), {
    a: null,
    b: [null, 1],
    c: 'NaN " Infinity',
  });
});

test("what is no JSON has no value", () => {
  for (const text of ["", "{", "NaNa", '{"a": NaN', "nan"]) assert.equal(parsedJson(text), undefined, text);
});
