import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";

const sql = statements(__dirname, "weeks.sql");

type Hour = Pick<WeekCell, "second" | "weekday" | "hour_of_day">;
const hourKey = ({ second, weekday, hour_of_day }: Hour) => `${second} ${weekday} ${hour_of_day}`;

/** The hours of the week in the view `week_calls`, on both sides; those that came by without a call have 0 calls. */
export async function weekCells(connection: DuckDBConnection): Promise<WeekCell[]> {
  type Counted = Hour & { calls: number; first: number | null; last: number | null };
  const counted = await rowsOf<Counted>(connection, sql.counts);
  const windows = [false, true].flatMap((second) => {
    const own = counted.filter((one) => one.second === second && one.first !== null);
    const first = Math.min(...own.map((one) => one.first as number));
    const last = Math.max(...own.map((one) => one.last as number));
    return own.length === 0 ? [] : [{ second, first, last }];
  });
  const passed = await rowsOf<Hour & { occurrences: number }>(connection, sql.calendar, {
    windows: JSON.stringify(windows),
  });
  const occurrences = new Map(passed.map((one) => [hourKey(one), one.occurrences]));
  const withCalls = new Set(counted.map(hourKey));
  return [
    ...counted.map(({ second, weekday, hour_of_day, calls }) => {
      const hour = { second, weekday, hour_of_day };
      return { ...hour, calls, occurrences: occurrences.get(hourKey(hour)) ?? 1 };
    }),
    ...passed.filter((one) => !withCalls.has(hourKey(one))).map((one) => ({ ...one, calls: 0 })),
  ];
}

/** One hour of the week on one side: its calls, and how often it occurred in the side's period. */
export interface WeekCell {
  second: boolean;
  /** 1 is Monday, 7 Sunday; 0 if calls have no time. */
  weekday: number;
  hour_of_day: number;
  calls: number;
  occurrences: number;
}

/** The weight of a call by the hour of the week it was made in; hours that are not listed are left out. */
export interface WeekWeight {
  second: boolean;
  weekday: number;
  hour_of_day: number;
  w: number;
}

/** What counts as the same time of the week, finest first. */
const levels = [
  {
    name: "weekday and hour",
    key: ({ weekday, hour_of_day }: WeekCell) => `${weekday} ${hour_of_day}`,
  },
  {
    name: "working day or weekend, and hour",
    key: ({ weekday, hour_of_day }: WeekCell) => `${weekday > 5} ${hour_of_day}`,
  },
  { name: "hour of the day", key: ({ hour_of_day }: WeekCell) => `${hour_of_day}` },
];

/** Minimum share of each side's calls that a level must keep to be used. */
const enough = 0.5;

/**
 * Weights that give side b the calendar of side a: hours of the week that both sides have, each as often as
 * side a had it. If both had every hour equally often, every call counts once.
 *
 * The finest level that keeps half of each side's calls is used, unless `keeps` asks for another share.
 *
 * @param sides the names for the calls of each side
 * @returns the weights, and whether hours were matched
 */
export function weekWeights(
  cells: readonly WeekCell[],
  sides: readonly [string, string] = ["of a", "of b"],
  keeps: (a: number, b: number) => boolean = (a, b) => Math.max(a, b) >= enough,
): { weights: WeekWeight[]; matched: boolean; notes: string[] } {
  const calls = (second: boolean, of: readonly WeekCell[]) =>
    of.reduce((sum, cell) => sum + (cell.second === second ? cell.calls : 0), 0);
  const [a, b] = [calls(false, cells), calls(true, cells)];
  const timed = cells.some(({ weekday }) => weekday > 0);
  for (const [at, { name, key }] of timed ? levels.entries() : []) {
    const common = both(cells, key);
    const kept = cells.filter((cell) => common.has(key(cell)));
    const [keptA, keptB] = [calls(false, kept), calls(true, kept)];
    if (!keeps(keptA / a, keptB / b) || keptA === 0 || keptB === 0) continue;
    const weights = kept.map(({ second, weekday, hour_of_day }) => ({
      second,
      weekday,
      hour_of_day,
      w: second ? (common.get(key({ weekday, hour_of_day } as WeekCell)) as number) : 1,
    }));
    const fallback = at === 0 ? "" : `, since ${levels[at - 1].name} are not on both sides`;
    const share = `${grouped(keptA)} of ${grouped(a)} calls ${sides[0]} and ${grouped(keptB)} of ${grouped(b)} ${sides[1]}`;
    return {
      weights,
      matched: true,
      notes: [`Matched by ${name}${fallback}: ${share} lie in hours that both sides have.`],
    };
  }
  const weights = cells.map(({ second, weekday, hour_of_day }) => ({ second, weekday, hour_of_day, w: 1 }));
  const why = timed ? "the two sides share too few hours of the day" : "calls have no time";
  return a === 0 || b === 0
    ? { weights, matched: false, notes: [] }
    : {
        weights,
        matched: false,
        notes: [`Not matched by the time of the week, since ${why}: it may differ between the sides.`],
      };
}

/** For times with calls on both sides, how often side a had them divided by how often side b had. */
function both(cells: readonly WeekCell[], key: (cell: WeekCell) => string): Map<string, number> {
  const seen = new Map<string, { calls: [number, number]; occurrences: [number, number] }>();
  for (const cell of cells) {
    const one = seen.get(key(cell)) ?? { calls: [0, 0], occurrences: [0, 0] };
    one.calls[cell.second ? 1 : 0] += cell.calls;
    one.occurrences[cell.second ? 1 : 0] += cell.occurrences;
    seen.set(key(cell), one);
  }
  const common = [...seen].filter(([, { calls }]) => calls[0] > 0 && calls[1] > 0);
  return new Map(
    common.map(
      ([
        name,
        {
          occurrences: [x, y],
        },
      ]) => [name, x / y],
    ),
  );
}
