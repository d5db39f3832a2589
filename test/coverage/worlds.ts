import { chiSquareQuantile } from "../../src/stats/chiSquare";
import { normalCdf, normalQuantile } from "../../src/stats/normal";
import type { Random } from "../../src/stats/random";
import { findRoot } from "../../src/stats/root";
import type { World } from "./cell";

/** Milliseconds: a fast service whose clock ticks once a millisecond. */
const tick = (z: number) => Math.round(Math.exp(2.3 + 0.5 * z));
const tickChance = (k: number) => normalCdf((Math.log(k + 0.5) - 2.3) / 0.5);
const ticksMean = Array.from({ length: 2000 }, (_, k) => 1 - tickChance(k)).reduce((a, b) => a + b, 0);

const slowShare = 0.01;
const mixtureCdf = (x: number) =>
  (1 - slowShare) * normalCdf((Math.log(x) + 1) / 0.5) + slowShare * normalCdf((x - 8) / 0.3);

/** Durations as logs show them: skewed, heavy-tailed, with a slow mode, with ties. */
export const WORLDS: World[] = [
  {
    name: "lognormal",
    draw: (r) => Math.exp(0.9 * r.normal()),
    mean: Math.exp(0.405),
    quantile: (p) => Math.exp(0.9 * normalQuantile(p)),
  },
  { name: "gamma", draw: (r) => r.gamma(1.3), mean: 1.3, quantile: (p) => chiSquareQuantile(p, 2.6) / 2 },
  {
    name: "pareto",
    draw: (r) => (1 - r.uniform()) ** -0.4,
    mean: 2.5 / 1.5,
    quantile: (p) => (1 - p) ** -0.4,
  },
  {
    name: "slow-mode",
    draw: (r) => (r.uniform() < slowShare ? 8 + 0.3 * r.normal() : Math.exp(-1 + 0.5 * r.normal())),
    mean: (1 - slowShare) * Math.exp(-0.875) + slowShare * 8,
    quantile: (p) => findRoot((x) => mixtureCdf(x) - p, 1e-3, 12),
  },
  {
    name: "ties",
    draw: (r) => tick(r.normal()),
    mean: ticksMean,
    quantile: (p) => {
      let k = 0;
      while (tickChance(k) < p) k++;
      return k;
    },
  },
];

export type Sizes = "equal" | "lognormal" | "zipf";
export const SIZES: Sizes[] = ["equal", "lognormal", "zipf"];
export const CORRELATIONS = [0, 0.1, 0.3];

/** The sizes of `count` clusters, `mean` on average. */
export function clusterSizes(sizes: Sizes, count: number, mean: number, r: Random): number[] {
  if (sizes === "equal") return new Array<number>(count).fill(mean);
  if (sizes === "lognormal")
    return Array.from({ length: count }, () => Math.max(1, Math.round(mean * Math.exp(r.normal() - 0.5))));
  const shares = Array.from({ length: count }, (_, k) => 1 / (k + 1));
  const total = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => Math.max(1, Math.round((share / total) * count * mean)));
}

/** Standard normals with correlation `rho` within a cluster, and their cluster labels. */
export function clusteredNormals(
  sizes: number[],
  rho: number,
  r: Random,
): { values: Float64Array; labels: Int32Array } {
  const n = sizes.reduce((a, b) => a + b, 0);
  const values = new Float64Array(n);
  const labels = new Int32Array(n);
  let i = 0;
  for (const [k, size] of sizes.entries()) {
    const shared = Math.sqrt(rho) * r.normal();
    for (let j = 0; j < size; j++) {
      values[i] = shared + Math.sqrt(1 - rho) * r.normal();
      labels[i++] = k;
    }
  }
  return { values, labels };
}
