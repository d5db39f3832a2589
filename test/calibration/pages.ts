// How often a page of each kind of log says what is not so.
// node --import tsx test/calibration/pages.ts [WORD... --logs 40 --seconds 420 --write]
// Words choose worlds by their names. --write keeps each world in test/calibration/pageResults.json as soon as it is done,
// and all of them in docs/simulations/pages.md; worlds that are kept with as many logs are not drawn again, and no other
// is begun after so many seconds.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { storeOf } from "../measures/calls";
import { recordLines } from "../recordLines";
import { type KindWorld, kindWorlds } from "./kindWorlds";
import { type PageCount, tallySides } from "./pageTally";
import { promptWorlds } from "./pageWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    logs: { type: "string", default: "40" },
    seconds: { type: "string", default: "420" },
    write: { type: "boolean", default: false },
  },
});
const kept = join(__dirname, "pageResults.json");

/** What the page of each log of a kind says. */
async function tallyKind({ name, calls, more, look }: KindWorld, logs: number): Promise<PageCount[]> {
  const counts = new Map<string, PageCount>();
  for (let log = 0; log < logs; log++) {
    const r = random(1 + log);
    const store = await storeOf(calls(r));
    try {
      await more?.(store, r);
      for (const { sentence, said, wrong } of await look(store)) {
        const own = counts.get(sentence) ?? { world: name, sentence, logs, said: 0, wrong: 0 };
        counts.set(sentence, {
          ...own,
          said: own.said + Number(said),
          wrong: own.wrong + Number(said && wrong),
        });
      }
    } finally {
      store.close();
    }
  }
  return [...counts.values()];
}

const worlds = [
  ...kindWorlds.map((world) => ({ name: world.name, tally: (logs: number) => tallyKind(world, logs) })),
  ...promptWorlds.map((world) => ({ name: world.name, tally: (logs: number) => tallySides(world, logs, 1) })),
];

const head = (command: string) => `# What a page says of each kind of log

How often a page says what is not so, on made-up logs of the kinds of which it has a page. Where nothing is noted the models,
providers, workloads or days of a log do not differ, so that every sentence that tells them apart is false; a sentence may be
false in at most 5 % of logs. "Said" counts the logs whose page has the sentence, "false" those in which it is not so; the range
is Wilson's. The logs follow from their seeds, 1 to the number of draws; kinds that the command draws and that are not here have
not been drawn yet.

Made by \`${command}\`.

| log | sentence | draws | said | false | |
|---|---|--:|--:|--:|---|
`;

function page(rows: readonly PageCount[]): string {
  const lines = rows.map(({ world, sentence, logs, said, wrong }) => {
    const { low, high } = wilson(wrong, logs);
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    return `| ${world} | ${sentence} | ${logs} | ${said} | ${wrong} | ${percent(low)} to ${percent(high)} |`;
  });
  return `${head("node --import tsx test/calibration/pages.ts --write")}${lines.join("\n")}\n`;
}

async function main(): Promise<void> {
  const logs = Number(values.logs);
  let rows: PageCount[] = existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : [];
  const until = Date.now() + 1000 * Number(values.seconds);
  for (const { name, tally } of worlds.filter(({ name: one }) =>
    positionals.every((word) => one.includes(word)),
  )) {
    if (values.write && rows.some((row) => row.world === name && row.logs === logs)) continue;
    if (Date.now() >= until) break;
    const own = await tally(logs);
    for (const row of own) console.log(JSON.stringify(row));
    if (!values.write) continue;
    rows = [...rows.filter(({ world }) => world !== name), ...own];
    writeFileSync(kept, recordLines(rows));
  }
  const inTurn = worlds.flatMap(({ name }) => rows.filter(({ world }) => world === name));
  if (values.write) writeFileSync(join(__dirname, "../../docs/simulations/pages.md"), page(inTurn));
}

void main();
