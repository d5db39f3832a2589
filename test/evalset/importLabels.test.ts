import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { importLabels } from "../../src/evalset/importLabels";
import { writeSet } from "../../src/evalset/item";
import { labelsOf } from "../../src/evalset/labels";
import { reviewId } from "../../src/evalset/review";
import type { Store } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { folder } from "../cli/command";
import { storeOf } from "../measures/calls";
import { thorough } from "../property";

const place = folder();
after(place.remove);
const file = (name: string, text: string) => {
  const path = join(place.path, name);
  writeFileSync(path, text);
  return path;
};
const page = (rater_id: string, ...labels: [string, number | null][]) =>
  JSON.stringify({
    fieldnotes: "labels",
    sheet: "s",
    score: "hallucination",
    rater_id,
    labels: labels.map(([call, value]) => ({ review_id: reviewId(call), value, label: "" })),
  });

let store: Store;
beforeEach(async () => {
  store = await storeOf(["a", "b", "c"].map((call_id) => ({ call_id, model: "m" })));
});
afterEach(() => store.close());
const scores = () =>
  rowsOf<Record<string, unknown>>(
    store.connection,
    "select subject, subject_id, name, value, rater, rater_id from scores order by all",
  );

describe("labels of reviewers become scores", () => {
  test("by the hash of their call, once however often they are imported", async () => {
    const labels = file("h1.json", page("h1", ["a", 1], ["b", 0], ["c", null]));
    assert.deepEqual(await importLabels(store, labels), { labels: 3, items: 0, outputs: 0, replaced: 0 });
    const first = await scores();
    assert.deepEqual(
      first.map(({ subject, subject_id, name, value, rater, rater_id }) => [
        subject,
        subject_id,
        name,
        value,
        rater,
        rater_id,
      ]),
      [
        ["call", "a", "hallucination", 1, "human", "h1"],
        ["call", "b", "hallucination", 0, "human", "h1"],
        ["call", "c", "hallucination", null, "human", "h1"],
      ],
    );
    assert.equal((await importLabels(store, labels)).replaced, 3);
    assert.deepEqual(await scores(), first);
  });

  test("a later label of the same answer, score and rater counts; another rater's stands beside it", async () => {
    await importLabels(store, file("one.json", page("h1", ["a", 1], ["b", 0])));
    await importLabels(store, [
      file("two.json", page("h1", ["a", 0])),
      file("three.json", page("h2", ["a", 1])),
    ]);
    assert.deepEqual(
      (await scores()).map(({ subject_id, value, rater_id }) => [subject_id, value, rater_id]),
      [
        ["a", 0, "h1"],
        ["a", 1, "h2"],
        ["b", 0, "h1"],
      ],
    );
  });

  test("from a spreadsheet that wrote semicolons, with score and rater named by the caller", async () => {
    const sheet = `\ufeffreview_id;value;prompt\r\n${reviewId("a")};ja;"x;\ny"\r\n${reviewId("b")};;\r\n`;
    const given = file("sheet.csv", sheet.replace(";ja;", ";yes;"));
    const { labels } = await importLabels(store, given, { score: "correct", rater: "ann" });
    assert.equal(labels, 1);
    assert.deepEqual(
      (await scores()).map(({ name, rater_id }) => [name, rater_id]),
      [["correct", "ann"]],
    );
    assert.throws(
      () => labelsOf(sheet, "sheet.csv", { score: "x", rater: "y" }),
      /sheet\.csv:2 requires a value of 1, 0, u/,
    );
  });

  test("of answers the store does not have, nothing comes in and the first is named", async () => {
    const labels = file("strange.json", page("h1", ["a", 1], ["nope", 1]));
    await assert.rejects(
      importLabels(store, labels),
      new RegExp(
        `1 of 2 labels are of answers that this store does not have \\(first: ${reviewId("nope")}\\)`,
      ),
    );
    assert.deepEqual(await scores(), []);
    const [{ ingests }] = await rowsOf<{ ingests: number }>(
      store.connection,
      "select count(*) as ingests from ingests",
    );
    assert.equal(ingests, 0);
  });

  test("a file that is none is refused with what it lacks", async () => {
    for (const [text, says] of [
      ["a,b\n1,2", /requires the columns review_id and value, got a, b/],
      ["review_id,value,score\nx,1,s", /requires a rater_id, got none; name the reviewer with --rater/],
      ["review_id,value,rater_id\nx,1,s", /requires the score that is labelled/],
      ['{"labels": 3}', /requires "labels", a list/],
      ["{", /requires the JSON of a review page/],
    ] as const)
      await assert.rejects(importLabels(store, file("odd.txt", text)), says);
  });
});

describe("a set and answers to it", () => {
  const item = {
    item_id: "i1",
    prompt: "What is due?",
    expected: "30 days",
    format: "",
    sources: [{ id: "c1", text: "Due in 30 days." }],
    stratum: "chat / short",
    weight: 6.5,
    checks: [],
    call_id: null,
  };

  test("keep no number that cannot be, such as half a token", async () => {
    const one = {
      item_id: "i1",
      model: "m",
      output: "30 days",
      input_tokens: 3.5,
      output_tokens: 7,
      cost: 0.25,
    };
    const more = { ...one, repeat: 2, input_tokens: 4, output_tokens: -1 };
    await importLabels(store, file("numbers.jsonl", `${JSON.stringify(one)}\n${JSON.stringify(more)}`));
    const calls = await rowsOf<Record<string, unknown>>(
      store.connection,
      "select input_tokens::int as i, output_tokens::int as o, cost from calls where prompt_id = 'i1' order by call_id",
    );
    assert.deepEqual(calls, [
      { i: null, o: 7, cost: 0.25 },
      { i: 4, o: null, cost: 0.25 },
    ]);
  });

  thorough(
    "become items, evaluation calls and texts, in one import with the labels of the answers",
    async () => {
      const set = join(place.path, "set.jsonl");
      writeSet(set, [item]);
      const answers = file(
        "answers.jsonl",
        [
          { item_id: "i1", model: "m", output: "30 days" },
          { item_id: "i1", model: "m", output: "never", repeat: 2 },
        ]
          .map((one) => JSON.stringify(one))
          .join("\n"),
      );
      const labels = file("labels.json", page("h1", ["i1/m", 1], ["i1/m/2", 0]));
      const came = await importLabels(store, [labels, answers, set]);
      assert.deepEqual(came, { labels: 2, items: 1, outputs: 2, replaced: 0 });
      const [row] = await rowsOf<Record<string, unknown>>(store.connection, "select * from items");
      assert.deepEqual([row.item_id, row.expected, row.format, row.weight], ["i1", "30 days", null, 6.5]);
      assert.deepEqual(JSON.parse(row.sources as string), item.sources);
      const calls = await rowsOf<Record<string, unknown>>(
        store.connection,
        "select call_id, prompt_id, environment, output from calls join texts using (call_id) order by call_id",
      );
      assert.deepEqual(calls, [
        { call_id: "i1/m", prompt_id: "i1", environment: "evaluation", output: "30 days" },
        { call_id: "i1/m/2", prompt_id: "i1", environment: "evaluation", output: "never" },
      ]);
      writeSet(set, [{ ...item, expected: "thirty days" }]);
      assert.deepEqual(await importLabels(store, set), { labels: 0, items: 1, outputs: 0, replaced: 1 });
      const [{ n }] = await rowsOf<{ n: number }>(store.connection, "select count(*) as n from items");
      assert.equal(n, 1);
    },
  );

  test("an answer that is a call of the log gets its text and no second call", async () => {
    const answers = file(
      "logged.jsonl",
      JSON.stringify({ item_id: "i1", model: "m", output: "x", call_id: "a" }),
    );
    await importLabels(store, answers);
    const rows = await rowsOf(
      store.connection,
      "select call_id, output from calls join texts using (call_id)",
    );
    assert.deepEqual(rows, [{ call_id: "a", output: "x" }]);
  });
});

describe("labels of pairs become preferences", () => {
  const pair = (a: string, b: string) => `${reviewId(a)}-${reviewId(b)}`;
  const labels = (value: number | null) =>
    JSON.stringify({
      score: "preference",
      rater_id: "h1",
      labels: [
        { review_id: pair("a", "b"), value },
        { review_id: pair("c", "a"), value: 0.5 },
        { review_id: pair("b", "c"), value: null },
      ],
    });
  const preferences = () =>
    rowsOf<Record<string, unknown>>(
      store.connection,
      "select model_a, model_b, preferred, shown_first, rater, rater_id from preferences order by all",
    );
  beforeEach(async () => {
    store.close();
    store = await storeOf(
      ["a", "b", "c"].map((call_id) => ({ call_id, model: `of ${call_id}`, prompt_id: "p" })),
    );
  });

  test("of the models whose answers stood side by side, once however often they are imported", async () => {
    assert.equal((await importLabels(store, file("pairs.json", labels(1)))).labels, 3);
    assert.deepEqual(
      (await preferences()).map((row) => Object.values(row).join(" ")),
      ["of a of b 1 a human h1", "of c of a 0.5 a human h1"],
    );
    assert.equal((await importLabels(store, file("again.json", labels(0)))).replaced, 2);
    assert.deepEqual(
      (await preferences()).map(({ preferred }) => preferred),
      [0, 0.5],
    );
  });

  test("unless the store does not have an answer, or a value is none of a pair", async () => {
    const strange = labels(1).replace(reviewId("b"), "0123456789abcdef");
    await assert.rejects(
      importLabels(store, file("strange.json", strange)),
      /answers that this store does not have/,
    );
    await assert.rejects(
      importLabels(store, file("five.json", labels(5))),
      /a value from 0 to 1 of a pair, got 5/,
    );
    assert.deepEqual(await preferences(), []);
  });
});
