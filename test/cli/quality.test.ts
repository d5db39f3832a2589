import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fieldnotes, folder, json } from "./command";

const place = folder();
after(place.remove);
const lines = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");
const calls = Array.from({ length: 40 }, (_, at) => ({
  call_id: `c${at}`,
  user_id: `u${at}`,
  prompt_id: `p${at % 10}`,
  model: at % 4 < 2 ? "small" : "large",
  status: "ok",
  started_at: new Date(Date.UTC(2026, 2, 2) + at * 60_000).toISOString(),
  output_length: 10 + at,
  output_hash: `h${at % 3}`,
}));
writeFileSync(join(place.path, "calls.jsonl"), lines(calls));
writeFileSync(
  join(place.path, "scores.csv"),
  [
    "subject,subject_id,name,value,rater",
    ...calls.map(({ call_id }, at) => `call,${call_id},helpful,${at % 3 ? 1 : 0},user`),
  ].join("\n"),
);
const both = ["calls.jsonl", "scores.csv"];

describe("quality and consistency as JSON", () => {
  test("quality", async () => {
    const table = await json(["quality", ...both, "--score", "helpful"], place.path);
    assert.deepEqual([table.measure, table.by, table.rows.length], ["quality", ["model"], 2]);
    const [{ model, n, mean, rater }] = table.rows;
    assert.deepEqual(
      [model, n, rater, mean.method, mean.clusterBy],
      ["large", 20, "user", "wilson", "user_id"],
    );
    const human = await fieldnotes(
      ["quality", ...both, "--score", "helpful", "--rater", "human"],
      place.path,
    );
    assert.deepEqual([human.code, /one of user, got "human"/.test(human.stderr)], [2, true]);
  });

  test("quality without a score lists those of the log", async () => {
    const { code, stderr } = await fieldnotes(["quality", ...both], place.path);
    assert.equal(code, 2);
    assert.match(stderr, /got none; there are helpful \(user 40\)/);
  });

  test("consistency", async () => {
    const table = await json(["consistency", ...both, "--k", "1,2,9", "--cluster", "auto"], place.path);
    assert.equal(table.measure, "consistency");
    const [row] = table.rows;
    for (const name of [
      "prompts",
      "repeats",
      "mean",
      "variance_between",
      "variance_within",
      "icc",
      "length_cv",
      "same_output",
      "json_valid",
    ])
      assert.notEqual(row[name], undefined, name);
    assert.deepEqual(
      [Object.keys(row.pass_at), Object.keys(row.pass_hat)],
      [
        ["1", "2"],
        ["1", "2"],
      ],
    );
    assert.equal(row.json_valid.value, null);
    assert.ok(table.notes.some((note: string) => note.includes("k = 9")));
  });

  test("pairs of models on the same items, and the worst prompts", async () => {
    const pairs = await json(["quality", ...both, "--score", "helpful", "--pairs"], place.path);
    assert.deepEqual([pairs.measure, pairs.by], ["paired", ["a", "b"]]);
    assert.deepEqual([pairs.rows[0].a, pairs.rows[0].b, pairs.rows[0].items], ["large", "small", 10]);
    const worst = await json(["consistency", ...both, "--worst", "2"], place.path);
    assert.deepEqual(
      [worst.measure, worst.by, worst.rows.length],
      ["worst prompts", ["model", "prompt_id"], 4],
    );
    assert.equal((await fieldnotes(["consistency", ...both, "--worst", "0"], place.path)).code, 2);
  });
});
