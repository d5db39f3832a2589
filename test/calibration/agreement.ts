// Whether agreement's intervals hold the truth, and whether the stated cost of following a benchmark is right.
// node --import tsx test/calibration/agreement.ts [worlds|demo] [--draws 200 --calls 6000 --write]
// --write keeps the tables in docs/simulations/agreement.md; a part that did not run keeps its last table.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Truth } from "../../src/demo/truth/truth";
import { readWorld } from "../../src/demo/world/world";
import { demoKinds } from "./agreementDemo";
import { agreementTable, type Kind } from "./agreementTally";
import { worldKinds } from "./agreementWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    draws: { type: "string", default: "200" },
    calls: { type: "string", default: "6000" },
    write: { type: "boolean", default: false },
  },
});
const [draws, calls] = [values.draws, values.calls].map(Number);
const truth = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "data", "demo", "truth.json"), "utf8"),
) as Truth;
const counted = (count: number) => count.toLocaleString("en");

const parts: { name: string; about: () => string; kinds: () => Promise<Kind[]> }[] = [
  {
    name: "worlds",
    about: () =>
      `${counted(draws)} draws of each kind of world, new true values in each. Losses are in units of the models' spread.`,
    kinds: async () => {
      const all: Kind[] = [];
      for (const kind of worldKinds(draws)) {
        all.push(kind);
        console.error(agreementTable([kind]).split("\n").at(-1));
      }
      return all;
    },
  },
  {
    name: "demo",
    about: () =>
      `The demo's world: ${counted(draws)} draws of ${counted(calls)} calls and of what its benchmarks publish; the truth from ${counted(truth.calls)} calls. Losses are in the metric's own unit, over all benchmarks together.`,
    kinds: () => demoKinds(readWorld().world, truth, { draws, calls }),
  },
];

async function main(): Promise<void> {
  const chosen = parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (chosen.length === 0)
    throw new RangeError(`agreement has the parts ${parts.map(({ name }) => name).join(", ")}`);
  const file = join(__dirname, "agreementResults.json");
  for (const { name, about, kinds } of chosen) {
    const text = `## ${name}\n\n${about()}\n\n${agreementTable(await kinds())}\n`;
    console.log(text);
    if (!values.write) continue;
    const kept: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    const all = { ...kept, [name]: text };
    writeFileSync(file, `${JSON.stringify(all, null, 1)}\n`);
    const head = readFileSync(join(__dirname, "agreementHead.md"), "utf8");
    const known = parts.flatMap((part) => all[part.name] ?? []);
    writeFileSync(
      join(__dirname, "..", "..", "docs", "simulations", "agreement.md"),
      [head, ...known].join("\n"),
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
