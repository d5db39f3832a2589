// Asks one question of Parquet files or a store, or makes the store, and prints the seconds of the second answer and the
// peak memory in gigabytes.
import { join } from "node:path";
import { connect } from "../../src/engines";
import { ingest } from "../../src/logs/ingest";
import { cost } from "../../src/measures/cost/cost";
import { latency } from "../../src/measures/latency/latency";
import { reliability } from "../../src/measures/service/reliability";
import { open } from "../../src/store/open";

const [question, place, other] = process.argv.slice(2);
const measures = { latency, reliability, cost } as const;

async function main(): Promise<void> {
  const begun = performance.now();
  let seconds: number;
  if (question === "ingest") {
    const store = await open(place);
    const mapping = (table: string, columns: string[]) => ({
      table,
      columns: Object.fromEntries(columns.map((name) => [name, name])),
    });
    const calls = "call_id task_id user_id workload model started_at duration status cost".split(" ");
    await ingest(store, join(other, "tasks.parquet"), {
      mapping: mapping("tasks", ["task_id", "resolved"]) as never,
    });
    await ingest(store, join(other, "calls"), { mapping: mapping("calls", calls) as never });
    store.close();
    seconds = (performance.now() - begun) / 1000;
  } else {
    const store = place.startsWith("parquet:")
      ? await connect(place, { tasks: `parquet:${other}` })
      : await open(place, { readOnly: true });
    const ask = () => measures[question as keyof typeof measures](store, { by: "model" });
    await ask();
    const again = performance.now();
    await ask();
    seconds = (performance.now() - again) / 1000;
    store.close();
  }
  const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
  process.stdout.write(JSON.stringify({ seconds, gigabytes }));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
