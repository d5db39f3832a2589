import { random } from "../../stats/random";

/**
 * Where the spread's posterior is computed: `points` whose spacing grows with the spread, to resolve small ones, up to
 * `largest`, as utilities lie between 0 and 1.
 */
export const spreadGrid = { points: 32, largest: 0.5 } as const;

/**
 * Joint draws of the true utilities, given that the one that looks best is partly lucky.
 *
 * Among similar models the luckiest looks best, and drawn from its own estimate alone it would be best too often.
 * So utilities are assumed to spread around a common mean by an unknown amount, and each draw is pulled towards
 * that mean in proportion to noise against spread; the dependence and skewness of the draws are kept. The spread's
 * prior is a half-Cauchy with the mean error as its scale.
 *
 * In: one array of draws per model, drawn jointly; out: the same.
 *
 * @remarks Method: empirical Bayes by a normal hierarchy, Morris (1983), doi:10.1080/01621459.1983.10477920.
 */
export function shrunk(draws: readonly Float64Array[], { seed = 1 }: { seed?: number } = {}): Float64Array[] {
  const size = draws.length;
  const count = draws[0]?.length ?? 0;
  if (size < 2 || count < 2) return draws.map((one) => one.slice());
  const means = draws.map((one) => one.reduce((sum, value) => sum + value, 0) / count);
  const covariance = draws.map((a, i) => draws.map((b, j) => covarianceOf(a, b, means[i], means[j])));
  const noise = covariance.reduce((sum, row, i) => sum + row[i], 0) / size;
  if (!(noise > 0)) return draws.map((one) => one.slice());
  const { points, largest } = spreadGrid;
  const levels = Array.from({ length: points }, (_, k) => {
    const u = (k + 0.5) / points;
    const spread = largest * u * u;
    const { kept, likelihood } = pull(covariance, means, spread, noise);
    return { spread, kept, log: Math.log(u) - Math.log(noise + spread * spread) + likelihood };
  });
  const most = Math.max(...levels.map(({ log }) => log));
  let total = 0;
  const cumulative = levels.map(({ log }) => (total += Math.exp(log - most)));
  const source = random(seed, 1);
  const out = draws.map(() => new Float64Array(count));
  const apart = new Float64Array(size);
  for (let draw = 0; draw < count; draw++) {
    const target = source.uniform() * total;
    const at = cumulative.findIndex((sum) => sum >= target);
    const { spread, kept } = levels[at < 0 ? points - 1 : at];
    for (let i = 0; i < size; i++) apart[i] = draws[i][draw] - spread * source.normal();
    for (let i = 0; i < size; i++) {
      let sum = draws[i][draw] - apart[i];
      for (let j = 0; j < size; j++) sum += kept[i][j] * apart[j];
      out[i][draw] = sum;
    }
  }
  return out;
}

/**
 * How much of each draw is kept at a given spread, and the likelihood of the means at it; the common mean is
 * integrated out.
 */
function pull(covariance: number[][], means: readonly number[], spread: number, noise: number) {
  const size = means.length;
  const { inverse, logDeterminant } = inverseOf(
    covariance.map((row, i) => row.map((one, j) => one + (i === j ? spread * spread + 1e-9 * noise : 0))),
  );
  const sums = inverse.map((row) => row.reduce((sum, one) => sum + one, 0));
  const all = sums.reduce((sum, one) => sum + one, 0);
  const weights = inverse.map((row, i) => row.map((one, j) => one - (sums[i] * sums[j]) / all));
  const kept = covariance.map((row, i) =>
    means.map((_, j) => {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < size; k++) sum -= row[k] * weights[k][j];
      return sum;
    }),
  );
  let distance = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) distance += means[i] * weights[i][j] * means[j];
  return { kept, likelihood: -(logDeterminant + Math.log(all) + distance) / 2 };
}

/** The inverse of a symmetric positive definite matrix, by Gauss-Jordan elimination. */
function inverseOf(matrix: number[][]): { inverse: number[][]; logDeterminant: number } {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let logDeterminant = 0;
  for (let i = 0; i < size; i++) {
    const pivot = rows[i][i];
    logDeterminant += Math.log(pivot);
    for (let k = 0; k < 2 * size; k++) rows[i][k] /= pivot;
    for (let j = 0; j < size; j++) {
      const factor = rows[j][i];
      if (j === i || factor === 0) continue;
      for (let k = 0; k < 2 * size; k++) rows[j][k] -= factor * rows[i][k];
    }
  }
  return { inverse: rows.map((row) => row.slice(size)), logDeterminant };
}

function covarianceOf(a: Float64Array, b: Float64Array, meanA: number, meanB: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - meanA) * (b[i] - meanB);
  return sum / a.length;
}
