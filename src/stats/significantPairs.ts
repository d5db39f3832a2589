import type { SeparationOptions, Uncertainty } from "./separation";

/**
 * Which models are significantly better than which, all pairs at once: studentised differences against the largest
 * one that chance would show (max-T), in steps that leave out the pairs already decided.
 *
 * Out: 1 at i * models + j if i is significantly better than j. The probability of any false claim is at most 1 -
 * level.
 *
 * @remarks Method: Romano & Wolf 2005, https://doi.org/10.1111/j.1468-0262.2005.00615.x, as Mogstad, Romano, Shaikh &
 * Wilhelm 2023 use it for ranks.
 */
export function significantPairs(
  scores: ArrayLike<number>,
  known: Uncertainty,
  options: SeparationOptions,
): Uint8Array {
  const { lowerIsBetter = false, level = 0.95 } = options;
  const m = scores.length;
  const better = new Uint8Array(m * m);
  const { deviation } = known;
  const open: number[] = [];
  const upward: number[] = [];
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) {
      const pair = i * m + j;
      if (i === j || Number.isNaN(scores[i] - scores[j]) || deviation[pair] === Infinity) continue;
      if (deviation[pair] === 0) {
        // Both known exactly: any difference is significant.
        if (lowerIsBetter ? scores[i] < scores[j] : scores[i] > scores[j]) better[pair] = 1;
        continue;
      }
      open.push(pair);
      // The bounds that matter are the lower bound of the better one and the upper bound of the worse one.
      upward.push(lowerIsBetter ? j * m + i : pair);
    }
  const statistic = Float64Array.from(open, (pair, at) => {
    const [i, j] = [Math.floor(pair / m), pair % m];
    const above = lowerIsBetter ? scores[j] - scores[i] : scores[i] - scores[j];
    return (known.isApart?.(above, i, j) ?? true) ? above / deviation[upward[at]] : -Infinity;
  });
  const draws = allErrors(m, known);
  let active = open.map((_, at) => at);
  for (;;) {
    const critical = largestByChance(m, open, upward, active, draws, known, level);
    const decided = active.filter((at) => statistic[at] > critical);
    if (decided.length === 0) return better;
    for (const at of decided) better[open[at]] = 1;
    active = active.filter((at) => statistic[at] <= critical);
    if (active.length === 0) return better;
  }
}

function allErrors(m: number, known: Uncertainty): Float64Array {
  const all = new Float64Array(known.draws * m);
  for (let d = 0; d < known.draws; d++) known.errorsOf(d, all.subarray(d * m, (d + 1) * m));
  return all;
}

/** The `level` quantile of the largest studentised error over the pairs not yet decided. */
function largestByChance(
  m: number,
  open: number[],
  upward: number[],
  active: number[],
  errors: Float64Array,
  known: Uncertainty,
  level: number,
): number {
  const first = Int32Array.from(active, (at) => Math.floor(open[at] / m));
  const second = Int32Array.from(active, (at) => open[at] % m);
  const scale = Float64Array.from(active, (at) => 1 / known.deviation[upward[at]]);
  const largest = new Float64Array(known.draws);
  for (let d = 0; d < known.draws; d++) {
    const base = d * m;
    let most = -Infinity;
    for (let k = 0; k < scale.length; k++) {
      const t = (errors[base + first[k]] - errors[base + second[k]]) * scale[k];
      if (t > most) most = t;
    }
    largest[d] = most;
  }
  largest.sort();
  return largest[Math.min(known.draws - 1, Math.ceil(level * (known.draws + 1)) - 1)];
}
