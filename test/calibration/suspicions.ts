// How often models, unlogged causes and extremes picked from the data are named falsely, and how often rightly.
// node --import tsx test/calibration/suspicions.ts [WORD... --draws 300 --write]
// Words choose worlds by their names. --write keeps each in test/calibration/suspicionResults.json as soon as it is done, and
// all of them in docs/simulations/suspicions.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { wilson } from "../../src/stats/rate";
import { recordLines } from "../recordLines";
import { boards, type Cell, causes, picks } from "./suspicionWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draws: { type: "string", default: "300" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);

interface Result {
  name: string;
  draws: number;
  said: number;
  wrong: number;
  plain: number;
  found?: number;
  leads?: number;
  led?: number;
}

const sections: { title: string; about: string; plain: string; cells: Cell[] }[] = [
  {
    title: "Who may have seen the public questions",
    about:
      "`contamination`, of 600 items a side unless said otherwise, whose difficulties differ by 1 in log odds; private questions are harder by 1. False: a clean model is accused, settled; others lead if no clean model's gap is far out by chance.",
    plain: "false by points",
    cells: boards,
  },
  {
    title: "How strong an unlogged cause would have to be",
    about:
      "Two sides of 2,000 calls that differ only in how often an unlogged slow mode occurs, of the logs in which a difference is shown. False: what would leave the change open is more than that cause is. Found: the odds that explain it away are at least half as far from 1 as the cause's.",
    plain: "false by E-values",
    cells: causes,
  },
  {
    title: "Extremes that the data picked",
    about:
      "The worst hour of `reliability --bursts` misses its rate; `quality --floor` says that a length holds that does not; `latency` says that one model is clearly ahead by the mean or by p95 where all are equal; `latency --between` says that the slowest place is slower than the fastest.",
    plain: "false as if named before",
    cells: picks,
  },
];

function tried({ name, tried }: Cell): Result {
  const all = Array.from({ length: draws }, (_, at) => tried(104_729 * (at + 1) + name.length));
  const count = (of: "said" | "wrong" | "plain" | "found" | "leads" | "led") =>
    all.filter((one) => one[of]).length;
  const result = { name, draws, said: count("said"), wrong: count("wrong"), plain: count("plain") };
  const has = (of: "found" | "leads" | "led") => (all[0]?.[of] === undefined ? {} : { [of]: count(of) });
  return { ...result, ...has("found"), ...has("leads"), ...has("led") };
}

const share = (count: number, of: number) => `${((100 * count) / of).toFixed(1)} %`;

function pageOf(results: readonly Result[]): string {
  const parts = sections.flatMap(({ title, about, plain, cells }) => {
    const rows = cells.flatMap(({ name, what }) => {
      const one = results.find((result) => result.name === name);
      if (one === undefined) return [];
      // Of causes only what is said can be false.
      const of = cells === causes ? one.said : one.draws;
      const { low, high } = wilson(one.wrong, of);
      const also = (count?: number) =>
        count === undefined ? "" : `, ${share(count, of)} with those that lead`;
      const found = one.found === undefined ? "" : share(one.found, of) + also(one.led);
      const leads = one.leads === undefined ? "" : `, ${share(one.leads, of)} more lead`;
      return [
        `| ${what} | ${of} | ${share(one.wrong, of)}${leads} | ${share(low, 1)} to ${share(high, 1)} | ${share(one.plain, of)} | ${found} |`,
      ];
    });
    if (rows.length === 0) return [];
    const head = `| world | draws | false | | ${plain} | found |\n|---|--:|--:|---|--:|--:|`;
    return [`## ${title}\n\n${about}\n\n${head}\n${rows.join("\n")}\n`];
  });
  return [readFileSync(join(__dirname, "suspicionHead.md"), "utf8"), ...parts].join("\n");
}

const file = join(__dirname, "suspicionResults.json");
for (const cell of sections.flatMap(({ cells }) => cells)) {
  if (positionals.length > 0 && !positionals.some((word) => cell.name.includes(word))) continue;
  const result = tried(cell);
  console.log(JSON.stringify(result));
  if (!values.write) continue;
  const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const all = [...kept.filter(({ name }) => name !== cell.name), result];
  writeFileSync(file, recordLines(all));
  writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "suspicions.md"), pageOf(all));
}
