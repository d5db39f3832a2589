import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonFaultText, valueText, withoutText } from "../../src/store/withoutText";

test("of a record, names, numbers and short values stay; what a person wrote is told by its length, keys are masked", () => {
  const cases: [string, string][] = [
    ['{"id": "a1", "prompt": "Dear Ann", "n": 3}', '{"id": "a1", "prompt": "… (8 characters)", "n": 3}'],
    ['{"at": "2025-01-01 10:00:00"}', '{"at": "2025-01-01 10:00:00"}'],
    ['{"id":"a","m":"cut in the mid', '{"id":"a","m":"… (14 characters)'],
    ['{"k":"sk-ant-abcdefghijklmnopq123"}', '{"k":"[key-1]"}'],
    ['a,b c d,"e f ""g""",2025-01-01 10:00', 'a,… (5 characters),"… (4 characters)""g""",2025-01-01 10:00'],
    ['["api_key: "Zq7Xw9Vt3Rk5Np2Lm8Jh4Gf6Ds1Cb0" said"]', '["api_key: "[key-1]" said"]'],
    ["Dear Ann, what is this", "… (8 characters), … (12 characters)"],
    [`{"a":"${"x".repeat(100)}"}`, '{"a":"… (100 characters)"}'],
  ];
  for (const [given, wanted] of cases) assert.equal(withoutText(given), wanted, given);
  assert.equal(valueText("gpt-4o"), "gpt-4o");
  assert.equal(valueText("ann@example.com"), "[email-1]");
});

test("what is wrong with JSON is told without a piece of it", () => {
  for (const text of [
    "hello ann",
    '{"a":tru}',
    '{"a',
    "",
    '{"a":1} ann',
    "{ann}",
    "\u0001ann",
    '["ann" ann]',
  ])
    assert.throws(
      () => JSON.parse(text),
      (error) => {
        assert.doesNotMatch(jsonFaultText(error), /ann|hello|tru/);
        assert.ok(jsonFaultText(error).length > 8);
        return true;
      },
    );
});
