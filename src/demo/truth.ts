import { quantileOf } from "./histogram";
import { type Lane, layLanes } from "./lane";
import { clearTally, createTally, mergeTally, type Tally, tallyTask } from "./tally";
import { traffic } from "./traffic";
import type { World } from "./world";

/** A number of the long run with its own Monte-Carlo standard error; null where the world has none. */
export interface Known {
  value: number | null;
  standard_error: number | null;
}

export interface TruthRow {
  by: Record<string, string>;
  /** Calls of the long run in this row. */
  calls: number;
  /** Share of the latencies that stand at a timeout's limit. */
  censored: number;
  measures: Record<string, Known>;
}

/** What is true of a world, whatever one week of it happened to show. */
export interface Truth {
  definition: string;
  calls: number;
  weeks: number;
  batches: number;
  rows: TruthRow[];
}

const definition =
  "Population values of the process: the law of a call (or task) drawn at random over redrawn users, hours, incidents " +
  "and tasks, as shares and sums pooled over independent runs of the world's days, each with a seed of its own. " +
  "duration and time_to_first_token (seconds): calls with status ok or timeout, a timeout at its limit, so a mean is " +
  "of min(duration, limit) and a quantile at the limit means 'at least'. Rates are shares of calls: server_error, " +
  "timeout, rate_limited and cancelled by status, error the first three together; retry where attempt > 1; fallback " +
  "where fallback_from is filled. Costs in US dollars, as logged or by the price list. A task counts for the lane of " +
  "its first call, with all its calls; cost_per_resolved is the sum of cost over the number of resolved tasks. " +
  "standard_error is the Monte-Carlo error of the long run, from its batches.";

const groupings: (keyof Lane & ("workload" | "model" | "provider"))[][] = [
  ["workload"],
  ["model"],
  ["workload", "model"],
  ["model", "provider"],
  ["workload", "model", "provider"],
];
const quantiles = [0.5, 0.95, 0.99, 0.999];
const batches = 20;
const callsPerRun = 4000;
// Far from the seeds anyone gives to a demo.
const firstSeed = 2 ** 40;

function measuresOf(tally: Tally): Record<string, number> {
  const measures: Record<string, number> = {};
  for (const [name, histogram, censored] of [
    ["duration", tally.duration, tally.censored],
    ["time_to_first_token", tally.timeToFirstToken, tally.firstCensored],
  ] as const) {
    measures[`${name}.mean`] = histogram.sum / histogram.n / 1e6;
    for (const p of quantiles) {
      const atLimit = p > 1 - censored / histogram.n && !Number.isNaN(tally.limit);
      measures[`${name}.${p}`] = (atLimit ? tally.limit : quantileOf(histogram, p)) / 1e6;
    }
  }
  const { calls, tasks } = tally;
  return {
    ...measures,
    error_rate: (tally.error + tally.timeout + tally.rate_limited) / calls,
    server_error_rate: tally.error / calls,
    timeout_rate: tally.timeout / calls,
    rate_limited_rate: tally.rate_limited / calls,
    cancelled_rate: tally.cancelled / calls,
    retry_rate: tally.retried / calls,
    fallback_rate: tally.fallbacks / calls,
    cost_per_call: tally.callCost / calls,
    cost_per_task: tally.taskCost / tasks,
    cost_per_resolved: tally.taskCost / tally.resolved,
    attempts_per_task: tally.taskCalls / tasks,
    resolve_rate: tally.resolved / tally.settled,
    mixed_tasks: tally.mixed / tasks,
  };
}

/** Throws where a run is too short for its batches. */
export function checkTruthCalls(by: string, name: string, calls: number): void {
  if (!(calls >= batches * callsPerRun && calls <= Number.MAX_SAFE_INTEGER))
    throw new RangeError(`${by} requires ${name} >= ${batches * callsPerRun}, got ${calls}`);
}

const rounded = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(7)) : null);

/**
 * Runs a world long, with new users, hours, incidents and tasks each time, and reads its true values off.
 *
 * @param calls calls of all runs together, at least 80,000 (default 2,000,000); the error falls with their root
 * @param progress told the calls done and the calls to do, now and then
 * @throws RangeError for fewer calls
 */
export function truthOf(
  world: World,
  {
    calls = 2_000_000,
    progress = () => {},
  }: { calls?: number; progress?: (done: number, all: number) => void } = {},
): Truth {
  checkTruthCalls("truthOf", "calls", calls);
  const least = batches * callsPerRun;
  const lanes = layLanes(world);
  const groups = new Map<
    string,
    { by: Record<string, string>; lanes: Lane[]; all: Tally; draws: Record<string, number>[] }
  >();
  for (const columns of groupings)
    for (const lane of lanes.all) {
      const by = Object.fromEntries(columns.map((column) => [column, lane[column]]));
      const key = JSON.stringify(by);
      const group = groups.get(key) ?? { by, lanes: [], all: createTally(), draws: [] };
      group.lanes.push(lane);
      groups.set(key, group);
    }
  const tallies = lanes.all.map(({ work }) => createTally(work.timeout * 1e6));
  const part = createTally();
  const runs = Math.ceil(calls / least);
  for (let batch = 0; batch < batches; batch++) {
    for (const tally of tallies) clearTally(tally);
    for (let run = 0; run < runs; run++) {
      const seed = firstSeed + batch * runs + run;
      for (const task of traffic(world, { seed, calls: callsPerRun, lanes })) tallyTask(tallies, task);
      progress((batch * runs + run + 1) * callsPerRun, runs * least);
    }
    for (const group of groups.values()) {
      clearTally(part);
      part.limit = -1;
      for (const { index } of group.lanes) mergeTally(part, tallies[index]);
      group.draws.push(measuresOf(part));
      mergeTally(group.all, part);
    }
  }
  const rows = [...groups.values()]
    .filter(({ all }) => all.calls > 0)
    .map(({ by, all, draws }): TruthRow => {
      const measures = Object.entries(measuresOf(all)).map(([name, value]): [string, Known] => {
        const seen = draws.map((draw) => draw[name]);
        const mean = seen.reduce((sum, x) => sum + x, 0) / batches;
        const variance = seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (batches - 1);
        return [name, { value: rounded(value), standard_error: rounded(Math.sqrt(variance / batches)) }];
      });
      return {
        by,
        calls: all.calls,
        censored: rounded(all.censored / all.duration.n) ?? 0,
        measures: Object.fromEntries(measures.filter(([, { value }]) => value !== null)),
      };
    });
  return { definition, calls: runs * least, weeks: runs * batches, batches, rows };
}
