import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect } from "../../src/engines";
import { answersOf } from "../../src/look/answers";
import type { Row } from "../../src/measures/table";
import type { Store } from "../../src/store/open";
import { noClickhouse, startClickhouse } from "../engines/clickhouse";
import { hostileLog, writeParquet } from "../engines/hostileLog";
import { sameNumbers } from "../engines/sameNumbers";

const answers = answersOf({});

async function viewed(store: Store, asked: object): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const part of answers.views(store, asked)) found[part.part] = part;
  return found;
}

/** The views, what differs and the calls of a selection have the numbers of a store. */
async function alike(there: Store, here: Store) {
  for (const asked of [{}, { where: "duration > 1", by: "workload" }]) {
    const [found, wanted] = [await viewed(there, asked), await viewed(here, asked)];
    assert.deepEqual(Object.keys(found), Object.keys(wanted));
    for (const part of ["groups", "metric"])
      assert.ok(
        sameNumbers(
          (found[part] as { table: object }).table as never,
          (wanted[part] as { table: object }).table as never,
        ) > 10,
      );
    for (const part of ["durations", "errors"])
      assert.equal(
        (found[part] as { rows: Row[] }).rows.length,
        (wanted[part] as { rows: Row[] }).rows.length,
      );
  }
  const asked = { where: "duration > 2" };
  const different = async (store: Store) =>
    ((await answers.difference(store, asked)) as { rows: { column: string; value: unknown }[] }).rows
      .map(({ column, value }) => `${column} ${value}`)
      .sort();
  assert.deepEqual(await different(there), await different(here));
  const listed = (await answers.calls(there, { ...asked, limit: 3 })) as { rows: Row[] };
  assert.equal(listed.rows.length, 3);
}

describe("a log explored where it lies", () => {
  const folder = mkdtempSync(join(tmpdir(), "look-"));
  chmodSync(folder, 0o755);
  let here: Store;
  before(async () => {
    here = await hostileLog(900);
    await writeParquet(here, folder);
  });
  after(() => {
    here.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("in Parquet files", async () => {
    const there = await connect(`parquet:${folder}/calls.parquet`, {
      tasks: join(folder, "tasks.parquet"),
      scores: join(folder, "scores.parquet"),
    });
    await alike(there, here);
    there.close();
  });

  test("in ClickHouse", { skip: noClickhouse }, async () => {
    const clickhouse = await startClickhouse();
    try {
      for (const table of ["calls", "tasks", "scores"])
        await clickhouse.run(
          `create table ${table} engine = Memory as select * from file('${folder}/${table}.parquet', Parquet)`,
        );
      const there = await connect(clickhouse.url, { tasks: "tasks", scores: "scores" });
      await alike(there, here);
      there.close();
    } finally {
      clickhouse.stop();
    }
  });
});
