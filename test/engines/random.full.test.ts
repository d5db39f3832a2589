import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "../../src/engines";
import { measures } from "../../src/measures/measures";
import { refusalOf } from "../../src/measures/onEngines";
import { noClickhouse, startClickhouse } from "./clickhouse";
import { writeParquet } from "./hostileLog";
import { randomLog } from "./randomLog";
import { sameNumbers } from "./sameNumbers";

/** How many logs. A log takes one to two seconds; each measure has its turn. */
const there = measures.filter((one) => refusalOf(one, "clickhouse") === undefined);
const logs = Number(process.env.FIELDNOTES_RANDOM_LOGS ?? there.length);

test("Whatever a small log holds or lacks, a measure on ClickHouse gives every field that DuckDB gives", {
  skip: noClickhouse,
}, async () => {
  const clickhouse = await startClickhouse();
  const folder = mkdtempSync(join(tmpdir(), "engines-"));
  chmodSync(folder, 0o755);
  try {
    for (let seed = 1; seed <= logs; seed++) {
      const { store: here, about, ask } = await randomLog(seed, there);
      await writeParquet(here, folder);
      const names: Record<string, string> = {};
      for (const table of ["calls", "tasks", "scores"]) {
        names[table] = `${table}_${seed}`;
        await clickhouse.run(
          `create table ${names[table]} engine = Memory as select * from file('${folder}/${table}.parquet', Parquet)`,
        );
      }
      const engine = await connect(clickhouse.url, { ...names, benchmarks: here });
      try {
        sameNumbers(await ask(engine), await ask(here));
      } catch (error) {
        throw new Error(`${about}: ${(error as Error).message}`);
      } finally {
        here.close();
        engine.close();
      }
    }
  } finally {
    clickhouse.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
