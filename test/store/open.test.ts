import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { select } from "../../src/facts/select";
import { ingest } from "../../src/logs/ingest";
import { doctor } from "../../src/measures/doctor";
import { takeAway } from "../../src/store/leftovers";
import { givenVariable, open } from "../../src/store/open";
import { query } from "../../src/store/query";
import { rowsOf, run } from "../../src/store/run";
import { schema, type TableName } from "../../src/store/schema";
import { transaction } from "../../src/store/transaction";
import { root } from "../dist";
import { thorough } from "../property";

const folder = mkdtempSync(join(tmpdir(), "fieldnotes-open-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Creates a database that isn't one of ours. */
async function database(name: string, ...statements: string[]): Promise<string> {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  return path;
}

describe("what is no store is refused with what to do", () => {
  test("one of another layout", async () => {
    const path = await database(
      "old.duckdb",
      "create table fieldnotes (version integer)",
      "insert into fieldnotes values (99)",
    );
    await assert.rejects(
      open(path),
      /reads stores of layout \d+, and this one has layout 99\. Ingest the logs again/,
    );
  });
  test("one of the layout before, for reading alone; opened for writing it is brought up to this one", async () => {
    const path = join(folder, "before.duckdb");
    (await open(path)).close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("insert into calls (call_id, ingest_id) values ('c', 1)");
    await connection.run("alter table ingests rename column options to asked");
    await connection.run("insert into ingests (ingest_id, asked) values (1, null), (2, null)");
    await connection.run("alter table calls drop column retry_after");
    await connection.run("alter table benchmarks drop column harness");
    await connection.run("alter table benchmarks drop column shots");
    await connection.run("update fieldnotes set version = version - 1");
    connection.closeSync();
    instance.closeSync();
    await assert.rejects(open(path, { readOnly: true }), /The next ingest into it brings it up to date/);
    (await open(path)).close();
    const store = await open(path, { readOnly: true });
    assert.deepEqual(await rowsOf(store.connection, "select options from ingests order by ingest_id"), [
      { options: "read before layout 6" },
      { options: null },
    ]);
    assert.deepEqual(await rowsOf(store.connection, "select retry_after from calls"), [
      { retry_after: null },
    ]);
    assert.deepEqual(await rowsOf(store.connection, "select harness, shots from benchmarks"), []);
    store.close();
  });
  test("nothing that a later version added a table for: readers find it empty, on each connection", async () => {
    const path = join(folder, "fewer.duckdb");
    (await open(path)).close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("insert into calls (call_id, model, ingest_id) values ('c', 'm', 1)");
    const added = (Object.keys(schema) as TableName[]).filter((name) => !/^(calls|ingests)$/.test(name));
    for (const name of added) await connection.run(`drop table ${name}`);
    connection.closeSync();
    instance.closeSync();
    const store = await open(path, { readOnly: true });
    for (const one of [store.connection, await store.connect()])
      for (const name of added)
        assert.deepEqual(await rowsOf(one, `select count(*) as n from ${name}`), [{ n: 0 }], name);
    assert.equal((await doctor(store)).calls, 1);
    store.close();
  });
  test("not one of before tools were kept: its logs are read again when they come again", async () => {
    const path = join(folder, "tools.duckdb");
    (await open(path)).close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("insert into spans (span_id, ingest_id) values ('s', 1)");
    await connection.run("insert into ingests (ingest_id, options, format) values (1, 'texts', 'otlp')");
    await connection.run("alter table spans drop column tool");
    await connection.run("alter table spans drop column arguments_hash");
    connection.closeSync();
    instance.closeSync();
    (await open(path, { readOnly: true })).close();
    for (const _ of [1, 2]) (await open(path)).close();
    const store = await open(path, { readOnly: true });
    assert.deepEqual(await rowsOf(store.connection, "select options from ingests"), [
      { options: "texts, read before tools were kept" },
    ]);
    assert.deepEqual(await rowsOf(store.connection, "select tool, arguments_hash from spans"), [
      { tool: null, arguments_hash: null },
    ]);
    store.close();
  });
  test("not one of before forms of answers were kept: of its logs, those with outputs are read again", async () => {
    const path = join(folder, "forms.duckdb");
    (await open(path)).close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(
      "insert into calls (call_id, output_hash, ingest_id) values ('c', 'h', 1), ('d', null, 2)",
    );
    await connection.run("insert into ingests (ingest_id, format) values (1, 'otlp'), (2, 'otlp')");
    await connection.run("alter table calls drop column output_form");
    connection.closeSync();
    instance.closeSync();
    const before = await open(path, { readOnly: true });
    assert.equal((await doctor(before)).columns.find(({ column }) => column === "output_form")?.filled, 0);
    before.close();
    for (const _ of [1, 2]) (await open(path)).close();
    const store = await open(path, { readOnly: true });
    assert.deepEqual(await rowsOf(store.connection, "select options from ingests order by ingest_id"), [
      { options: "read before forms of answers were kept" },
      { options: null },
    ]);
    assert.deepEqual(await rowsOf(store.connection, "select distinct output_form from calls"), [
      { output_form: null },
    ]);
    store.close();
  });
  test("one whose layout is not told", async () => {
    const path = await database("none.duckdb", "create table fieldnotes (other varchar)");
    await assert.rejects(open(path), /not a fieldnotes store|layout unknown/);
    const empty = await database("empty.duckdb", "create table fieldnotes (version integer)");
    await assert.rejects(open(empty), /layout unknown/);
  });
  test("a database of something else", async () => {
    const path = await database("other.duckdb", "create table customers (id integer)");
    await assert.rejects(open(path), /not a fieldnotes store \(it has tables such as "customers"\)/);
    assert.deepEqual(await tablesOf(path), ["customers"]);
  });
  test("a file that is no database", async () => {
    const path = join(folder, "log.jsonl");
    writeFileSync(path, '{"a": 1}\n'.repeat(10_000));
    await assert.rejects(open(path), /not a DuckDB database/);
    await assert.rejects(open(path, { readOnly: true }), /not a DuckDB database/);
  });
  test("a path of nothing, as of a variable that is not set", async () => {
    for (const path of ["", " "])
      await assert.rejects(open(path), /requires the path of a store, .* got an empty text/);
  });
  test("a folder, and a file in a folder that is not there", async () => {
    mkdirSync(join(folder, "folder"));
    await assert.rejects(open(join(folder, "folder")), /not a DuckDB database: .*folder/);
    await assert.rejects(open(join(folder, "no", "such.duckdb")), /no such folder: .*no; create it first/);
  });
  test("nothing, beside a file of another that the engine would take for its own", async () => {
    for (const ending of ["wal", "wal.checkpoint", "wal.recovery"]) {
      const path = join(folder, `beside-${ending}`);
      writeFileSync(`${path}.${ending}`, "mine");
      await assert.rejects(
        open(path),
        /a new store requires that nothing has the names of its engine's files, got .*\.wal/,
      );
      assert.deepEqual([existsSync(path), readFileSync(`${path}.${ending}`, "utf8")], [false, "mine"]);
    }
  });
  test("nothing, opened for reading", async () => {
    await assert.rejects(
      open(join(folder, "nothing.duckdb"), { readOnly: true }),
      /no such store: .*nothing\.duckdb.*fieldnotes ingest FILE/,
    );
  });
});

test("a store that was closed says so, and may be closed twice", async () => {
  const path = join(folder, "closed.duckdb");
  const store = await open(path);
  store.close();
  store.close();
  await assert.rejects(
    store.connect(),
    /closed\.duckdb is closed; open it again: await open\(".*closed\.duckdb"\)/,
  );
  assert.throws(() => store.connection, /is closed; open it again/);
});

test("what is no store is told from one, a promise by its missing await", async () => {
  const wrong = async (given: unknown, message: RegExp) => {
    for (const work of [select, query, doctor, ingest] as ((store: never, more: never) => Promise<unknown>)[])
      await assert.rejects(work(given as never, {} as never), message);
  };
  await wrong(open(":memory:"), /requires an open store, got a promise: await is missing; open it first/);
  await wrong("logs.duckdb", /requires an open store, got the text "logs\.duckdb"/);
  await wrong(undefined, /requires an open store, got undefined/);
  await assert.rejects(open(3 as never), /open requires the path of a store, .*got 3/);
});

test("an ingest into a store that is open for reading says how to open it", async () => {
  const path = join(folder, "reading.duckdb");
  (await open(path)).close();
  const store = await open(path, { readOnly: true });
  await assert.rejects(
    ingest(store, "log.jsonl"),
    /was opened read-only: close it and open it again with await open/,
  );
  store.close();
});

test("the store given to a notebook's run is opened for reading, under any name, and others as they are asked for", async () => {
  const path = join(folder, "given.duckdb");
  (await open(path)).close();
  symlinkSync(path, join(folder, "alias.duckdb"));
  process.env[givenVariable] = path;
  try {
    for (const name of ["given.duckdb", "alias.duckdb"]) {
      const store = await open(join(folder, name));
      assert.ok(store.readOnly, name);
      await assert.rejects(
        ingest(store, "log.jsonl"),
        /^Error: ingest requires a store that may be written, got .*: the store given with --db is read-only in notebooks/,
      );
      store.close();
    }
    const other = await open(join(folder, "own.duckdb"));
    assert.ok(!other.readOnly);
    other.close();
  } finally {
    delete process.env[givenVariable];
  }
});

thorough("a store that a process opens twice stays locked for others", async () => {
  const path = join(folder, "twice.duckdb");
  (await open(path)).close();
  const first = open(path, { readOnly: true });
  const second = open(path, { readOnly: true });
  const [held] = await Promise.all([first, second.then((store) => store.close())]);
  const script = `require("tsx/cjs"); require(${JSON.stringify(join(__dirname, "../../src/store/open.ts"))})
    .open(${JSON.stringify(path)}).then(() => process.exit(0), (error) => { console.log(error.message); process.exit(3); });`;
  const { status, stdout } = spawnSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  held.close();
  assert.equal(status, 3);
  assert.match(stdout, /it is held by .*process \d+/);
});

async function tablesOf(path: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = await rowsOf<{ name: string }>(
    connection,
    "select table_name as name from information_schema.tables",
  );
  connection.closeSync();
  instance.closeSync();
  return rows.map(({ name }) => name);
}

thorough("a store that another process holds names that process, and is free when it ends", async () => {
  const path = join(folder, "held.duckdb");
  const script = `require("tsx/cjs"); require(${JSON.stringify(join(__dirname, "../../src/store/open.ts"))})
    .open(${JSON.stringify(path)}).then(() => { process.stdout.write("open"); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ["-e", script], {
    cwd: join(__dirname, "../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  for (const options of [{}, { readOnly: true }]) {
    await assert.rejects(open(path, options), (error: Error) => {
      assert.match(
        error.message,
        new RegExp(`held by .*node.*\\(process ${child.pid}\\)\\. Close that process`),
      );
      assert.ok(!error.message.includes("\n"));
      return true;
    });
  }
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  (await open(path)).close();
});

test("a store keeps what was written; two openings in one process see each other's writes", async () => {
  const path = join(folder, "kept.duckdb");
  const one = await open(path);
  const two = await open(path);
  await run(one.connection, "insert into tasks (task_id) values ('t')");
  assert.deepEqual(await rowsOf(two.connection, "select task_id from tasks"), [{ task_id: "t" }]);
  one.close();
  await run(two.connection, "insert into tasks (task_id) values ('u')");
  two.close();
  const again = await open(path, { readOnly: true });
  assert.equal(again.readOnly, true);
  assert.equal((await rowsOf(again.connection, "from tasks")).length, 2);
  await assert.rejects(run(again.connection, "delete from tasks"), /read-only/);
  await assert.rejects(open(path), /already open in this process in another mode/);
  again.close();
  (await open(path)).close();
});

test("stores in memory are apart from each other", async () => {
  const one = await open(":memory:");
  const two = await open(":memory:");
  await run(one.connection, "insert into tasks (task_id) values ('t')");
  assert.deepEqual(await rowsOf(two.connection, "from tasks"), []);
  one.close();
  two.close();
});

thorough("a name with odd letters is a name", async () => {
  for (const name of [
    "C:\\Users\\ada\\my store.duckdb",
    'it\'s "q" 🙂.db',
    "a?b=c.duckdb",
    "md:x.duckdb",
    "no extension",
  ]) {
    const path = join(folder, name);
    const store = await open(path);
    await run(store.connection, "insert into tasks (task_id) values ('t')");
    store.close();
    const again = await open(path);
    assert.equal((await rowsOf(again.connection, "from tasks")).length, 1, name);
    again.close();
  }
});

test("times are UTC on every connection, whatever the machine's zone", async () => {
  const store = await open(":memory:");
  const further = await store.connect();
  for (const connection of [store.connection, further]) {
    assert.deepEqual(await rowsOf(connection, "select current_setting('TimeZone') as zone"), [
      { zone: "UTC" },
    ]);
  }
  further.closeSync();
  store.close();
});

test("a transaction that throws keeps nothing", async () => {
  const store = await open(":memory:");
  const work = transaction(store.connection, async () => {
    await run(store.connection, "insert into tasks (task_id) values ('t')");
    throw new Error("no");
  });
  await assert.rejects(work, /no/);
  assert.deepEqual(await rowsOf(store.connection, "from tasks"), []);
  store.close();
});

test("64-bit whole numbers come exactly: as numbers, or as digits where a number would not do", async () => {
  const store = await open(":memory:");
  const sql =
    "select 9007199254740991::bigint as exact, 9223372036854775807::bigint as large, [1::bigint] as list, {'n': 2::bigint} as record";
  assert.deepEqual(await rowsOf(store.connection, sql), [
    { exact: 9007199254740991, large: "9223372036854775807", list: [1], record: { n: 2 } },
  ]);
  store.close();
});

/** A process that is killed while its engine has moved rows of this store to disk. */
const spilling = `
  const { DuckDBInstance } = require("@duckdb/node-api");
  (async () => {
    const instance = await DuckDBInstance.create(process.argv[1], { memory_limit: "60MB", threads: "1" });
    const connection = await instance.connect();
    await connection.run("create temp table a as select range::varchar || repeat('x', 40) as a from range(2000000)");
    await connection.run("create temp table b as select repeat(md5(range::varchar), 20000) as b from range(60)");
    process.kill(process.pid, "SIGKILL");
  })();`;

test("only what the engine of a killed process left beside a store goes when it is next opened for writing", async () => {
  const path = join(folder, "left.duckdb");
  const spill = () => spawnSync(process.execPath, ["-e", spilling, path], { cwd: root });
  const names = () => readdirSync(`${path}.tmp`);
  (await open(path)).close();
  spill();
  assert.ok(names().some((name) => name.endsWith(".block")) && names().some((name) => name.endsWith(".tmp")));
  const store = await open(path);
  assert.equal(existsSync(`${path}.tmp`), false);
  // Files that exist while it is open may be its own.
  mkdirSync(`${path}.tmp`);
  writeFileSync(join(`${path}.tmp`, "duckdb_temp_storage_DEFAULT-0.tmp"), "x");
  (await open(path)).close();
  assert.deepEqual(names(), ["duckdb_temp_storage_DEFAULT-0.tmp"]);
  store.close();
});

test("a folder beside a store that is named like the engine's keeps what others have put there", async () => {
  const path = join(folder, "results");
  (await open(path)).close();
  mkdirSync(join(`${path}.tmp`, "duckdb_temp_storage_of_mine"), { recursive: true });
  const files = [
    "duckdb_temp_block-1.block.txt",
    "duckdb_temp_storage_DEFAULT-0.tmp.tmp",
    "duckdb_temp_storage_S32K-draft.tmp",
    "duckdb_temp_storage_notes.tmp",
    "thesis.txt",
  ];
  const own = [...files, "duckdb_temp_storage_of_mine"].sort();
  const spilled = [
    "duckdb_temp_block-4611686018427388988.block",
    "duckdb_temp_storage_DEFAULT-12.tmp",
    "duckdb_temp_storage_S224K-0.tmp",
  ];
  for (const name of [...files, ...spilled]) writeFileSync(join(`${path}.tmp`, name), "x");
  (await open(path)).close();
  assert.deepEqual(readdirSync(`${path}.tmp`).sort(), own);
});

test("a store that a killed process left unmade is made again, and is no store to read", async () => {
  const whole = await database("whole.duckdb", "create table t as select 1 as a");
  for (const bytes of [0, 4_096, 8_192]) {
    const path = join(folder, `unmade-${bytes}.duckdb`);
    writeFileSync(path, readFileSync(whole).subarray(0, bytes));
    await assert.rejects(
      open(path, { readOnly: true }),
      /it is empty, as a command leaves it .* ingest FILE/,
    );
    const store = await open(path);
    assert.deepEqual(await query(store, "select count(*)::int as n from calls"), [{ n: 0 }]);
    store.close();
  }
  const other = join(folder, "notes.txt");
  writeFileSync(other, "notes");
  await assert.rejects(open(other), /not a DuckDB database/);
  assert.equal(readFileSync(other, "utf8"), "notes");
});

test("a store that another process is just making stays, and so does one made in its place", async () => {
  const own = join(folder, "making");
  mkdirSync(own);
  const path = join(own, "making.duckdb");
  const child = spawn(
    process.execPath,
    [
      "-e",
      `require("@duckdb/node-api").DuckDBInstance.create(${JSON.stringify(path)}).then((held) => {
      console.log("open");
      setTimeout(() => held.closeSync(), 60_000);
    });`,
    ],
    { cwd: root },
  );
  try {
    await once(child.stdout, "data");
    // As far as it has come.
    truncateSync(path, 0);
    const { ino } = statSync(path);
    for (const readOnly of [true, false]) await assert.rejects(open(path, { readOnly }), /it is held by/);
    assert.equal(statSync(path).ino, ino);
  } finally {
    child.kill("SIGKILL");
  }
  const other = join(own, "other.duckdb");
  (await open(other)).close();
  takeAway(other, 1);
  (await open(other, { readOnly: true })).close();
  const empty = join(own, "empty.duckdb");
  writeFileSync(empty, "");
  const { ino } = statSync(empty);
  takeAway(empty, ino + 1);
  assert.ok(existsSync(empty));
  takeAway(empty, ino);
  takeAway(empty, ino);
  assert.deepEqual(
    readdirSync(own).filter((name) => name.startsWith("empty") || name.includes("unmade.")),
    [],
  );
});

test("a store that is being made is put back where the file system has no links, and never in another's place", (t) => {
  const own = join(folder, "links");
  mkdirSync(own);
  const file = join(own, "calls.duckdb");
  const put = (what: string) => writeFileSync(file, what);
  const link = t.mock.method(fs, "linkSync", () => {
    throw Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM" });
  });
  put("one");
  takeAway(file, 1);
  assert.deepEqual(readdirSync(own), ["calls.duckdb"]);
  assert.equal(readFileSync(file, "utf8"), "one");
  link.mock.mockImplementation(() => {
    put("two");
    throw Object.assign(new Error("EEXIST: file already exists, link"), { code: "EEXIST" });
  });
  const aside = `${file}.${process.pid}.unmade`;
  assert.throws(() => takeAway(file, 1), new RegExp(`^Error: open .* is now ${aside}`));
  assert.deepEqual(
    [file, aside].map((one) => readFileSync(one, "utf8")),
    ["two", "one"],
  );
});
