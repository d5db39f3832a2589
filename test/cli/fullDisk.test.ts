import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { built } from "../dist";
import { thorough } from "../property";

const main = join(built(), "cli", "main.js");
const bash = (command: string) =>
  spawnSync("bash", ["-c", command.replaceAll("fieldnotes", `"${process.execPath}" "${main}"`)], {
    encoding: "utf8",
  });

thorough("an output that cannot be written is told in one line", { skip: !existsSync("/dev/full") }, () => {
  const { status, stderr } = bash("fieldnotes formats > /dev/full");
  assert.equal(status, 1);
  assert.match(stderr, /^fieldnotes: the output cannot be written \(ENOSPC\)\n$/);
});

thorough("a reader that stops early is no failure", { skip: process.platform === "win32" }, () => {
  const { status, stdout, stderr } = bash("set -o pipefail; fieldnotes formats | head -1");
  assert.equal(status, 0, stderr);
  assert.ok(stdout.length > 0);
  assert.equal(stderr, "");
});
