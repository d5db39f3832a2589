import type { Model, Serving } from "./model";
import type { Workload } from "./workload";
import type { World } from "./world";

/** One model at one provider, serving one workload: what a call is drawn from. */
export interface Lane {
  /** Its place among all lanes. */
  index: number;
  workload: string;
  work: Workload;
  model: string;
  spec: Model;
  provider: string;
  region: string;
  serving: Serving;
  /** Its place among the pairs of model and provider, which share hours. */
  slot: number;
  /** Log odds that one answer resolves a task of mean difficulty. */
  logit: number;
}

/** Things to draw from with given shares. */
export interface Choice<T> {
  /** Running sums of the shares, the last one exactly 1. */
  cumulative: Float64Array;
  items: T[];
}

/** One pair of model and provider. */
export interface Slot {
  model: string;
  provider: string;
  serving: Serving;
}

/** A world laid out for drawing. */
export interface Lanes {
  all: Lane[];
  slots: Slot[];
  workloads: Choice<string>;
  /** By workload: its models. */
  models: Map<string, Choice<string>>;
  /** By workload, then model: its lanes. */
  lanes: Map<string, Map<string, Choice<Lane>>>;
}

/** Lays out things with weights for drawing. */
export function choice<T>(items: T[], weights: ArrayLike<number>): Choice<T> {
  const cumulative = new Float64Array(items.length);
  let sum = 0;
  for (let index = 0; index < items.length; index++) cumulative[index] = sum += weights[index];
  for (let index = 0; index < items.length; index++) cumulative[index] /= sum;
  return { cumulative, items };
}

/** The first place whose running sum exceeds u, for u in [0, 1). */
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

/** Lays a world out for drawing. */
export function layLanes(world: World): Lanes {
  const slots = Object.entries(world.models).flatMap(([model, spec]) =>
    Object.entries(spec.providers).map(([provider, serving]) => ({ model, provider, serving })),
  );
  const names = Object.keys(world.workloads);
  const all: Lane[] = [];
  const lanes: Lanes["lanes"] = new Map();
  const models: Lanes["models"] = new Map();
  for (const [workload, work] of Object.entries(world.workloads)) {
    const byModel = new Map<string, Choice<Lane>>();
    for (const model of Object.keys(work.resolve)) {
      const spec = world.models[model];
      const resolve = work.resolve[model];
      const served = Object.entries(spec.providers).map(([provider, serving]): Lane => {
        const slot = slots.findIndex((pair) => pair.model === model && pair.provider === provider);
        const { region } = world.providers[provider];
        const logit = Math.log(resolve / (1 - resolve));
        return { index: -1, workload, work, model, spec, provider, region, serving, slot, logit };
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
    lanes.set(workload, byModel);
    models.set(workload, choice(Object.keys(work.models), Object.values(work.models)));
  }
  const workloads = choice(
    names,
    names.map((name) => world.workloads[name].share),
  );
  return { all, slots, workloads, models, lanes };
}
