// How wide the intervals of a table's rows are where days share nothing, and whether they hold where some share something.
// node --import tsx test/calibration/widths.ts [WORD... --draws 150 --write]
// Words choose tables by their names. --write keeps each in test/calibration/widthResults.json as soon as it is done, and all
// of them in docs/simulations/widths.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { clusteredQuantileRanks, logOdds, quantileClusters } from "../../src/stats/clusteredQuantile";
import { timeSquares } from "../../src/stats/hourSeries";
import { meanBounds } from "../../src/stats/mean";
import { interpolateRank, quantile, quantileRank } from "../../src/stats/quantile";
import { random } from "../../src/stats/random";
import { pooledDays, type SharedTime, sharedTime } from "../../src/stats/sharedTime";
import { recordLines } from "../recordLines";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { draws: { type: "string", default: "150" }, write: { type: "boolean", default: false } },
});
const draws = Number(values.draws);

const DAYS = 28;
/** Standard deviation of a call's logarithm. */
const CALL = 0.6;

/** A table: how many rows it has, the calls and users of each, and what the days of its first rows share. */
interface Table {
  name: string;
  what: string;
  rows: number;
  calls: number;
  users: number;
  shared?: { rows: number; day: number; carried: number; own?: boolean };
}

const tables: Table[] = [
  { name: "one", what: "1 row of 5,500 calls", rows: 1, calls: 5500, users: 2000 },
  { name: "models", what: "6 rows of 1,000 calls", rows: 6, calls: 1000, users: 120 },
  { name: "cells", what: "18 rows of 5,500 calls", rows: 18, calls: 5500, users: 2000 },
  { name: "groups", what: "160 rows of 600 calls", rows: 160, calls: 600, users: 300 },
  ...[
    { rows: 1, all: 18 },
    { rows: 6, all: 6 },
  ].flatMap(({ rows, all }) =>
    [
      { day: 0.15, carried: 0 },
      { day: 0.2, carried: 0.5 },
      { day: 0.2, carried: 0.8 },
    ].map(({ day, carried }) => ({
      name: `${rows} of ${all} ${day} ${carried}`,
      what: `${rows} of ${all} rows of 1,000 calls: days differ by ${100 * day} %, carrying over ${carried}`,
      rows: all,
      calls: 1000,
      users: 120,
      shared: { rows, day, carried },
    })),
  ),
];

/** A row's calls, and the sums that its mean and its median are made of. */
interface Row {
  mean: Parameters<typeof meanBounds>[0];
  median: Parameters<typeof clusteredQuantileRanks>[1];
  sorted: Float64Array;
  sharedMean: SharedTime;
  sharedMedian: SharedTime;
}

/** How a day differs in all rows whose days share something. */
function dayLevels(source: ReturnType<typeof random>, { day, carried }: { day: number; carried: number }) {
  let level = day * source.normal();
  return Array.from({ length: DAYS }, (_, at) => {
    if (at > 0) level = carried * level + Math.sqrt(1 - carried ** 2) * day * source.normal();
    return level;
  });
}

function rowOf({ calls, users }: Table, levels: readonly number[], source: ReturnType<typeof random>): Row {
  const user = Int32Array.from({ length: calls }, () => source.integer(users));
  const hour = Int32Array.from({ length: calls }, () => source.integer(24 * DAYS));
  const logs = Float64Array.from(hour, (at) => levels[Math.floor(at / 24)] + CALL * source.normal());
  const mean = logs.reduce((sum, x) => sum + x, 0) / calls;
  const sorted = Float64Array.from(logs).sort();
  const middle = interpolateRank(quantileRank(calls, 0.5), (rank) => sorted[rank - 1]);
  const median = quantileClusters(logs, user, users, middle);
  const slope = (median.below * (calls - median.below)) / calls;
  const met = new Map<string, number>();
  const both = Int32Array.from(user, (one, at) => {
    const key = `${one} ${hour[at]}`;
    const code = met.get(key) ?? met.size;
    met.set(key, code);
    return code;
  });
  const sums = (codes: Int32Array, of: (x: number) => number) => {
    const found = new Map<number, [size: number, sum: number]>();
    for (const [at, code] of codes.entries()) {
      const [size, sum] = found.get(code) ?? [0, 0];
      found.set(code, [size + 1, sum + of(logs[at])]);
    }
    return found;
  };
  const squares = (found: Map<number, [number, number]>, centre: number) =>
    [...found.values()].reduce((sum, [size, total]) => sum + (total - centre * size) ** 2, 0);
  const isBelow = (x: number) => (x < middle ? 1 : x === middle ? 0.5 : 0);
  const spread = (
    of: (x: number) => number,
    units: number,
    centre: number,
    shift: (size: number, total: number) => number,
  ) => {
    const inHours = [...sums(hour, of)];
    const { squares: hours, ...spans } = timeSquares({
      hours: inHours.map(([at]) => at),
      sizes: inHours.map(([, [size]]) => size),
      deviations: inHours.map(([, [size, total]]) => shift(size, total)),
    });
    return sharedTime({ units, hours, both: squares(sums(both, of), centre), ...spans });
  };
  const byUser = sums(user, (x) => x);
  const sizes = [...byUser.values()].map(([size]) => size);
  const residualSquares = squares(byUser, mean);
  return {
    mean: {
      n: calls,
      total: mean * calls,
      deviations: logs.reduce((sum, x) => sum + (x - mean) ** 2, 0),
      clusters: byUser.size,
      sizeSquares: sizes.reduce((sum, size) => sum + size * size, 0),
      residualSquares,
    },
    median,
    sorted,
    sharedMean: spread(
      (x) => x,
      residualSquares,
      mean,
      (size, total) => total - mean * size,
    ),
    sharedMedian: spread(isBelow, median.leaveOneOut * slope ** 2, median.below / calls, (size, below) => {
      return slope * (logOdds(median.below, calls) - logOdds(median.below - below, calls - size));
    }),
  };
}

type Ends = [low: number, high: number];

function medianEnds({ median, sorted }: Row, shared: SharedTime | undefined): Ends {
  const { low, high } = clusteredQuantileRanks(0.5, shared === undefined ? median : { ...median, shared });
  return [low, high].map((rank) => interpolateRank(rank, (whole) => sorted[whole - 1])) as Ends;
}

function meanEnds({ mean }: Row, shared: SharedTime | undefined): Ends {
  const { low, high } = meanBounds(shared === undefined ? mean : { ...mean, shared }, {
    level: 0.95,
    method: "t",
  });
  return [low, high];
}

interface Result {
  name: string;
  number: "mean" | "p50";
  draws: number;
  intervals: number;
  held: number;
  /** Intervals above 1.25 and 1.5 times the width without time; the median of that factor, and the largest. */
  wider: number;
  wide: number;
  middle: number;
  most: number;
  /** Of the rows whose days share something: how many, and how many hold the truth. */
  own: number;
  ownHeld: number;
}

function tried(table: Table): Result[] {
  const kinds = [
    { number: "mean" as const, ends: meanEnds, time: (row: Row) => row.sharedMean },
    { number: "p50" as const, ends: medianEnds, time: (row: Row) => row.sharedMedian },
  ];
  const none = { draws, intervals: 0, held: 0, wider: 0, wide: 0, middle: 0, most: 0, own: 0, ownHeld: 0 };
  const results = kinds.map(({ number }) => ({ name: table.name, number, ...none }));
  const factors: number[][] = kinds.map(() => []);
  for (let draw = 1; draw <= draws; draw++) {
    const source = random(7919 * draw + table.name.length);
    const levels = dayLevels(source, table.shared ?? { day: 0, carried: 0 });
    const still = levels.map(() => 0);
    const sharing = table.shared?.rows ?? 0;
    const rows = Array.from({ length: table.rows }, (_, at) =>
      rowOf(table, at < sharing ? levels : still, source),
    );
    for (const [kind, { ends, time }] of kinds.entries()) {
      const shared = pooledDays(rows.map(time));
      for (const [at, row] of rows.entries()) {
        const [low, high] = ends(row, shared[at]);
        const [least, most] = ends(row, undefined);
        const result = results[kind];
        const holds = low <= 0 && high >= 0 ? 1 : 0;
        result.intervals++;
        result.held += holds;
        if (at < sharing) {
          result.own++;
          result.ownHeld += holds;
        } else factors[kind].push((high - low) / (most - least));
      }
    }
  }
  return results.map((result, kind) => {
    const found = factors[kind];
    const above = (limit: number) => found.filter((factor) => factor > limit).length;
    if (found.length === 0) return result;
    const [middle, most] = [quantile(found, 0.5), Math.max(...found)].map((x) => Number(x.toFixed(3)));
    return { ...result, wider: above(1.25), wide: above(1.5), middle, most };
  });
}

const share = (count: number, of: number) => (of === 0 ? "–" : `${((100 * count) / of).toFixed(1)} %`);

function pageOf(results: readonly Result[]): string {
  const rows = tables.flatMap(({ name, what }) =>
    results
      .filter((one) => one.name === name)
      .map((one) => {
        const still = one.intervals - one.own;
        const factors = still === 0 ? "– | – " : `${one.middle.toFixed(2)} | ${one.most.toFixed(1)} `;
        return `| ${what} | ${one.number} | ${one.draws} | ${share(one.held - one.ownHeld, still)} | ${share(one.wider, still)} | ${share(one.wide, still)} | ${factors}| ${share(one.ownHeld, one.own)} |`;
      }),
  );
  return `${readFileSync(join(__dirname, "widthsHead.md"), "utf8")}
| table | number | draws | rows without: hold the truth | 1.25 times as wide | 1.5 times | median | most | rows with days of their own: hold the truth |
|---|---|--:|--:|--:|--:|--:|--:|--:|
${rows.join("\n")}
`;
}

const file = join(__dirname, "widthResults.json");
for (const table of tables) {
  if (positionals.length > 0 && !positionals.some((word) => table.name.includes(word))) continue;
  const found = tried(table);
  for (const one of found) console.log(JSON.stringify(one));
  if (!values.write) continue;
  const kept: Result[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const all = [...kept.filter(({ name }) => name !== table.name), ...found];
  writeFileSync(file, recordLines(all));
  writeFileSync(join(__dirname, "..", "..", "docs", "simulations", "widths.md"), pageOf(all));
}
