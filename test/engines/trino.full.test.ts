import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect } from "../../src/engines";
import { draw } from "../../src/explore/draw";
import { doctor } from "../../src/measures/doctor";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { decidedOn, refusalOf } from "../../src/measures/onEngines";
import { open, type Store } from "../../src/store/open";
import { quoteText } from "../../src/store/quote";
import { rowsOf, run } from "../../src/store/run";
import { half } from "../property";
import { asked, decisions } from "./asked";
import { hostileLog } from "./hostileLog";
import { noHurry } from "./noHurry";
import { reported } from "./reported";
import { sameNumbers } from "./sameNumbers";
import { noTrino, startTrino } from "./trino";

const long = ["agreement --side-by-side"];

describe("Trino, with a coordinator and a worker that share the work", { skip: noTrino }, () => {
  const folder = mkdtempSync(join(tmpdir(), "trino-"));
  let trino: Awaited<ReturnType<typeof startTrino>>;
  let here: Store;
  let there: Store;
  let readOnly: Store;
  before(async () => {
    here = await hostileLog(2000);
    for (const table of ["calls", "tasks", "scores"]) {
      mkdirSync(join(folder, "lake", table), { recursive: true });
      // Two files, so that each node has one.
      const file = (half: number) => quoteText(join(folder, "lake", table, `${half}.parquet`));
      for (const half of [0, 1])
        await run(
          here.connection,
          `copy (select * from ${table} where rowid % 2 = ${half}) to ${file(half)} (format parquet)`,
        );
    }
    trino = await startTrino(folder);
    for (const table of ["calls", "tasks", "scores"] as const) await trino.table(table, table);
    await trino.run("create schema lake.scratch");
    there = await connect(trino.url, { scratch: "lake.scratch", benchmarks: here });
    readOnly = await connect(trino.url);
  });
  after(async () => {
    here?.close();
    there?.close();
    readOnly?.close();
    await trino?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const measure of half(measures.filter((one) => refusalOf(one, "trino") === undefined))) {
    const command = commandOf(measure);
    const [options = {}, others] = asked[command] ?? [];
    test(`gives every field of ${command} as DuckDB does`, {
      skip: long.includes(command) && noHurry,
    }, async () => {
      const ask = (store: Store) => measure.run(store, options as never);
      assert.ok(sameNumbers(await ask(there), await ask(here)) > 50);
    });
    if (["latency", "reliability"].includes(command))
      test(`gives every field of ${command} without a place for tables`, async () => {
        const ask = (store: Store) => measure.run(store, others as never);
        assert.ok(sameNumbers(await ask(readOnly), await ask(here)) > 50);
      });
  }

  for (const measure of measures) {
    const command = commandOf(measure);
    const options = asked[command]?.find((one) => "grain" in one);
    if (options !== undefined)
      test(`gives every field of ${command} by conversation as DuckDB does`, { skip: noHurry }, async () => {
        const ask = (store: Store) => measure.run(store, options as never);
        assert.ok(sameNumbers(await ask(there), await ask(here)) > 50);
      });
  }

  for (const command of Object.keys(decisions))
    test(`gives every field of ${command} as DuckDB does`, { skip: noHurry }, async () => {
      const [run] = decisions[command];
      assert.ok(sameNumbers(await run(there), await run(here)) > 50);
    });

  test("makes a report as DuckDB does, which says once what it leaves out and how to have it", {
    skip: noHurry,
  }, async () => {
    assert.deepEqual([...Object.keys(decisions), "report"], decidedOn("trino"));
    const [own, other] = [await reported(here), await reported(there)];
    assert.ok(sameNumbers(other.numbers, own.numbers) > 1000);
    assert.deepEqual([own.engine, own.left], [undefined, [0, 0]]);
    assert.deepEqual([other.engine, other.left], [`Trino, ${there.path}`, [1, 0]]);
  });

  test("gives every number of doctor as DuckDB does", async () => {
    const { can, cannot, ...found } = await doctor(there, { scans: false });
    const { can: all, cannot: lacking, ...expected } = await doctor(here, { scans: false });
    sameNumbers(found, expected);
    assert.ok(can.length > 10 && can.every((one) => all.includes(one)));
    assert.ok(cannot.length > lacking.length);
  });

  test("leaves no table behind", async () => {
    const left = () =>
      trino.run("select table_name from lake.information_schema.tables where table_schema = 'scratch'");
    there.close();
    // They are dropped while nobody waits for it.
    for (let waited = 0; waited < 50 && (await left()).length > 0; waited++)
      await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual(await left(), []);
    there = await connect(trino.url);
  });

  test("had both nodes at work", async () => {
    const rows = await trino.run(
      "select node_id, sum(splits) from system.runtime.tasks where splits > 0 group by node_id",
    );
    assert.ok(rows.length >= 2, JSON.stringify(rows));
  });

  test("gives the same users to draw", async () => {
    const users: unknown[] = [];
    for (const [name, store] of [
      ["here", here],
      ["there", there],
    ] as const) {
      const out = join(folder, `${name}.duckdb`);
      await draw(store, { share: 0.1, out });
      const drawn = await open(out, { readOnly: true });
      users.push(await rowsOf(drawn.connection, "select * from calls order by all"));
      drawn.close();
    }
    assert.ok((users[0] as unknown[]).length > 100);
    assert.deepEqual(users[1], users[0]);
  });
});
