import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { partitionOf, rootOf } from "../../../src/logs/files/partition";
import { mappingFileOf } from "../../../src/logs/records/mapping";
import type { Store } from "../../../src/store/open";
import { scratch } from "../../../src/store/scratch";
import { writeOut } from "../../../src/store/writeOut";
import { thorough } from "../../property";
import { workbench } from "../workbench";

/** Writes rows as Parquet into a folder of a partitioned data set. */
async function part(store: Store, folder: string, place: string, sql: string): Promise<void> {
  mkdirSync(join(folder, place), { recursive: true });
  await writeOut(store, sql, join(folder, place, "part-0.parquet"));
}

test("the columns of a path are its folders, decoded, always texts, the file's own name apart", () => {
  const columns = (path: string) => ({ ...partitionOf(path) });
  assert.deepEqual(columns(join("year=2026", "month=03", "model=a%2Fb", "part=1.parquet")), {
    ...columns("part.parquet"),
    year: "2026",
    month: "03",
    model: "a/b",
  });
  assert.equal(columns(join("model=__HIVE_DEFAULT_PARTITION__", "x.parquet")).model, null);
  assert.equal(columns(join("rule=a=b", "x.parquet")).rule, "a=b");
  assert.equal(columns(join("share=50%", "x.parquet")).share, "50%");
});

test("the root of partitions is the first folder above the file that is none, wherever one stands", () => {
  assert.equal(rootOf(join("lake", "year=2026", "day=1", "part-0.jsonl")), "lake");
  assert.equal(rootOf(join("day=1", "part-0.jsonl")), ".");
  assert.equal(rootOf(resolve("lake", "day=1", "part-0.jsonl")), resolve("lake"));
  assert.equal(rootOf(resolve("a=b", "proj", "logs", "calls.csv")), undefined);
  assert.equal(rootOf("calls.csv"), undefined);
  const { path: folder, remove } = scratch();
  const before = process.cwd();
  try {
    mkdirSync(join(folder, "day=1"));
    process.chdir(join(folder, "day=1"));
    assert.equal(mappingFileOf("part-0.jsonl"), join("..", "partitions.mapping.json"));
  } finally {
    process.chdir(before);
    remove();
  }
});

thorough(
  "partitioned calls of the canonical format have their folders' columns, whatever else the folders say",
  () =>
    workbench(async ({ folder, store, take, rows }) => {
      const row = (id: string) => `select '${id}' as call_id, 1.5 as duration, 'ok' as status`;
      await part(store, folder, "year=2026/month=03/model=gpt-4o/attempt=2", row("a"));
      await part(store, folder, "year=2026/month=04/model=o'; drop/attempt=1", row("b"));
      await part(store, folder, "year=2026/month=04/model=__HIVE_DEFAULT_PARTITION__", row("c"));
      const files = await take(folder);
      assert.deepEqual(
        files.map(({ format, calls, rejected }) => [format, calls, rejected]),
        [
          ["canonical", 1, 0],
          ["canonical", 1, 0],
          ["canonical", 1, 0],
        ],
      );
      assert.deepEqual(
        await rows("select call_id, request_model, model, attempt from calls order by call_id"),
        [
          { call_id: "a", request_model: "gpt-4o", model: "gpt-4o", attempt: 2 },
          { call_id: "b", request_model: "o'; drop", model: "o'; drop", attempt: 1 },
          { call_id: "c", request_model: null, model: null, attempt: null },
        ],
      );
    }),
);

test("a mapping reads the columns of the path, and the record's own before them", () =>
  workbench(async ({ folder, store, take, rows }) => {
    const row = (id: string) => `select '${id}' as id, 'own' as region, 250 as ms`;
    await part(store, folder, "year=2026/month=03/m=x/region=folder", row("a"));
    await part(store, folder, "year=2026/month=04/m=y/region=folder", row("b"));
    const mapping = {
      table: "calls" as const,
      columns: {
        call_id: "id",
        model: "m",
        duration: "ms / 1000",
        region: "region",
        workload: "year || '-' || month",
        started_at: "year || '-' || month || '-01'",
      },
    };
    for (const { status, reason } of await take(folder, { mapping })) {
      assert.equal(status, "ingested", reason);
      assert.equal(reason, undefined);
    }
    assert.deepEqual(
      await rows(
        "select call_id, model, duration, region, workload, started_at::text as at from calls order by 1",
      ),
      [
        {
          call_id: "a",
          model: "x",
          duration: 0.25,
          region: "own",
          workload: "2026-03",
          at: "2026-03-01 00:00:00",
        },
        {
          call_id: "b",
          model: "y",
          duration: 0.25,
          region: "own",
          workload: "2026-04",
          at: "2026-04-01 00:00:00",
        },
      ],
    );
  }));

thorough("equal files of two partitions are two files, each read once", () =>
  workbench(async ({ folder, store, take, rows }) => {
    for (const model of ["a", "b"])
      await part(store, folder, `model=${model}`, "select 2.0 as duration, 'ok' as status");
    const statuses = async () => (await take(folder)).map(({ status }) => status);
    assert.deepEqual(await statuses(), ["ingested", "ingested"]);
    assert.deepEqual(await statuses(), ["unchanged", "unchanged"]);
    assert.deepEqual(await rows("select model, count(*) as n from calls group by 1 order by 1"), [
      { model: "a", n: 1 },
      { model: "b", n: 1 },
    ]);
  }),
);

test("a partition's value that its column cannot take is left empty, with the reason", () =>
  workbench(async ({ folder, store, take, rejects }) => {
    await part(store, folder, "attempt=first", "select 'm' as model, 2.0 as duration");
    await part(store, folder, "cost=0.5", "select 'm' as model, 2.0 as duration");
    const files = await take(folder);
    assert.equal(files[0].calls, 1);
    assert.match(files[0].emptied?.[0].first ?? "", /attempt must be a whole number/);
    assert.equal(files[1].calls, 1);
    assert.deepEqual(await rejects(), []);
  }));

thorough(
  "the folders of JSON lines, JSON and delimited files are columns as well, damaged records or not",
  () =>
    workbench(async ({ folder, take, rows, rejects }) => {
      const put = (place: string, name: string, text: string) => {
        mkdirSync(join(folder, place), { recursive: true });
        writeFileSync(join(folder, place, name), text);
      };
      const record = (call_id: string) => JSON.stringify({ call_id, duration: 1.5, status: "ok" });
      put("model=a/attempt=1", "x.jsonl", `${record("1")}\n`);
      put("model=b/attempt=2", "x.jsonl", `${record("2")}\n{"call_id"\n`);
      put("model=c/attempt=3", "x.csv", "call_id,duration,status\n3,1.5,ok\n");
      put("model=d/attempt=4", "x.csv", 'call_id,duration,status\n4,1.5,ok\n"5,1\n');
      put("model=e/attempt=5", "x.json", `[${record("6")}]`);
      put("model=f/attempt=odd", "x.jsonl", `${record("7")}\n`);
      await take(folder);
      assert.deepEqual(await rows("select call_id, model, attempt from calls order by call_id"), [
        { call_id: "1", model: "a", attempt: 1 },
        { call_id: "2", model: "b", attempt: 2 },
        { call_id: "3", model: "c", attempt: 3 },
        { call_id: "4", model: "d", attempt: 4 },
        { call_id: "6", model: "e", attempt: 5 },
        { call_id: "7", model: "f", attempt: null },
      ]);
      assert.equal((await rejects()).length, 2);
    }),
);

thorough(
  "a log in a partition that has grown is known by its beginning; equal files of two partitions are two",
  () =>
    workbench(async ({ folder, take, rows }) => {
      const put = (place: string, text: string) => {
        mkdirSync(join(folder, place), { recursive: true });
        writeFileSync(join(folder, place, "x.jsonl"), text);
      };
      const line = '{"duration": 1.5, "status": "ok"}\n';
      put("model=a", line);
      put("model=b", line);
      await take(folder);
      put("model=b", line + line);
      await take(folder);
      assert.deepEqual(await rows("select model, count(*) as n from calls group by model order by model"), [
        { model: "a", n: 1 },
        { model: "b", n: 2 },
      ]);
    }),
);

test("folders that no column is made of are attributes of their calls", () =>
  workbench(async ({ folder, take, rows }) => {
    for (const [place, name] of Object.entries({
      "team=a/dt=2026-09-07": "y",
      "team=b/dt=2026-09-07": "z",
    })) {
      mkdirSync(join(folder, place), { recursive: true });
      writeFileSync(join(folder, place, "x.jsonl"), '{"name": "m", "ms": 250}\n{"name": "n", "ms": 300}\n');
      writeFileSync(join(folder, place, `${name}.jsonl`), '{"name": "o", "ms": 200}\n');
    }
    await take(folder, { mapping: { table: "calls", columns: { model: "name", duration: "ms / 1000" } } });
    assert.deepEqual(
      await rows(
        `select "attributes.team" as team, "attributes.dt" as dt, count(*) as n from calls group by all order by 1`,
      ),
      ["a", "b"].map((team) => ({ team, dt: "2026-09-07", n: 3 })),
    );
  }));
