import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { connect } from "../../src/engines";
import { measures } from "../../src/measures/measures";
import { type EngineName, refusalOf } from "../../src/measures/onEngines";
import type { Store } from "../../src/store/open";
import { noClickhouse, startClickhouse } from "./clickhouse";
import { writeParquet } from "./hostileLog";
import { noHurry } from "./noHurry";
import { randomLog } from "./randomLog";
import { sameNumbers } from "./sameNumbers";
import { noTrino, startTrino } from "./trino";

const tables = ["calls", "tasks", "scores"] as const;

/** An engine that takes log after log from a folder, and asks each. */
interface Running {
  connect(here: Store, names: Record<(typeof tables)[number], string>): Promise<Store>;
  stop(): unknown;
}

/**
 * Measures random logs on an engine and in DuckDB, each measure in its turn: as many logs as FIELDNOTES_RANDOM_LOGS says,
 * or so many that each measure has one.
 */
async function sameOnRandomLogs(name: EngineName, start: (folder: string) => Promise<Running>) {
  const there = measures.filter((one) => refusalOf(one, name) === undefined);
  const logs = Number(process.env.FIELDNOTES_RANDOM_LOGS ?? there.length);
  const folder = mkdtempSync(join(tmpdir(), "engines-"));
  chmodSync(folder, 0o755);
  const engine = await start(folder);
  try {
    for (let seed = 1; seed <= logs; seed++) {
      const { store: here, about, ask } = await randomLog(seed, there);
      await writeParquet(here, folder);
      const [calls, tasks, scores] = tables.map((table) => `${table}_${seed}`);
      const store = await engine.connect(here, { calls, tasks, scores });
      try {
        sameNumbers(await ask(store), await ask(here));
      } catch (error) {
        throw new Error(`${about}: ${(error as Error).message}`);
      } finally {
        here.close();
        store.close();
      }
    }
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("Whatever a small log holds or lacks, a measure gives every field that DuckDB gives", () => {
  test("on ClickHouse, where a log takes one to two seconds", { skip: noClickhouse }, () =>
    sameOnRandomLogs("clickhouse", async (folder) => {
      const clickhouse = await startClickhouse();
      return {
        async connect(here, names) {
          for (const table of tables)
            await clickhouse.run(
              `create table ${names[table]} engine = Memory as select * from file('${folder}/${table}.parquet', Parquet)`,
            );
          return connect(clickhouse.url, { ...names, benchmarks: here });
        },
        stop: () => clickhouse.stop(),
      };
    }),
  );

  test("on Trino, where it takes some ten seconds", { skip: noTrino || noHurry }, () =>
    sameOnRandomLogs("trino", async (folder) => {
      const trino = await startTrino(folder);
      await trino.run("create schema lake.scratch");
      return {
        async connect(here, names) {
          for (const table of tables) {
            const own = join(folder, "lake", names[table]);
            mkdirSync(own, { recursive: true });
            renameSync(join(folder, `${table}.parquet`), join(own, "0.parquet"));
            await trino.table(table, names[table], names[table]);
          }
          return connect(trino.url, { ...names, scratch: "lake.scratch", benchmarks: here });
        },
        stop: trino.stop,
      };
    }),
  );
});
