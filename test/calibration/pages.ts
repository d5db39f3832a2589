// How often a page of each kind of log says what is not so.
// node --import tsx test/calibration/pages.ts [WORD...] [--logs 100]
import { parseArgs } from "node:util";
import { tallySides } from "./pageTally";
import { promptWorlds } from "./pageWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { logs: { type: "string", default: "100" } },
});

async function main(): Promise<void> {
  for (const world of promptWorlds.filter(({ name }) => positionals.every((word) => name.includes(word))))
    for (const row of await tallySides(world, Number(values.logs), 1)) console.log(JSON.stringify(row));
}

void main();
