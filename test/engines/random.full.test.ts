import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "../../src/engines";
import { commandOf } from "../../src/measures/measure";
import { measures } from "../../src/measures/measures";
import { refusalOf } from "../../src/measures/onEngines";
import { random as randomOf } from "../../src/stats/random";
import { noClickhouse, startClickhouse } from "./clickhouse";
import { hostileLog, writeParquet } from "./hostileLog";
import { sameNumbers } from "./sameNumbers";

/** How many logs. A log takes one to two seconds; each measure has its turn. */
const there = measures.filter((one) => refusalOf(one, "clickhouse") === undefined);
const logs = Number(process.env.FIELDNOTES_RANDOM_LOGS ?? there.length);
/** Columns that a log may lack. */
const optional =
  "user_id conversation_id workload provider started_at time_to_first_token input_tokens output_tokens cost status attempt stream role operation environment".split(
    " ",
  );

test("Whatever a small log holds or lacks, a measure on ClickHouse gives every field that DuckDB gives", {
  skip: noClickhouse,
}, async () => {
  const clickhouse = await startClickhouse();
  const folder = mkdtempSync(join(tmpdir(), "engines-"));
  chmodSync(folder, 0o755);
  try {
    for (let seed = 1; seed <= logs; seed++) {
      const { uniform: random } = randomOf(seed);
      const among = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)];
      const calls = 1 + Math.floor(120 * random() ** 2);
      const empty = new Set(optional.filter(() => random() < 0.15));
      // Measures take turns, so that each meets some log.
      const measure = there[seed % there.length];
      const options = {
        by: among([[], ["model"], ["workload", "model"], ["provider"]]),
        ...among([{}, { cluster: "call_id" }]),
      };
      const about = `log ${seed}: ${commandOf(measure)} ${JSON.stringify(options)}, ${calls} calls without ${[...empty].join(", ")}`;
      const here = await hostileLog(calls, seed, empty);
      await writeParquet(here, folder);
      const names: Record<string, string> = {};
      for (const table of ["calls", "tasks", "scores"]) {
        names[table] = `${table}_${seed}`;
        await clickhouse.run(
          `create table ${names[table]} engine = Memory as select * from file('${folder}/${table}.parquet', Parquet)`,
        );
      }
      const engine = await connect(clickhouse.url, { ...names, benchmarks: here });
      const answerOf = (store: typeof here) =>
        measure.run(store, options as never).catch((error: Error) => ({ refused: error.message }));
      try {
        const [found, expected] = [await answerOf(engine), await answerOf(here)];
        sameNumbers(found, expected);
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
