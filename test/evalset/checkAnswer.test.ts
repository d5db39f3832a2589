import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkAnswer } from "../../src/evalset/checkAnswer";
import { type Check, checkOf } from "../../src/evalset/checks";

const blank = { expected: "", format: "", sources: [] };
const passes = (check: Check, answer: string, item: object = {}) =>
  checkAnswer({ ...blank, checks: [check], ...item }, answer)[0].passed;

describe("a check says whether an answer passes", () => {
  const cases: [string, Check, object, string[], string[]][] = [
    ["exact", { kind: "exact" }, { expected: "Yes" }, ["Yes", " Yes\n"], ["yes", "Yes."]],
    ["exact, ignoring case", { kind: "exact", value: "Yes", ignore_case: true }, {}, ["yes"], ["no"]],
    [
      "exact JSON, whatever the order",
      { kind: "exact" },
      { expected: '{"a":1,"b":[2]}' },
      ['{ "b": [2], "a": 1 }', '```json\n{"a":1,"b":[2]}\n```'],
      ['{"a":1}', '{"a":1,"b":[3]}'],
    ],
    ["regex", { kind: "regex", pattern: "^clause \\d+$", flags: "m" }, {}, ["see\nclause 14"], ["clause x"]],
    [
      "JSON schema",
      {
        kind: "json_schema",
        schema: { type: "object", required: ["page"], properties: { page: { type: "integer" } } },
      },
      {},
      ['{"page": 3}'],
      ['{"page": "3"}', "{}", "page 3", '```json\n{"page": 3}\n```'],
    ],
    [
      "number",
      { kind: "number" },
      { expected: "1,250" },
      ["The total is 1250.", "1,250.0"],
      ["1251", "none"],
    ],
    [
      "number in any country's spelling",
      { kind: "number", relative: 1e-9 },
      { expected: "1234567.5" },
      ["1,234,567.5", "1.234.567,5", "1234567,5", "1.2345675e6"],
      ["1.234.567", "12345675"],
    ],
    ["number with a decimal comma", { kind: "number" }, { expected: "3,14" }, ["3.14", "3,14."], ["314"]],
    ["number with groups", { kind: "number" }, { expected: "2000000" }, ["2.000.000", "2,000,000"], ["2"]],
    [
      "number within a tolerance",
      { kind: "number", value: 0.3, tolerance: 0.1 },
      {},
      ["0.2", "0.4", "3e-1"],
      ["0.19", "\u22120.3"],
    ],
    ["number within a share", { kind: "number", value: 200, relative: 0.01 }, {}, ["201.9"], ["203"]],
    [
      "number where a pattern finds it",
      { kind: "number", value: 7, pattern: "answer: (\\d+)" },
      {},
      ["answer: 7 of 9"],
      ["7", "answer: 9 of 7"],
    ],
    [
      "citation",
      { kind: "citation" },
      { sources: [{ id: "C-14", text: "The fee is due within  thirty days." }] },
      [
        'It says "the fee is due within thirty days".',
        "\u201ethe fee is due within thirty days\u201c",
        "See [C-14].",
        "See [c-14; C-14].",
      ],
      [
        'It says "the fee is due within ninety days".',
        "Dort steht: \u201edie Geb\u00fchr entf\u00e4llt immer\u201c.",
        "\u300cno fee is ever due\u300d",
        "See [C-14, C-15].",
        "See [C-15].",
        "It is due soon.",
        'See [C-14], "never ever due".',
      ],
    ],
    [
      "forbidden claims",
      { kind: "forbidden", claims: ["full refund"] },
      {},
      ["no refund"],
      ["A Full\nrefund, sure"],
    ],
    [
      "length",
      { kind: "length", least: 2, most: 3, unit: "words" },
      {},
      ["two words"],
      ["one", "now there are four"],
    ],
    ["length in characters", { kind: "length", most: 2 }, {}, ["\u{1F600}\u{1F600}"], ["abc"]],
  ];
  for (const [name, check, item, good, bad] of cases) {
    test(name, () => {
      for (const answer of good) assert.ok(passes(check, answer, item), answer);
      for (const answer of bad) assert.ok(!passes(check, answer, item), answer);
    });
  }

  test("the reason of a failure does not repeat the answer", () => {
    const [{ reason }] = checkAnswer({ ...blank, expected: "5", checks: [{ kind: "number" }] }, "secret 6");
    assert.equal(reason, "another number");
  });

  test("an item without checks is checked by its format, and one without both is not", () => {
    const names = (format: string, expected = "") =>
      checkAnswer({ ...blank, checks: [], format, expected }, "3").map(({ name, passed }) => [name, passed]);
    assert.deepEqual(names("json"), [["json_schema", true]]);
    assert.deepEqual(names("number", "3"), [["number", true]]);
    assert.deepEqual(names("exact", "4"), [["exact", false]]);
    assert.deepEqual(names("a polite letter", "Dear"), []);
  });
});

describe("a check that is none is refused with where and why", () => {
  for (const [given, says] of [
    ["exact", /set:3 requires checks of the form/],
    [{ kind: "exakt" }, /did you mean "exact"\?/],
    [
      { kind: "length", max: 3 },
      /fields of a check "length".*did you mean "most"|fields of a check "length"/,
    ],
    [{ kind: "regex" }, /"pattern" in a check "regex"/],
    [{ kind: "regex", pattern: "(" }, /a pattern that is a regular expression/],
    [{ kind: "forbidden", claims: [] }, /another "claims"/],
    [
      { kind: "json_schema", schema: { type: 3 } },
      /set:3 check "json_schema" is not a self-contained JSON Schema/,
    ],
  ] as const) {
    test(JSON.stringify(given), () => assert.throws(() => checkOf(given, "set:3"), says));
  }
});
