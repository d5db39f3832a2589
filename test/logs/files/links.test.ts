import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { preview } from "../../../src/logs/preview";
import { thorough } from "../../property";
import { jsonl, type Workbench, workbench } from "../workbench";

const log = (model: string) => jsonl({ model, duration: 1 });

/** A folder `in`, and next to it one that must not be read. */
function folders({ folder }: Workbench) {
  const [inside, outside] = ["in", "out"].map((name) => join(folder, name));
  for (const one of [inside, outside]) mkdirSync(one);
  mkdirSync(join(inside, "deep"));
  writeFileSync(join(inside, "deep", "own.jsonl"), log("own"));
  writeFileSync(join(outside, "other.jsonl"), log("other"));
  writeFileSync(join(outside, "secret"), "root:x:0\n");
  return { inside, outside };
}

describe("a link in a folder", { skip: process.platform === "win32" }, () => {
  thorough("that leads out of it is not read, nor is what it leads to shown, unless asked for", () =>
    workbench(async (bench) => {
      const { inside, outside } = folders(bench);
      symlinkSync(join(outside, "other.jsonl"), join(inside, "a.jsonl"));
      symlinkSync("a.jsonl", join(inside, "b.jsonl"));
      symlinkSync("../../out", join(inside, "deep", "c"));
      symlinkSync(join(outside, "secret"), join(inside, "d.csv"));
      for (const paths of [inside, `${inside}/**/*.*`, [join(inside, "*.*"), join(inside, "deep", "**")]]) {
        const files = await bench.take(paths);
        const failed = files.filter(({ status }) => status === "failed");
        assert.ok(failed.length >= 3, JSON.stringify(files));
        for (const { reason } of failed) assert.match(reason ?? "", /leads out of the folder: name it/);
        assert.deepEqual(await bench.rows("select distinct model from calls"), [{ model: "own" }]);
      }
      const files = await bench.take(inside, { links: true });
      assert.equal(files.filter(({ status }) => status !== "failed").length, 4);
    }),
  );
  test("that leads nowhere or in a circle fails, and the other files are read", () =>
    workbench(async (bench) => {
      const { inside } = folders(bench);
      symlinkSync("round.jsonl", join(inside, "round.jsonl"));
      symlinkSync("/nonexistent/x.jsonl", join(inside, "nowhere.jsonl"));
      symlinkSync("..", join(inside, "deep", "up"));
      const files = await bench.take([inside, `${inside}/*.jsonl`]);
      assert.deepEqual(
        files.map(({ path, status }) => [path.slice(inside.length + 1), status]),
        [
          ["nowhere.jsonl", "failed"],
          ["round.jsonl", "failed"],
          [join("deep", "own.jsonl"), "ingested"],
        ],
      );
    }));
  test("that a mapping is found by does not lead out of it either", () =>
    workbench(async (bench) => {
      const { inside, outside } = folders(bench);
      bench.write("in/x.jsonl", jsonl({ m: "mapped" }));
      const mapping = join(outside, "m.json");
      writeFileSync(mapping, JSON.stringify({ table: "calls", columns: { model: "m" } }));
      symlinkSync(mapping, join(inside, "x.mapping.json"));
      const path = join(inside, "x.jsonl");
      const [file] = await bench.take(path);
      assert.match(file.reason ?? "", /the mapping \S+x\.mapping\.json beside it is a link that leads out/);
      await assert.rejects(preview(path), /leads out of the folder/);
      assert.equal((await bench.take(path, { links: true }))[0].calls, 1);
      assert.equal((await bench.take(path, { mapping }))[0].status, "unchanged");
    }));
});

describe("a mapping that is found beside a log", { skip: process.platform === "win32" }, () => {
  test("and is no JSON is told without what it holds", () =>
    workbench(async ({ write, read }) => {
      write("x.mapping.json", "root:x:0:0:secret-of-the-machine\n");
      const { reason = "" } = await read("x.jsonl", jsonl({ m: "x" }));
      assert.match(reason, /mapping requires a file of JSON, got \S+: line 1 requires a value/);
      assert.doesNotMatch(reason, /root|secret-of/);
    }));
  test("and is a pipe or a device is not waited for", () =>
    workbench(async ({ folder, read }) => {
      execFileSync("mkfifo", [join(folder, "x.mapping.json")]);
      const { reason = "" } = await read("x.jsonl", jsonl({ m: "x" }));
      assert.match(reason, /is not a plain file/);
    }));
  test("and is larger than any mapping is not read", () =>
    workbench(async ({ write, read }) => {
      write("x.mapping.json", `{"table":"calls","columns":{"model":"m"}}${" ".repeat(10_000_001)}`);
      assert.match((await read("x.jsonl", jsonl({ m: "x" }))).reason ?? "", /is larger than 10 MB/);
    }));
});
