// Whether the intervals of quantiles hold where days carry over into each other, or a few hours make the tail.
// node --import tsx test/calibration/days.ts [WORD... --draws 300 --write]
// Words choose cells by their names. --write keeps each cell in test/calibration/daysResults.json as soon as it is
// done, and all of them in docs/simulations/days.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { clusteredQuantileRanks, logOdds, quantileClusters } from "../../src/stats/clusteredQuantile";
import { timeSquares } from "../../src/stats/hourSeries";
import { interpolateRank, quantileRank } from "../../src/stats/quantile";
import { random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import { sharedTime } from "../../src/stats/sharedTime";
import { recordLines } from "../recordLines";
import { type LogWorld, rowsOfWorld, truthOfWorld } from "./logWorld";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draws: { type: "string", default: "300" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);

/** A world and a quantile of its waits. */
interface Cell {
  name: string;
  what: string;
  p: 0.5 | 0.95 | 0.99;
  world: LogWorld;
  /** The share of the calls that have the id of their user; the others are clusters of their own. Default 1. */
  known?: number;
}
interface Result {
  name: string;
  draws: number;
  held: number;
  noted: number;
  silent: number;
  width: number;
}

const plain = { what: "", models: 1, calls: 1000, users: 120, user: 0.3, call: 0.6 };
const cellsOf = (what: string, world: Omit<LogWorld, keyof typeof plain>, ps: readonly Cell["p"][]): Cell[] =>
  ps.map((p) => ({ name: `${world.name}, p${100 * p}`, what, p, world: { ...plain, ...world } }));

/** Worlds whose calls have nothing but their times in common. */
const withoutIds = (what: string, world: Omit<LogWorld, keyof typeof plain>): Cell[] =>
  cellsOf(what, world, [0.5, 0.95]).map((cell) => ({
    ...cell,
    name: `no ids ${cell.name}`,
    known: 0,
    world: { ...cell.world, user: 0 },
  }));

const sections: { title: string; about: string; cells: Cell[] }[] = [
  ...[0.1, 0.3].map((day) => ({
    title: `Days that differ by ${100 * day} %`,
    about: "The median; a day carries over the share that is given of what the day before had of its own.",
    cells: [0, 0.5, 0.8].flatMap((carried) =>
      [7, 10, 20, 40, 90].flatMap((days) =>
        cellsOf(
          `${days} days, carrying over ${carried}`,
          { name: `days ${day} ${carried} ${days}`, days, day, carried },
          [0.5],
        ),
      ),
    ),
  })),
  {
    title: "Incidents",
    about: "An hour begins an incident of three hours once in a hundred, six times as slow.",
    cells: [7, 21].flatMap((days) =>
      cellsOf(
        `${days} days with incidents`,
        { name: `incidents ${days}`, days, incidents: { chance: 0.01, hours: 3, times: 6 } },
        [0.5, 0.95, 0.99],
      ),
    ),
  },
  {
    title: "Nothing but users, hours and a fixed pattern",
    about:
      "Intervals should be no more than 1.25 times as wide as one needs who knows the spread; p99, which rests on ten calls here, is wider.",
    cells: [
      ...cellsOf("7 days, nothing shared", { name: "nothing 7", days: 7 }, [0.5, 0.95, 0.99]),
      ...cellsOf("42 days, nothing shared", { name: "nothing 42", days: 42 }, [0.5, 0.95, 0.99]),
      ...cellsOf("7 days with the same swing of 30 %", { name: "daily 7", days: 7, daily: 0.3 }, [0.5]),
      ...cellsOf(
        "42 days with the same swing of 30 %, and weekends 20 % apart",
        { name: "weekly 42", days: 42, daily: 0.3, weekly: 0.2 },
        [0.5],
      ),
      ...cellsOf("14 days whose hours differ by 20 %", { name: "hours 14", days: 14, hour: 0.2 }, [0.5]),
    ],
  },
  {
    title: "Logs without ids",
    about:
      "No call has a user, a conversation or a task: all that is known of what calls share is their time.",
    cells: [
      ...withoutIds("28 days that differ by 15 %", { name: "days 15", days: 28, day: 0.15 }),
      ...withoutIds("28 days that differ by 10 %", { name: "days 10", days: 28, day: 0.1 }),
      ...withoutIds("28 days that differ by 15 %, carrying over 0.5", {
        name: "days 15 carried",
        days: 28,
        day: 0.15,
        carried: 0.5,
      }),
      ...withoutIds("14 days whose hours differ by 25 %", { name: "hours 25", days: 14, hour: 0.25 }),
      ...withoutIds("21 days with incidents", {
        name: "incidents",
        days: 21,
        incidents: { chance: 0.01, hours: 3, times: 6 },
      }),
      ...withoutIds("28 days, nothing shared", { name: "nothing", days: 28 }),
    ],
  },
  {
    title: "Ids of users on a part of the calls",
    about:
      "The ids are missing by chance; a call without one is a cluster of its own. Few users, who differ by 30 %, in 28 days.",
    cells: [20, 60].flatMap((users) =>
      [1, 0.85, 0.6].flatMap((known) =>
        cellsOf(
          `${users} users, ids on ${100 * known} %`,
          { name: `ids ${users} ${known}`, days: 28 },
          [0.5, 0.95],
        ).map((cell) => ({ ...cell, known, world: { ...cell.world, users } })),
      ),
    ),
  },
];

/** The interval of a quantile of one log, as `latency` makes it from the engine's sums, and whether it has a note of its own. */
function intervalOf({ world, p, known = 1 }: Cell, seed: number) {
  const rows = rowsOfWorld(world, seed);
  const waits = Float64Array.from(rows, ({ duration }) => Number(duration));
  const n = waits.length;
  const codes = (of: (row: (typeof rows)[number], at: number) => string) => {
    const met = new Map<string, number>();
    return rows.map((row, at) => {
      const code = met.get(of(row, at)) ?? met.size;
      met.set(of(row, at), code);
      return code;
    });
  };
  const hourOf = (row: (typeof rows)[number]) => String(Math.floor(Number(row.started) / 3.6e9));
  const sorted = Float64Array.from(waits).sort();
  const q = interpolateRank(quantileRank(n, p), (rank) => sorted[rank - 1]);
  const totals = (labels: readonly (string | number)[]) => {
    const found = new Map<string | number, { size: number; below: number }>();
    for (const [at, label] of labels.entries()) {
      const one = found.get(label) ?? { size: 0, below: 0 };
      found.set(label, one);
      one.size++;
      one.below += waits[at] < q ? 1 : waits[at] === q ? 0.5 : 0;
    }
    return found;
  };
  const { uniform } = random(seed + 1);
  const ids = rows.map(({ user_id }, at) => (uniform() < known ? String(user_id) : `call ${at}`));
  const users = codes((_, at) => ids[at]);
  const sums = quantileClusters(waits, users, Math.max(...users) + 1, q);
  const share = sums.below / n;
  const slope = (Math.max(sums.below, 0.5) * Math.max(n - sums.below, 0.5)) / n;
  const hours = totals(rows.map(hourOf));
  const both = totals(rows.map((row, at) => `${users[at]} ${hourOf(row)}`));
  const { squares, ...spans } = timeSquares({
    hours: [...hours.keys()].map(Number),
    sizes: [...hours.values()].map(({ size }) => size),
    deviations: [...hours.values()].map(
      ({ size, below }) => slope * (logOdds(sums.below, n) - logOdds(sums.below - below, n - size)),
    ),
  });
  const shared = sharedTime({
    units: sums.leaveOneOut * slope * slope,
    hours: squares,
    both: [...both.values()].reduce((sum, { size, below }) => sum + (below - share * size) ** 2, 0),
    ...spans,
  });
  const { low, high, notes } = clusteredQuantileRanks(p, { ...sums, shared });
  const at = (rank: number) => interpolateRank(rank, (whole) => sorted[whole - 1]);
  return {
    value: q,
    low: low < 1 ? Number.NEGATIVE_INFINITY : at(low),
    high: high > n ? Number.POSITIVE_INFINITY : at(high),
    noted: notes.length > 0,
  };
}

function tried(cell: Cell): Result {
  const { name, p, world } = cell;
  const truth = truthOfWorld(world)[`p${100 * p}`];
  const found: Result = { name, draws, held: 0, noted: 0, silent: 0, width: 0 };
  const [numbers, widths]: number[][] = [[], []];
  for (let seed = 1; seed <= draws; seed++) {
    const { value, low, high, noted } = intervalOf(cell, 104_729 * seed + name.length);
    const holds = low <= truth && truth <= high;
    found.held += holds ? 1 : 0;
    found.noted += noted ? 1 : 0;
    found.silent += holds || noted ? 0 : 1;
    numbers.push(value);
    if (Number.isFinite(high - low)) widths.push(high - low);
  }
  const mean = (of: number[]) => of.reduce((sum, x) => sum + x, 0) / of.length;
  const sd = Math.sqrt(mean(numbers.map((x) => (x - mean(numbers)) ** 2)));
  const middle = widths.sort((x, y) => x - y)[widths.length >> 1] ?? Number.NaN;
  return { ...found, width: Number((middle / (2 * 1.96 * sd)).toFixed(2)) };
}

function pageOf(results: readonly Result[]): string {
  const share = (count: number, of: number) => `${((100 * count) / of).toFixed(1)} %`;
  const parts = sections.flatMap(({ title, about, cells }) => {
    const rows = cells.flatMap(({ name, what, p }) => {
      const one = results.find((result) => result.name === name);
      if (one === undefined) return [];
      const { low, high } = wilson(one.held, one.draws);
      return [
        `| ${what} | p${100 * p} | ${one.draws} | ${share(one.held, one.draws)} | ${share(low, 1)} to ${share(high, 1)} | ${share(one.noted, one.draws)} | ${share(one.silent, one.draws)} | ${one.width.toFixed(2)} |`,
      ];
    });
    if (rows.length === 0) return [];
    return [
      `## ${title}\n\n${about}\n\n| log | quantile | draws | hold the truth | | with a note | miss and say nothing | width to the oracle's |\n|---|---|--:|--:|---|--:|--:|--:|\n${rows.join("\n")}\n`,
    ];
  });
  return [readFileSync(join(__dirname, "daysHead.md"), "utf8"), ...parts].join("\n");
}

const file = join(__dirname, "daysResults.json");
for (const cell of sections.flatMap(({ cells }) => cells)) {
  if (positionals.length > 0 && !positionals.some((word) => cell.name.includes(word))) continue;
  const result = tried(cell);
  console.log(JSON.stringify(result));
  if (!values.write) continue;
  const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const all = [...kept.filter(({ name }) => name !== cell.name), result];
  writeFileSync(file, recordLines(all));
  writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "days.md"), pageOf(all));
}
