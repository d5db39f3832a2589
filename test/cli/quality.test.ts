import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { thorough } from "../property";
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
  thorough("quality", async () => {
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

  thorough("consistency", async () => {
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

  thorough(
    "a table of prompts says how to get to their calls, and one of calls how to get to a trace",
    async () => {
      const worst = await fieldnotes(["consistency", ...both, "--worst", "2"], place.path);
      assert.match(worst.stdout, /--calls 1; step by step: fieldnotes trace/);
      const each = await fieldnotes(["reliability", "calls.jsonl", "--by", "call_id"], place.path);
      assert.match(each.stdout, /Step by step: fieldnotes trace c0/);
      const models = await fieldnotes(["reliability", "calls.jsonl", "--by", "model"], place.path);
      assert.doesNotMatch(models.stdout, /fieldnotes trace/);
    },
  );
  thorough("pairs of models on the same items, and the worst prompts", async () => {
    const pairs = await json(["quality", ...both, "--score", "helpful", "--pairs"], place.path);
    assert.deepEqual([pairs.measure, pairs.by], ["quality pairs", ["a", "b"]]);
    assert.deepEqual([pairs.rows[0].a, pairs.rows[0].b, pairs.rows[0].items], ["large", "small", 10]);
    const worst = await json(["consistency", ...both, "--worst", "2"], place.path);
    assert.deepEqual(
      [worst.measure, worst.by, worst.rows.length],
      ["consistency worst", ["model", "prompt_id"], 4],
    );
    const unlike = await json(["consistency", ...both, "--worst", "2", "--order", "same_output"], place.path);
    const same = unlike.rows.map((row: { same_output: number }) => row.same_output);
    assert.ok(same[0] <= same[1] && same[2] <= same[3], String(same));
    assert.equal((await fieldnotes(["consistency", ...both, "--worst", "0"], place.path)).code, 2);
  });

  const byScore = (...args: string[]) =>
    json(["quality", ...both, "--score", "helpful", ...args], place.path);
  const names = (table: { rows: object[] }) => Object.keys(table.rows[0] ?? {});

  thorough("what a judge is worth, and how raters agree", async () => {
    const judge = await byScore("--judge");
    assert.deepEqual([judge.measure, judge.rows.length], ["quality judge", 0]);
    assert.match(judge.notes.join(), /by a judge/);
    const raters = await byScore("--raters");
    assert.equal(raters.measure, "quality raters");
    assert.match(raters.notes.join(), /by two raters/);
  });

  thorough("refusals, structured output, what a check is worth, and a score beside another", async () => {
    const ended = await json(["quality", ...both, "--refusals"], place.path);
    assert.deepEqual([ended.measure, names(ended).includes("refused")], ["quality refusals", true]);
    assert.equal(
      (await json(["quality", ...both, "--structured"], place.path)).measure,
      "quality structured",
    );
    const check = await fieldnotes(
      ["quality", ...both, "--score", "helpful", "--validator", "stage:validation"],
      place.path,
    );
    assert.equal(check.code, 2);
    assert.match(check.stderr, /quality --validator requires a score given by a rule or "stage:NAME"/);
    const beside = await byScore("--beside", "helpful");
    assert.deepEqual(
      [beside.measure, beside.rows.map((row: { beside: string }) => row.beside)],
      ["quality beside", ["0", "1", "0", "1"]],
    );
  });

  thorough(
    "the items that flip between two models, and what one run of each prompt would have picked",
    async () => {
      const flips = await byScore("--flips", "large,small");
      assert.deepEqual([flips.measure, flips.by], ["quality flips", ["a", "b", "prompt_id"]]);
      for (const { a, b, score_a, score_b, better } of flips.rows)
        assert.equal(better, score_a > score_b ? a : b);
      const picks = await json(
        ["consistency", ...both, "--score", "helpful", "--single-shot", "--repeats", "1,3"],
        place.path,
      );
      assert.deepEqual(
        [picks.measure, picks.rows.map(({ runs }: { runs: number }) => runs)],
        ["consistency single shot", [1, 3]],
      );
    },
  );

  thorough("a judge's controlled rates, whether or not --judge is said as well", async () => {
    const ask = (...more: string[]) =>
      json(["quality", ...both, "--score", "helpful", "--controlled", "family", ...more], place.path);
    assert.deepEqual(await ask("--judge"), await ask());
  });

  thorough("two views at once, and options of another view, are refused with the rule", async () => {
    for (const [args, says] of [
      [["quality", "--judge", "--raters"], /one view at a time, got --judge and --raters/],
      [["quality", "--score", "helpful", "--flips", "large"], /two names, as in --flips small,large/],
      [["quality", "--score", "helpful", "--flips", "large,smal"], /smal/],
      [["quality", "--score", "helpful", "--bins", "2"], /requires .*--beside.* with --bins/],
      [
        ["quality", "--score", "helpful", "--compare", "release"],
        /requires --flips or --pairs with --compare/,
      ],
      [["consistency", "--worst", "1", "--single-shot"], /one view at a time/],
      [["consistency", "--order", "same_output"], /requires --worst with --order/],
      [["consistency", "--repeats", "1"], /requires --single-shot with --repeats/],
    ] as const) {
      const { code, stderr } = await fieldnotes([...args, ...both], place.path);
      assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
      assert.match(stderr, says);
    }
  });
});
