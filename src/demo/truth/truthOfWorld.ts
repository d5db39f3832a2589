import { spearman } from "../../stats/spearman";
import type { Benchmark } from "../world/benchmark";
import type { Raters } from "../world/labels";
import type { Preferences } from "../world/preferences";
import type { Pipeline, Release } from "../world/variant";
import type { World } from "../world/world";
import type { TruthRow } from "./truthMeasures";

/** The effects planted in a world on purpose, as in its file. */
export interface Planted {
  raters: Raters;
  /** By workload: the slowdown factor of each release. */
  releases: Record<string, Release[]>;
  /** By workload and pipeline. */
  pipelines: Record<string, Record<string, Pipeline>>;
  /** By workload: the factor on the odds of a hallucination if the evidence is in the middle of the context. */
  middle_odds: Record<string, number>;
  /** Absent if no answers are compared. */
  preferences?: Preferences;
}

/** The planted parts of a world. */
export function plantedIn({ raters, workloads, preferences }: World): Planted {
  const all = Object.entries(workloads);
  return {
    raters,
    releases: Object.fromEntries(
      all.filter(([, { releases }]) => releases.length > 0).map(([name, { releases }]) => [name, releases]),
    ),
    pipelines: Object.fromEntries(
      all
        .filter(([, { pipelines }]) => Object.keys(pipelines).length > 0)
        .map(([name, { pipelines }]) => [name, pipelines]),
    ),
    middle_odds: Object.fromEntries(
      all
        .filter(([, { labels }]) => labels.middle_odds > 0)
        .map(([name, { labels }]) => [name, labels.middle_odds]),
    ),
    ...(preferences === null ? {} : { preferences }),
  };
}

/** The true values of one model on one benchmark. */
export interface BenchmarkTruth {
  benchmark: string;
  model: string;
  value: number;
  /** 1 for the best; ties share the mean of their ranks. */
  rank: number;
}

/** The true scores and ranks of benchmarks. */
export function truthOfBenchmarks(benchmarks: Record<string, Benchmark>): BenchmarkTruth[] {
  return Object.entries(benchmarks).flatMap(([benchmark, { models }]) => {
    const values = Object.values(models);
    return Object.entries(models).map(([model, value]) => {
      const above = values.filter((other) => other > value).length;
      const level = values.filter((other) => other === value).length;
      return { benchmark, model, value, rank: above + (level + 1) / 2 };
    });
  });
}

/** How the true order of a benchmark agrees with that of production. */
export interface RankTruth {
  benchmark: string;
  workload: string;
  metric: string;
  models: number;
  spearman: number;
}

/** Production metrics that benchmarks are compared with, and whether more is better. */
const metrics = {
  resolve_rate: 1,
  cost_per_resolved: -1,
  "time_to_first_token.0.95": -1,
  hallucination: -1,
} as const;

/** The rank correlations of benchmarks with production, if at least four models have both. */
export function ranksOf(benchmarks: Record<string, Benchmark>, rows: readonly TruthRow[]): RankTruth[] {
  const served = rows.filter(({ by }) => Object.keys(by).join() === "workload,model");
  const workloads = [...new Set(served.map(({ by }) => by.workload))];
  return Object.entries(benchmarks).flatMap(([benchmark, { models }]) =>
    workloads.flatMap((workload) =>
      Object.entries(metrics).flatMap(([metric, sign]): RankTruth[] => {
        const both = served.filter(
          ({ by, measures }) =>
            by.workload === workload && Object.hasOwn(models, by.model) && measures[metric] !== undefined,
        );
        if (both.length < 4) return [];
        const scores = both.map(({ by }) => models[by.model]);
        const values = both.map(({ measures }) => sign * measures[metric].value!);
        const rounded = Number(spearman(scores, values).toFixed(4));
        return [{ benchmark, workload, metric, models: both.length, spearman: rounded }];
      }),
    ),
  );
}
