import type { Random } from "../../stats/random";
import type { World } from "../world/world";
import { dayNames } from "../world/world";
import type { Slot } from "./lane";

/** One run of a world's days, hour by hour. */
export interface Hours {
  /** Cumulative sums of the hours' shares of demand, the last one exactly 1. */
  cumulative: Float64Array;
  /** By slot, then hour: how many times slower than in a quiet hour. */
  slow: Float64Array[];
  /** By slot, then hour: share of calls refused (rate limited). */
  refused: Float64Array[];
  /** By slot, then hour: share of calls failed. */
  failed: Float64Array[];
}

/** Demand of each hour from the profile alone, with mean 1 over all days. */
export function profile(world: World): Float64Array {
  const { weekday_hours, weekend_hours, peaks } = world.traffic;
  // Day 0 of the epoch was a Thursday.
  const first = (Date.parse(`${world.start}T00:00:00Z`) / 86_400_000 + 3) % 7;
  const demand = new Float64Array(world.days * 24);
  for (let hour = 0; hour < demand.length; hour++) {
    const day = (first + Math.floor(hour / 24)) % 7;
    const clock = hour % 24;
    demand[hour] = (day < 5 ? weekday_hours : weekend_hours)[clock];
    for (const { day: name, from, to, times } of peaks)
      if (dayNames[day] === name && clock >= from && clock < to) demand[hour] *= times;
  }
  const mean = demand.reduce((sum, value) => sum + value, 0) / demand.length;
  if (!(mean > 0)) throw new RangeError("world requires demand in at least one hour of its days, got none");
  return demand.map((value) => value / mean);
}

/** The slowdown factor at a ratio of demand to capacity: 1 / (1 - ratio^4), up to `slowest`. */
export function saturation(ratio: number, slowest: number): number {
  const rest = 1 - ratio ** 4;
  return rest * slowest <= 1 ? slowest : 1 / rest;
}

/** Draws the demand of every hour and each provider's shocks and incidents. */
export function drawHours(world: World, slots: Slot[], random: Random): Hours {
  const noise = world.traffic.load_noise;
  const demand = profile(world).map(
    (value) => value * Math.exp(noise * random.normal() - (noise * noise) / 2),
  );
  const count = demand.length;
  const shocks = new Map(
    Object.entries(world.providers).map(([name, provider]) => {
      const factor = new Float64Array(count);
      const error = new Float64Array(count);
      for (let hour = 0; hour < count; hour++) {
        const incident = random.uniform() < provider.incident_rate;
        factor[hour] =
          Math.exp(provider.shock * random.normal()) * (incident ? provider.incident_slowdown : 1);
        error[hour] = incident ? provider.incident_error_rate : 0;
      }
      return [name, { factor, error }];
    }),
  );
  const table = (cell: (slot: Slot, hour: number) => number) =>
    slots.map((slot) => Float64Array.from({ length: count }, (_, hour) => cell(slot, hour)));
  const ratio = ({ serving }: Slot, hour: number) => demand[hour] / serving.capacity;
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let hour = 0; hour < count; hour++) cumulative[hour] = sum += demand[hour];
  return {
    cumulative: cumulative.map((value) => value / sum),
    slow: table(
      (slot, hour) =>
        slot.serving.slowness *
        saturation(ratio(slot, hour), slot.serving.slowest) *
        shocks.get(slot.provider)!.factor[hour],
    ),
    refused: table(({ serving, ...slot }, hour) =>
      Math.min(
        0.9,
        serving.refused_rate + serving.refused_slope * Math.max(0, ratio({ serving, ...slot }, hour) - 0.9),
      ),
    ),
    failed: table(({ serving, provider }, hour) =>
      Math.min(1, serving.error_rate + shocks.get(provider)!.error[hour]),
    ),
  };
}
