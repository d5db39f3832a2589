import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { labelsOf } from "../../src/evalset/labels";
import { promptText } from "../../src/evalset/promptText";
import { review, reviewId } from "../../src/evalset/review";

import { items, outputs, sheet } from "./reviewSheet";

describe("a review sheet", () => {
  test("holds every answer once, in an order that the seed decides", () => {
    const ids = sheet.rows.map(({ review_id }) => review_id);
    assert.deepEqual([...ids].sort(), outputs.map(({ call_id }) => reviewId(call_id)).sort());
    assert.deepEqual(review(items, [...outputs].reverse(), { score: "hallucination" }), sheet);
    const other = review(items, outputs, { score: "hallucination", seed: 2 });
    assert.notDeepEqual(
      other.rows.map(({ review_id }) => review_id),
      ids,
    );
    assert.notEqual(other.sheet, sheet.sheet);
    assert.deepEqual(
      review(items, outputs, { score: "hallucination", limit: 5 }).rows,
      sheet.rows.slice(0, 5),
    );
  });

  test("tells nothing of the model: not its name, not the id of its call, not the order of the file", () => {
    for (const text of [sheet.html, sheet.csv]) {
      assert.doesNotMatch(text, /orrery|quillon/i);
      assert.match(text, /I am \[model\], and \[model\] says/);
    }
  });

  test("masks personal data in answers unless told not to", () => {
    assert.doesNotMatch(sheet.html, /me@example\.com/);
    assert.match(review(items, outputs, { mask: false }).html, /me@example\.com/);
  });

  test("asks by the score's name, or what it is told to ask", () => {
    assert.equal(sheet.question, "Does the answer state something that is not true?");
    assert.equal(review([], [], { score: "polite" }).question, 'Does "polite" hold for the answer?');
    assert.equal(review([], [], { question: "Kind?" }).question, "Kind?");
    assert.throws(() => review([], [], { limit: -1 }), /review requires a whole number of answers/);
  });

  test("as CSV holds no formula, and comes back as labels once it is filled in", () => {
    assert.doesNotMatch(sheet.csv, /(^|,)"[=+@-]/m);
    const filled = sheet.csv
      .split("\r\n")
      .map((line) => line.replace(/"",""$/, '"1","h1"'))
      .join("\r\n");
    const labels = labelsOf(filled, "sheet.csv");
    assert.equal(labels.length, outputs.length);
    assert.ok(
      labels.every(
        ({ name, value, rater_id }) => name === "hallucination" && value === 1 && rater_id === "h1",
      ),
    );
    assert.deepEqual(labelsOf(sheet.csv, "sheet.csv"), [], "a sheet that is not filled in has no labels");
  });

  test("as a page it is one file that may load nothing, and no text of the log is markup", () => {
    assert.match(sheet.html, /default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]+'/);
    assert.equal(sheet.html.match(/<script/g)?.length, 2);
    assert.equal(sheet.html.match(/<\/script/g)?.length, 2);
    assert.doesNotMatch(sheet.html, /<img|(src|href)="(?!data:)|url\(|@import/);
    assert.equal(/[\u202a-\u202e\u2066-\u2069]/.test(sheet.html) || sheet.html.includes("\u0000"), false);
  });
});

describe("a prompt as a person reads it", () => {
  for (const [prompt, shown] of [
    ['[{"role":"user","parts":[{"type":"text","content":"Where?"}]}]', "Where?"],
    [
      '{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}]}',
      "system: Be kind.\n\nuser: Hi",
    ],
    [
      '[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image","url":"x"}]}]',
      'See\n{"type":"image","url":"x"}',
    ],
    ['[{"role":"user","content":"a"},{"content":"b"}]', '[{"role":"user","content":"a"},{"content":"b"}]'],
    ['{"a": 1}', '{"a": 1}'],
    ["[1, 2", "[1, 2"],
    ["null", "null"],
    ["[null]", "[null]"],
    ["[]", "[]"],
  ]) {
    test(prompt, () => assert.equal(promptText(prompt), shown));
  }
});

describe("a sheet of pairs", () => {
  const three = [
    ...outputs,
    ...items.map(({ item_id }) => ({ call_id: `third:${item_id}`, item_id, model: "third", output: "?" })),
  ];
  const pairs = review(items, three, { pairs: true });

  test("shows every two models that answered an item once, and either of them first by chance", () => {
    assert.equal(pairs.rows.length, 3 * items.length);
    const firsts = pairs.rows.map(({ review_id }) => review_id.slice(0, 16));
    const ofModel = (model: string) =>
      three.filter((one) => one.model === model).map(({ call_id }) => reviewId(call_id));
    for (const model of ["orrery/orrery-apex", "quillon-7", "third"]) {
      const share = firsts.filter((id) => ofModel(model).includes(id)).length / (2 * items.length);
      assert.ok(share > 0.2 && share < 0.8, `${model} stands first in ${share} of its pairs`);
    }
    assert.deepEqual(review(items, [...three].reverse(), { pairs: true }), pairs);
  });

  test("asks which is better, tells nothing of the models, and shows one of a model's repeats", () => {
    assert.deepEqual([pairs.question, pairs.score], ["Which answer is better?", "preference"]);
    for (const text of [pairs.html, pairs.csv]) assert.doesNotMatch(text, /orrery|quillon|third/i);
    const repeats = three.map((one) => ({ ...one, call_id: `${one.call_id}/2` }));
    assert.equal(review(items, [...three, ...repeats], { pairs: true }).rows.length, 3 * items.length);
    assert.equal(review(items, three, { pairs: true, limit: 4 }).rows.length, 4);
  });

  test("needs answers of two models", () => {
    const one = outputs.filter(({ model }) => model === "quillon-7");
    assert.throws(
      () => review(items, one, { pairs: true }),
      /answers of two models to one item for pairs, got none/,
    );
  });
});
