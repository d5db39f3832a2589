import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect } from "../../src/engines";
import { draw } from "../../src/explore/draw";
import { doctor } from "../../src/measures/doctor";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { comparedOn, decidedOn, refusalOf } from "../../src/measures/onEngines";
import { open as openStore, type Store } from "../../src/store/open";
import { rowsOf } from "../../src/store/run";
import { half } from "../property";
import { asked, decisions } from "./asked";
import { countingRows, noClickhouse, startClickhouse } from "./clickhouse";
import { hostileLog, writeParquet } from "./hostileLog";
import { reported } from "./reported";
import { sameNumbers } from "./sameNumbers";

const emptied =
  "replace (coalesce(workload, '') as workload, coalesce(user_id, '') as user_id, coalesce(model, '') as model)";

describe("ClickHouse", { skip: noClickhouse }, () => {
  let clickhouse: Awaited<ReturnType<typeof startClickhouse>>;
  const folder = mkdtempSync(join(tmpdir(), "engines-"));
  chmodSync(folder, 0o755);
  const open: Store[] = [];
  before(async () => {
    clickhouse = await startClickhouse();
  });
  after(() => {
    for (const store of open) store.close();
    clickhouse.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const logs = new Map<number, Promise<{ here: Store; there: Store }>>();
  const both = (calls: number) => {
    const log = logs.get(calls) ?? made(calls);
    logs.set(calls, log);
    return log;
  };
  async function made(calls: number): Promise<{ here: Store; there: Store }> {
    const here = await hostileLog(calls);
    await writeParquet(here, folder);
    const names: Record<string, string> = {};
    for (const table of ["calls", "tasks", "scores"]) {
      names[table] = `${table}_${calls}`;
      await clickhouse.run(
        // Tools that write to ClickHouse write an empty text for what is missing.
        `create table ${names[table]} engine = Memory as select * ${table === "calls" ? emptied : ""} from file('${folder}/${table}.parquet', Parquet)`,
      );
    }
    const there = await connect(clickhouse.url, { ...names, benchmarks: here });
    open.push(here, there);
    return { here, there };
  }

  test("gives every field of every measure that it is said to have, as DuckDB does", async (t) => {
    const { here, there } = await both(6000);
    for (const measure of measures.filter((one) => refusalOf(one, "clickhouse") === undefined))
      for (const options of half(asked[commandOf(measure)] ?? [{}]))
        await t.test(`${commandOf(measure)} ${JSON.stringify(options)}`, async () => {
          const run = (store: Store) => measure.run(store, options as never);
          assert.ok(sameNumbers(await run(there), await run(here)) > 50);
        });
  });

  test("says of no calls what DuckDB says of them", async () => {
    const { here, there } = await both(900);
    for (const name of ["reliability --bursts", "throughput --load", "latency", "cost --cache-hits"]) {
      const measure = measures.find((one) => commandOf(one) === name);
      const notes = async (store: Store) =>
        (await measure!.run(store, { where: "model = 'nobody'" } as never)).notes;
      assert.deepEqual(await notes(there), await notes(here), name);
    }
  });

  test("gives every field of every decision that it is said to make, as DuckDB does", async (t) => {
    assert.deepEqual([...Object.keys(decisions), "report"], decidedOn("clickhouse"));
    const { here, there } = await both(2000);
    for (const [name, runs] of Object.entries(decisions))
      for (const [at, run] of half(runs).entries())
        await t.test(`${name} ${at + 1}`, async () => {
          assert.ok(sameNumbers(await run(there), await run(here)) > 50);
        });
  });

  test("makes a report as DuckDB does, which says once what it leaves out and how to have it", async () => {
    const { here, there } = await both(900);
    const [own, other] = [await reported(here), await reported(there)];
    assert.ok(sameNumbers(other.numbers, own.numbers) > 1000);
    assert.deepEqual([own.engine, own.left], [undefined, [0, 0]]);
    assert.deepEqual([other.engine, other.left], [`ClickHouse, ${there.path}`, [1, 0]]);
  });

  test("gives the same where only some clusters are looked at, in 200,000 calls", async () => {
    const { here, there } = await both(200_000);
    for (const measure of measures.filter(({ name }) => ["latency", "reliability"].includes(name)))
      for (const by of [[], ["model"]]) {
        const run = (store: Store) => measure.run(store, { by } as never);
        sameNumbers(await run(there), await run(here));
      }
  });

  test("sends no more rows for ten times the calls", async (t) => {
    const counting = await countingRows(clickhouse.url);
    const tables = async (calls: number) => {
      await both(calls);
      return connect(counting.url, {
        calls: `calls_${calls}`,
        tasks: `tasks_${calls}`,
        scores: `scores_${calls}`,
      });
    };
    const [few, many] = [await tables(20_000), await tables(200_000)];
    for (const name of ["latency", "reliability", "cost"])
      await t.test(name, async () => {
        const measure = measures.find((one) => commandOf(one) === name)!;
        const sent = async (store: Store) => {
          counting.rows();
          await measure.run(store, { by: "model" } as never);
          return counting.rows();
        };
        const [once, tenfold] = [await sent(few), await sent(many)];
        assert.ok(once > 10 && tenfold < 2 * once, `${once} rows, then ${tenfold}`);
        t.diagnostic(`${name}: ${once} rows of 20,000 calls, ${tenfold} of 200,000`);
      });
    for (const store of [few, many]) store.close();
    counting.stop();
  });

  test("answers the command line, which shows neither user nor password", async () => {
    const cli = join(__dirname, "..", "..", "src", "cli", "main.ts");
    const url = clickhouse.url.replace("//", "//ann:secret-word@");
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ["--import", "tsx", cli, ...args], { encoding: "utf8" });
    const found = run("reliability", "--json", "--engine", url);
    assert.equal(found.status, 1);
    assert.match(found.stderr, /clickhouse:\/\/127\.0\.0\.1:\d+\/default: .*calls/);
    assert.doesNotMatch(found.stderr, /secret-word|ann/);
    const refused = run("latency", "--stages", "--engine", url);
    assert.equal(refused.status, 2);
    assert.match(
      refused.stderr,
      /--engine clickhouse requires one of latency, .*, got latency --stages, which is refused: it reads the table spans, .*fieldnotes draw --engine/,
    );
  });

  test("is looked over as a store is, and tells what a question will have it read", async () => {
    const { here, there } = await both(900);
    const { can, cannot, scans = [], ...found } = await doctor(there);
    const { can: all, cannot: lacking, ...expected } = await doctor(here);
    sameNumbers(found, expected);
    const compared = all.filter((one) => comparedOn("clickhouse")?.includes(one));
    assert.deepEqual(
      can.filter((one) => measures.some((measure) => commandOf(measure) === one)),
      compared,
    );
    const refused = cannot.find(({ measure }) => measure === "cost --pairs");
    assert.match(String(refused?.why), /drawn from clusters in the order of their rows.*fieldnotes draw/);
    assert.ok(cannot.length > lacking.length);
    assert.deepEqual(
      scans.map(({ measure }) => measure),
      compared,
    );
    for (const { measure, statements, scans: times, names } of scans)
      assert.ok(statements > 0 && times > 0 && names.length > 0, measure);
  });

  test("is drawn from by whole users, the same as from DuckDB, with all that is theirs", async () => {
    const { here, there } = await both(6000);
    const stores: Store[] = [];
    for (const [name, store] of [
      ["here", here],
      ["there", there],
    ] as const) {
      await draw(store, { share: 0.2, out: join(folder, `${name}.duckdb`) });
      const drawn = await openStore(join(folder, `${name}.duckdb`), { readOnly: true });
      stores.push(drawn);
      open.push(drawn);
    }
    for (const table of ["calls", "tasks", "scores"]) {
      const [own, other] = await Promise.all(
        stores.map(({ connection }) => rowsOf(connection, `select * from ${table} order by all`)),
      );
      assert.ok(own.length > 100, table);
      assert.deepEqual(other, own, table);
    }
  });

  test("refuses by name a function that it has no twin of", async () => {
    const { there } = await both(300);
    const measure = measures.find(({ name }) => name === "reliability");
    await assert.rejects(
      async () => measure?.run(there, { where: "regexp_matches(model, 'a')" } as never),
      /the function regexp_matches, which has no known equivalent in ClickHouse/,
    );
  });
});
