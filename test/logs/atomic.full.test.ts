import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ingest } from "../../src/logs/ingest";
import { open } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { jsonl, simple, workbench } from "./workbench";

const log = (from: number, to: number, more: object = {}) =>
  jsonl(
    ...Array.from({ length: to - from }, (_, at) => ({ id: `c${from + at}`, m: "x", ms: 1000, ...more })),
  );

test("killed at any moment of an ingest, a store opens, and the same command completes with the same counts", () =>
  workbench(async ({ folder, write }) => {
    const whole = 60_000;
    const content = `${log(0, whole)}damaged\n`;
    const paths = [write("small.jsonl", log(whole, whole + 10, { run: 1 })), write("big.jsonl", content)];
    const counts = async (database: string) => {
      const store = await open(database);
      const found = await rowsOf<{
        path: string;
        rows: number;
        calls: number;
        rejects: number;
        rejected: number;
      }>(
        store.connection,
        `select path, rows, rejected, (select count(*) from calls c where c.ingest_id = i.ingest_id) as calls,
           (select count(*) from rejects r where r.ingest_id = i.ingest_id) as rejects from ingests i order by ingest_id`,
      );
      const orphans = await rowsOf(
        store.connection,
        "select ingest_id from calls union all select ingest_id from rejects except select ingest_id from ingests",
      );
      store.close();
      assert.deepEqual(orphans, [], "rows without their ingest");
      return found;
    };
    const options = { mapping: { ...simple, columns: { ...simple.columns, attempt: "run" } } };
    /** Ingests into the database until the delay is over, counted from the opening of the store. */
    const ingestFor = async (database: string, delay: number) => {
      const child = spawn(
        process.execPath,
        ["--import", "tsx", join(__dirname, "child.ts"), database, JSON.stringify(options), ...paths],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      let opened = 0;
      let timer: NodeJS.Timeout | undefined;
      child.stdout.once("data", () => {
        opened = performance.now();
        if (Number.isFinite(delay)) timer = setTimeout(() => child.kill("SIGKILL"), delay);
      });
      const signal = await new Promise((resolve) => child.once("close", (_, ended) => resolve(ended)));
      clearTimeout(timer);
      return { killed: signal === "SIGKILL", took: performance.now() - opened };
    };
    // The duration differs between machines.
    const { took } = await ingestFor(join(folder, "whole.duckdb"), Number.POSITIVE_INFINITY);
    let killed = 0;
    for (const share of [0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8]) {
      const database = join(folder, `killed${share}.duckdb`);
      if ((await ingestFor(database, share * took)).killed) killed += 1;
      for (const file of await counts(database)) {
        assert.equal(file.calls, file.rows, "part of a file is in");
        assert.equal(file.rejects, file.rejected);
      }
      const store = await open(database);
      const { files } = await ingest(store, paths, options);
      store.close();
      assert.deepEqual(
        files.map(({ status, calls, rejected }) => [status === "failed", calls, rejected]),
        [
          [false, 10, 0],
          [false, whole, 1],
        ],
      );
      assert.deepEqual(
        (await counts(database)).map(({ calls, rejects }) => [calls, rejects]),
        [
          [10, 0],
          [whole, 1],
        ],
      );
    }
    assert.ok(killed >= 3, `${killed} of the children were killed in time`);
  }));

test("a store whose making was killed is begun again", () =>
  workbench(async ({ folder }) => {
    const database = join(folder, "new.duckdb");
    for (const delay of [0, 5, 15]) {
      const script = `require("tsx/cjs"); require(${JSON.stringify(join(__dirname, "../../src/store/open.ts"))}).open(${JSON.stringify(database)}); process.stdout.write("x");`;
      const child = spawn(process.execPath, ["-e", script], {
        cwd: join(__dirname, "../.."),
        stdio: ["ignore", "pipe", "ignore"],
      });
      child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), delay));
      await new Promise((resolve) => child.once("close", resolve));
      const store = await open(database);
      assert.deepEqual(await rowsOf(store.connection, "from calls"), []);
      store.close();
    }
  }));

test("a failing file leaves the others in", () =>
  workbench(async ({ folder, write, take, rows }) => {
    mkdirSync(join(folder, "logs"));
    writeFileSync(join(folder, "logs", "a.jsonl"), log(0, 3));
    writeFileSync(join(folder, "logs", "b.jsonl.gz"), gzipSync(log(3, 900)).subarray(0, 300));
    writeFileSync(join(folder, "logs", "c.parquet"), "PAR1 nothing");
    writeFileSync(join(folder, "logs", "d.jsonl"), log(5, 7));
    const done: string[] = [];
    const files = await take(join(folder, "logs"), {
      mapping: simple,
      onProgress: ({ file }) => done.push(file.slice(-9)),
    });
    assert.deepEqual(
      files.map(({ status, calls }) => [status, calls]),
      [
        ["ingested", 3],
        ["failed", 0],
        ["failed", 0],
        ["ingested", 2],
      ],
    );
    assert.equal(done.length, 5);
    assert.equal((await rows("from calls")).length, 5);
    assert.equal((await rows("from ingests")).length, 2);
    assert.equal(write("x", ""), join(folder, "x"));
  }));

test("ingests of one process wait for each other", () =>
  workbench(async ({ write, take, rows }) => {
    const paths = [0, 1, 2, 3].map((at) => write(`${at}.jsonl`, log(at * 100, at * 100 + 100)));
    const files = (await Promise.all(paths.map((path) => take(path, { mapping: simple })))).flat();
    assert.deepEqual(
      files.map(({ status, reason }) => [status, reason]),
      paths.map(() => ["ingested", undefined]),
    );
    assert.deepEqual(await rows("select count(distinct ingest_id) as ids, count(*) as calls from calls"), [
      { ids: 4, calls: 400 },
    ]);
  }));

describe("the same again", () => {
  test("content read the same way is unchanged, whatever the file is called or packed in", () =>
    workbench(async ({ read, rows }) => {
      const content = log(0, 5);
      await read("a.jsonl", content, { mapping: simple, set: { provider: "p", region: "r" } });
      for (const [name, bytes] of [
        ["a.jsonl", content],
        ["b.jsonl", content],
        ["a.jsonl.gz", gzipSync(content)],
        ["mark.jsonl", `\ufeff${content}`],
      ] as const) {
        const file = await read(name, bytes, { mapping: simple, set: { region: "r", provider: "p" } });
        assert.deepEqual([file.status, file.calls, file.replaced], ["unchanged", 5, 0], name);
      }
      assert.equal((await rows("from calls")).length, 5);
    }));
  test("a file that grew brings what is new, where records have ids and where they have none", () =>
    workbench(async ({ read, rows, folder, take }) => {
      for (const columns of [simple.columns, { model: "m", duration: "ms / 1000" }]) {
        const mapping = { table: "calls" as const, columns };
        await read("grow.jsonl", `${log(0, 5)}{"id":"c5","m":`, { mapping });
        appendFileSync(join(folder, "grow.jsonl"), `"x","ms":1000}\n${log(6, 8)}`);
        const [file] = await take(join(folder, "grow.jsonl"), { mapping });
        assert.deepEqual([file.calls, file.replaced, file.rejected], [8, 5, 0]);
        assert.equal((await rows("from calls")).length, 8);
        assert.equal((await rows("from ingests")).length, 1);
        assert.equal((await rows("from rejects")).length, 0);
        const again = await take(join(folder, "grow.jsonl"), { mapping });
        assert.deepEqual([again[0].status, again[0].calls], ["unchanged", 8]);
        mkdirSync(join(folder, "moved"), { recursive: true });
        cpSync(join(folder, "grow.jsonl"), join(folder, "moved", "grow.jsonl"));
        appendFileSync(join(folder, "moved", "grow.jsonl"), log(8, 9));
        assert.equal((await take(join(folder, "moved", "grow.jsonl"), { mapping }))[0].replaced, 8);
        assert.equal((await rows("from calls")).length, 9);
        for (const table of ["calls", "ingests"]) await rows(`delete from ${table}`);
      }
    }));
  test("overlapping exports replace by id and never double; of one file the last record counts", () =>
    workbench(async ({ read, rows }) => {
      await read("1.jsonl", log(0, 10), { mapping: simple });
      const second = await read("2.jsonl", log(5, 15, { ms: 2000 }) + log(14, 15, { ms: 3000 }), {
        mapping: simple,
      });
      assert.deepEqual([second.calls, second.replaced], [10, 6]);
      assert.deepEqual(await rows("select duration, count(*) as n from calls group by 1 order by 1"), [
        { duration: 1, n: 5 },
        { duration: 2, n: 9 },
        { duration: 3, n: 1 },
      ]);
      const other = await read("3.jsonl", log(0, 10, { ms: 5 }), {
        mapping: simple,
        set: { provider: "another source" },
      });
      assert.deepEqual([other.calls, other.replaced], [10, 0]);
    }));
  test("records without an id are all kept", () =>
    workbench(async ({ read, rows }) => {
      const content = jsonl(
        { id: null, m: "x" },
        { id: null, m: "x" },
        { id: "a", m: "x" },
        { id: "a", m: "y" },
      );
      const file = await read("n.jsonl", content, { mapping: simple });
      assert.deepEqual([file.calls, file.replaced], [3, 1]);
      assert.deepEqual(await rows("select call_id, model from calls order by 1"), [
        { call_id: "1:1", model: "x" },
        { call_id: "1:2", model: "x" },
        { call_id: "a", model: "y" },
      ]);
    }));
  const tables: [string, object, object, object][] = [
    [
      "scores",
      { subject: "call", subject_id: "c", name: "n", rater: "human", rater_id: "r" },
      { value: 0 },
      { value: 1 },
    ],
    ["spans", { span_id: "s", task_id: "t", stage: "x" }, { duration: 1 }, { duration: 2 }],
    ["texts", { call_id: "c", prompt: "p" }, { output: "a" }, { output: "b" }],
    ["items", { item_id: "i", prompt: "p" }, { expected: "a" }, { expected: "b" }],
    [
      "benchmarks",
      { model: "m", benchmark: "b", source: "s", as_of: "2026-01-01" },
      { score: 1 },
      { score: 2 },
    ],
    ["prices", { model: "m", from: "2026-01-01", source: "s", output: 1 }, { input: 1 }, { input: 2 }],
  ];
  test("a later row of tasks takes the place of an earlier one of its own file alone: outcomes are weighed", () =>
    workbench(async ({ read, rows }) => {
      await read("1.jsonl", jsonl({ task_id: "t", resolved: true }, { task_id: "t", resolved: false }));
      const second = await read("2.jsonl", jsonl({ task_id: "t", resolved: true }));
      assert.equal(second.replaced, 0);
      const kept = await rows("select resolved from tasks order by resolved");
      assert.deepEqual(kept, [{ resolved: false }, { resolved: true }]);
    }));
  for (const [table, key, before, after] of tables) {
    test(`a later row of ${table} takes the place of the earlier one`, () =>
      workbench(async ({ read, rows }) => {
        const options = { text: "keep" as const };
        const first = await read("1.jsonl", jsonl({ ...key, ...before }), options);
        assert.equal(first.status, "ingested", first.reason);
        const second = await read("2.jsonl", jsonl({ ...key, ...after }), options);
        assert.equal(second.replaced, 1);
        const [column, value] = Object.entries(after)[0];
        assert.deepEqual(await rows(`select ${column} as x from ${table}`), [{ x: value }]);
      }));
  }
});
