// npm run bench [-- WORD...]: our time divided by the peer's or the raw query's, measured alternately in one run; with the
// word engines, the time and memory of ten million calls in Parquet files and in a store; with the word commands, every command
// that reads calls at three sizes (npm run bench -- commands compare trend: these alone).
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { commandsBench } from "./commands";
import { costBench } from "./cost";
import { enginesBench } from "./engines";
import { ingestBench } from "./ingest";
import { latencyBench } from "./latency";
import { lineOf, type Ratio, type Size } from "./ratio";

const words = process.argv.slice(2);
const isCommands = words[0] === "commands";
const wanted = (name: string) =>
  !isCommands && (words.length === 0 || words.some((word) => name.includes(word)));

const benches: Record<string, () => Promise<(Ratio | Size)[]>> = {
  ingest: ingestBench,
  latency: latencyBench,
  cost: costBench,
};
// These print tables of their own, compared with SciPy and NumPy if installed.
const scripts = ["stats", "ranks"];

async function main(): Promise<void> {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted(name)) for (const one of await bench()) console.log(lineOf(one));
  }
  if (isCommands) for (const line of commandsBench(words.slice(1))) console.log(line);
  // Takes minutes and gigabytes of disk, so only where it is asked for.
  if (words.includes("engines")) for (const line of await enginesBench()) console.log(line);
  for (const script of scripts.filter(wanted)) {
    const file = join(__dirname, `${script}.ts`);
    const { status } = spawnSync(process.execPath, ["--import", "tsx", file], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
