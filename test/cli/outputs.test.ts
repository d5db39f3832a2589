import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fieldnotes, folder } from "./command";

const place = folder();
after(place.remove);
const file = (name: string) => join(place.path, name);
const run = (...args: string[]) => fieldnotes(args, place.path);
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

before(async () => {
  const calls = Array.from({ length: 30 }, (_, at) => ({
    ...{ call_id: `c${at}`, model: "elm", prompt_id: "sum", duration: 1 + (at % 7) },
    ...{
      status: at % 10 === 0 ? "error" : "ok",
      started_at: new Date(Date.UTC(2026, 2, 2, at)).toISOString(),
    },
  }));
  writeFileSync(file("calls.jsonl"), lines(calls));
  writeFileSync(
    file("set.jsonl"),
    lines([{ item_id: "sum", prompt: "2 + 3?", expected: "5", format: "number" }]),
  );
  writeFileSync(file("answers.jsonl"), lines([{ call_id: "a", item_id: "sum", model: "elm", output: "5" }]));
  writeFileSync(
    file("limits.json"),
    JSON.stringify({ name: "wide", limits: [{ metric: "error_rate", at_most: 0.9 }] }),
  );
  writeFileSync(file("system.txt"), "Be brief.");
  for (const args of [
    ["ingest", "calls.jsonl"],
    ["report", "--no-notebooks", "--out", "earlier.html"],
  ])
    assert.equal((await run(...args)).code, 0);
});

/** Every command that writes a file which the user names, without that name, and files that it reads. */
const writing: [name: string, args: string[], reads: string[]][] = [
  ["check --junit", ["check", "--limits", "limits.json", "--junit"], ["limits.json"]],
  ["check --markdown", ["check", "calls.jsonl", "--limits", "limits.json", "--markdown"], ["limits.json"]],
  ["query", ["query", "select 1 as a", "answers.jsonl", "--out"], ["answers.jsonl"]],
  ["report", ["report", "--no-notebooks", "--against", "earlier.json", "--out"], ["earlier.html"]],
  [
    "evalset check",
    ["evalset", "check", "set.jsonl", "--outputs", "answers.jsonl", "--out"],
    ["set.jsonl", "answers.jsonl"],
  ],
  [
    "evalset review",
    ["evalset", "review", "set.jsonl", "--force", "--outputs", "answers.jsonl", "--out"],
    ["set.jsonl"],
  ],
  ["evalset build", ["evalset", "build", "answers.jsonl", "--force", "--out"], ["answers.jsonl"]],
];

describe("what a command must not replace is refused before any work, and stays as it was", () => {
  for (const [name, args, reads] of writing)
    test(name, async () => {
      const named = name === "report" ? [] : ["calls.jsonl", "fieldnotes.duckdb"];
      for (const output of [...reads, ...named]) {
        const [bytes, others] = [readFileSync(file(output)), readdirSync(place.path)];
        const { code, stdout, stderr } = await run(...args, output);
        assert.ok(code !== 0, `${output}: ${stdout}`);
        assert.match(stderr, /writing requires a file that may be replaced, got .*; name another\n$/, output);
        assert.ok(readFileSync(file(output)).equals(bytes), output);
        assert.deepEqual(readdirSync(place.path), others);
      }
    });

  test("check, where the two results would be one file, however it is written", async () => {
    const report = ["check", "--limits", "limits.json", "--junit", "same.txt", "--markdown"];
    for (const other of ["same.txt", "./same.txt", file("same.txt")]) {
      const { code, stderr } = await run(...report, other);
      assert.notEqual(code, 0);
      assert.match(
        stderr,
        /check requires a file for --junit and another for --markdown, got .*same\.txt for both; name two\n$/,
      );
    }
    assert.ok(!readdirSync(place.path).includes("same.txt"));
  });

  test("run, where the executed notebook would replace its source", async () => {
    const source = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] });
    writeFileSync(file("mine.ipynb"), source);
    const { code, stderr } = await run("run", "mine.ipynb", "--out", ".");
    assert.deepEqual(
      [code, /mine\.ipynb, which was read in this run; name another/.test(stderr)],
      [2, true],
      stderr,
    );
    assert.equal(readFileSync(file("mine.ipynb"), "utf8"), source);
  });
});

test("a log that was ingested is refused from any folder, also when it has grown and the store lies elsewhere", async () => {
  const at = (folder: string, ...args: string[]) => fieldnotes(args, file(folder));
  for (const folder of ["logs", "stores", "results"]) mkdirSync(file(folder));
  copyFileSync(file("calls.jsonl"), file("logs/day.jsonl"));
  const made = await at("logs", "ingest", "day.jsonl", "--db", "../stores/s.duckdb");
  assert.equal(made.code, 0, made.stderr);
  appendFileSync(file("logs/day.jsonl"), lines([{ call_id: "z", model: "elm", duration: 1 }]));
  const bytes = readFileSync(file("logs/day.jsonl"));
  for (const [folder, db, out] of [
    [".", "stores/s.duckdb", "logs/day.jsonl"],
    ["stores", "s.duckdb", "../logs/day.jsonl"],
  ]) {
    const { code, stderr } = await at(folder, "query", "select 1 as a", "--db", db, "--out", out);
    assert.notEqual(code, 0);
    assert.match(stderr, /day\.jsonl, which is in .*s\.duckdb \(table ingests\); name another\n$/);
  }
  assert.ok(readFileSync(file("logs/day.jsonl")).equals(bytes));
  // A file of the same name elsewhere is another.
  for (const _ of [1, 2])
    assert.equal(
      (await at(".", "query", "select 1 as a", "--db", "stores/s.duckdb", "--out", "results/day.jsonl")).code,
      0,
    );
});

test("a nightly job replaces its own results, those that are ingested among them", async () => {
  for (const night of [1, 2]) {
    const check = ["evalset", "check", "set.jsonl", "--outputs", "answers.jsonl", "--out", "scores.jsonl"];
    const jobs = [
      ["check", "--limits", "limits.json", "--junit", "check.xml", "--markdown", "check.md"],
      ["query", "select model from calls", "--out", "models.csv"],
      ["report", "--no-notebooks", "--out", "nightly.html"],
      ["evalset", "requests", "set.jsonl", "--for", "jsonl", "--model", "elm", "--system", "system.txt"],
      check,
      ["ingest", "scores.jsonl", "--db", "other.duckdb"],
      [...check, "--db", "other.duckdb"],
    ];
    for (const args of jobs) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 0, `night ${night}, ${args.join(" ")}: ${stderr}`);
    }
  }
});
