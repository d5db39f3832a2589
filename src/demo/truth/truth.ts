import { type Lane, layLanes } from "../traffic/lane";
import { traffic } from "../traffic/traffic";
import type { World } from "../world/world";
import { type StudyTruth, truthOfStudy } from "./studyTruth";
import { clearTally, createTally, mergeTally, type Tally, tallyTask } from "./tally";
import { definition, isKnown, type Known, measuresOf, type TruthRow } from "./truthMeasures";
import {
  type BenchmarkTruth,
  type Planted,
  plantedIn,
  type RankTruth,
  ranksOf,
  truthOfBenchmarks,
} from "./truthOfWorld";

/** The true values of a world, whatever one week of it happened to show. */
export interface Truth {
  definition: string;
  calls: number;
  weeks: number;
  batches: number;
  /** The effects planted in the world on purpose. */
  planted: Planted;
  rows: TruthRow[];
  /** One entry per model of the repeated-prompt study; empty if there is no study. */
  study: StudyTruth[];
  benchmarks: BenchmarkTruth[];
  /** How the true order of each benchmark agrees with that of production. */
  ranks: RankTruth[];
}

/**
 * The columns that identify a row: "prompt_version" and "release" only if a workload has them, "operation" if it has
 * several.
 */
const groupings: (keyof Cell & string)[][] = [
  ["workload"],
  ["model"],
  ["workload", "model"],
  ["model", "provider"],
  ["workload", "model", "provider"],
  ["workload", "release"],
  ["workload", "prompt_version"],
  ["workload", "model", "prompt_version"],
  ["workload", "operation"],
  ["workload", "operation", "model"],
];
const batches = 20;
const callsPerRun = 4000;
// Far from the seeds that anyone uses for a demo.
const firstSeed = 2 ** 40;

/** A cell with its own tally: a lane in one release and one pipeline. */
interface Cell {
  workload: string;
  model: string;
  provider: string;
  release: string;
  prompt_version: string;
  operation: string;
  tally: Tally;
}

/** The cells of all lanes, and the index of each. */
function layCells(lanes: readonly Lane[]) {
  const cells: Cell[] = [];
  const starts = lanes.map(({ workload, model, provider, operation, kind, work, variants }) => {
    const start = cells.length;
    for (const release of variants.releases)
      for (const { name } of variants.pipelines.items)
        cells.push({
          workload,
          model,
          provider,
          release: release.name,
          prompt_version: name,
          operation: kind === "" ? "" : operation,
          tally: createTally(work.timeout * 1e6),
        });
    return start;
  });
  const of = (lane: Lane, release: number, pipeline: number) =>
    cells[starts[lane.index] + release * lane.variants.pipelines.items.length + pipeline].tally;
  return { cells, of };
}

/** Throws if a run is too short for its batches. */
export function checkTruthCalls(by: string, name: string, calls: number): void {
  if (!(calls >= batches * callsPerRun && calls <= Number.MAX_SAFE_INTEGER))
    throw new RangeError(`${by} requires ${name} >= ${batches * callsPerRun}, got ${calls}`);
}

const rounded = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(7)) : null);

/**
 * Runs a world for a long time, in runs with new users, hours, incidents and tasks, and returns its true values.
 *
 * @param calls calls of all runs together, at least 80,000 (default 2,000,000); the error falls with their square root
 * @param progress called now and then with the calls done and the total
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
  const { cells, of } = layCells(lanes.all);
  const groups = new Map<
    string,
    { by: Record<string, string>; tallies: Tally[]; all: Tally; draws: Record<string, number>[] }
  >();
  for (const columns of groupings)
    for (const cell of cells) {
      if (columns.some((column) => cell[column] === "")) continue;
      const by = Object.fromEntries(columns.map((column) => [column, cell[column] as string]));
      const key = JSON.stringify(by);
      const group = groups.get(key) ?? { by, tallies: [], all: createTally(), draws: [] };
      group.tallies.push(cell.tally);
      groups.set(key, group);
    }
  const part = createTally();
  const runs = Math.ceil(calls / least);
  for (let batch = 0; batch < batches; batch++) {
    for (const { tally } of cells) clearTally(tally);
    for (let run = 0; run < runs; run++) {
      const seed = firstSeed + batch * runs + run;
      for (const task of traffic(world, { seed, calls: callsPerRun, lanes })) tallyTask(of, task);
      progress((batch * runs + run + 1) * callsPerRun, runs * least);
    }
    for (const group of groups.values()) {
      clearTally(part);
      part.limit = -1;
      for (const tally of group.tallies) mergeTally(part, tally);
      group.draws.push(measuresOf(part, world.raters));
      mergeTally(group.all, part);
    }
  }
  const rows = [...groups.values()]
    .filter(({ all }) => all.calls > 0)
    .map(({ by, all, draws }): TruthRow => {
      const measures = Object.entries(measuresOf(all, world.raters)).map(([name, value]): [string, Known] => {
        const seen = draws.map((draw) => draw[name]);
        const mean = seen.reduce((sum, x) => sum + x, 0) / batches;
        const variance = seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (batches - 1);
        return [name, { value: rounded(value), standard_error: rounded(Math.sqrt(variance / batches)) }];
      });
      return {
        by,
        calls: all.calls,
        censored: rounded(all.censored / all.duration.n) ?? 0,
        measures: Object.fromEntries(
          measures.filter(([name, { value }]) => value !== null && isKnown(name, all)),
        ),
      };
    });
  const { study, benchmarks } = world;
  return {
    definition,
    calls: runs * least,
    weeks: runs * batches,
    batches,
    planted: plantedIn(world),
    rows,
    study: study === null ? [] : truthOfStudy(study, (model) => world.models[model].json_valid),
    benchmarks: truthOfBenchmarks(benchmarks),
    ranks: ranksOf(benchmarks, rows),
  };
}
