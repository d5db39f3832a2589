// Whether the default intervals hold, and how wide they are, where users are few, events rare, days differ and tails heavy.
// node --import tsx test/calibration/clusters.ts [WORLD... --seeds 100 --cluster auto --write]
// --write keeps each world's results in test/calibration/clusterResults.json, and all of them in
// docs/simulations/clusters.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { choose } from "../../src/decide/choose/choose";
import { cost } from "../../src/measures/cost/cost";
import { latency } from "../../src/measures/latency/latency";
import { reliability } from "../../src/measures/service/reliability";
import type { Estimate } from "../../src/stats/estimate";
import { wilson } from "../../src/stats/rate";
import type { Store } from "../../src/store/open";
import { recordLines } from "../recordLines";
import { type ClusterWorld, clusterWorlds } from "./clusterWorlds";
import { rowsOfWorld, storeOfRows, truthOfWorld } from "./logWorld";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "100" },
    cluster: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const seeds = Number(values.seeds);

interface Result {
  name: string;
  text: string;
}

/** The numbers of a log by name, for each model; models are as good as separate logs. */
async function numbersOf(store: Store, world: ClusterWorld): Promise<[string, Estimate][]> {
  const cluster = values.cluster ?? world.cluster ?? "auto";
  const options = { by: "model", cluster };
  const found: [string, Estimate][] = [];
  const wants = (...names: string[]) => names.some((name) => world.measures.includes(name));
  if (wants("p50", "p95", "p99", "mean"))
    for (const row of (await latency(store, { ...options, q: [0.5, 0.95, 0.99] })).rows)
      found.push(
        ["mean", row.mean],
        ["p50", row.quantiles["0.5"]],
        ["p95", row.quantiles["0.95"]],
        ["p99", row.quantiles["0.99"]],
      );
  if (wants("error_rate"))
    for (const row of (await reliability(store, options)).rows) found.push(["error_rate", row.error_rate]);
  if (wants("cost_per_task"))
    for (const row of (await cost(store, options)).rows) found.push(["cost_per_task", row.cost_per_task]);
  return found.filter(([name]) => world.measures.includes(name));
}

const withoutIds = ({ user_id, conversation_id, task_id, ...row }: Record<string, string | number>) => row;

const profile = {
  name: "fast",
  criteria: [
    { metric: "duration_p50", weight: 0.6, good: 0, bad: 6 },
    { metric: "cost_per_task", weight: 0.4, good: 0, bad: 0.05 },
  ],
};

interface Cell {
  given: number;
  held: number;
  above: number;
  below: number;
  noted: number;
  /** Widths and values of finite intervals, to compare with an oracle's. */
  widths: number[];
  values: number[];
}

async function tried(world: ClusterWorld): Promise<Result> {
  const truth = truthOfWorld(world);
  const cells = new Map<string, Cell>();
  let [settled, choices] = [0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const rows = rowsOfWorld(world, 7919 * seed + world.name.length);
    const store = await storeOfRows(world.ids === false ? rows.map(withoutIds) : rows);
    try {
      for (const [name, one] of await numbersOf(store, world)) {
        const cell = cells.get(name) ?? {
          given: 0,
          held: 0,
          above: 0,
          below: 0,
          noted: 0,
          widths: [],
          values: [],
        };
        cells.set(name, cell);
        cell.values.push(one.value);
        if (one.note !== undefined) cell.noted++;
        if (Number.isNaN(one.low) || Number.isNaN(one.high)) continue;
        cell.given++;
        if (one.low > truth[name]) cell.above++;
        else if (one.high < truth[name]) cell.below++;
        else cell.held++;
        if (Number.isFinite(one.high - one.low)) cell.widths.push(one.high - one.low);
      }
      if (world.measures.includes("cost_per_task") && world.models !== 1) {
        choices++;
        if ((await choose(store, { profile, draws: 999 })).best !== null) settled++;
      }
    } finally {
      store.close();
    }
  }
  const lines = [...cells].map(([name, cell]) => {
    const mean = (of: number[]) => of.reduce((sum, x) => sum + x, 0) / of.length;
    const sd = Math.sqrt(mean(cell.values.map((x) => (x - mean(cell.values)) ** 2)));
    const held = wilson(cell.held, cell.given);
    const share = (x: number) => (Number.isFinite(x) ? x.toFixed(3).replace(/^0/, "") : "–");
    const width = mean(cell.widths) / (2 * 1.96 * sd);
    return `| ${name} | ${cell.values.length} | ${cell.given} | ${share(held.value)} | ${share(held.low)} to ${share(held.high)} | ${cell.above} | ${cell.below} | ${Number.isFinite(width) ? width.toFixed(2) : "–"} | ${share(cell.noted / cell.values.length)} |`;
  });
  const chosen =
    choices === 0 ? "" : `\n\`choose\` settled ${settled} of ${choices} logs, whose models are the same.\n`;
  const head =
    "| | numbers | intervals | hold the truth | | too high | too low | width to the oracle's | with a note |\n|---|---|---|---|---|---|---|---|---|";
  return {
    name: world.name,
    text: `## ${world.name}\n\n${world.what} ${seeds} draws.\n\n${head}\n${lines.join("\n")}\n${chosen}`,
  };
}

async function main(): Promise<void> {
  const file = join(__dirname, "clusterResults.json");
  const worlds = clusterWorlds.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  for (const world of worlds) {
    const result = await tried(world);
    console.log(result.text);
    if (!values.write) continue;
    const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
    const fresh = new Map([...kept, result].map((one) => [one.name, one]));
    const all = clusterWorlds.flatMap(({ name }) => fresh.get(name) ?? []);
    writeFileSync(file, recordLines(all));
    const head = readFileSync(join(__dirname, "clustersHead.md"), "utf8");
    writeFileSync(
      join(__dirname, "..", "..", "docs", "simulations", "clusters.md"),
      [head, ...all.map(({ text }) => text)].join("\n"),
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
