import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import * as arrow from "apache-arrow";
import { Builder } from "flatbuffers";
import { boundLengths } from "../../../src/logs/files/arrowBounds";
import { quoteText } from "../../../src/store/quote";
import { run } from "../../../src/store/run";
import { root } from "../../dist";
import { zip } from "../formats/zip";
import { jsonl, simple, type Workbench, workbench } from "../workbench";
import { frameOf, rawBlock, repeatBlock } from "./zstdBytes";

const record = { id: "a", m: "x", ms: 1500 };

function column(type: arrow.DataType, length: number, more: object): arrow.Vector {
  return arrow.makeVector(arrow.makeData({ type, length, nullCount: 0, ...more } as never));
}
/** One list of as many values as are said, in a file of a few hundred bytes. */
function listOf(values: arrow.Vector): Uint8Array {
  const type = new arrow.List(new arrow.Field("item", values.type, true));
  const valueOffsets = Int32Array.of(0, values.length);
  const list = column(type, 1, { valueOffsets, child: values.data[0] });
  return arrow.tableToIPC(
    new arrow.Table({ id: arrow.vectorFromArray(["a"], new arrow.Utf8()), list }),
    "file",
  );
}
const nulls = column(new arrow.Null(), 1e9, {});
const word = arrow.vectorFromArray(["y".repeat(8e4)], new arrow.Utf8());
const words = column(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), 2_000, {
  data: new Int8Array(2_000),
  dictionary: word,
});

/** Files that are small and stand for much. */
const bombs: Record<string, (bench: Workbench) => Promise<Uint8Array> | Uint8Array> = {
  "repeated.jsonl.gz": () => gzipSync(Buffer.alloc(280e6, 32)),
  "repeated.jsonl.zst": () =>
    frameOf(0x38, rawBlock(jsonl(record)), ...Array.from({ length: 15_000 }, () => repeatBlock(1 << 17))),
  "second frame.jsonl.zst": () =>
    Buffer.concat([frameOf(0, rawBlock(jsonl(record), true)), frameOf(0xa7, rawBlock("{}", true))]),
  "member.eval": () =>
    zip({ "header.json": JSON.stringify({ eval: { model: "x" } }), "samples/1.json": " ".repeat(280e6) }),
  // Each sample's line repeats the header.
  "header.eval": () =>
    zip({
      "header.json": JSON.stringify({
        eval: Object.fromEntries(numbers.slice(0, 1_000).map((at) => [at, "y".repeat(4_000)])),
      }),
      ...Object.fromEntries(numbers.slice(0, 100).map((at) => [`samples/${at}.json`, `{"id":${at}}`])),
    }),
  "empty lines.csv.gz": () => gzipSync(`id,m,ms\n${"\n".repeat(2e6)}a,x,1500\n`),
  "nulls.arrow": () => listOf(nulls),
  "words.arrow": () => listOf(words),
  "rows.parquet": (bench) => parquet(bench, "select 'a' as id, 'x' as m from range(5000000)"),
  "texts.parquet": (bench) =>
    parquet(
      bench,
      "select i as id, repeat('x', 90000) as m, 15 as ms from range(3000) t(i)",
      ", dictionary_size_limit 100",
    ),
  // Read as JSON: a text in lists and records, and the names of their fields.
  "texts in records.parquet": (bench) =>
    parquet(bench, readAs("[{text: repeat('x', 90000)}]"), ", dictionary_size_limit 100"),
  "texts in maps.parquet": (bench) =>
    parquet(bench, readAs("map {'text': [repeat('x', 90000)]}"), ", dictionary_size_limit 100"),
  "bytes.parquet": (bench) =>
    parquet(bench, readAs("repeat('x', 90000)::blob"), ", dictionary_size_limit 100"),
  "names.parquet": (bench) => parquet(bench, readAs(`{${"n".repeat(30_000)}: 1}`, 9_000)),
  "numbers.parquet": (bench) => parquet(bench, readAs("list_transform(range(10000), x -> 0)", 1_500)),
  "lists in lists.parquet": (bench) => parquet(bench, readAs(`${"[".repeat(60)}1${"]".repeat(60)}`)),
};
const readAs = (value: string, rows = 3_000) =>
  `select i as id, ${value} as m, 15 as ms from range(${rows}) t(i)`;

async function parquet({ folder, store }: Workbench, sql: string, options = ""): Promise<Uint8Array> {
  const file = join(folder, "made.bin");
  await run(
    store.connection,
    `copy (${sql}) to ${quoteText(file)} (format parquet, compression zstd${options})`,
  );
  return readFileSync(file);
}

describe("a small file that stands for much is refused with the reason, in little memory and time", () => {
  for (const [name, make] of Object.entries(bombs))
    test(name, () =>
      workbench(async (bench) => {
        const content = await make(bench);
        assert.ok(content.length < 280e3, `${content.length} bytes`);
        const begun = { memory: process.memoryUsage.rss(), time: process.cpuUsage() };
        const { status, reason } = await bench.read(name, content, { mapping: simple });
        assert.equal(status, "failed");
        assert.match(
          reason ?? "",
          /unpacks to more than 256 MB|more than 128 MB of memory|is longer than 32 MB|lists within lists over 60 levels|more than 1,000,000 of its lines are empty/,
        );
        const { user, system } = process.cpuUsage(begun.time);
        assert.ok(user + system < 10e6, `${(user + system) / 1e6} s`);
        assert.ok(process.memoryUsage.rss() - begun.memory < 600e6);
      }),
    );

  test("a record that is too long costs itself alone, and many of them the file", () =>
    workbench(async ({ read, rejects, rows }) => {
      const table = (...lengths: number[]) => {
        const item = arrow.vectorFromArray(
          ["y".repeat(1e6)],
          new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()),
        );
        const all = lengths.reduce((sum, one) => sum + one, 0);
        const child = column(item.type, all, {
          data: new Int8Array(all),
          dictionary: arrow.vectorFromArray(["y".repeat(1e6)], new arrow.Utf8()),
        });
        let end = 0;
        const offsets = [0, ...lengths.map((one) => (end += one))];
        const type = new arrow.List(new arrow.Field("item", item.type, true));
        const list = column(type, lengths.length, {
          valueOffsets: Int32Array.from(offsets),
          child: child.data[0],
        });
        const ids = arrow.vectorFromArray(
          lengths.map((_, at) => `c${at}`),
          new arrow.Utf8(),
        );
        const ms = arrow.vectorFromArray(
          lengths.map(() => 5),
          new arrow.Float64(),
        );
        return arrow.tableToIPC(new arrow.Table({ id: ids, m: ids, ms, list }), "file");
      };
      const one = await read("one.arrow", table(1, 40, 2), { mapping: simple });
      assert.deepEqual([one.status, one.rejected], ["ingested", 1]);
      assert.deepEqual(await rows("select call_id as id from calls order by 1"), [
        { id: "c0" },
        { id: "c2" },
      ]);
      assert.match((await rejects()).join(), /^2: is longer than 32 MB: what it lists belongs/);
      const many = await read("many.arrow", table(...Array.from({ length: 12 }, () => 40)), {
        mapping: simple,
      });
      assert.equal(many.status, "failed");
      assert.match(many.reason ?? "", /unpacks to more than 256 MB/);
    }));

  test("a schema whose fields refer to each other over many levels", () => {
    boundLengths();
    const builder = new Builder();
    let below = builder.createString("x");
    for (let level = 0; level < 40; level++) {
      builder.startVector(4, 2, 4);
      builder.addOffset(below);
      builder.addOffset(below);
      const both = builder.endVector();
      builder.startObject(1);
      builder.addFieldOffset(0, both, 0);
      below = builder.endObject();
    }
    builder.finish(below);
    const bytes = builder.dataBuffer();
    const visit = (table: number): number => {
      const vector = table + bytes.__offset(table, 4);
      const length = bytes.__vector_len(vector);
      const start = bytes.__vector(vector);
      return length + visit(bytes.__indirect(start)) + visit(bytes.__indirect(start + 4));
    };
    const first = bytes.readInt32(bytes.position()) + bytes.position();
    assert.throws(() => visit(first), /without end|longer than/);
  });
});

const callsOf = (letters: number) =>
  `select i as id, 'x' as m, 15 as ms, repeat('s', ${letters}) as system from range(3000) t(i)`;
const startOf = (id: number) => `{"id":${id},"m":"x","ms":15,"system":"`;
const numbers = Array.from({ length: 3_000 }, (_, id) => id);

/** Calls that each repeat a system prompt of 20 KB: small files that are ordinary logs. */
const logs: Record<string, (bench: Workbench) => Promise<Uint8Array> | Uint8Array> = {
  "calls.jsonl.gz": () => gzipSync(numbers.map((id) => `${startOf(id)}${"s".repeat(20_000)}"}\n`).join("")),
  "calls.jsonl.zst": () =>
    frameOf(
      0x38,
      ...numbers.flatMap((id) => [rawBlock(startOf(id)), repeatBlock(20_000, 115), rawBlock('"}\n')]),
      rawBlock("", true),
    ),
  "calls.parquet": (bench) => parquet(bench, callsOf(20_000)),
  "much more text, of which nothing is read.parquet": (bench) =>
    parquet(bench, callsOf(90_000), ", dictionary_size_limit 100"),
};

describe("an ordinary log whose calls repeat a long text is read", () => {
  for (const [name, make] of Object.entries(logs))
    test(name, () =>
      workbench(async (bench) => {
        const { status, calls, reason } = await bench.read(name, await make(bench), { mapping: simple });
        assert.deepEqual([status, calls, reason], ["ingested", 3_000, undefined]);
      }),
    );
});

/** Where something is unpacked, and by what it is bounded. */
const decoders: Record<string, string> = {
  "plain.ts": "gzip, zstd: each piece takes from the room",
  "archive.ts":
    "members of a zip, and the header in each record: each piece takes from the room, and is held",
  "arrowCodecs.ts": "buffers of Arrow: each block takes from a room of their own, and is held",
  "arrowLines.ts": "records of Arrow: each line takes from the room",
  "load/source.ts": "reads a Parquet file that is counted before",
  "parquet.ts": "counted by the footer before it is read",
  "lz4.ts": "takes before each part",
  "zstd.ts": "at most 128 KB at a time",
};

test("every place that unpacks something is one that is bounded", () => {
  const unpacks =
    /createGunzip|createInflate|createBrotli|createUnzip|gunzipSync|inflate\w*Sync|from "yauzl"|import\("yauzl"\)|\bunzstd\w*\(|\blz4Frame\(|import\("apache-arrow"\)|\bread_parquet\(/;
  const found = readdirSync(join(root, "src", "logs"), { recursive: true, encoding: "utf8" })
    .filter(
      (name) => name.endsWith(".ts") && unpacks.test(readFileSync(join(root, "src", "logs", name), "utf8")),
    )
    .map((name) => name.replace(/^files[\\/]/, ""));
  assert.deepEqual(found.sort(), Object.keys(decoders).sort());
});
