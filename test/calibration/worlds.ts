import { readWorld, type World } from "../../src/demo/world/world";

/** A world for calibration: the demo's, or the same with some parameters changed. */
export interface Place {
  name: string;
  what: string;
  world(): World;
}

const moved = (change: (world: World) => void) => () => {
  const world = structuredClone(readWorld().world);
  change(world);
  return world;
};

/** The demo's world first; in the others, an interval tuned to it would fail. */
export const places: Place[] = [
  { name: "demo", what: "the demo's world as it is", world: () => readWorld().world },
  {
    name: "calm",
    what: "no incidents, no shocks, even demand",
    world: moved((world) => {
      world.traffic.load_noise = 0;
      for (const provider of Object.values(world.providers)) {
        provider.incident_rate = 0;
        provider.shock = 0;
      }
    }),
  },
  {
    name: "stormy",
    what: "four times as many incidents, hours twice as different",
    world: moved((world) => {
      world.traffic.load_noise *= 2;
      for (const provider of Object.values(world.providers)) {
        provider.incident_rate *= 4;
        provider.shock *= 2;
      }
    }),
  },
  {
    name: "power users",
    what: "a third of the users, use more unequal, users more different",
    world: moved((world) => {
      for (const work of Object.values(world.workloads)) {
        work.users = Math.round(work.users / 3);
        work.use_exponent *= 1.2;
        work.user_size *= 1.3;
      }
    }),
  },
];
