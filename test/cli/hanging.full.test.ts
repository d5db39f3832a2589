import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { jsonl, workbench } from "../logs/workbench";

// If the parts of a pattern can match in many places, the engine tries all of them and cannot be interrupted meanwhile.
const endless = `t like '${"%a_".repeat(12)}%b'`;

/** Runs the command line in a separate process with a short timeout. */
function impatient(folder: string, args: readonly string[]) {
  const [limit, main] = ["store/limit", "cli/main"].map((one) =>
    JSON.stringify(join(__dirname, "..", "..", "src", one)),
  );
  const script = `
    Object.assign(require(${limit}).patience, { seconds: 0.5, hearing: 0.5 });
    const { main, endWhereBusy } = require(${main});
    main(JSON.parse(process.argv[1])).then(endWhereBusy);`;
  return spawnSync(
    process.execPath,
    ["--import", pathToFileURL(require.resolve("tsx")).href, "-e", script, JSON.stringify(args)],
    {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, TMPDIR: folder },
      timeout: 60_000,
    },
  );
}

describe("an expression that the engine cannot be stopped in", () => {
  const record = { m: "x", t: "a".repeat(300), model: "x", user_id: "a".repeat(300), duration: 1 };
  test("fails its file in a mapping, and the process ends though the engine goes on", () =>
    workbench(async ({ folder, write }) => {
      const mapping = { table: "calls", columns: { model: "m", cache_hit: endless } };
      write("log.mapping.json", JSON.stringify(mapping));
      write("log.jsonl", jsonl(record));
      write("other.jsonl", jsonl({ model: "x", duration: 1 }));
      const { stdout, stderr, signal } = impatient(folder, ["ingest", "log.jsonl", "other.jsonl"]);
      assert.equal(signal, "SIGKILL", stderr);
      assert.match(stdout, /the mapping's expressions were stopped after [\d.]+ seconds/);
      assert.match(stdout, /1 call/);
      assert.match(stderr, /the engine does not stop, so this process is killed/);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith("fieldnotes-")),
        [],
      );
    }));
  for (const [option, text] of [
    ["--where", endless.replace("t ", "user_id ")],
    ["--by", `n=${endless.replace("t ", "user_id ")}`],
  ])
    test(`ends the command that has it as ${option}`, () =>
      workbench(async ({ folder, write }) => {
        write("log.jsonl", jsonl(record));
        const { stderr, signal } = impatient(folder, ["latency", "log.jsonl", option, text]);
        assert.equal(signal, "SIGKILL", stderr);
        assert.match(stderr, /expressions were stopped after 0.5 seconds/);
      }));
});
