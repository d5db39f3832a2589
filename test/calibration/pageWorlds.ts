import type { Random } from "../../src/stats/random";
import type { Call } from "../measures/calls";

/** Logs of one kind that a page is made of, and what is true in them. */
export interface PageWorld {
  name: string;
  calls(r: Random): Call[];
  /** What is true of a model by a metric, the lower the better; by default all are equal. */
  truth?: (model: string, column: string) => number;
}

const start = Date.UTC(2026, 2, 2);
const at = (minutes: number) => new Date(start + minutes * 6e4).toISOString().slice(0, 19);
const normal = (r: Random, spread: number) => Math.exp(spread * r.normal() - (spread * spread) / 2);

interface Design {
  models: number;
  prompts: number;
  /** How much prompts differ, and how much two calls of one prompt do, as spreads of logarithms. */
  between: number;
  within: number;
  /** How many times as dear and as slow as the first each model is. */
  factors?: readonly number[];
  /** How often a call takes and costs how many times as much. */
  rare?: { share: number; times: number };
  runs?: number;
}

/** Every model is asked the same prompts. */
const samePrompts =
  ({ models, prompts, between, within, factors = [], rare, runs = 1 }: Design) =>
  (r: Random): Call[] => {
    const hard = Array.from({ length: prompts }, () => normal(r, between));
    return hard.flatMap((size, prompt) =>
      Array.from({ length: models * runs }, (_, i): Call => {
        const model = i % models;
        const isRare = rare !== undefined && r.uniform() < rare.share;
        const spiked =
          rare === undefined ? 1 : (isRare ? rare.times : 1) / (1 + rare.share * (rare.times - 1));
        const own = () => (factors[model] ?? 1) * size * normal(r, within) * spiked;
        return {
          ...{ model: `m${model}`, prompt_id: `p${prompt}`, workload: "study" },
          started_at: at(prompt * models * runs + i),
          ...{ duration: own(), cost: 0.001 * own(), status: "ok" },
        };
      }),
    );
  };

const equal = { models: 9, prompts: 55, between: 1, within: 0.3 };

/** Models on the same prompts. */
export const promptWorlds: readonly PageWorld[] = [
  { name: "nine equal models, the same 55 prompts", calls: samePrompts(equal) },
  { name: "nine equal models, the same 15 prompts", calls: samePrompts({ ...equal, prompts: 15 }) },
  {
    name: "nine equal models, the same 55 prompts, one call in 50 takes 30 times as much",
    calls: samePrompts({ ...equal, rare: { share: 0.02, times: 30 } }),
  },
  {
    name: "two equal models, the same 30 prompts of heavy tails",
    calls: samePrompts({ ...equal, models: 2, prompts: 30, between: 1.6, within: 0.6 }),
  },
  {
    name: "three equal models, the same 25 prompts, four runs each",
    calls: samePrompts({ ...equal, models: 3, prompts: 25, runs: 4 }),
  },
  {
    name: "nine models, each 1.1 times the one before, the same 55 prompts",
    calls: samePrompts({ ...equal, factors: Array.from({ length: 9 }, (_, i) => 1.1 ** i) }),
    truth: (model) => 1.1 ** Number(model.slice(1)),
  },
];
