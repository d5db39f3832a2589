import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { normalCdf } from "../../src/stats/normal";
import { type Random, random } from "../../src/stats/random";
import { open, type Store } from "../../src/store/open";
import { run } from "../../src/store/run";

/**
 * An artificial log whose truth is known without simulation. The logarithm of a wait is a sum of normals: effects
 * shared by the user, by the day and by the hour, a weekly pattern, and the call's own noise.
 */
export interface LogWorld {
  name: string;
  what: string;
  calls: number;
  users: number;
  /** User k calls in proportion to (k + 1) to this power, which is negative. Default 0: all alike. */
  zipf?: number;
  days: number;
  models?: number;
  /** Standard deviations of the logarithm by user, day, hour and call. */
  user: number;
  day?: number;
  /** Correlation of a day with the day before. */
  carried?: number;
  hour?: number;
  call: number;
  /** Half the difference between busy and quiet hours of a day, the same every day; and of a week. */
  daily?: number;
  weekly?: number;
  /** The share of calls that fail, and the correlation within a user. */
  errors?: number;
  icc?: number;
  /** Standard deviation of the logarithm of the cost of a task, by task and by user. */
  costs?: number;
  userCosts?: number;
  /** Incidents: how many are drawn (one each with this chance an hour), their hours, and how many times as slow. */
  incidents?: { chance: number; hours: number; times: number };
}

const types = {
  call_id: "VARCHAR",
  task_id: "VARCHAR",
  conversation_id: "VARCHAR",
  user_id: "VARCHAR",
  workload: "VARCHAR",
  model: "VARCHAR",
  started: "BIGINT",
  duration: "DOUBLE",
  cost: "DOUBLE",
  status: "VARCHAR",
};

const MIDDLE = 2;
const USD = 0.01;

/** The weekly pattern on the log scale. */
function pattern({ daily = 0, weekly = 0 }: LogWorld, hour: number): number {
  const [ofDay, day] = [hour % 24, Math.floor(hour / 24) % 7];
  return daily * Math.sin((2 * Math.PI * ofDay) / 24) + (day >= 5 ? weekly : (-weekly * 2) / 5);
}

/** One log as rows. */
export function rowsOfWorld(world: LogWorld, seed: number): Record<string, string | number>[] {
  const source = random(seed);
  const { calls, days, models = 3, errors = 0, icc = 0 } = world;
  const weights = Array.from({ length: world.users }, (_, k) => (k + 1) ** (world.zipf ?? 0));
  const upTo = weights.map((_, k) => weights.slice(0, k + 1).reduce((sum, one) => sum + one, 0));
  const normals = (count: number, sd = 0) => Array.from({ length: count }, () => sd * source.normal());
  const ofUser = normals(world.users, world.user);
  const costOfUser = normals(world.users, world.userCosts);
  const failing = weights.map(() => userErrors(source, errors, icc));
  const hours = normals(24 * days, world.hour);
  const { day: sd = 0, carried = 0 } = world;
  let before = sd * source.normal();
  for (let day = 0; day < days; day++) {
    if (day > 0) before = carried * before + Math.sqrt(1 - carried ** 2) * sd * source.normal();
    for (let hour = 0; hour < 24; hour++) hours[24 * day + hour] += before;
  }
  const { chance = 0, hours: lasting = 0, times = 1 } = world.incidents ?? {};
  const slow = hours.map(() => 0);
  for (let hour = 1 - lasting; hour < hours.length; hour++)
    if (source.uniform() < chance)
      for (let at = Math.max(0, hour); at < Math.min(hours.length, hour + lasting); at++)
        slow[at] = Math.log(times);
  return Array.from({ length: calls }, (_, at) => {
    const spot = source.uniform() * upTo[upTo.length - 1];
    const user = upTo.findIndex((sum) => sum >= spot);
    const hour = source.integer(24 * days);
    const wait =
      ofUser[user] + hours[hour] + slow[hour] + pattern(world, hour) + world.call * source.normal();
    return {
      call_id: `c${at}`,
      task_id: `t${at}`,
      conversation_id: `s${user}-${source.integer(1 + Math.floor(calls / world.users / 3))}`,
      user_id: `u${user}`,
      workload: "chat",
      model: `m${source.integer(models)}`,
      started: Date.UTC(2026, 2, 2) * 1000 + hour * 3_600_000_000 + source.integer(3_600_000_000),
      duration: MIDDLE * Math.exp(wait),
      cost: USD * Math.exp(costOfUser[user] + (world.costs ?? 0) * source.normal()),
      status: source.uniform() < failing[user] ? "error" : "ok",
    };
  });
}

/** A user's own share of failures: 0 or 1 if a user's calls are perfectly correlated. */
function userErrors(source: Random, errors: number, icc: number): number {
  if (icc === 0 || errors === 0) return errors;
  // A beta distribution with this mean and correlation, from two gammas.
  const size = 1 / icc - 1;
  const [a, b] = [gamma(source, errors * size), gamma(source, (1 - errors) * size)];
  return a + b === 0 ? 0 : a / (a + b);
}

/** A gamma variate by Marsaglia & Tsang (2000), doi:10.1145/358407.358414. */
function gamma(source: Random, shape: number): number {
  if (shape < 1) return gamma(source, shape + 1) * source.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = source.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - source.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A store in memory with one log. */
export const storeOfWorld = (world: LogWorld, seed: number): Promise<Store> =>
  storeOfRows(rowsOfWorld(world, seed));

/** A store in memory with these rows. */
export async function storeOfRows(rows: readonly Record<string, string | number>[]): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-world-"));
  const store = await open(":memory:");
  try {
    const file = join(folder, "calls.jsonl");
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
    const shape = Object.entries(types).map(([name, type]) => `${name}: '${type}'`);
    await run(
      store.connection,
      `insert into calls by name select * exclude (started), make_timestamp(started) as started_at
       from read_json($file, format = 'newline_delimited', columns = {${shape}})`,
      { file },
    );
    return store;
  } catch (error) {
    store.close();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is true of a world in the long run; the share of incident hours is the one drawn. */
export function truthOfWorld(world: LogWorld): Record<string, number> {
  const variance = world.user ** 2 + (world.day ?? 0) ** 2 + (world.hour ?? 0) ** 2 + world.call ** 2;
  const sd = Math.sqrt(variance);
  const slots = Array.from({ length: 168 }, (_, hour) => pattern(world, hour));
  const { chance = 0, hours: lasting = 0, times = 1 } = world.incidents ?? {};
  const slow = 1 - (1 - chance) ** lasting;
  const parts = slots.flatMap((shift) => [
    { shift, weight: (1 - slow) / 168 },
    { shift: shift + Math.log(times), weight: slow / 168 },
  ]);
  const below = (x: number) =>
    parts.reduce((sum, { shift, weight }) => sum + weight * normalCdf((x - shift) / sd), 0);
  const quantile = (p: number) => {
    let [low, high] = [-20, 20];
    for (let i = 0; i < 80; i++) {
      const middle = (low + high) / 2;
      if (below(middle) < p) low = middle;
      else high = middle;
    }
    return MIDDLE * Math.exp(low);
  };
  const mean = parts.reduce((sum, { shift, weight }) => sum + weight * Math.exp(shift), 0);
  const cost = USD * Math.exp(((world.costs ?? 0) ** 2 + (world.userCosts ?? 0) ** 2) / 2);
  return {
    mean: MIDDLE * mean * Math.exp(variance / 2),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    error_rate: world.errors ?? 0,
    cost_per_task: cost,
  };
}
