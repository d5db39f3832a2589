import { meanInterval } from "../../../src/stats/meanInterval";
import { normalQuantile } from "../../../src/stats/normal";
import { rateInterval } from "../../../src/stats/rateInterval";
import type { Cell } from "../cell";
import { CORRELATIONS, clusteredNormals, clusterSizes, SIZES, WORLDS } from "../worlds";

const means: Cell[] = WORLDS.flatMap((world) =>
  [20, 50, 100, 1000, 10000].map((n) => ({
    name: `mean ${world.name} n=${n}`,
    truth: world.mean,
    simulate: (r) => meanInterval(Float64Array.from({ length: n }, () => world.draw(r))),
  })),
);

const SHAPES = [
  [30, 30],
  [100, 10],
  [1000, 5],
] as const;

const clustered: Cell[] = SIZES.flatMap((sizes) =>
  CORRELATIONS.flatMap((rho) =>
    SHAPES.flatMap(([count, mean]): Cell[] => {
      const drawn = (r: Parameters<Cell["simulate"]>[0]) =>
        clusteredNormals(clusterSizes(sizes, count, mean, r), rho, r);
      const rates = [0.02, 0.1, 0.5].map((p) => ({
        name: `rate clustered ${sizes} rho=${rho} K=${count} m=${mean} p=${p}`,
        truth: p,
        simulate: (r: Parameters<Cell["simulate"]>[0]) => {
          const { values, labels } = drawn(r);
          return rateInterval(
            values.map((z) => (z < normalQuantile(p) ? 1 : 0)),
            { clusters: labels },
          );
        },
      }));
      return [
        {
          name: `mean clustered ${sizes} rho=${rho} K=${count} m=${mean}`,
          truth: Math.exp(0.405),
          simulate: (r) => {
            const { values, labels } = drawn(r);
            return meanInterval(
              values.map((z) => Math.exp(0.9 * z)),
              { clusters: labels },
            );
          },
        },
        ...rates,
      ];
    }),
  ),
);

const rates: Cell[] = [0.02, 0.1, 0.5].flatMap((p) =>
  [20, 100, 1000].map((n) => ({
    name: `rate p=${p} n=${n}`,
    truth: p,
    simulate: (r) => rateInterval(Array.from({ length: n }, () => r.uniform() < p)),
  })),
);

export const cells: Cell[] = [...means, ...rates, ...clustered];
