import type { World } from "../../src/demo/world/world";
import { random } from "../../src/stats/random";
import { noDifference, otherWorld, sharedWinner, worldWith } from "../demo/worlds";

/** Worlds of the demo's kind that three teams choose from, and the seeds of their logs. */
export interface TeamWorld {
  name: string;
  what: string;
  /** One world with several logs, or a world for each seed. */
  world: (seed: number) => World;
  /** True if every seed is a world of its own. */
  drawn?: boolean;
  /** True if all models are the same by construction, whatever a long run shows. */
  equal?: boolean;
  seeds: number[];
}

const five = [1, 2, 3, 4, 5];

export const teamWorlds: readonly TeamWorld[] = [
  { name: "the demo", what: "The world that comes along.", world: () => worldWith({}), seeds: five },
  {
    name: "other parameters",
    what: "Other models are fast, cheap and careful; calls are slower, providers and judges noisier.",
    world: otherWorld,
    seeds: five,
  },
  {
    name: "a shared winner",
    what: "One model is truly the best for the chat and for code.",
    world: sharedWinner,
    seeds: five.slice(0, 3),
  },
  {
    name: "no difference",
    what: "All models are the same but for their names.",
    world: noDifference,
    equal: true,
    seeds: five,
  },
  {
    name: "drawn at random",
    what: "Every seed is a world of its own: speeds and prices of every model, and in the chat and the review how often it resolves and hallucinates, are moved by factors drawn at random, often by half or double.",
    world: drawnWorld,
    drawn: true,
    seeds: Array.from({ length: 8 }, (_, i) => 101 + i),
  },
];

type Numbers = Record<string, number>;

/** The demo's world with every difference between models changed by log-normal factors. */
function drawnWorld(seed: number): World {
  const r = random(seed);
  const moved = (value: number, by: number) => value * Math.exp(by * r.normal());
  const odds = (share: number, by: number) => {
    const changed = moved(share / (1 - share), by);
    return Number((changed / (1 + changed)).toFixed(4));
  };
  const base = worldWith({});
  const models = Object.fromEntries(
    Object.entries(base.models).map(([name, model]) => [
      name,
      {
        time_to_first_token: moved(model.time_to_first_token, 0.6),
        tokens_per_second: moved(model.tokens_per_second, 0.4),
        price_per_million: dearer(model.price_per_million as unknown as Numbers, moved(1, 0.7)),
      },
    ]),
  );
  const workloads = Object.fromEntries(
    Object.entries(base.workloads)
      // The resolve rate of code depends on its length, for which the truth here is known at the usual rates only.
      .filter(([name]) => name !== "coding-assistant")
      .map(([name, { resolve, hallucination }]) => [
        name,
        {
          resolve: each(resolve as Numbers, (share) => odds(share, 0.7)),
          hallucination: each(hallucination as Numbers, (share) => odds(share, 0.8)),
        },
      ]),
  );
  return worldWith({ models, workloads });
}

const each = (numbers: Numbers, change: (value: number) => number): Numbers =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, change(value)]));

const dearer = (prices: Numbers, factor: number) => each(prices, (price) => price * factor);
