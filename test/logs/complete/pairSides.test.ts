import assert from "node:assert/strict";
import { forget } from "../../../src/logs/forget";
import { ingest } from "../../../src/logs/ingest";
import { doctor } from "../../../src/measures/doctor";
import { preferences } from "../../../src/measures/preferences/preferences";
import { thorough } from "../../property";
import { jsonl, workbench } from "../workbench";

const call = (call_id: string, model: string | null, more: object = {}) => ({
  call_id,
  task_id: `task of ${call_id}`,
  model,
  status: "ok",
  started_at: "2026-03-02",
  ...more,
});
const side = (comparison_id: string, run_id: string, value: number | null) => ({
  comparison_id,
  run_id,
  name: "better",
  value,
});
const calls = jsonl(
  call("a", "alder", { output_length: 10 }),
  call("b", "birch", { output_length: 30 }),
  call("c", "cedar", { prompt_id: "p" }),
  call("d", "birch", { prompt_id: "p" }),
);
const sides = jsonl(
  side("one", "a", 1),
  side("one", "b", 0),
  side("two", "c", 0.2),
  side("two", "task of d", 0.4),
  side("three", "d", 0),
  side("three", "a", 0),
);
const found = `select comparison_id as id, model_a as a, model_b as b, preferred as p, prompt_id as prompt, length_a as la,
  length_b as lb from preferences order by id`;
const expected = [
  { id: "one", a: "alder", b: "birch", p: 1, prompt: null, la: 10, lb: 30 },
  { id: "three", a: "birch", b: "alder", p: 0.5, prompt: "p", la: null, lb: null },
  { id: "two", a: "cedar", b: "birch", p: 0, prompt: "p", la: null, lb: null },
];

thorough(
  "two answers that were compared are one preference, whichever file comes first and however often it is read",
  () =>
    workbench(async ({ read, rows, store }) => {
      await read("sides.jsonl", sides);
      assert.deepEqual(await rows(found), []);
      await read("calls.jsonl", calls);
      assert.deepEqual(await rows(found), expected);
      await read("sides.jsonl", sides);
      await read("more.jsonl", jsonl(call("z", "alder")));
      assert.equal((await rows(found)).length, 3);
      const table = await preferences(store);
      assert.deepEqual(table.rows.map(({ model, comparisons }) => `${model} ${comparisons}`).sort(), [
        "alder 2",
        "birch 3",
        "cedar 1",
      ]);
    }),
);

thorough("a preference goes with either answer, and comes back with it", () =>
  workbench(async ({ read, rows, store }) => {
    const [first, ...rest] = sides.trimEnd().split("\n");
    await read("calls.jsonl", calls);
    await read("first.jsonl", `${first}\n`);
    await read("rest.jsonl", `${rest.join("\n")}\n`);
    const ids = async () => (await rows(found)).map(({ id }) => id);
    assert.deepEqual(await ids(), ["one", "three", "two"]);
    await forget(store, "first.jsonl");
    assert.deepEqual(await ids(), ["three", "two"]);
    await read("first.jsonl", `${first}\n`);
    assert.deepEqual(await ids(), ["one", "three", "two"]);
    await forget(store, "calls.jsonl");
    assert.deepEqual(await ids(), []);
  }),
);

thorough("comparisons that give no preference are counted by their reason", () =>
  workbench(async ({ write, rows, store }) => {
    const lacking = [
      [side("alone", "a", 1)],
      [side("many", "a", 1), side("many", "b", 0), side("many", "c", 0)],
      [side("unscored", "a", 1), side("unscored", "b", null)],
      [side("unknown", "a", 1), side("unknown", "nowhere", 0)],
      [side("same", "b", 1), side("same", "d", 0)],
      [side("mixed", "a", 1), side("mixed", "several", 0)],
    ];
    const files = [
      write(
        "calls.jsonl",
        calls +
          jsonl(
            call("e", "alder", { task_id: "several" }),
            call("f", "birch", { task_id: "several" }),
            call("g", "yew", { task_id: "task of a", status: "error" }),
          ),
      ),
      write("sides.jsonl", sides + jsonl(...lacking.flat())),
    ];
    const { notes } = await ingest(store, files);
    const note = notes.find((one) => one.includes("comparisons"));
    assert.match(note ?? "", /^6 of 9 comparisons of two runs count for no preference: /);
    for (const reason of [
      "1 with only one answer in the store",
      "1 of more than two answers",
      "1 with an answer that has no score",
      "1 with an answer whose run, or its model, is not in the store (ingest the runs as well)",
      "1 with an answer that several models worked on",
      "1 of a model with itself",
    ])
      assert.ok(note?.includes(reason), `${reason} is not in ${note}`);
    assert.equal((await rows(found)).length, 3);
    assert.ok((await doctor(store)).warnings.some(({ text }) => text === note));
  }),
);
