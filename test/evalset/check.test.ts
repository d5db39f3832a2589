import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { check } from "../../src/evalset/check";
import type { Item } from "../../src/evalset/item";
import { readOutputs, storedOutputs } from "../../src/evalset/outputs";
import { rateInterval } from "../../src/stats/rateInterval";
import { weightedRate } from "../../src/stats/weightedRate";
import { run } from "../../src/store/run";
import { folder } from "../cli/command";
import { storeOf } from "../measures/calls";

const place = folder();
after(place.remove);
const item = (id: string, more: Partial<Item> = {}): Item => ({
  item_id: id,
  prompt: `prompt ${id}`,
  expected: "",
  format: "",
  sources: [],
  stratum: "",
  weight: 1,
  checks: [],
  call_id: null,
  ...more,
});
const output = (item_id: string, model: string, text: string, repeat = 1) => ({
  call_id: `${item_id}/${model}/${repeat}`,
  item_id,
  model,
  output: text,
});

describe("checks of many answers", () => {
  const items = [
    item("a", { expected: "4", weight: 90, checks: [{ kind: "number" }, { kind: "length", most: 20 }] }),
    item("b", { expected: "5", weight: 10, checks: [{ kind: "number" }] }),
    item("c"),
  ];
  const outputs = [
    output("a", "small", "4"),
    output("b", "small", "6"),
    output("a", "large", "it is certainly the number 4"),
    output("b", "large", "5"),
    output("c", "large", "anything"),
  ];
  const { table, scores } = check(items, outputs);
  const row = (model: string, name: string) =>
    table.rows.find((one) => one.model === model && one.check === name)!;

  test("a row for each model and check, all checks first", () => {
    assert.deepEqual(
      table.rows.map(({ model, check, answers }) => [model, check, answers]),
      [
        ["large", "all checks", 2],
        ["large", "length", 1],
        ["large", "number", 2],
        ["small", "all checks", 2],
        ["small", "length", 1],
        ["small", "number", 2],
      ],
    );
    assert.equal(row("small", "number").passed.value, 0.5);
    assert.equal(row("large", "number").passed.value, 1);
    assert.equal(row("large", "all checks").passed.value, 0.5);
  });

  test("as a rate of the traffic, an item counts as the requests it stands for", () => {
    assert.ok(Math.abs(row("small", "number").passed_in_traffic.value - 0.9) < 1e-12);
    assert.ok(Math.abs(row("large", "all checks").passed_in_traffic.value - 0.1) < 1e-12);
  });

  test("each check of each answer is a score of its call, with a reason that repeats no text", () => {
    assert.equal(scores.length, 10);
    assert.deepEqual(scores[0], {
      subject: "call",
      subject_id: "a/small/1",
      name: "number",
      value: 1,
      label: "passed",
      rater: "rule",
      rater_id: "evalset",
    });
    const failed = scores.find(({ subject_id, name }) => subject_id === "a/large/1" && name === "length");
    assert.deepEqual([failed?.value, failed?.label], [0, "has 28 characters"]);
    assert.ok(
      scores.some(
        ({ subject_id, name, value }) => subject_id === "a/large/1" && name === "checks" && value === 0,
      ),
    );
  });

  test("answers without checks are counted, not passed", () => {
    assert.match(table.notes.join(" "), /1 of 5 answers belong to items without checks/);
  });

  test("repeats of an item are one cluster", () => {
    const many = Array.from({ length: 12 }, (_, at) =>
      item(`i${at}`, { expected: "1", checks: [{ kind: "exact" }] }),
    );
    const answers = many.flatMap((one, at) =>
      [1, 2, 3].map((repeat) => output(one.item_id, "m", at % 3 ? "1" : "2", repeat)),
    );
    const [{ passed, items }] = check(many, answers).table.rows;
    assert.deepEqual([passed.n, passed.clusters, items], [36, 12, 12]);
    const clusters = answers.map(({ item_id }) => item_id);
    const expected = rateInterval(
      answers.map(({ output }) => output === "1"),
      { clusters, clusterBy: "item_id", counted: "answers" },
    );
    assert.deepEqual(passed, expected);
    assert.ok((passed.designEffect ?? 0) > 2.5);
  });

  test("an answer to an item of another set is refused", () => {
    assert.throws(
      () => check(items, [output("z", "m", "1")]),
      /check requires answers to items of the set, got one to "z"/,
    );
  });
});

describe("a rate of the traffic", () => {
  const answers = (weights: number[]) =>
    weights.map((weight, at) => ({ holds: at % 4 === 0, item: `i${at}`, weight }));

  test("with equal weights it is the plain rate", () => {
    const equal = answers(new Array(80).fill(7));
    const plain = rateInterval(
      equal.map(({ holds }) => holds),
      { clusters: equal.map(({ item }) => item), clusterBy: "item_id" },
    );
    const weighted = weightedRate(equal);
    for (const end of ["value", "low", "high"] as const)
      assert.ok(Math.abs(weighted[end] - plain[end]) < 1e-12, end);
  });

  test("unequal weights make it wider, and none or all stay none or all", () => {
    const wide = weightedRate(answers(Array.from({ length: 80 }, (_, at) => (at % 10 === 0 ? 50 : 1))));
    const even = weightedRate(answers(new Array(80).fill(1)));
    assert.ok(wide.high - wide.low > 1.5 * (even.high - even.low));
    const none = weightedRate([1, 5, 0.3].map((weight, at) => ({ holds: false, item: `${at}`, weight })));
    assert.equal(none.value, 0);
    assert.ok(none.high > 0.5);
    const all = weightedRate([0.1, 0.2, 0.7].map((weight, at) => ({ holds: true, item: `${at}`, weight })));
    assert.equal(all.value, 1);
    assert.ok(Number.isNaN(weightedRate([]).value));
  });
});

describe("answers", () => {
  test("of the store are those to the items, and of the calls the items were drawn from", async () => {
    const store = await storeOf([
      { call_id: "origin", model: "m" },
      { call_id: "again", model: "n", prompt_id: "a", environment: "evaluation" },
      { call_id: "other", model: "n", prompt_id: "zzz" },
    ]);
    await run(
      store.connection,
      "insert into texts (call_id, output) values ('origin', 'x'), ('again', 'y'), ('other', 'z')",
    );
    const found = await storedOutputs(store, [item("a", { call_id: "origin" }), item("b")]);
    store.close();
    assert.deepEqual(found, [
      { call_id: "again", item_id: "a", model: "n", output: "y" },
      { call_id: "origin", item_id: "a", model: "m", output: "x" },
    ]);
  });

  test("of a file get an id of item, model and repeat, and a line that is none is named", () => {
    const file = join(place.path, "outputs.jsonl");
    const line = { item_id: "a", model: "m", output: "x" };
    const write = (...lines: object[]) =>
      writeFileSync(file, lines.map((one) => JSON.stringify(one)).join("\n"));
    write(line, { ...line, repeat: 2 }, { ...line, call_id: "mine" });
    assert.deepEqual(
      readOutputs(file, [item("a")]).map(({ call_id }) => call_id),
      ["a/m", "a/m/2", "mine"],
    );
    write(line, line);
    assert.throws(
      () => readOutputs(file, [item("a")]),
      /outputs\.jsonl:2 requires one answer for each item, model and repeat/,
    );
    write(line, { item_id: "a", model: "m" });
    assert.throws(
      () => readOutputs(file, [item("a")]),
      /outputs\.jsonl:2 requires \{"item_id", "model", "output"\}/,
    );
    write({ ...line, item_id: "q" });
    assert.throws(() => readOutputs(file, [item("a")]), /requires an item of the set, got item_id "q"/);
  });
});
