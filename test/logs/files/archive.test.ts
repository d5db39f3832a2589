import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { archiveRecords } from "../../../src/logs/files/archive";
import { type Room, RoomError } from "../../../src/logs/files/room";
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

test("a member that is too long to hold is told as that, not as damage, whichever it is", () =>
  workbench(async ({ folder, write }) => {
    const room: Room = {
      take: () => {},
      holding: () => (bytes) => {
        if (bytes > 100) throw new RoomError("a part of it unpacks to more than 100 bytes; --unpack");
      },
      apart: () => room,
    };
    const long = JSON.stringify({ note: "x".repeat(200) });
    const archives: Record<string, string>[] = [
      { "header.json": long },
      { "header.json": "{}", "samples/1.json": long },
    ];
    for (const members of archives)
      await assert.rejects(
        archiveRecords(write("log.eval", zip(members)), join(folder, "lines"), room),
        RoomError,
      );
  }));
