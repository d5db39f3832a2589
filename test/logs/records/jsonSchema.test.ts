import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { jsonSchema } from "../../../src/logs/records/jsonSchema";

const answer = {
  type: "object",
  properties: {
    verdict: { enum: ["yes", "no"] },
    pages: { type: "array", items: { type: "integer", minimum: 1 } },
  },
  required: ["verdict"],
  additionalProperties: false,
};

describe("jsonSchema", () => {
  test("a value that fits has no errors, and one that does not has each with its place", () => {
    const schema = jsonSchema(answer);
    assert.deepEqual(schema.errors({ verdict: "yes", pages: [1, 2] }), []);
    assert.deepEqual(schema.errors({ verdict: "perhaps", pages: [0], more: 1 }), [
      'must NOT have additional properties (has "more")',
      '/verdict must be equal to one of the allowed values ("yes", "no")',
      "/pages/0 must be >= 1",
    ]);
    assert.deepEqual(schema.errors("yes"), ["must be object"]);
  });

  test("the words of draft 2020-12 are known, and those of older drafts where $schema names them", () => {
    const pair = jsonSchema({ prefixItems: [{ type: "string" }, { type: "number" }], items: false });
    assert.deepEqual(pair.errors(["a", 1]), []);
    assert.equal(pair.errors(["a", "b"]).length, 1);
    assert.equal(pair.errors(["a", 1, 2]).length, 1);
    for (const draft of ["draft-07", "draft-06"]) {
      const older = jsonSchema({
        $schema: `http://json-schema.org/${draft}/schema#`,
        definitions: { one: { type: "string" } },
        items: [{ $ref: "#/definitions/one" }],
      });
      assert.equal(older.errors([1]).length, 1, draft);
    }
    const middle = jsonSchema({ $schema: "https://json-schema.org/draft/2019-09/schema", const: 1 });
    assert.equal(middle.errors(2).length, 1);
  });

  test("references inside the schema are followed, formats and unknown words are annotations", () => {
    const schema = jsonSchema({
      $defs: { day: { type: "string", format: "date" } },
      properties: { on: { $ref: "#/$defs/day" } },
      "x-owner": "legal",
    });
    assert.deepEqual(schema.errors({ on: "not a day" }), []);
    assert.deepEqual(schema.errors({ on: 3 }), ["/on must be string"]);
  });

  test("a schema wrapped as the providers take it is unwrapped", () => {
    const wrapped = [
      { type: "json_schema", json_schema: { name: "answer", strict: true, schema: answer } },
      { name: "answer", schema: answer },
      { type: "json_schema", name: "answer", schema: answer },
    ];
    for (const one of wrapped) assert.deepEqual(jsonSchema(one).errors({ verdict: "no" }), []);
    for (const one of wrapped) assert.equal(jsonSchema(one).errors({}).length, 1);
  });

  test("what is no schema is refused with its name, the reason and what to do", () => {
    assert.throws(() => jsonSchema("object", "schema answer.json"), {
      name: "TypeError",
      message: 'schema answer.json is not a JSON Schema: it must be an object, got "object"',
    });
    for (const bad of [
      { type: "objekt" },
      { $ref: "https://example.com/other.json" },
      { pattern: "(" },
      { $schema: "http://json-schema.org/draft-04/schema#", type: "object" },
    ]) {
      assert.throws(
        () => jsonSchema(bad, "schema answer.json"),
        (error: Error) => {
          assert.ok(error instanceof TypeError);
          assert.match(
            error.message,
            /^schema answer.json is not a self-contained JSON Schema of draft 2020-12.*: /s,
          );
          return true;
        },
      );
    }
  });
});
