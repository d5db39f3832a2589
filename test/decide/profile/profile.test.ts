import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Profile } from "../../../src/decide/profile/profile";
import { profileNames, profileText, readProfile } from "../../../src/decide/profile/readProfile";
import { jsonFault } from "../../../src/store/jsonFault";
import { fc } from "../../property";

const here = mkdtempSync(join(tmpdir(), "fieldnotes-profile-"));
after(() => rmSync(here, { recursive: true, force: true }));
const plain = {
  name: "mine",
  criteria: [{ metric: "duration_p95", weight: 1, good: 1, bad: 9 }],
};
const read = (more: object) => readProfile({ ...plain, ...more } as unknown as Profile);

describe("the built-in profiles", () => {
  for (const name of profileNames()) {
    test(`${name} can be read, and is what it is called`, () => {
      assert.equal(readProfile(name).name, name);
      assert.ok(readProfile(name).description);
    });
  }

  test("review asks for a bound on hallucination before anything counts", () =>
    assert.deepEqual(readProfile("review").floors?.[0], { metric: "hallucination", at_most: 0.05 }));

  test("coding has parts for completions and for agents", () =>
    assert.deepEqual(
      readProfile("coding").sub_workloads?.map(({ name }) => name),
      ["autocomplete", "agentic"],
    ));
});

describe("a profile of one's own", () => {
  test("is read from a file, with the schema that editors look for", () => {
    const file = join(here, "mine.json");
    writeFileSync(file, JSON.stringify({ $schema: "./profile.schema.json", ...plain }));
    assert.deepEqual(readProfile(file), plain);
    writeFileSync(file, profileText("chat"));
    assert.deepEqual(readProfile(file), readProfile("chat"));
  });

  test("takes metrics by their short names", () =>
    assert.equal(read({ criteria: [{ ...plain.criteria[0], metric: "ttft_p95" }] }).name, "mine"));

  const criterion = (more: object) => ({ criteria: [{ ...plain.criteria[0], ...more }] });
  const wrongs: [string, object, RegExp][] = [
    ["an unknown key", { weigths: 1 }, /profile requires keys of .* got "weigths"/],
    ["a key of another place", { weight: 1 }, /got "weight"; "weight" belongs in an entry of criteria/],
    ["an unknown key of a criterion", criterion({ wieght: 1 }), /got "wieght"; did you mean "weight"\?/],
    ["weights that do not add up", criterion({ weight: 0.7 }), /weights that add up to 1, got 0.7 = 0.7/],
    ["a metric that is none", criterion({ metric: "duration_p59" }), /did you mean "duration_p5\d?"/],
    ["no criteria", { criteria: [] }, /at least one criterion/],
    [
      "a metric twice",
      { criteria: [plain.criteria[0], plain.criteria[0]] },
      /each metric once, got duration_p95/,
    ],
    ["good and bad the wrong way round", criterion({ good: 9, bad: 1 }), /did you mean good 1, bad 9\?/],
    ["good that is bad", criterion({ good: 9 }), /good and bad to differ/],
    ["no number for good", criterion({ good: "1 s" }), /a number for good, in the metric's unit, got 1 s/],
    [
      "a share in per cent as its floor",
      { floors: [{ metric: "error_rate", at_most: 5 }] },
      /shares from 0 to 1 for the error rate, got 5; did you mean 0\.05\?/,
    ],
    [
      "a share of calls in per cent",
      { slos: [{ metric: "duration", within: 1, at_least: 95 }] },
      /shares from 0 to 1 for the share of calls, got 95; did you mean 0\.95\?/,
    ],
    ["a floor without a limit", { floors: [{ metric: "error_rate" }] }, /one of at_least and at_most/],
    [
      "a limit of time of something else",
      { slos: [{ metric: "error_rate", within: 1, at_least: 0.9 }] },
      /within to go with time_to_first_token or duration/,
    ],
    [
      "a verdict that is none",
      { unmeasured: [{ name: "terms", passes: { m: "yes" } }] },
      /true or false for m/,
    ],
    [
      "a declaration that says nothing",
      { unmeasured: [{ name: "terms" }] },
      /one of passes and values, got none/,
    ],
    [
      "values without those that pass",
      { unmeasured: [{ name: "region", values: { m: "EU" } }] },
      /one_of with values, the texts of which one passes/,
    ],
    [
      "a value that is no text",
      { unmeasured: [{ name: "region", values: { m: 1 as never }, one_of: ["EU"] }] },
      /a text for m, got 1/,
    ],
    [
      "a day that is none",
      { unmeasured: [{ name: "terms", passes: { m: true }, on: "last year" }] },
      /on to be a date such as 2026-02-11, got last year/,
    ],
    [
      "a check without a name",
      { verification: { score: "hallucination" } },
      /a text for validator, got nothing/,
    ],
    ["a part without a predicate", { sub_workloads: [{ name: "x" }] }, /a text for where, got nothing/],
    ["a workload that is a number", { workload: 3 }, /workload to be a name/],
    ["no name", { name: "" }, /a text for name/],
  ];
  for (const [what, more, message] of wrongs)
    test(`with ${what} gets one clear message`, () =>
      assert.throws(() => read(more), { name: "RangeError", message }));

  test("that is not there names those that are", () => {
    assert.throws(
      () => readProfile("chatt"),
      /one of chat, coding, review or a JSON file, got "chatt"; did you mean "chat"/,
    );
    const file = join(here, "broken.json");
    const broken: [string, RegExp][] = [
      ["{", /broken.json: line 1 requires a name in double quotes, got the end of the file/],
      ["", /line 1 requires a value: .*, got the end of the file/],
      ['{\n  "name": "x"\n  "criteria": []\n}', /line 3 requires a comma or }, got "criteria": \[\]/],
      ['{\n  "name": "x",\n}\n', /line 3 requires a name in double quotes, got }/],
      ["{\n  \"name\": 'x'\n}", /line 2 requires a value: .*, got 'x'/],
      ['{\n  "weight": .4\n}', /line 2 requires a value: .*, got \.4/],
      ['{ "name": "x" }\n// mine', /line 2 requires nothing more, got \/\/ mine/],
    ];
    for (const [text, message] of broken) {
      writeFileSync(file, text);
      assert.throws(() => readProfile(file), { name: "RangeError", message });
    }
    assert.throws(() => readProfile(here), /requires a file of JSON, got .*, a folder/);
    assert.throws(() => readProfile([] as unknown as Profile), /an object/);
  });
});

test("what is JSON has no fault", () =>
  fc.assert(fc.property(fc.json(), (text) => jsonFault(text) === undefined)));
