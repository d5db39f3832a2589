// How often a page of each kind of log says what is not so.
// node --import tsx test/calibration/pages.ts [WORD... --logs 40 --seconds 420 --write]
// Words choose worlds by their names. --write keeps what is drawn of each world in test/calibration/pageResults.json, and all
// of it in docs/simulations/pages.md. No log is begun after so many seconds: the next run goes on where this one stopped.
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
const keptIn = join(__dirname, "pageResults.json");

/** Which logs of a world are drawn: from this one on, to that one at most, while there is time. */
interface Share {
  from: number;
  to: number;
  until: number;
}

/** What the page of each log of a kind says, and how many logs were drawn. */
async function tallyKind(
  { name, calls, more, look }: KindWorld,
  { from, to, until }: Share,
): Promise<PageCount[]> {
  const counts = new Map<string, PageCount>();
  for (let log = from; log < to && Date.now() < until; log++) {
    const r = random(1 + log);
    const store = await storeOf(calls(r));
    try {
      await more?.(store, r);
      for (const { sentence, said, wrong } of await look(store)) {
        const own = counts.get(sentence) ?? { world: name, sentence, logs: 0, said: 0, wrong: 0 };
        counts.set(sentence, {
          ...own,
          logs: own.logs + 1,
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

/** One log after the other, so that a run can stop between any two. */
async function tallyPrompts(
  world: (typeof promptWorlds)[number],
  { from, to, until }: Share,
): Promise<PageCount[]> {
  let rows: PageCount[] = [];
  for (let log = from; log < to && Date.now() < until; log++)
    rows = together(rows, await tallySides(world, 1, 1 + log));
  return rows;
}

/** Two shares of the same worlds as one. */
const together = (kept: readonly PageCount[], more: readonly PageCount[]): PageCount[] =>
  more.map((row) => {
    const before = kept.find(({ world, sentence }) => world === row.world && sentence === row.sentence);
    if (before === undefined) return row;
    const sum = (of: "logs" | "said" | "wrong") => before[of] + row[of];
    return { ...row, logs: sum("logs"), said: sum("said"), wrong: sum("wrong") };
  });

const worlds = [
  ...kindWorlds.map((world) => ({ name: world.name, tally: (share: Share) => tallyKind(world, share) })),
  ...promptWorlds.map((world) => ({ name: world.name, tally: (share: Share) => tallyPrompts(world, share) })),
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
  let rows: PageCount[] = existsSync(keptIn) ? JSON.parse(readFileSync(keptIn, "utf8")) : [];
  const until = Date.now() + 1000 * Number(values.seconds);
  for (const { name, tally } of worlds.filter(({ name: one }) =>
    positionals.every((word) => one.includes(word)),
  )) {
    const kept = values.write ? rows.filter(({ world }) => world === name) : [];
    const drawn = await tally({ from: kept[0]?.logs ?? 0, to: logs, until });
    if (drawn.length === 0) continue;
    for (const row of drawn) console.log(JSON.stringify(row));
    if (!values.write) continue;
    rows = [...rows.filter(({ world }) => world !== name), ...together(kept, drawn)];
    writeFileSync(keptIn, recordLines(rows));
  }
  const inTurn = worlds.flatMap(({ name }) => rows.filter(({ world }) => world === name));
  if (values.write) writeFileSync(join(__dirname, "../../docs/simulations/pages.md"), page(inTurn));
}

void main();
