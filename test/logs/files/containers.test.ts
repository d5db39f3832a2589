import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { run } from "../../../src/store/run";
import { thorough } from "../../property";
import { jsonl, simple, workbench } from "../workbench";

const records = [
  { id: "a", m: "x", ms: 1500 },
  { id: "b", m: "y", ms: 250.5 },
  { id: "c", m: null, ms: null },
];
const expected = [
  { call_id: "a", model: "x", duration: 1.5 },
  { call_id: "b", model: "y", duration: 0.2505 },
  { call_id: "c", model: null, duration: null },
];
const all = "select call_id, model, duration from calls order by call_id";
// One frame with one raw block: what a zstd file is at its simplest.
function zstd(content: string): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(bytes.length, 5);
  header.writeUIntLE((bytes.length << 3) | 1, 9, 3);
  return Buffer.concat([header, bytes]);
}
const csv = (delimiter: string, end = "\n") =>
  [
    ["id", "m", "ms"],
    ["a", "x", "1500"],
    ["b", "y", "250.5"],
    ["c", "", ""],
  ]
    .map((cells) => cells.join(delimiter) + end)
    .join("");

describe("every container gives the same rows", () => {
  const utf16 = (text: string, big = false) => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
    return big ? bytes.swap16() : bytes;
  };
  const contents: Record<string, string | Buffer> = {
    "lines.jsonl": jsonl(...records),
    "no last newline.jsonl": jsonl(...records).trimEnd(),
    "crlf.jsonl": jsonl(...records).replaceAll("\n", "\r\n"),
    "blank lines.jsonl": `\n \t\r\n${records.map((one) => JSON.stringify(one)).join("\n\n\n")}\n\n`,
    "array.json": JSON.stringify(records),
    "array over lines.json": JSON.stringify(records, null, 2),
    "array one a line.json": `[\n${records.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`,
    "lines with commas.jsonl": records.map((one) => `${JSON.stringify(one)},\n`).join(""),
    "concatenated.json": records.map((one) => JSON.stringify(one)).join(""),
    "documents over lines.json": records.map((one) => JSON.stringify(one, null, 1)).join("\n"),
    "mark.jsonl": `\ufeff${jsonl(...records)}`,
    "utf16.jsonl": utf16(jsonl(...records)),
    "utf16 big.jsonl": utf16(jsonl(...records), true),
    "utf16 without mark.jsonl": utf16(jsonl(...records)).subarray(2),
    "utf16 big without mark.csv": utf16(csv(","), true).subarray(2),
    "comma.csv": csv(","),
    "crlf.csv": csv(",", "\r\n"),
    "cr.csv": csv(",", "\r"),
    "semicolon.csv": csv(";"),
    "tab.tsv": csv("\t"),
    "mark.csv": `\ufeff${csv(",")}`,
    "utf16.csv": utf16(csv("\t")),
    "no last newline.csv": csv(",").trimEnd(),
    "last delimiters.csv": csv(",", ",\n").replace(",\n", "\n"),
    "last delimiters, blank line.csv": `\n${csv(",", ",\n").replace(",\n", "\n")}`,
    "blank lines.csv": `\n${csv(",").replaceAll("\n", "\n\n")}`,
    "quoted.csv": csv(",").replaceAll(/[^,\n]+/g, '"$&"'),
    "lines.jsonl.gz": gzipSync(jsonl(...records)),
    "two members.jsonl.gz": Buffer.concat(records.map((one) => gzipSync(jsonl(one)))),
    "comma.csv.gz": gzipSync(csv(",")),
    "array.json.gz": gzipSync(JSON.stringify(records)),
    "lines.jsonl.zst": zstd(jsonl(...records)),
    "two frames.jsonl.zst": Buffer.concat(records.map((one) => zstd(jsonl(one)))),
    "comma.csv.zst": zstd(csv(",")),
    "plain in spite of its name.jsonl.gz": jsonl(...records),
    "a[1].jsonl": jsonl(...records),
    "a*b?.jsonl": jsonl(...records),
    'it\'s "q" 🙂.jsonl': jsonl(...records),
    "a[1].csv": csv(","),
    "*.csv": csv(","),
  };
  for (const [name, content] of Object.entries(contents)) {
    test(name, () =>
      workbench(async ({ read, rows, write }) => {
        write("a1.jsonl", jsonl({ id: "decoy" }));
        write("b.csv", "id,m,ms\ndecoy,,\n");
        const file = await read(name, content, { mapping: simple });
        assert.deepEqual(await rows(all), expected, file.reason);
        assert.equal(file.status, "ingested");
        assert.equal(file.rejected, 0);
        assert.equal(file.calls, 3);
      }),
    );
  }
  test("Parquet, also in gzip", () =>
    workbench(async ({ folder, store, take, rows, write }) => {
      const source = write("r.jsonl", jsonl(...records));
      const target = join(folder, "r.parquet");
      await run(store.connection, `copy (from read_json('${source}')) to '${target}' (format parquet)`);
      assert.equal((await take(target, { mapping: simple }))[0].calls, 3);
      assert.deepEqual(await rows(all), expected);
    }));
});

test("one JSON object is one record", () =>
  workbench(async ({ read, rows }) => {
    await read("one.json", JSON.stringify(records[0], null, 2), { mapping: simple });
    assert.deepEqual(await rows(all), [expected[0]]);
  }));

test("a document that holds a line which reads as a record is still one document", () =>
  workbench(async ({ read, rows }) => {
    const mapping = { table: "calls" as const, columns: { call_id: "rows[1].id", duration: "rows[2].ms" } };
    await read("one.json", '{"rows": [\n{"id": "a"},\n{"id": "b", "ms": "7"}\n]}\n', { mapping });
    assert.deepEqual(await rows("select call_id, duration from calls"), [{ call_id: "a", duration: 7 }]);
  }));

describe("a file that cannot be had whole is not taken at all", () => {
  const whole = jsonl(...Array.from({ length: 5000 }, (_, id) => ({ id, m: `model ${id}`, ms: id })));
  const cut: Record<string, Buffer> = {
    "cut.jsonl.gz": gzipSync(whole).subarray(0, -20),
    "cut.jsonl.zst": zstd(whole.slice(0, 90_000)).subarray(0, -20),
    "head.jsonl.gz": gzipSync(whole).subarray(0, 12),
    "head.jsonl.zst": zstd(whole.slice(0, 90_000)).subarray(0, 6),
  };
  for (const [name, content] of Object.entries(cut)) {
    test(name, () =>
      workbench(async ({ read, rows }) => {
        const file = await read(name, content, { mapping: simple });
        assert.equal(file.status, "failed");
        assert.match(file.reason ?? "", /cut short/);
        assert.deepEqual(await rows("select 1 from calls union all select 1 from ingests"), []);
      }),
    );
  }
  test("a Parquet file cut short", () =>
    workbench(async ({ read }) => {
      const file = await read("cut.parquet", Buffer.from("PAR1 and nothing more of it PAR"));
      assert.equal(file.status, "failed");
    }));
});

describe("a file with nothing in it says so", () => {
  test("an empty file is in, with nothing", () =>
    workbench(async ({ read }) => {
      const file = await read("empty.jsonl", "", { mapping: simple });
      assert.deepEqual([file.status, file.reason], ["ingested", "the file is empty"]);
    }));
  const failing: Record<string, [string | Buffer, RegExp]> = {
    "blanks.jsonl": [" \n\n\t\r\n", /only white space/],
    "empty.jsonl.gz": [gzipSync(""), /only white space/],
    "mark.jsonl": ["\ufeff", /only white space/],
    "empty.json": ["[]", /no records/],
    "header.csv": ["id,m,ms\n", /no records/],
    "scalars.json": ["[1, 2]", /none of its 2 records could be read: record 1: must be a record, got 1/],
    "rubbish.jsonl": ["\0\0\0\n", /none of its 0|no records|none of its 1|names none of the file's fields/],
  };
  for (const [name, [content, reason]] of Object.entries(failing)) {
    test(name, () =>
      workbench(async ({ read, rows }) => {
        const file = await read(name, content, { mapping: simple });
        assert.equal(file.status, "failed");
        assert.match(file.reason ?? "", reason);
        assert.deepEqual(await rows("from ingests"), []);
        assert.deepEqual(await rows("from rejects"), []);
      }),
    );
  }
});

test("delimited text: quotes, line breaks in cells, names that stand twice", () =>
  workbench(async ({ read, rows, rejects }) => {
    const text = [
      'id,m,"ms",m',
      '"a","says ""hi"",\nthen, goes",1000,1',
      'b, "spaced" ,2000,2',
      'c,5" disk,3000,3',
      "d,é🙂,4000,4",
    ].join("\n");
    await read("q.csv", text, {
      mapping: {
        table: "calls",
        columns: { call_id: "id", model: "m", duration: "ms / 1000", region: "m_1" },
      },
    });
    assert.deepEqual(await rejects(), []);
    assert.deepEqual(
      await rows("select call_id, model, duration, region, line from calls order by call_id"),
      [
        { call_id: "a", model: 'says "hi",\nthen, goes', duration: 1, region: "1", line: 2 },
        { call_id: "b", model: "spaced", duration: 2, region: "2", line: 4 },
        { call_id: "c", model: '5" disk', duration: 3, region: "3", line: 5 },
        { call_id: "d", model: "é🙂", duration: 4, region: "4", line: 6 },
      ],
    );
  }));

test("delimited text: damage costs its own line, with its number and what is wrong", () =>
  workbench(async ({ read, rows, rejects }) => {
    const lines = [
      "id,m,ms",
      "a,x,1",
      "b,x",
      "",
      "c,x,3,4",
      'd,"x"y,5',
      'e,"x,6',
      "f,x,7",
      '"g","two\nlines",8',
      "h,x,slow",
      "i,x,9",
      'j,"x,10',
    ];
    const bytes = Buffer.concat([
      Buffer.from(`${lines.join("\n")}\nk,`),
      Buffer.from([0xe9]),
      Buffer.from(",11\nl,x,12\n"),
    ]);
    const file = await read("damaged.csv", bytes, { mapping: simple });
    assert.deepEqual(await rejects(), [
      "3: has 2 cells, not the 3 of the header",
      "5: has 4 cells, not the 3 of the header",
      "6: has text after a closing quote",
      "7: has text after a closing quote",
      "13: opens a quote that is never closed",
      "14: is not valid UTF-8",
    ]);
    assert.deepEqual(await rows("select call_id, line from calls order by line"), [
      { call_id: "a", line: 2 },
      { call_id: "f", line: 8 },
      { call_id: "g", line: 9 },
      { call_id: "h", line: 11 },
      { call_id: "i", line: 12 },
      { call_id: "l", line: 15 },
    ]);
    assert.equal(file.rejected, 6);
    assert.equal(
      file.emptied?.[0].first,
      'line 11: calls.duration must be a finite number: not computable from (ms / 1000) with ms "slow"',
    );
    assert.deepEqual(await rows("select excerpt from rejects where line = 6"), [{ excerpt: 'd,"x"y,5' }]);
  }));

thorough("a link out of a folder is not followed, and told, unless it is named or links are asked for", () =>
  workbench(async ({ folder, write, take }) => {
    const log = (id: string) => jsonl({ model: "m", duration: 1, call_id: id });
    const mapping = JSON.stringify({ columns: { call_id: "call_id", model: "model" } });
    for (const name of ["logs", "other"]) mkdirSync(join(folder, name));
    write("logs/in.jsonl", log("in"));
    write("logs/in.mapping.json", mapping);
    write("other/out.jsonl", `secret of another\n${log("out")}`);
    write("other/out.mapping.json", mapping);
    const at = (name: string) => join(folder, "logs", name);
    symlinkSync(join(folder, "other", "out.jsonl"), at("file.jsonl"));
    symlinkSync(join(folder, "other"), at("elsewhere"));
    symlinkSync(at("in.jsonl"), at("again.jsonl"));
    const came = async (paths: string, options = {}) =>
      (await take(paths, { mapping: { table: "calls", columns: { call_id: "call_id" } }, ...options })).map(
        ({ path, reason }) => [path.slice(folder.length + 6), /link that leads out/.test(reason ?? "")],
      );
    const refused = [
      ["again.jsonl", false],
      ["elsewhere", true],
      ["file.jsonl", true],
      ["in.jsonl", false],
    ];
    assert.deepEqual((await came(at("."))).sort(), refused);
    assert.deepEqual(await came(at("f*.jsonl")), [["file.jsonl", true]]);
    assert.deepEqual(
      (await came(at("**/*.jsonl"))).filter(([, is]) => is),
      [["file.jsonl", true]],
    );
    assert.deepEqual(await came(at("file.jsonl")), [["file.jsonl", false]]);
    const followed = await came(at("."), { links: true });
    assert.ok(followed.length === 4 && followed.every(([, is]) => !is));
    // The folder that is named may be a link itself.
    symlinkSync(join(folder, "logs"), join(folder, "named"));
    assert.equal((await came(join(folder, "named"))).filter(([, is]) => is).length, 2);
  }),
);

thorough("folders and globs name the logs below them, once each, and no mappings", () =>
  workbench(async ({ folder, write, take, rows }) => {
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    mkdirSync(join(folder, ".hidden"));
    const log = (id: string) => jsonl({ model: "m", duration: 1, call_id: id });
    write("1.jsonl", log("1"));
    write("1.mapping.json", JSON.stringify(simple).replaceAll("id", "call_id"));
    write("notes.txt", "nothing of ours");
    writeFileSync(join(folder, "deep", "2.jsonl"), log("2"));
    writeFileSync(join(folder, "deep", "er", "3.json"), log("3"));
    writeFileSync(join(folder, ".hidden", "4.jsonl"), log("4"));
    symlinkSync(join(folder, "nowhere"), join(folder, "dangling.jsonl"));
    write("1.mapping.json", JSON.stringify({ columns: { call_id: "call_id", model: "model" } }));
    const files = await take([folder, join(folder, "1.jsonl")]);
    assert.deepEqual(
      files.map(({ path, status }) => [path.slice(folder.length + 1), status]),
      [
        ["1.jsonl", "ingested"],
        ["dangling.jsonl", "failed"],
        [join("deep", "2.jsonl"), "ingested"],
        [join("deep", "er", "3.json"), "ingested"],
      ],
    );
    const names = async (pattern: string) =>
      (await take(join(folder, pattern))).map(({ path }) => path.slice(folder.length + 1));
    assert.deepEqual(await names("*.jsonl"), ["1.jsonl", "dangling.jsonl"]);
    assert.deepEqual(await names("**/*.json*"), [
      "1.jsonl",
      "dangling.jsonl",
      join("deep", "2.jsonl"),
      join("deep", "er", "3.json"),
    ]);
    assert.deepEqual(await names("d?ep/[1-3].jsonl"), [join("deep", "2.jsonl")]);
    assert.deepEqual(await names("[!1]*/*.jsonl"), [join("deep", "2.jsonl")]);
    await assert.rejects(take(join(folder, "*.nothing")), /no file matches/);
    await assert.rejects(take(join(folder, "missing.jsonl")), /no such file/);
    mkdirSync(join(folder, "bare"));
    await assert.rejects(take(join(folder, "bare")), /no log/);
    assert.equal((await rows("from calls")).length, 3);
  }),
);
