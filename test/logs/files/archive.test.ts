import assert from "node:assert/strict";
import { test } from "node:test";
import { zip } from "../formats/zip";
import { workbench } from "../workbench";

test("a damaged Inspect archive is refused in our words, which repeat nothing that it says", () =>
  workbench(async ({ read }) => {
    const damaged: [string, Record<string, string>][] = [
      ["header.json is not JSON: an unexpected character", { "header.json": "Dear Ann Quux, my key" }],
      ["header.json is not a JSON object", { "header.json": "null" }],
      ["header.json is not a JSON object", { "header.json": '["Dear Ann Quux"]' }],
      [
        "invalid relative path: samples/../../away.json",
        { "header.json": "{}", "samples/../../away.json": "{}" },
      ],
    ];
    for (const [why, members] of damaged) {
      const { status, reason } = await read("log.eval", zip(members));
      assert.deepEqual([status, reason], ["failed", `the zip archive is damaged (${why}); export it again`]);
    }
  }));
