// How often each sentence that compares is said of made-up logs, and how often it is false.
// node --import tsx test/calibration/sentences.ts [WORD...] [--logs 100 --batch 20 --write]
// Words choose worlds by their names. --write keeps the counts in test/calibration/sentenceResults.json and the page in
// docs/simulations/sentences.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sentencesPage } from "./sentencePage";
import {
  chooseWorlds,
  compareWorlds,
  type SentenceRow,
  tallyChoose,
  tallyCompare,
  tallyPoint,
} from "./sentenceTally";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    logs: { type: "string", default: "100" },
    batch: { type: "string", default: "20" },
    write: { type: "boolean", default: false },
  },
});
const [logs, batch] = [Number(values.logs), Number(values.batch)];
const file = join(__dirname, "sentenceResults.json");

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
];

async function main(): Promise<void> {
  for (const [name, tally] of tallies.filter(
    ([one]) => positionals.length === 0 || positionals.some((word) => one.includes(word)),
  )) {
    const total = new Map<string, SentenceRow>();
    for (let done = 0; done < logs; done += batch)
      for (const row of await tally(Math.min(batch, logs - done), 20_000 + done)) {
        const { said = 0, wrong = 0 } = total.get(row.id) ?? {};
        total.set(row.id, { ...row, world: name, logs, said: said + row.said, wrong: wrong + row.wrong });
      }
    console.log(name, JSON.stringify([...total.values()].map(({ id, said, wrong }) => [id, said, wrong])));
    if (!values.write) continue;
    const kept: SentenceRow[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
    const fresh = [...kept.filter(({ world }) => world !== name), ...total.values()];
    const order = (row: SentenceRow) => tallies.findIndex(([one]) => one === row.world);
    fresh.sort((a, b) => order(a) - order(b));
    writeFileSync(file, `[\n${fresh.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
    writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "sentences.md"), sentencesPage(fresh));
  }
}

main();
