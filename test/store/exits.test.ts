import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../dist";

/** Files that write, rename or remove without the rules of `wholeFile.ts`, and why they may. */
const allowed: Record<string, string> = {
  "store/wholeFile.ts": "the rules",
  "store/leftovers.ts": "moves a store without content aside, and back",
  // Its path is one that writeWholeBy gives.
  "store/writeOut.ts": "copies to the file beside",
  "evalset/answerFile.ts": "adds a line to a file that it has read as answers, after checkReplaceable",
  // Into folders of temporary files.
  "facts/attach.ts": "scratch",
  "measures/shared.ts": "scratch",
  "engines/clickhouseClient.ts": "scratch",
  "engines/benchmarks.ts": "scratch",
  "explore/fillDrawn.ts": "scratch",
  "logs/load/loadFiles.ts": "scratch",
  "logs/files/plain.ts": "scratch",
  "logs/files/ready.ts": "scratch",
  "logs/files/stream.ts": "scratch",
  "logs/files/pieces.ts": "scratch",
  "demo/generate.ts": "scratch, moved by moveFiles",
  "demo/smallLog.ts": "scratch, moved by moveFiles",
  "demo/write/sink.ts": "scratch, moved by moveFiles",
  "notebook/connection.ts": "scratch",
};

const writes =
  /\b(writeFile|appendFile|copyFile|rename|cp|truncate)(Sync)?\(|\bcreateWriteStream\(|\bopenSync\([^)]*"[wa]|`copy .* to |\bexport database\b/;

test("every file that a user names is written under the rules of one file", () => {
  const found = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter(
      (name) => /\.[jt]s$/.test(name) && writes.test(code(readFileSync(join(root, "src", name), "utf8"))),
    );
  assert.deepEqual(found.sort(), Object.keys(allowed).sort());
});

/** Without comments, whose examples write files too. */
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
