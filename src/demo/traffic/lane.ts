import type { Model, Serving } from "../world/model";
import type { Pipeline } from "../world/variant";
import type { Workload } from "../world/workload";
import type { World } from "../world/world";
import { moment } from "./clock";

/** One release of an application: its start, in microseconds since the epoch, and its slowdown. */
export interface Version {
  name: string;
  from: number;
  slowdown: number;
}

/** The variants that a workload's tasks run in: the first pipeline in the first release, in the second release, ... */
export interface Variants {
  /** At least one; named "" if the workload has none. */
  releases: Version[];
  pipelines: Choice<{ name: string; pipeline: Pipeline }>;
}

/** One model at one provider, serving one kind of a workload's sessions: the source of a call. */
export interface Lane {
  /** Its index among all lanes. */
  index: number;
  workload: string;
  /** The kind of sessions; "" if the workload has none. */
  kind: string;
  operation: "chat" | "text_completion";
  /** The workload and its kind of sessions as one key. */
  stream: string;
  /** The workload's numbers, overridden by those of the kind. */
  work: Workload;
  variants: Variants;
  model: string;
  spec: Model;
  provider: string;
  region: string;
  serving: Serving;
  /** Its index among the pairs of model and provider, which share hours. */
  slot: number;
  /** Log odds that one answer resolves a task of mean difficulty. */
  logit: number;
  /** Log odds that an answer to such a task makes a false claim. */
  hallucination: number;
}

/** Things to draw with given shares. */
export interface Choice<T> {
  /** Cumulative sums of the shares, the last one exactly 1. */
  cumulative: Float64Array;
  items: T[];
}

/** One pair of model and provider. */
export interface Slot {
  model: string;
  provider: string;
  serving: Serving;
}

/** A world prepared for drawing. */
export interface Lanes {
  all: Lane[];
  slots: Slot[];
  /** The streams by their share of the sessions, after each change of the mix, earliest first. */
  mixes: { from: number; streams: Choice<string> }[];
  /** By stream: its models. */
  models: Map<string, Choice<string>>;
  /** By stream, then model: its lanes. */
  lanes: Map<string, Map<string, Choice<Lane>>>;
}

/** Prepares weighted things for drawing. */
export function choice<T>(items: T[], weights: ArrayLike<number>): Choice<T> {
  const cumulative = new Float64Array(items.length);
  let sum = 0;
  for (let index = 0; index < items.length; index++) cumulative[index] = sum += weights[index];
  for (let index = 0; index < items.length; index++) cumulative[index] /= sum;
  return { cumulative, items };
}

/** The first index whose cumulative sum exceeds u, for u in [0, 1). */
export function place(cumulative: Float64Array, u: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle] > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

const unchanged: Pipeline = {
  share: 1,
  system_tokens: 0,
  output: 1,
  hallucination: 1,
  resolve: 0,
  stages: {},
  validator: null,
};

function variantsOf(work: Workload, offset: string): Variants {
  const releases = work.releases.map(({ name, from, slowdown }) => ({
    name,
    from: moment(from, offset),
    slowdown,
  }));
  const pipelines = Object.entries(work.pipelines).map(([name, pipeline]) => ({ name, pipeline }));
  if (releases.length === 0) releases.push({ name: "", from: Number.NEGATIVE_INFINITY, slowdown: 1 });
  if (pipelines.length === 0) pipelines.push({ name: "", pipeline: unchanged });
  return {
    releases: releases.sort((a, b) => a.from - b.from),
    pipelines: choice(
      pipelines,
      pipelines.map(({ pipeline }) => pipeline.share),
    ),
  };
}

interface Stream {
  name: string;
  workload: string;
  kind: string;
  operation: Lane["operation"];
  share: number;
  work: Workload;
}

function streamsOf(world: World): Stream[] {
  return Object.entries(world.workloads).flatMap(([workload, work]) => {
    const kinds = Object.entries(work.kinds);
    if (kinds.length === 0)
      return [{ name: workload, workload, kind: "", operation: "chat" as const, share: work.share, work }];
    const sum = kinds.reduce((total, [, { share }]) => total + share, 0);
    return kinds.map(([kind, { share, operation, resolve, ...numbers }]) => {
      const own = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
      const merged = { ...work, ...own, resolve: { ...work.resolve, ...resolve } };
      const part = (work.share * share) / sum;
      return { name: `${workload}/${kind}`, workload, kind, operation, share: part, work: merged };
    });
  });
}

const logOdds = (p: number) => Math.log(p / (1 - p));

/** Prepares a world for drawing. */
export function layLanes(world: World): Lanes {
  const slots = Object.entries(world.models).flatMap(([model, spec]) =>
    Object.entries(spec.providers).map(([provider, serving]) => ({ model, provider, serving })),
  );
  const streams = streamsOf(world);
  const all: Lane[] = [];
  const lanes: Lanes["lanes"] = new Map();
  const models: Lanes["models"] = new Map();
  for (const { name: stream, workload, kind, operation, work } of streams) {
    const byModel = new Map<string, Choice<Lane>>();
    const variants = variantsOf(work, world.utc_offset);
    for (const model of Object.keys(work.resolve)) {
      const spec = world.models[model];
      const logit = logOdds(work.resolve[model]);
      const hallucination = logOdds(work.hallucination[model] ?? 0);
      const served = Object.entries(spec.providers).map(([provider, serving]): Lane => {
        const slot = slots.findIndex((pair) => pair.model === model && pair.provider === provider);
        const { region } = world.providers[provider];
        const own = { model, spec, provider, region, serving, slot, logit, hallucination };
        return { index: -1, workload, kind, operation, stream, work, variants, ...own };
      });
      for (const lane of served) lane.index = all.push(lane) - 1;
      byModel.set(
        model,
        choice(
          served,
          served.map(({ serving }) => serving.share),
        ),
      );
    }
    lanes.set(stream, byModel);
    models.set(stream, choice(Object.keys(work.models), Object.values(work.models)));
  }
  return { all, slots, mixes: mixesOf(world, streams), models, lanes };
}

/** The shares of the streams at the start, and after each change of the workloads' shares. */
function mixesOf(world: World, streams: readonly Stream[]): Lanes["mixes"] {
  const changes = [{ from: Number.NEGATIVE_INFINITY, shares: {} as Record<string, number> }];
  for (const { from, shares } of world.mix)
    changes.push({ from: moment(from, world.utc_offset), shares: { ...changes.at(-1)!.shares, ...shares } });
  return changes.map(({ from, shares }) => {
    const weights = streams.map(({ workload, share }) => {
      const usual = world.workloads[workload].share;
      return usual === 0 ? 0 : (share * (shares[workload] ?? usual)) / usual;
    });
    const names = streams.map(({ name }) => name);
    return { from, streams: choice(names, weights) };
  });
}
