import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { unzstd, unzstdWhole } from "../../../src/logs/files/zstd";
import { quoteText } from "../../../src/store/quote";
import { run } from "../../../src/store/run";
import { fc, runs } from "../../property";
import { jsonl, simple, workbench } from "../workbench";
import { frameOf, packedBlock, rawBlock, repeatBlock } from "./zstdBytes";

const none = () => undefined;
const unpacked = (data: Uint8Array) => Buffer.from(unzstdWhole(data, none));

async function inPieces(data: Buffer, size: number): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
  }
  const parts: Buffer[] = [];
  for await (const part of unzstd(pieces())) parts.push(part);
  return Buffer.concat(parts);
}

/** A text as the engine compresses it, and the text itself. */
async function packed(sql: string): Promise<{ data: Buffer; text: Buffer }> {
  let made = { data: Buffer.alloc(0), text: Buffer.alloc(0) };
  await workbench(async ({ folder, store }) => {
    const copy = (file: string, options: string) =>
      run(store.connection, `copy (${sql}) to ${quoteText(file)} (format csv, header false${options})`);
    const [one, other] = [join(folder, "a.csv.zst"), join(folder, "a.csv")];
    await copy(one, ", compression zstd");
    await copy(other, "");
    made = { data: readFileSync(one), text: readFileSync(other) };
  });
  return made;
}

describe("zstd is unpacked as it was packed", () => {
  const texts: Record<string, string> = {
    "numbers without a pattern": "select md5(i::varchar) as a, hash(i) as b from range(20000) t(i)",
    "lines that repeat": "select 'the same line again' as a, i % 7 as b from range(60000) t(i)",
    "words of all lengths":
      "select repeat(chr((97 + i % 26)::int), (i % 300)::int) as a from range(3000) t(i)",
    "one letter": "select 'x' as a",
    "far copies":
      "select case when i % 50 = 0 then repeat(md5((i % 4)::varchar), 900) end as a from range(5000) t(i)",
  };
  for (const [name, sql] of Object.entries(texts))
    test(name, async () => {
      const { data, text } = await packed(sql);
      assert.ok(unpacked(data).equals(text));
      for (const size of [1 << 20, 4_099, 17]) {
        if (data.length / size < 3_000) assert.ok((await inPieces(data, size)).equals(text));
      }
    });

  test("several frames, empty ones, those to skip and blocks as they are", async () => {
    const skip = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const data = Buffer.concat([
      skip,
      frameOf(0, rawBlock("ab"), repeatBlock(3, 99, true)),
      frameOf(0, rawBlock("", true)),
      skip,
      frameOf(0, rawBlock("d", true)),
    ]);
    for (const size of [1, 2, 5, 100]) assert.equal(String(await inPieces(data, size)), "abcccd");
  });
});

test("a file that begins with a frame to skip is read; one that needs more is not called damaged", () =>
  workbench(async ({ read }) => {
    const whole = frameOf(0, rawBlock(jsonl({ id: "a", m: "x", ms: 1500 }), true));
    const skip = Buffer.from([0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const { calls } = await read("parts.jsonl.zst", Buffer.concat([skip, whole]), { mapping: simple });
    assert.equal(calls, 1);
    const greedy = frameOf(0xa7, rawBlock("b", true));
    const withDictionary = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 0, 7, 1, 0, 0]);
    const needs: [Buffer, string][] = [
      [greedy, "it needs more than 128 MB of memory to be unpacked"],
      [withDictionary, "it needs a dictionary to be unpacked"],
    ];
    for (const [content, need] of needs) {
      const { reason } = await read("calls.jsonl.zst", content);
      assert.equal(reason, `${need}: unpack it yourself (zstd -d), or export it again`);
    }
  }));

describe("what zstd unpacks to is bounded", () => {
  test("by the window of every frame, not only of the first", () => {
    const greedy = frameOf(0xa7, rawBlock("b", true));
    assert.throws(() => unpacked(greedy), /128 MB of memory/);
    assert.throws(
      () => unpacked(Buffer.concat([frameOf(0, rawBlock("a", true)), greedy])),
      /128 MB of memory/,
    );
    assert.equal(String(unpacked(frameOf(0x88, rawBlock("a", true)))), "a");
  });

  test("block by block, each before the next", () => {
    let taken = 0;
    const data = frameOf(0x38, ...Array.from({ length: 1_000 }, () => repeatBlock(1 << 17)));
    const take = (bytes: number) => {
      taken += bytes;
      if (taken > 1e6) throw new RangeError("enough");
    };
    assert.throws(() => unzstdWhole(data, take), /enough/);
    assert.ok(taken < 1e6 + 2 ** 17);
  });

  test("in time: a large window costs nothing per block", () => {
    const blocks = Array.from({ length: 50_000 }, (_, at) => repeatBlock(1, 32, at === 49_999));
    const begun = process.cpuUsage();
    assert.equal(unpacked(frameOf(0x88, ...blocks)).length, 50_000);
    assert.ok(process.cpuUsage(begun).user < 5e6);
  });

  test("a block of more than 128 KB is damage, whether it says so or would become one", () => {
    assert.throws(() => unpacked(frameOf(0x38, repeatBlock(2 ** 17 + 1, 32, true))), /damaged/);
    // One literal, then a copy of 65,539 bytes or more, three times: all by tables of one symbol.
    const literals = [0x0c, 0x00, 97];
    const tables = [3, 0x54, 1, 0, 52];
    const bits = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
    assert.throws(
      () => unpacked(frameOf(0x38, packedBlock(Buffer.from([...literals, ...tables, ...bits])))),
      /damaged/,
    );
  });

  test("whatever byte of it is damaged, it is told in our words or is another text", async () => {
    const { data, text } = await packed("select md5(i::varchar) as a, i % 9 as b from range(400) t(i)");
    fc.assert(
      fc.property(fc.nat(data.length - 1), fc.nat(255), fc.nat(3 * data.length), (at, value, cut) => {
        const bad = Buffer.from(data.subarray(0, cut));
        if (at < bad.length) bad[at] = value;
        try {
          assert.ok(unpacked(bad).length <= text.length + 2 ** 17);
        } catch (error) {
          assert.match(
            String((error as Error).message),
            /damaged zstd data|unexpected end|memory|dictionary/,
          );
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});
