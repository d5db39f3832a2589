import { normalQuantile } from "../../../src/stats/normal";
import { quantileDifference, quantileRatio } from "../../../src/stats/quantileContrast";
import { quantileInterval } from "../../../src/stats/quantileInterval";
import type { Cell } from "../cell";
import { CORRELATIONS, clusteredNormals, clusterSizes, SIZES, WORLDS } from "../worlds";

const PLAIN = [
  [20, 0.5],
  [100, 0.5],
  [100, 0.95],
  [300, 0.95],
  [300, 0.99],
  [1000, 0.99],
  [5000, 0.999],
  [10000, 0.99],
] as const;

const plain: Cell[] = WORLDS.flatMap((world) =>
  PLAIN.map(([n, p]) => ({
    name: `quantile ${world.name} p${100 * p} n=${n}`,
    truth: world.quantile(p),
    simulate: (r) =>
      quantileInterval(
        Float64Array.from({ length: n }, () => world.draw(r)),
        p,
      ),
  })),
);

const clustered: Cell[] = SIZES.flatMap((sizes) =>
  CORRELATIONS.flatMap((rho) =>
    (
      [
        [30, 30],
        [100, 10],
        [1000, 5],
      ] as const
    ).flatMap(([count, mean]) =>
      [0.5, 0.95, 0.99].map((p) => ({
        name: `quantile clustered ${sizes} rho=${rho} K=${count} m=${mean} p${100 * p}`,
        truth: Math.exp(0.9 * normalQuantile(p)),
        simulate: (r): ReturnType<Cell["simulate"]> => {
          const { values, labels } = clusteredNormals(clusterSizes(sizes, count, mean, r), rho, r);
          return quantileInterval(
            values.map((z) => Math.exp(0.9 * z)),
            p,
            { clusters: labels },
          );
        },
      })),
    ),
  ),
) as Cell[];

const contrasts: Cell[] = [0.5, 0.95, 0.99].flatMap((p): Cell[] => [
  {
    name: `quantile difference p${100 * p} n=1000 and 500`,
    truth: Math.exp(0.9 * normalQuantile(p)) - Math.exp(0.2 + 0.6 * normalQuantile(p)),
    simulate: (r) =>
      quantileDifference(
        Float64Array.from({ length: 1000 }, () => Math.exp(0.9 * r.normal())),
        Float64Array.from({ length: 500 }, () => Math.exp(0.2 + 0.6 * r.normal())),
        p,
      ),
  },
  {
    name: `quantile ratio p${100 * p} K=200 shared clusters rho=0.3`,
    truth: Math.exp(0.2),
    simulate: (r) => {
      const sizes = clusterSizes("lognormal", 200, 20, r);
      const { values, labels } = clusteredNormals(sizes, 0.3, r);
      const half = (side: number) => labels.map((_, i) => i).filter((i) => i % 2 === side);
      const [one, two] = [half(0), half(1)];
      return quantileRatio(
        Array.from(one, (i) => Math.exp(0.2 + values[i]!)),
        Array.from(two, (i) => Math.exp(values[i]!)),
        p,
        {
          clusters: [Array.from(one, (i) => labels[i]), Array.from(two, (i) => labels[i])],
        },
      );
    },
  },
]);

export const cells: Cell[] = [...plain, ...clustered, ...contrasts];
