import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { tableFromIPC } from "apache-arrow";
import { toArrow } from "../../src/store/arrow";
import { open } from "../../src/store/open";
import { rowsOf, run } from "../../src/store/run";
import { writeOut } from "../../src/store/writeOut";
import { thorough } from "../property";

const everyType = `
  select 9007199254740993::bigint as big, timestamp '2024-01-01 00:00:00.123456' as local,
    timestamptz '2024-01-01 00:00:00.123456+02' as zoned, 1.25::decimal(18, 3) as price, [1.5, null, 3]::double[] as list,
    ['x', null]::varchar[] as words, 'té' as text, true as flag, date '2024-02-03' as day, -1.5::decimal(30, 2) as less
  union all select null, null, null, null, null, null, null, null, null, null`;

describe("results as Arrow", () => {
  thorough("64-bit integers, decimals, zones and nulls keep their types", async () => {
    const store = await open(":memory:");
    const table = await toArrow(store, everyType);
    store.close();
    assert.deepEqual(
      table.schema.fields.map(({ name, type }) => `${name} ${type}`),
      [
        "big Int64",
        "local Timestamp<MICROSECOND>",
        "zoned Timestamp<MICROSECOND, UTC>",
        "price Decimal[18e+3]",
        "list List<Float64>",
        "words List<Utf8>",
        "text Dictionary<Int32, Utf8>",
        "flag Bool",
        "day Date32<DAY>",
        "less Decimal[30e+2]",
      ],
    );
    assert.equal(table.getChild("big")?.get(0), 9007199254740993n);
    assert.equal(table.getChild("local")?.get(0), 1704067200123.456);
    assert.equal(table.getChild("text")?.get(1), null);
  });

  test("a file written as Arrow is read back the same", async () => {
    const store = await open(":memory:");
    const file = join(mkdtempSync(join(tmpdir(), "fieldnotes-")), "out.arrow");
    assert.equal(await writeOut(store, everyType, file), 2);
    assert.equal(tableFromIPC(readFileSync(file)).toString(), (await toArrow(store, everyType)).toString());
    store.close();
  });

  test("a file that the statement itself reads is not replaced", async () => {
    const store = await open(":memory:");
    const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
    const file = join(folder, "it's.jsonl");
    const text = '{"a":1}\n{"a":2}\n';
    writeFileSync(file, text);
    const quoted = file.replaceAll("'", "''");
    await run(store.connection, `create view hidden as from read_json('${quoted}')`);
    for (const [sql, parameters] of [
      [`select * from read_json('${quoted}') limit 1`, {}],
      [`from "${file}" limit 1`, {}],
      [`from read_json(['${quoted}'])`, {}],
      [`from read_json($$${file}$$)`, {}],
      [`from read_json('${join(folder, "*.jsonl")}')`, {}],
      ["from read_json($file)", { file: join(folder, ".", "it's.jsonl") }],
      [`from read_json('${folder}/it' || chr(39) || 's.jsonl')`, {}],
      [`from read_json(E'${folder}/it\\x27s.json\\x6c', columns = {a: 'int'})`, {}],
      [`select content from read_text('${folder}/it?' || 's.json*')`, {}],
      ["from hidden", {}],
    ] as const)
      await assert.rejects(
        writeOut(store, sql, file, parameters),
        /^RangeError: writing requires a file that may be replaced, got .*it's\.jsonl, which the statement reads; name another$/,
        sql,
      );
    const arrow = join(folder, "a.arrow");
    await writeOut(store, "select 1 as a", arrow);
    await assert.rejects(
      writeOut(store, `select size from read_blob('${folder}/a' || '.arrow')`, arrow),
      /which the statement reads; name another$/,
    );
    assert.deepEqual(readdirSync(folder).sort(), ["a.arrow", "it's.jsonl"]);
    assert.equal(readFileSync(file, "utf8"), text);
    const other = join(folder, "other.jsonl");
    // The next night, also where the file is named but not read.
    for (const sql of [`from '${quoted}'`, `select *, '${other}' as b from '${quoted}'`])
      for (const _ of [1, 2]) assert.equal(await writeOut(store, sql, other), 2);
    store.close();
  });

  test("no value and no name in a CSV is a formula, whatever its type", async () => {
    const store = await open(":memory:");
    const file = join(mkdtempSync(join(tmpdir(), "fieldnotes-")), "out.csv");
    const sql = `select '=1+1' as a, '=1'::enum('=1') as b, '=1'::blob as c, '"=1"'::json as d, -1.5 as e, '\u3164＝1' as "@f",
      union_value(u := '+1') as g, ['=1'] as h, {'=1': '=1'} as i`;
    await writeOut(store, sql, file);
    store.close();
    const [head, row] = readFileSync(file, "utf8").trim().split("\n");
    assert.equal(head, "a,b,c,d,e,'@f,g,h,i");
    assert.match(row, /^'=1\+1,'=1,'=1,.*=1.*,-1.5,'\u3164＝1,'\+1,/);
  });

  test("pyarrow reads what was written, value by value", async (t) => {
    const python = process.env.FIELDNOTES_PYTHON ?? "python3";
    try {
      execFileSync(python, ["-c", "import pyarrow"], { stdio: "ignore" });
    } catch {
      if (process.env.FIELDNOTES_REQUIRE?.includes("jupyter")) throw new Error("pyarrow is not installed");
      t.skip("pyarrow is not installed");
      return;
    }
    const store = await open(":memory:");
    const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
    const read = (file: string, reader: string) =>
      execFileSync(
        python,
        ["-c", `import sys\nprint(${reader}.to_pylist()[0])`.replace("FILE", "sys.argv[1]"), file],
        {
          encoding: "utf8",
        },
      );
    await writeOut(store, everyType, join(folder, "out.arrow"));
    await writeOut(store, everyType, join(folder, "out.parquet"));
    store.close();
    const arrow = read(join(folder, "out.arrow"), "__import__('pyarrow.feather').feather.read_table(FILE)");
    const parquet = read(
      join(folder, "out.parquet"),
      "__import__('pyarrow.parquet').parquet.read_table(FILE)",
    );
    for (const text of [arrow, parquet]) {
      assert.match(text, /'big': 9007199254740993/);
      assert.match(text, /'local': datetime.datetime\(2024, 1, 1, 0, 0, 0, 123456\)/);
      assert.match(text, /'price': Decimal\('1.250'\)/);
      assert.match(text, /'list': \[1.5, None, 3.0\]/);
      assert.match(text, /'less': Decimal\('-1.50'\)/);
    }
  });
});

describe("results as files", () => {
  test("Parquet and CSV are read back by the engine as they were", async () => {
    const store = await open(":memory:");
    const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
    const sql = "select i, 'a\"b,' || chr(10) as text from range(3) as _(i)";
    for (const ending of ["parquet", "csv", "json", "jsonl"]) {
      const file = join(folder, `out.${ending}`);
      assert.equal(await writeOut(store, sql, file), 3);
      assert.deepEqual(await rowsOf(store.connection, `from '${file}'`), await rowsOf(store.connection, sql));
    }
    store.close();
  });

  test("another ending is refused with those that are known", async () => {
    const store = await open(":memory:");
    await assert.rejects(
      writeOut(store, "select 1", "out.xlsx"),
      /requires a file ending in \.parquet.*got "out\.xlsx"/,
    );
    store.close();
  });
});
