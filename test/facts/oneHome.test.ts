import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { root } from "../dist";

const source = join(root, "src");
/** Terms of a call, as someone would write them a second time. */
const terms: Record<string, RegExp> = {
  "whether a call answers":
    /role is null or role|role = 'answer'|role, 'answer'\)|is distinct from 'embeddings'/,
  "what a wait is":
    /\b(duration|time_to_first_token) (>=?|between) 0|status is null or status|status = 'ok' or status/,
  "whether a call has a time": /isfinite\((calls\.)?started_at\)/,
  "what a call costs": /not in \('ok', 'timeout', 'cancelled'\)/,
  "which call of a task is the first": /arg_min\([^)]*(started_at|begun)|order by [^)]*\battempt\b/,
};
/** Code that reads the log before facts exist, or reads something other than calls. */
const others: Record<string, string> = {
  "facts/basics.sql": "their home",
  "facts/calls.sql": "what their home asks of the log",
  "facts/conversations.sql": "the home of the call that a conversation counts for",
  "facts/places.sql": "the home of the order of a task's calls",
  "facts/select.ts": "what is left out unless it is named",
  "facts/turns.sql": "the home of the first turn of a conversation",
  "measures/doctor.sql": "what looks wrong in a log",
  "measures/service/stages.sql": "spans",
  "measures/service/trajectories.sql": "spans",
};
const readers = ["logs/", "demo/", "store/"];

test("what is so of a call is written in one place", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => /\.(sql|ts)$/.test(file))
    .filter((file) => !Object.hasOwn(others, file) && !readers.some((folder) => file.startsWith(folder)));
  assert.ok(files.length > 200);
  const again = files.flatMap((file) => {
    const text = readFileSync(join(source, file), "utf8").replace(/^\s*(--|\*|\/\/|\/\*).*$/gm, "");
    return Object.entries(terms).flatMap(([term, pattern]) =>
      pattern.test(text) ? [`${file}: ${term} (${pattern.exec(text)?.[0]})`] : [],
    );
  });
  assert.deepEqual(again, []);
});

test("what is derived from whole calls asks the facts whether a call answers", () => {
  const folder = join(source, "logs", "complete");
  const again = readdirSync(folder).filter((file) =>
    /role is null or role|role = 'answer'|role, 'answer'\)/.test(readFileSync(join(folder, file), "utf8")),
  );
  assert.deepEqual(again, []);
});
