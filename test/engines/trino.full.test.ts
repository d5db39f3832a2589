import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect } from "../../src/engines";
import { draw } from "../../src/explore/draw";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { refusalOf } from "../../src/measures/onEngines";
import { open, type Store } from "../../src/store/open";
import { quoteText } from "../../src/store/quote";
import { rowsOf, run } from "../../src/store/run";
import { hostileLog } from "./hostileLog";
import { sameNumbers } from "./sameNumbers";
import { noTrino, startTrino } from "./trino";

const asked: Record<string, object> = {
  latency: { by: ["model", "provider"], where: "hour between 3 and 20" },
  reliability: { by: ["weekday", "provider"], timezone: "Asia/Kolkata" },
  cost: { by: "model" },
};

describe("Trino, with a coordinator and two workers", { skip: noTrino }, () => {
  const folder = mkdtempSync(join(tmpdir(), "trino-"));
  let trino: Awaited<ReturnType<typeof startTrino>>;
  let here: Store;
  let there: Store;
  before(async () => {
    here = await hostileLog(20_000);
    for (const table of ["calls", "tasks", "scores"]) {
      mkdirSync(join(folder, "lake", table), { recursive: true });
      // Two files, so that each worker has one.
      const file = (half: number) => quoteText(join(folder, "lake", table, `${half}.parquet`));
      for (const half of [0, 1])
        await run(
          here.connection,
          `copy (select * from ${table} where rowid % 2 = ${half}) to ${file(half)} (format parquet)`,
        );
    }
    trino = await startTrino(folder);
    for (const table of ["calls", "tasks", "scores"] as const) await trino.table(table, table);
    there = await connect(trino.url);
  });
  after(async () => {
    here?.close();
    there?.close();
    await trino?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const measure of measures.filter((one) => refusalOf(one, "trino") === undefined))
    test(`gives every field of ${commandOf(measure)} as DuckDB does`, async () => {
      const ask = (store: Store) => measure.run(store, (asked[commandOf(measure)] ?? {}) as never);
      assert.ok(sameNumbers(await ask(there), await ask(here)) > 50);
    });

  test("had both workers at work", async () => {
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
