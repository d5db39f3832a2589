import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import * as arrow from "apache-arrow";
import { bytesIn, RoomError, roomFor, sizeText } from "../../../src/logs/files/room";
import { thorough } from "../../property";
import { zip } from "../formats/zip";
import { jsonl, simple, workbench } from "../workbench";

const record = { id: "a", m: "x", ms: 1500 };
const many = jsonl(...Array.from({ length: 2_000 }, (_, id) => ({ ...record, id, note: " ".repeat(500) })));

describe("what a file unpacks to is bounded as a whole", () => {
  const samples = Array.from({ length: 20 }, (_, at) => [
    `samples/${at}_epoch_1.json`,
    JSON.stringify({ id: at, note: " ".repeat(5_000) }),
  ]);
  const archive = zip({
    "header.json": JSON.stringify({ eval: { model: "x", task: "t" } }),
    ...Object.fromEntries(samples),
  });
  const table = new arrow.Table({
    id: arrow.vectorFromArray(
      Array(3_000).fill("x".repeat(300)),
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
    ),
  });
  const files: Record<string, Uint8Array> = {
    "gzip.jsonl.gz": gzipSync(many),
    "parts.jsonl.gz": Buffer.concat([gzipSync(many), gzipSync(many)]),
    "samples.eval": archive,
    "words.arrow": arrow.tableToIPC(table, "file"),
  };
  for (const [name, content] of Object.entries(files))
    test(`${name}: beyond the limit it is not taken, and told which option raises it`, () =>
      workbench(async ({ read, rows }) => {
        const { status, reason } = await read(name, content, { unpack: 50_000 });
        assert.equal(status, "failed");
        assert.match(reason ?? "", /unpacks to more than 48.8 KB; .* --unpack 10GB/);
        assert.deepEqual(await rows("select 1 from ingests"), []);
      }));

  test("a log that shrinks as logs do is below the limit by itself", () =>
    workbench(async ({ read }) => {
      assert.equal((await read("a.jsonl.gz", gzipSync(many), { mapping: simple })).calls, 2_000);
    }));

  test("the limit is 100 times the file's size, and the disk's free space", () => {
    const file = join(tmpdir(), `fieldnotes-room-${process.pid}`);
    writeFileSync(file, Buffer.alloc(4 << 20));
    const room = roomFor(file, tmpdir());
    room.take(399 * 2 ** 20);
    assert.throws(() => room.take(2 * 2 ** 20), RoomError);
    assert.throws(() => roomFor(file, tmpdir(), 1e18).take(1e17), / free in/);
  });

  test("a size in words is bytes, and back", () => {
    assert.deepEqual(["10GB", "512 mb", "7", "1.5KB", "x"].map(bytesIn), [
      10 * 2 ** 30,
      2 ** 29,
      7,
      1536,
      Number.NaN,
    ]);
    assert.deepEqual([0, 1536, 2 ** 31].map(sizeText), ["0 bytes", "1.5 KB", "2 GB"]);
  });
});

describe("lengths in an Arrow file are held against the file", () => {
  const rows = 50;
  const table = new arrow.Table({
    id: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, at) => `id${at}`),
      new arrow.Utf8(),
    ),
    ms: arrow.vectorFromArray(Array.from({ length: rows }, (_, at) => at * 1.5)),
    tags: arrow.vectorFromArray(
      Array.from({ length: rows }, (_, at) => [at, at]),
      new arrow.List(new arrow.Field("item", new arrow.Int32())),
    ),
  });
  for (const form of ["file", "stream"] as const)
    thorough(
      `whatever number of a ${form} is damaged, it takes neither time nor memory, nor the process`,
      () =>
        workbench(async ({ folder, read }) => {
          const good = Buffer.from(arrow.tableToIPC(table, form));
          const begun = Date.now();
          for (let at = 8; at + 4 <= good.length; at += 36) {
            const bad = Buffer.from(good);
            bad.writeInt32LE(0x0a161000 + at, at);
            const { status, reason } = await read("bad.arrow", bad, {
              mapping: { table: "calls", columns: { call_id: "id" } },
            });
            assert.ok(status !== "failed" || reason !== undefined);
            assert.doesNotMatch(reason ?? "", /Error:/);
          }
          assert.ok(Date.now() - begun < 120_000);
          assert.ok(process.memoryUsage().rss < 1.5e9);
          assert.ok(readdirSync(folder).length > 0);
        }),
    );
});

thorough("a line of brackets costs no more than a line, in lines and in a document", () =>
  workbench(async ({ read, rejects }) => {
    const brackets = "[".repeat(3_000_000);
    const begun = process.memoryUsage().rss;
    const lines = await read(
      "a.jsonl",
      `${brackets}\n${jsonl(record)}{"a":${brackets}\n${jsonl({ ...record, id: "b" })}`,
      {
        mapping: simple,
      },
    );
    assert.deepEqual([lines.calls, lines.rejected], [2, 2]);
    assert.deepEqual(await rejects(), [
      "1: is not a JSON object that can be read",
      "3: is not a JSON object that can be read",
    ]);
    const document = await read("b.json", `[${brackets}`);
    assert.match(document.reason ?? "", /nests deeper than any log/);
    assert.ok(process.memoryUsage().rss - begun < 120e6, "memory grows with the brackets");
  }),
);
