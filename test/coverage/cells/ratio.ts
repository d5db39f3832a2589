import type { Random } from "../../../src/stats/random";
import { ratioOfRatios } from "../../../src/stats/ratioContrast";
import { ratioInterval } from "../../../src/stats/ratioInterval";
import type { Cell } from "../cell";

/** Costs of tasks, higher if the task is not resolved. */
function tasks(count: number, share: number, r: Random) {
  const denominators = Float64Array.from({ length: count }, () => (r.uniform() < share ? 1 : 0));
  const numerators = denominators.map((resolved) => (resolved === 1 ? 1 : 1.5) * r.gamma(1.3));
  return { numerators, denominators };
}
const truth = (share: number) => (1.3 * (share + 1.5 * (1 - share))) / share;

// Fewer resamples than the default to keep 2,000 runs fast; their noise is far below the sampling noise.
const resamples = 999;

const ratios: Cell[] = [10, 20, 50, 100, 300, 1000].flatMap((count) =>
  [0.05, 0.15, 0.5, 0.95].map((share) => ({
    name: `ratio K=${count} resolved=${share}`,
    truth: truth(share),
    simulate: (r) => {
      const { numerators, denominators } = tasks(count, share, r);
      return ratioInterval(numerators, denominators, { resamples });
    },
  })),
);

const contrasts: Cell[] = [50, 200, 1000].flatMap((count): Cell[] => [
  {
    name: `ratio of ratios apart K=${count} resolved=0.5 and 0.8`,
    truth: truth(0.5) / truth(0.8),
    simulate: (r) => ratioOfRatios(tasks(count, 0.5, r), tasks(count, 0.8, r), { resamples }),
  },
  {
    name: `ratio of ratios paired K=${count} resolved=0.6`,
    truth: 2,
    simulate: (r) => {
      const size = Array.from({ length: count }, () => r.gamma(1.3));
      const hard = size.map(() => r.uniform());
      const arm = (price: number) => ({
        numerators: size.map((s) => price * s * (1 + 0.3 * r.gamma(2))),
        denominators: hard.map((h) => (0.5 * h + 0.5 * r.uniform() < 0.6 ? 1 : 0)),
      });
      return ratioOfRatios(arm(2), arm(1), { paired: true, resamples });
    },
  },
]);

export const cells: Cell[] = [...ratios, ...contrasts];
