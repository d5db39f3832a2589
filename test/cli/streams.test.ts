import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { built } from "../dist";
import { some, thorough } from "../property";
import { folder } from "./command";

const main = join(built(), "cli", "main.js");

describe("what comes through a pipe is read", { skip: process.platform === "win32" }, () => {
  const { path, remove } = folder();
  after(remove);
  const lines = Array.from({ length: 3000 }, (_, at) => `{"model":"m","duration":${at + 1},"status":"ok"}\n`);
  writeFileSync(join(path, "log.jsonl"), lines.join(""));
  writeFileSync(join(path, "log.jsonl.gz"), gzipSync(lines.join("")));
  const bash = (command: string, input?: string) =>
    spawnSync("bash", ["-c", command.replaceAll("fieldnotes", `"${process.execPath}" "${main}"`)], {
      cwd: path,
      encoding: "utf8",
      input,
      timeout: 60_000,
    });
  let at = 0;
  const reads = (command: string, input?: string) => {
    const db = `s${(at += 1)}.duckdb`;
    const { status, stdout, stderr } = bash(command.replace("ingest", `--db ${db} --json ingest`), input);
    assert.equal(status, 0, stdout + stderr);
    assert.equal(JSON.parse(stdout).calls, 3000);
    assert.deepEqual(
      readdirSync(path).filter((name) => name.startsWith("fieldnotes-")),
      [],
    );
  };

  thorough("by process substitution", () => reads("fieldnotes ingest <(cat log.jsonl)"));
  thorough("by process substitution, compressed", () => reads("fieldnotes ingest <(cat log.jsonl.gz)"));
  thorough("as -", () => reads("cat log.jsonl | fieldnotes ingest -"));
  thorough("as /dev/stdin", () => reads("cat log.jsonl | fieldnotes ingest /dev/stdin"));
  thorough("as /dev/stdin that is a file", () => reads("fieldnotes ingest /dev/stdin < log.jsonl"));
  thorough("as the input of another process", () => reads("fieldnotes ingest /dev/stdin", lines.join("")));
  thorough("from a named pipe", () => reads("mkfifo p1; cat log.jsonl > p1 & fieldnotes ingest p1"));
  thorough("from a pipe found in a folder", () =>
    reads("mkdir d1; mkfifo d1/x.jsonl; cat log.jsonl > d1/x.jsonl & sleep 0.2; fieldnotes ingest d1"),
  );
  thorough("and measured without a store", () => {
    const { status, stdout } = bash("cat log.jsonl | fieldnotes latency --json -");
    assert.equal(status, 0);
    assert.equal(JSON.parse(stdout).rows[0].n ?? JSON.parse(stdout).rows[0].calls, 3000);
  });

  const refused: [string, string, RegExp][] = [
    [
      "a pipe in a folder that nothing is written to",
      "mkdir d2; mkfifo d2/x.jsonl; fieldnotes ingest d2",
      /nothing is written to/,
    ],
    ["a stream that brings nothing", "fieldnotes ingest <(true)", /nothing came through/],
    ["an empty standard input", "fieldnotes ingest - < /dev/null", /nothing came through/],
    ["a device", "fieldnotes ingest /dev/zero", /neither a file nor a pipe/],
  ];
  for (const [name, command, why] of some(refused))
    test(`${name} fails, and says why`, () => {
      mkdirSync(join(path, "other"), { recursive: true });
      const { status, stdout } = bash(command);
      assert.equal(status, 1, stdout);
      assert.match(stdout, why);
    });
});
