// How often the rates of `quality --controlled output_length` hold the truth.
// node --import tsx test/calibration/controls.ts [WORD... --draws 150 --write]
// Words choose worlds by their names and "no", "some" or "all prompts shared". --write keeps each world in test/calibration/controlResults.json as soon as it is
// done, and all of them in docs/simulations/controls.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { atEqual, type Verdicts } from "../../src/measures/quality/heldEqual";
import type { Estimate } from "../../src/stats/estimate";
import { rateFromSums, wilson } from "../../src/stats/rate";
import { disowning, neededBy } from "../../src/stats/reservation";
import { recordLines } from "../recordLines";
import { type ControlWorld, controlWorlds, truthOf, verdictsOf } from "./controlWorlds";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draws: { type: "string", default: "150" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);

/** Intervals of three models a draw: how many hold the truth, are open or wait for what is not known, and do none of these. */
interface Result {
  name: string;
  shared: number;
  draws: number;
  raw: number;
  held: number;
  open: number;
  named: number;
  silent: number;
  /** Draws whose notes say that length sways the judge differently by model. */
  differ: number;
  width: number;
}

const settings = { wanted: ["output_length"], level: 0.95, clusterBy: "user_id" } as const;

/** The rate as it is. */
function rawOf({ value, cluster }: Verdicts): Estimate {
  const sums = new Map<string, { m: number; events: number }>();
  for (const [at, user] of cluster.entries()) {
    const { m, events } = sums.get(user) ?? { m: 0, events: 0 };
    sums.set(user, { m: m + 1, events: events + value[at] });
  }
  const users = [...sums.values()];
  const sum = (of: (user: (typeof users)[number]) => number) => users.reduce((all, one) => all + of(one), 0);
  return rateFromSums(
    {
      n: value.length,
      events: sum(({ events }) => events),
      clusters: users.length,
      sizeSquares: sum(({ m }) => m * m),
      sizeCubes: sum(({ m }) => m ** 3),
      sizeFourths: sum(({ m }) => m ** 4),
      eventSquares: sum(({ events }) => events ** 2),
      products: sum(({ m, events }) => m * events),
      eventSquaresSizes: sum(({ m, events }) => m * events ** 2),
      eventSizeSquares: sum(({ m, events }) => m ** 2 * events),
      eventSquaresSizeSquares: sum(({ m, events }) => m ** 2 * events ** 2),
      eventSizeCubes: sum(({ m, events }) => m ** 3 * events),
    },
    settings,
  );
}

function tried(world: ControlWorld): Result {
  const { name, shared } = world;
  const truth = truthOf(world);
  const found: Result = {
    name,
    shared,
    draws,
    raw: 0,
    held: 0,
    open: 0,
    named: 0,
    silent: 0,
    differ: 0,
    width: 0,
  };
  for (let seed = 1; seed <= draws; seed++) {
    const groups = verdictsOf(world, 7919 * seed + name.length);
    const raw = groups.map(rawOf);
    const { rates, notes } = atEqual(groups, raw, settings);
    for (const [model, rate] of rates.entries()) {
      const holds = ({ low, high }: Estimate) => low <= truth[model] && truth[model] <= high;
      const isOpen = disowning(rate.reservations, "low").length > 0;
      found.raw += Number(holds(raw[model]));
      found.held += Number(holds(rate));
      const isNamed = neededBy(rate.reservations, "low").length > 0;
      found.open += Number(isOpen);
      found.named += Number(isNamed);
      found.silent += Number(!holds(rate) && !isOpen && !isNamed);
      found.width += (rate.high - rate.low) / (3 * draws);
    }
    found.differ += Number(notes.some((note) => /differs by model/.test(note)));
  }
  return { ...found, width: Number(found.width.toFixed(4)) };
}

function pageOf(results: readonly Result[]): string {
  const share = (count: number, of: number) => `${((100 * count) / of).toFixed(1)} %`;
  const parts = [...new Set(controlWorlds.map(({ shared }) => shared))].map((shared) => {
    const rows = controlWorlds.flatMap(({ name, shared: own }) => {
      const one = results.find((result) => result.name === name && result.shared === shared);
      if (one === undefined || own !== shared) return [];
      const all = 3 * one.draws;
      const { low, high } = wilson(one.held, all);
      return [
        `| ${name} | ${share(one.raw, all)} | ${share(one.held, all)} | ${share(low, 1)} to ${share(high, 1)} | ${share(one.open, all)} | ${share(one.named, all)} | ${share(one.silent, all)} | ${share(one.differ, one.draws)} | ${(100 * one.width).toFixed(1)} |`,
      ];
    });
    const title = shared === 0 ? "No prompt" : shared === 1 ? "Every prompt" : "One prompt in three";
    return `## ${title} answered by several models\n\n| world | raw holds the truth | controlled does | | open | if not both | misses and says none of it | slopes differ | mean width, points |\n|---|--:|--:|---|--:|--:|--:|--:|--:|\n${rows.join("\n")}\n`;
  });
  return [readFileSync(join(__dirname, "controlsHead.md"), "utf8"), ...parts].join("\n");
}

const file = join(__dirname, "controlResults.json");
for (const world of controlWorlds) {
  const shares = world.shared === 0 ? "no" : world.shared === 1 ? "all" : "some";
  const called = `${world.name}, ${shares} prompts shared`;
  if (positionals.length > 0 && !positionals.some((word) => called.includes(word))) continue;
  const result = tried(world);
  console.log(JSON.stringify(result));
  if (!values.write) continue;
  const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const all = [...kept.filter(({ name, shared }) => name !== world.name || shared !== world.shared), result];
  writeFileSync(file, recordLines(all));
  writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "controls.md"), pageOf(all));
}
