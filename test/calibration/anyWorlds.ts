import { quantile } from "../../src/stats/quantile";
import { type Random, random } from "../../src/stats/random";
import type { CascadeWorld } from "./cascadeWorld";
import type { PreferenceWorld, RunWorld } from "./rankWorlds";
import { alike, modelNames, type Shared, workOf } from "./sentenceWorlds";
import { type Board, spread } from "./suspicionWorlds";

/** One world of which everything is drawn: its models, users, days, faults, boards and raters. */
export interface AnyWorld {
  shared: Shared;
  board: RunWorld;
  raters: PreferenceWorld;
  /** What a benchmark's order has to do with the work's, and how noisy both are. */
  agreeing: { models: number; rho: number; noise: number; benchmarkNoise: number };
  leaked: Board;
  cascade: CascadeWorld;
}

/** Draws one of some values, or a number between two, evenly or evenly on the log scale. */
function drawing(r: Random) {
  const between = (low: number, high: number) => low + (high - low) * r.uniform();
  return {
    between,
    times: (low: number, high: number) => Math.exp(between(Math.log(low), Math.log(high))),
    one: <T>(...of: T[]): T => of[r.integer(of.length)],
    happens: (share: number) => r.uniform() < share,
    list: <T>(length: number, of: (at: number) => T): T[] => Array.from({ length }, (_, at) => of(at)),
  };
}

/** Whether the models of a log are all equal, and where not, in what they differ. */
function modelsOf(d: ReturnType<typeof drawing>, count: number): Partial<Shared> {
  const usual = { resolved: alike(count).map(() => 0.8), failing: d.list(count, () => 0.02) };
  if (d.happens(0.4)) return usual;
  return {
    ...usual,
    ...(d.happens(0.6) ? { resolved: d.list(count, () => d.one(0.5, 0.7, 0.75, 0.8, 0.85, 0.9)) } : {}),
    ...(d.happens(0.5) ? { slower: d.list(count, () => d.one(1, 1, 1.15, 1.5)) } : {}),
    ...(d.happens(0.5) ? { price: d.list(count, () => d.one(1, 1, 0.8, 0.3)) } : {}),
    ...(d.happens(0.3) ? { failing: d.list(count, () => d.one(0.02, 0.02, 0.06, 0.15)) } : {}),
    ...(d.happens(0.3) ? { uneven: d.list(count, () => d.one(0.3, 0.4, 0.7)) } : {}),
  };
}

/** What is wrong with a log: mostly something is. */
function faults(d: ReturnType<typeof drawing>, count: number): Partial<Shared> {
  const told = (): [number, number] => [d.between(0.6, 1), d.between(0.3, 1)];
  return {
    ...(d.happens(0.4) ? { reportedBy: d.list(count, told) } : {}),
    ...(d.happens(0.4) ? { userOdds: d.between(0.2, 1) } : {}),
    ...(d.happens(0.4) ? { dayOdds: d.between(0.1, 0.7) } : {}),
    ...(d.happens(0.4) ? { dayWaits: d.between(0.05, 0.3) } : {}),
    ...(d.happens(0.15) ? { ownDays: true } : {}),
    ...(d.happens(0.3) ? { long: d.list(count, () => d.one(0.3, 0.5, 0.7)) } : {}),
    ...(d.happens(0.4) ? { unpriced: d.list(count, () => d.one(0, 0.02, 0.1, 0.3, 1)) } : {}),
    ...(d.happens(0.2) ? { costless: d.list(count, () => d.one(0, 0, 0.1, 0.3)) } : {}),
    ...(d.happens(0.3) ? { later: d.one(1.2, 1.6, 0.6) } : {}),
    ...(d.happens(0.5) ? { evenLengths: true } : {}),
  };
}

/** The worlds of a batch lie in one store, whose highest price bounds unknown costs: their costs have tails alike. */
export const BATCH = 50;

const tailsOf = (batch: number): Partial<Shared> => ({
  spread: [0.1, 0.5, 1.2][batch % 3],
  ...(batch % 4 === 3 ? { pareto: [1.5, 2, 3][batch % 3] } : {}),
});

/** The world of a seed. */
export function anyWorld(seed: number): AnyWorld {
  const r = random(seed, 35);
  const d = drawing(r);
  const count = 2 + r.integer(3);
  const shared: Shared = {
    ...{
      tasks: Math.round(d.times(300, 1200)),
      users: Math.round(d.times(6, 90)),
      days: d.one(10, 14, 20, 28),
    },
    ...tailsOf(Math.floor(seed / BATCH)),
    ...{ providers: d.happens(0.5) ? [1, 1, 1] : [1, 1.1, 1.3] },
    ...modelsOf(d, count),
    ...faults(d, count),
  };
  const models = 4 + r.integer(9);
  const strengths = (by: number) =>
    d.happens(0.4) ? alike(models).map(() => 0) : d.list(models, () => by * r.normal());
  return {
    shared,
    board: {
      ...{ strengths: strengths(1), runs: d.list(models, () => 1 + r.integer(3)), run: d.times(0.2, 1) },
      items: d.one(0.3, 0.6, 1),
    },
    raters: {
      ...{ strengths: strengths(0.4).slice(0, 6), comparisons: Math.round(d.times(150, 900)) },
      ...{ raters: Math.round(d.times(2, 40)), taste: d.one(0, 0.3), prompts: 60, suits: d.one(0, 0.3) },
      ...{ ties: d.one(0.1, 0.3, 1.2), uneven: d.happens(0.5) },
    },
    agreeing: { models, rho: d.between(-0.5, 1), noise: d.times(0.05, 1), benchmarkNoise: d.one(0, 0.3) },
    leaked: {
      ...{ abilities: spread(models), items: Math.round(d.times(150, 1000)), grows: d.one(0, 0, 0.2) },
      ...{ apart: ({ normal }) => 0.2 * normal(), seen: d.happens(0.4) ? [1] : [] },
    },
    cascade: {
      ...{
        cheap: d.one(0.3, 1, 2),
        dear: d.one(1, 2),
        tells: d.one(0, 1, 2.5),
        tasks: Math.round(d.times(400, 1500)),
      },
      ...{ users: Math.round(d.times(8, 60)), log: d.one("sent on", "by users", "prompts", "by score") },
    },
  };
}

/** What is true of one model, at the mix of short and long tasks that it is given here. */
export interface Truth {
  resolve_rate: number;
  error_rate: number;
  cost_per_call: number;
  cost_per_task: number;
  cost_per_resolved: number;
  duration_p50: number;
  duration_p95: number;
  /** Rates of resolved tasks among short and among long inputs. */
  short: number;
  long: number;
}

/** Long inputs of the worlds start about here. */
export const LONG = 2500;

/**
 * The truth about a model over many users and days. All are asked the same, so that models that are equal are so to the
 * last digit.
 */
export function truthOfModel(shared: Shared, at: number, long = 0.5, tasks = 4_000): Truth {
  const own = (of: number[] | undefined) => (of === undefined ? undefined : [of[at]]);
  const { resolved = alike(2), slower, price, failing, uneven, spread: width = 0.1 } = shared;
  const { calls, outcomes } = workOf(1, {
    ...shared,
    ...{
      resolved: [resolved[at]],
      slower: own(slower),
      price: own(price),
      failing: own(failing),
      uneven: own(uneven),
    },
    ...{ long: [long], reportedBy: undefined, unpriced: undefined, costless: undefined, pareto: undefined },
    ...{ spread: 0.1, tasks, users: 1000, days: 1000, ownDays: undefined },
  });
  const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length;
  const good = outcomes.map(([, one]) => (one ? 1 : 0));
  const isLong = calls.map(({ input_tokens }) => Number(input_tokens) > LONG);
  const waits = calls.filter(({ status }) => status === "ok").map(({ duration }) => Number(duration));
  const cost = mean(calls.map((call) => Number(call.cost))) * Math.exp((width ** 2 - 0.1 ** 2) / 2);
  return {
    resolve_rate: mean(good),
    error_rate: mean(calls.map(({ status }) => (status === "ok" ? 0 : 1))),
    ...{ cost_per_call: cost, cost_per_task: cost, cost_per_resolved: cost / mean(good) },
    ...{ duration_p50: quantile(waits, 0.5), duration_p95: quantile(waits, 0.95) },
    short: mean(good.filter((_, task) => !isLong[task])),
    long: mean(good.filter((_, task) => isLong[task])),
  };
}

/** The truth about each model of a world at one mix. */
export function truthsOf(shared: Shared): Map<string, Truth> {
  const count = shared.resolved?.length ?? 2;
  // Equal models have one truth.
  const known = new Map<string, Truth>();
  const all = modelNames.slice(0, count).map((name, at): [string, Truth] => {
    const { resolved, slower, price, failing, uneven } = shared;
    const key = JSON.stringify([resolved, slower, price, failing, uneven].map((of) => of?.[at]));
    const truth = known.get(key) ?? truthOfModel(shared, at);
    known.set(key, truth);
    return [name, truth];
  });
  return new Map(all);
}
