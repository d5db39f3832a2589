import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import * as arrow from "apache-arrow";
import { arrowForm, arrowLines } from "../../../src/logs/files/arrowLines";
import { lz4Frame } from "../../../src/logs/files/lz4";
import { roomFor } from "../../../src/logs/files/room";
import { writeOut } from "../../../src/store/writeOut";
import { some, thorough } from "../../property";
import { feather } from "../feather";
import { jsonl, simple, workbench } from "../workbench";

/** The JSON lines that an Arrow file is converted to. */
async function linesOf(content: Uint8Array): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-test-"));
  try {
    const file = join(folder, "one");
    writeFileSync(file, content);
    const form = arrowForm(file);
    assert.ok(form !== undefined, "no Arrow file");
    await arrowLines(file, form, join(folder, "lines"), roomFor(file, folder));
    return readFileSync(join(folder, "lines"), "utf8").trimEnd().split("\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A column of integers relabelled as another type of the same width. */
function counts(type: arrow.DataType, values: bigint[]): arrow.Vector {
  return arrow.makeVector(
    arrow.makeData({ type: type as arrow.Int64, length: values.length, data: BigInt64Array.from(values) }),
  );
}

thorough("calls written as Arrow and ingested again are the same calls, in both names of the file", () =>
  workbench(async ({ folder, store, read, take, rows }) => {
    await read(
      "calls.jsonl",
      jsonl(
        {
          call_id: "a",
          model: "gpt-4o",
          started_at: "2026-03-01T10:00:00.123456Z",
          duration: 1.25,
          input_tokens: 999999999,
          cost: 0.1,
          status: "ok",
          stream: true,
          user_id: "007",
        },
        {
          call_id: 'é\n"',
          model: "claude-sonnet-4",
          started_at: "2001-12-31T23:59:59.5Z",
          status: "timeout",
        },
      ),
    );
    const all = "select * exclude (ingest_id, line) from calls order by call_id";
    const before = await rows(all);
    assert.equal(before.length, 2);
    for (const name of ["out.arrow", "out.feather"]) {
      const file = join(folder, name);
      assert.equal(await writeOut(store, "select * from calls order by call_id", file), 2);
      await workbench(async (other) => {
        const [result] = await other.take(file);
        assert.equal(result.status, "ingested", result.reason);
        assert.equal(result.format, "canonical");
        assert.deepEqual(await other.rows(all), before);
        assert.deepEqual(await other.rejects(), []);
        assert.equal((await other.take(file))[0].status, "unchanged");
      });
    }
    assert.deepEqual(
      (await take(folder)).map(({ path }) => path.slice(folder.length + 1)),
      ["calls.jsonl", "out.arrow", "out.feather"],
    );
  }),
);

test("whole numbers keep all digits, times their fraction, decimals are texts, nulls and lists stay", async () => {
  const record = new arrow.Struct<{ a: arrow.Bool }>([new arrow.Field("a", new arrow.Bool(), true)]);
  const list = new arrow.List(new arrow.Field("item", new arrow.Int32(), true));
  const table = new arrow.Table({
    whole: counts(new arrow.Int64(), [9007199254740993n, -1n]),
    nano: counts(new arrow.TimestampNanosecond("UTC"), [1735689600123456789n, -1n]),
    micro: counts(new arrow.TimestampMicrosecond(null), [1735689600123456n, 0n]),
    second: counts(new arrow.TimestampSecond("Europe/Berlin"), [1735689600n, 10n ** 15n]),
    span: counts(new arrow.DurationMillisecond(), [1500n, -1n]),
    price: arrow.makeVector(
      arrow.makeData({
        type: new arrow.Decimal(2, 10, 128),
        length: 2,
        data: Uint32Array.from([1234, 0, 0, 0, 0xfffffffb, 0xffffffff, 0xffffffff, 0xffffffff]),
      }),
    ),
    real: arrow.vectorFromArray([Number.NaN, Number.POSITIVE_INFINITY], new arrow.Float64()),
    word: arrow.vectorFromArray(['é"', null]),
    list: arrow.vectorFromArray([[1, null], null], list),
    nested: arrow.vectorFromArray([{ a: true }, null], record),
  });
  for (const form of ["file", "stream"] as const) {
    assert.deepEqual(await linesOf(arrow.tableToIPC(table, form)), [
      '{"whole":9007199254740993,"nano":"2025-01-01T00:00:00.123456789Z","micro":"2025-01-01T00:00:00.123456Z",' +
        '"second":"2025-01-01T00:00:00Z","span":1.500,"price":"12.34","real":null,"word":"é\\"",' +
        '"list":[1,null],"nested":{"a":true}}',
      '{"whole":-1,"nano":"1969-12-31T23:59:59.999999999Z","micro":"1970-01-01T00:00:00.000000Z",' +
        '"second":"1000000000000000","span":-0.001,"price":"-0.05","real":"Infinity","word":null,' +
        '"list":null,"nested":null}',
    ]);
  }
});

test("a stream of several batches is read by a mapping, bad values are told by their record's number", () =>
  workbench(async ({ read, rows }) => {
    const batch = (id: string[], ms: number[]) =>
      new arrow.Table({
        id: arrow.vectorFromArray(id, new arrow.Utf8()),
        m: arrow.vectorFromArray(
          id.map(() => "x"),
          new arrow.Utf8(),
        ),
        ms: arrow.vectorFromArray(ms, new arrow.Float64()),
      });
    const table = batch(["a", "b"], [500, Number.POSITIVE_INFINITY]).concat(batch(["c"], [1500]));
    const bytes = arrow.tableToIPC(table, "stream");
    for (const [name, content] of [
      ["one.arrows", bytes],
      ["two.arrow.gz", gzipSync(bytes)],
    ] as const) {
      const file = await read(name, content, { mapping: simple, set: { region: name } });
      assert.equal(file.rejected, 0);
      assert.match(file.emptied?.[0].first ?? "", /record 2: .*finite number/);
    }
    assert.deepEqual(await rows("select distinct call_id, duration, line from calls order by call_id"), [
      { call_id: "a", duration: 0.5, line: 1 },
      { call_id: "b", duration: null, line: 2 },
      { call_id: "c", duration: 1.5, line: 3 },
    ]);
  }));

test("Feather as pandas writes it, compressed by LZ4 or zstd, is read", () =>
  workbench(async ({ read, rows }) => {
    for (const kind of ["lz4", "zstd"] as const) {
      const file = await read(`${kind}.feather`, Buffer.from(feather[kind], "base64"), {
        set: { region: kind },
        also: true,
      });
      assert.equal(file.status, "ingested");
      assert.equal(file.calls, 12);
    }
    assert.deepEqual(
      await rows(
        "select region, min(call_id) as first, count(distinct call_id) as ids, sum(duration) as seconds from calls group by all order by 1",
      ),
      [
        { region: "lz4", first: "call-0", ids: 12, seconds: 6 },
        { region: "zstd", first: "call-0", ids: 12, seconds: 6 },
      ],
    );
  }));

test("a damaged Arrow file, a cut one and Feather of version 1 fail with what to do, and others go in", () =>
  workbench(async ({ folder, write, take }) => {
    const whole = Buffer.from(feather.lz4, "base64");
    const table = arrow.tableFromArrays({ model: ["a", "b"], duration: [1, 2] });
    const stream = arrow.tableToIPC(table, "stream");
    write("1.feather", whole.subarray(0, whole.length - 300));
    write("2.arrows", stream.subarray(0, 300));
    write("3.feather", "FEA1 and more");
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 700, 760);
    write("4.feather", damaged);
    write("5.arrow", arrow.tableToIPC(table, "file"));
    const files = await take(folder);
    assert.deepEqual(
      files.map(({ status }) => status),
      ["failed", "failed", "failed", "failed", "ingested"],
    );
    for (const { reason } of [files[0], files[1], files[3]])
      assert.match(reason ?? "", /cannot be read .*Parquet/);
    assert.match(files[2].reason ?? "", /version 1.*version 2/);
  }));

test("an Arrow file without rows says so", () =>
  workbench(async ({ read }) => {
    const table = new arrow.Table({
      model: arrow.vectorFromArray([], new arrow.Utf8()),
      duration: arrow.vectorFromArray([], new arrow.Float64()),
    });
    const file = await read("none.arrow", arrow.tableToIPC(table, "file"));
    assert.match(file.reason ?? "", /contains no records/);
  }));

test("LZ4: literal runs, copies that reach into themselves, raw blocks; what is cut or damaged throws", () => {
  const header = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0];
  const frame = (...blocks: number[][]) =>
    Uint8Array.from([
      ...header,
      ...blocks.flatMap((block) => [block.length & 255, block.length >> 8, 0, 0, ...block]),
      0,
      0,
      0,
      0,
    ]);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
  const unpacked = (bytes: Uint8Array) => lz4Frame(bytes, () => undefined);
  // "ab", a copy of 4 + 15 + 1 bytes two back, then "!"
  const block = [0x2f, 97, 98, 2, 0, 1, 0x10, 33];
  assert.equal(text(unpacked(frame(block))), `${"ab".repeat(11)}!`);
  // The second block copies from the first.
  assert.equal(text(unpacked(frame([0x20, 97, 98], [0x00, 2, 0, 0x10, 33]))), "ababab!");
  const raw = frame([104, 105]);
  raw[10] = 0x80;
  assert.equal(text(unpacked(raw)), "hi");
  assert.throws(() => unpacked(frame(block).subarray(0, -6)), /cut short/);
  assert.throws(() => unpacked(frame([0x20, 97, 98, 3, 0])), /damaged/);
  assert.throws(() => unpacked(frame([0xf0, 255])), /cut short/);
  assert.throws(() => unpacked(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])), /mark/);
});

thorough("a damaged Arrow file is told in our words, whatever of it is damaged", () =>
  workbench(async ({ read }) => {
    const bytes = Buffer.from(feather.zstd, "base64");
    const places = Array.from({ length: Math.floor((bytes.length - 8) / 29) }, (_, at) => 8 + 29 * at);
    for (const at of some(places))
      for (const value of [0, 255]) {
        const damaged = Buffer.from(bytes);
        damaged[at] = value;
        const { reason = "" } = await read("x.arrow", damaged);
        assert.doesNotMatch(
          reason,
          /Cannot read|undefined|null|is not a function|RangeError|Expected to/,
          `${at}`,
        );
      }
  }),
);
