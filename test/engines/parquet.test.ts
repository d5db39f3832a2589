import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect } from "../../src/engines";
import { calls } from "../../src/measures/calls";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import type { Store } from "../../src/store/open";
import { quoteText } from "../../src/store/quote";
import { run } from "../../src/store/run";
import { thorough } from "../property";
import { hostileLog, writeParquet } from "./hostileLog";
import { sameNumbers } from "./sameNumbers";

const emptied =
  "replace (coalesce(workload, '') as workload, coalesce(user_id, '') as user_id, coalesce(model, '') as model)";

describe("Parquet files that DuckDB reads where they are", () => {
  const folder = mkdtempSync(join(tmpdir(), "parquet-"));
  let here: Store;
  let there: Store;
  before(async () => {
    here = await hostileLog(3000);
    await writeParquet(here, folder);
    for (const half of [0, 1])
      await run(
        here.connection,
        // The second file has an empty text where the first has nothing.
        `copy (select * exclude (place_in_task) ${half === 0 ? "" : emptied} from calls where rowid // 1500 = ${half}) to ${quoteText(join(folder, `part${half}.parquet`))} (format parquet)`,
      );
    there = await connect(`parquet:${folder}/part*.parquet`, {
      tasks: join(folder, "tasks.parquet"),
      scores: join(folder, "scores.parquet"),
    });
  });
  after(() => {
    here.close();
    there.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const name of ["latency", "reliability", "cost", "cost --pairs"])
    thorough(`give every field of ${name} as a store does`, async () => {
      const measure = measures.find((one) => commandOf(one) === name);
      const ask = (store: Store) => measure?.run(store, { by: "model" } as never);
      assert.ok(sameNumbers(await ask(there), await ask(here)) > 50);
    });

  test("list calls, and are refused where they have none of our columns", async () => {
    assert.equal((await calls(there, { where: "duration > 1", limit: 3 })).rows.length, 3);
    const other = join(folder, "other.parquet");
    await run(here.connection, `copy (select 1 as x) to ${quoteText(other)} (format parquet)`);
    await assert.rejects(
      connect(`parquet:${other}`),
      /requires calls with columns of docs.schema.md, .*other.parquet has x/,
    );
    await assert.rejects(connect(`parquet:${folder}/none*.parquet`), /no such file|No files/i);
  });
});
