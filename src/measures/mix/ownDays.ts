import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "../../store/run";

/** A group whose calls do not lie on the days on which those of all groups together do. */
export interface OwnDays {
  g: string;
  /** The share that does, 0 to 1. */
  shared: number;
}

/** From this share of days in common on, a day tells on neither side; below it, a group has days of its own. */
export const SAME_DAYS = 0.8;

const daysOfGroups = `
  select g::varchar as g, hour // 86400000000 as day, count(distinct cluster)::double as n
  from call_units
  where answers and production and not again and hour is not null
  group by g, day
  order by g, day`;

/**
 * The groups that have days of their own: what their days had of incidents and of load, the others do not have.
 *
 * The share of days in common is that of users of a day (sum of the smaller shares). Few users have fewer days in common by
 * chance alone: that is allowed for.
 *
 * @param wholeOf the name of the groups that are compared with one another
 */
export async function ownDays(
  connection: DuckDBConnection,
  wholeOf: (g: string) => string,
): Promise<OwnDays[]> {
  const rows = await rowsOf<{ g: string; day: bigint; n: number }>(connection, daysOfGroups);
  const groups = sumsBy(rows, ({ g }) => g);
  const wholes = sumsBy(rows, ({ g }) => wholeOf(g));
  return [...groups].flatMap(([g, days]) => {
    const whole = wholes.get(wholeOf(g)) ?? days;
    const [n, all] = [total(days), total(whole)];
    let [shared, noise] = [0, 0];
    for (const [day, count] of whole) {
      shared += Math.min((days.get(day) ?? 0) / n, count / all);
      noise += Math.sqrt((count / all) * (1 / n - 1 / all));
    }
    // The mean of the absolute value of a normal deviate is .8 of its standard deviation; half of it is not in common.
    return shared < SAME_DAYS * Math.max(0, 1 - 0.4 * noise) ? [{ g, shared }] : [];
  });
}

type Days = Map<string, number>;
const total = (days: Days) => [...days.values()].reduce((sum, n) => sum + n, 0);

function sumsBy<T extends { day: bigint; n: number }>(rows: readonly T[], nameOf: (row: T) => string) {
  const found = new Map<string, Days>();
  for (const row of rows) {
    const days = found.get(nameOf(row)) ?? new Map<string, number>();
    found.set(nameOf(row), days);
    days.set(String(row.day), (days.get(String(row.day)) ?? 0) + row.n);
  }
  return found;
}
