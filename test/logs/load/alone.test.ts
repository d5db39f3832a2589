import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { latency } from "../../../src/measures/latency/latency";
import { jsonl, simple, workbench } from "../workbench";

const good = { id: "a", m: "x", ms: 1500, at: "2026-06-01T00:00:00Z" };
const timed = { ...simple, columns: { ...simple.columns, started_at: "at" } };

describe("one bad thing costs itself alone", () => {
  for (const levels of [300, 5_000, 150_000])
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ])
      for (const field of ["at", "id", "m", "ms", "other"])
        test(`a value that nests ${levels} deep in ${open}, as ${field}`, () =>
          workbench(async ({ read }) => {
            const deep = `${open.repeat(levels)}1${close.repeat(levels)}`;
            const line = JSON.stringify({ ...good, id: "b", [field]: 0 }).replace(
              `"${field}":0`,
              `"${field}":${deep}`,
            );
            const {
              status,
              calls,
              rejected = 0,
              reason,
            } = await read(
              "a.jsonl",
              `${JSON.stringify(good)}\n${line}\n${JSON.stringify({ ...good, id: "c" })}\n`,
              { mapping: timed },
            );
            assert.equal(status, "ingested", reason);
            assert.ok(calls >= 2, `${calls} calls, ${rejected} rejected`);
            assert.doesNotMatch(reason ?? "", /call stack/);
          }));

  test("a link in a circle, and one to nothing, cost themselves", () =>
    workbench(async ({ folder, write, take }) => {
      write("good.jsonl", jsonl(good));
      for (const [name, to] of [
        ["loop.jsonl", "loop.jsonl"],
        ["self", "."],
        ["broken.jsonl", "nothing.jsonl"],
      ])
        symlinkSync(to, join(folder, name));
      const files = await take(folder, { mapping: simple });
      assert.deepEqual(
        files.map(({ status, calls }) => [status, calls]),
        [
          ["failed", 0],
          ["ingested", 1],
          ["failed", 0],
        ],
      );
    }));

  test("a range that ends before it begins matches nothing", () =>
    workbench(async ({ folder, write, take }) => {
      write("good.jsonl", jsonl(good));
      await assert.rejects(take(join(folder, "[z-a]*.jsonl")), /no file matches/);
      assert.equal((await take(join(folder, "[a-z]*.jsonl"), { mapping: simple })).length, 1);
    }));

  test("a number beyond all numbers is refused by name", () =>
    workbench(async ({ store, read }) => {
      await read("good.jsonl", jsonl(good), { mapping: simple });
      for (const where of ["duration < 1e400", "duration > -1e999"])
        await assert.rejects(
          latency(store, { where }),
          /where requires numbers below 1.8e308, got "duration/,
        );
      await latency(store, { where: "duration < 1e300" });
    }));

  test("a document that was cut short is no empty one", () =>
    workbench(async ({ read }) => {
      for (const text of ["[", "[\n", " [ "])
        assert.match((await read("a.json", text)).reason ?? "", /cut short; export it again/, text);
      assert.match((await read("b.json", "[]")).reason ?? "", /contains no records/);
    }));
});
