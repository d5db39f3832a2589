import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fieldnotes, folder, json } from "./command";

const { path: here, remove } = folder();
const secret = "nobody else's concern";
const db = ["--db", "kept.duckdb"];

before(async () => {
  const calls = Array.from({ length: 120 }, (_, at) => ({
    call_id: `c${at}`,
    task_id: `t${at}`,
    user_id: `u${at % 30}`,
    workload: "chat",
    model: at % 2 ? "small" : "large",
    status: at % 9 ? "ok" : "error",
    started_at: new Date(Date.UTC(2026, 2, 2) + at * 3_600_000).toISOString(),
    duration: 1 + (at % 7),
    cost: 0.01,
    // Each of 20 items is listed by name, for both models.
    prompt_id: `item-${(at >> 1) % 20}`,
    prompt: `Question ${(at >> 1) % 20}: ${secret}`,
    output: `Answer ${at}: ${secret}`,
  }));
  const torn = JSON.stringify({ ...calls[0], call_id: "torn" }).slice(0, -2);
  writeFileSync(join(here, "calls.jsonl"), [...calls.map((call) => JSON.stringify(call)), torn].join("\n"));
  writeFileSync(
    join(here, "scores.csv"),
    [
      "subject,subject_id,name,value,rater",
      ...calls.map(({ call_id }, at) => `call,${call_id},correct,${at % 3 ? 1 : 0},judge`),
    ].join("\n"),
  );
  await json(["ingest", "calls.jsonl", "scores.csv", "--text", "keep", ...db], here);
});
after(remove);

describe("stored prompts and outputs", () => {
  for (const args of [
    ["doctor"],
    ["latency"],
    ["reliability"],
    ["cost"],
    ["quality", "--score", "correct"],
    ["quality", "--score", "correct", "--flips", "large,small"],
    ["consistency", "--score", "correct", "--worst", "20"],
    ["evalset", "build", "--size", "10", "--out", "built.jsonl"],
    ["evalset", "check", "built.jsonl"],
    ["evalset", "compare", "built.jsonl"],
  ])
    test(`are in nothing that ${args.slice(0, 2).join(" ")} ${args[3] ?? ""} prints`, async () => {
      for (const more of [[], ["--json"]]) {
        const { code, stdout, stderr } = await fieldnotes([...args, ...more, ...db], here);
        assert.equal(code, 0, stderr);
        assert.ok(stdout.length > 50, stdout);
        for (const printed of [stdout, stderr])
          assert.ok(!printed.includes("nobody else"), printed.slice(0, 2000));
      }
    });

  test("are in the files that are asked for by name: the set, and its review sheet", async () => {
    await json(["evalset", "build", "--size", "10", "--out", "named.jsonl", ...db], here);
    await json(["evalset", "review", "named.jsonl", "--out", "named.html", ...db], here);
    const has = (file: string) => readFileSync(join(here, file), "utf8").includes("nobody else");
    assert.deepEqual(["named.jsonl", "named.html", "named.csv", "named.manifest.json"].map(has), [
      true,
      true,
      true,
      false,
    ]);
  });
});
