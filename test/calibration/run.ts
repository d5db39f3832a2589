// How often the measures' intervals hold the truth over many draws of the demo's world.
// npm run calibration [-- WORLD... --seeds 200 --calls 6000 --truth 20000000 --cluster auto --cells FILE --write]
// --cells FILE keeps every cell with its hits by seed, to look into.
// --write keeps each world's results in test/calibration/results.json and all of them in docs/simulations/measures.md.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { layLanes } from "../../src/demo/traffic/lane";
import { truthOf } from "../../src/demo/truth/truth";
import { recordLines } from "../recordLines";
import { measured } from "./measured";
import { calibrationTable } from "./table";
import { type Cell, tally, truthByKey } from "./tally";
import { week } from "./week";
import { type Place, places } from "./worlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "200" },
    calls: { type: "string", default: "6000" },
    truth: { type: "string", default: "20000000" },
    cluster: { type: "string", default: "auto" },
    cells: { type: "string" },
    write: { type: "boolean", default: false },
  },
});

/** One world's results. */
interface Result {
  name: string;
  text: string;
}

async function calibrate({ name, what, world: make }: Place): Promise<Result> {
  const world = make();
  const lanes = layLanes(world);
  const [seeds, calls] = [Number(values.seeds), Number(values.calls)];
  console.error(`${name}: the truth over ${values.truth} calls`);
  const truth = truthByKey(truthOf(world, { calls: Number(values.truth) }));
  const cells = new Map<string, Cell>();
  for (let seed = 1; seed <= seeds; seed++) {
    const store = await week(world, seed, calls, lanes);
    try {
      tally(cells, await measured(store, values.cluster), truth);
    } finally {
      store.close();
    }
    if (seed % 20 === 0) console.error(`${name}: ${seed} of ${seeds} seeds`);
  }
  if (values.cells !== undefined) {
    const withTruth = [...cells.values()].map((cell) => ({
      world: name,
      ...cell,
      truth: truth.get(cell.key),
    }));
    appendFileSync(values.cells, withTruth.map((cell) => `${JSON.stringify(cell)}\n`).join(""));
  }
  const how = `${seeds} draws of ${calls.toLocaleString("en")} calls; the truth from ${Number(values.truth).toLocaleString("en")} calls.`;
  const capital = what[0].toUpperCase() + what.slice(1);
  return { name, text: `## ${name}\n\n${capital}. ${how}\n\n${calibrationTable([...cells.values()])}\n` };
}

async function main(): Promise<void> {
  const chosen = places.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (chosen.length === 0) {
    console.error(`no world is named so; they are: ${places.map(({ name }) => name).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const file = join(__dirname, "results.json");
  for (const place of chosen) {
    const result = await calibrate(place);
    console.log(result.text);
    if (!values.write) continue;
    const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
    const fresh = new Map([...kept, result].map((one) => [one.name, one]));
    const all = places.flatMap(({ name }) => fresh.get(name) ?? []);
    writeFileSync(file, recordLines(all));
    const head = readFileSync(join(__dirname, "head.md"), "utf8");
    writeFileSync(
      join(__dirname, "..", "..", "docs", "simulations", "measures.md"),
      [head, ...all.map(({ text }) => text)].join("\n"),
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
