import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readLimits } from "../../src/decide/check/limits";
import { modelName } from "../../src/logs/models/modelName";
import { checked, readJsonFile } from "../../src/store/checked";

const here = mkdtempSync(join(tmpdir(), "fieldnotes-checked-"));
after(() => rmSync(here, { recursive: true, force: true }));

describe("a file that a person writes gets one line that says", () => {
  const schema = {
    type: "object",
    additionalProperties: false,
    required: ["name"],
    properties: {
      name: { type: "string" },
      parts: { $ref: "#/definitions/parts" },
      passes: { type: "object", additionalProperties: { type: "boolean" } },
    },
    definitions: {
      parts: {
        type: "array",
        items: {
          type: "object",
          additionalProperties: false,
          properties: { size: { type: "number", minimum: 0, errorMessage: "a size from 0" } },
          oneOf: [{ required: ["size"] }, { required: ["name"] }],
        },
      },
    },
  };
  const given: [string, unknown, string][] = [
    ["that it is none", 3, "f requires an object, got 3"],
    ["what is missing", {}, "f requires a text for name, got nothing"],
    [
      "the nearest key",
      { nam: "x" },
      'f requires keys of name, parts, passes, got "nam"; did you mean "name"?',
    ],
    [
      "where a key belongs",
      { name: "x", size: 3 },
      'f requires keys of name, parts, passes, got "size"; "size" belongs in an entry of parts',
    ],
    [
      "the rule in the schema's words",
      { name: "x", parts: [{ size: -1 }] },
      "f: parts[0] requires a size from 0, got -1",
    ],
    ["of an entry that it is none", { name: "x", parts: [1] }, "f: parts[0] requires an object, got 1"],
    [
      "of alternatives which",
      { name: "x", parts: [{}] },
      "f: parts[0] requires one of size and name, got none",
    ],
    [
      "the key, whatever it holds",
      { name: "x", passes: { "a/b": 1 } },
      "f: passes requires true or false for a/b, got 1",
    ],
    ["that it is no list", { name: "x", parts: {} }, "f requires a list for parts, got {}"],
  ];
  for (const [what, value, message] of given)
    test(what, () => assert.throws(() => checked(value, schema, "f"), { name: "RangeError", message }));

  test("of a share within seconds which metrics it goes with", () => {
    const limit = (more: object) => () =>
      readLimits({ name: "x", limits: [{ metric: "duration", within: 2, ...more }] });
    assert.equal(limit({ at_least: 0.9 })().limits.length, 1);
    assert.throws(
      limit({ at_least: 0.9, metric: "error_rate" }),
      /limits\[0\] requires within to go with time_to/,
    );
    assert.throws(
      limit({ at_most_times: 1.1 }),
      /limits\[0\] requires no within beside at_most_times, got 1.1/,
    );
  });

  test("of a table of names which key is misspelt", () => {
    const file = join(here, "names.json");
    writeFileSync(file, JSON.stringify({ models: [{ name: "house", speling: ["our-router"] }] }));
    process.env.FIELDNOTES_MODELS = file;
    try {
      assert.throws(
        () => modelName("our-router"),
        /names.json: models\[0\] requires .*got "speling"; did you mean "spellings"/,
      );
    } finally {
      delete process.env.FIELDNOTES_MODELS;
    }
  });
});

test("a file that was found and not named is not quoted", () => {
  const file = join(here, "found.json");
  writeFileSync(file, "secret: 1");
  assert.throws(() => readJsonFile(file, "mapping"), /line 1 requires a value: .*, got secret: 1$/);
  assert.throws(
    () => readJsonFile(file, "mapping", { isFound: true }),
    /got \S+found.json: line 1 requires a value: [^:]*$/,
  );
});
