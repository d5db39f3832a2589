// How often each sentence that compares is said of made-up logs, and how often it is false.
// node --import tsx test/calibration/sentences.ts [WORD...] [--logs 100 --batch 20 --write --more --keep FILE]
// Words choose worlds by their names. --write keeps the counts in test/calibration/sentenceResults.json, or FILE, after each
// batch, and the page in docs/simulations/sentences.md. --more adds logs to those counted.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordLines } from "../recordLines";
import { decileWorlds, tallyDeciles } from "./decileTally";
import { heldWorlds, outcomeWorlds, tallyOutcomes } from "./outcomeTally";
import { reportWorlds, tallyReport } from "./reportTally";
import { sentencesPage } from "./sentencePage";
import {
  chooseWorlds,
  compareWorlds,
  noteWorlds,
  type SentenceRow,
  tallyChoose,
  tallyCompare,
  tallyNotes,
  tallyPoint,
} from "./sentenceTally";
import { tallyTiers, tierWorlds } from "./tierTally";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    logs: { type: "string", default: "100" },
    batch: { type: "string", default: "20" },
    write: { type: "boolean", default: false },
    more: { type: "boolean", default: false },
    keep: { type: "string", default: join(__dirname, "sentenceResults.json") },
  },
});
const [logs, batch] = [Number(values.logs), Number(values.batch)];
const file = values.keep;
const keptRows = (): SentenceRow[] => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []);

type Tally = (count: number, from: number) => Promise<SentenceRow[]>;
const tallies: [name: string, Tally][] = [
  ...compareWorlds.map((world): [string, Tally] => [
    `compare: ${world.name}`,
    (count, from) => tallyCompare(world, count, from),
  ]),
  ...compareWorlds
    .filter(({ name }) => ["nothing changes", "1.4 times slower"].includes(name))
    .map((world): [string, Tally] => [
      `course: ${world.name}`,
      (count, from) => tallyPoint(world, count, from),
    ]),
  ...chooseWorlds.map((world): [string, Tally] => [
    `choose: ${world.name}`,
    (count, from) => tallyChoose(world, count, from),
  ]),
  ...[...outcomeWorlds, ...heldWorlds].map((world): [string, Tally] => [
    `compare: ${world.name}`,
    (count, from) => tallyOutcomes(world, count, from),
  ]),
  ...[...reportWorlds, ...outcomeWorlds].map((world): [string, Tally] => [
    `report: ${world.name}`,
    (count, from) => tallyReport(world, count, from),
  ]),
  ...tierWorlds.map((world): [string, Tally] => [
    `cost at equal quality: ${world.name}`,
    (count, from) => tallyTiers(world, count, from),
  ]),
  ...decileWorlds.map((world): [string, Tally] => [
    `decile by decile: ${world.name}`,
    (count, from) => tallyDeciles(world, count, from),
  ]),
  ...noteWorlds.map((world): [string, Tally] => [
    `latency and cost: ${world.name}`,
    (count, from) => tallyNotes(world, count, from),
  ]),
];

async function main(): Promise<void> {
  for (const [name, tally] of tallies.filter(
    ([one]) => positionals.length === 0 || positionals.some((word) => one.includes(word)),
  )) {
    const before = values.more ? keptRows().filter(({ world }) => world === name) : [];
    const total = new Map<string, SentenceRow>(before.map((row) => [row.id, row]));
    const start = before[0]?.logs ?? 0;
    for (let done = start; done < start + logs; done += batch) {
      const some = Math.min(batch, start + logs - done);
      for (const row of await tally(some, 20_000 + done)) {
        const { said = 0, wrong = 0 } = total.get(row.id) ?? {};
        total.set(row.id, { ...row, world: name, said: said + row.said, wrong: wrong + row.wrong });
      }
      for (const row of total.values()) row.logs = done + some;
      if (values.write) keep(name, [...total.values()]);
    }
    console.log(name, JSON.stringify([...total.values()].map(({ id, said, wrong }) => [id, said, wrong])));
  }
}

function keep(name: string, rows: readonly SentenceRow[]): void {
  const order = (row: SentenceRow) => tallies.findIndex(([one]) => one === row.world);
  const all = [...keptRows().filter(({ world }) => world !== name), ...rows];
  all.sort((a, b) => order(a) - order(b));
  writeFileSync(file, recordLines(all));
  if (file.endsWith("sentenceResults.json"))
    writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "sentences.md"), sentencesPage(all));
}

main();
