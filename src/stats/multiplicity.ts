import { checkProbability } from "./checks";

/**
 * p-values adjusted so that the chance of even one false claim in the whole family stays at the level they are
 * compared with (step-down Bonferroni).
 *
 * In: the p-values of one family, in any order; out: one adjusted value each, in the same order. A NaN stays
 * NaN and does not count in the family.
 *
 * @remarks Source: Holm 1979, https://www.jstor.org/stable/4615733.
 * @throws RangeError if a p-value is outside [0, 1].
 * @example
 * holm([0.01, 0.04, 0.03]) // Float64Array(3) [ 0.03, 0.06, 0.06 ]
 */
export function holm(p: ArrayLike<number>): Float64Array {
  const { adjusted, order } = family("holm", p);
  let most = 0;
  order.forEach((index, i) => {
    most = Math.max(most, (order.length - i) * p[index]);
    adjusted[index] = Math.min(1, most);
  });
  return adjusted;
}

/**
 * p-values adjusted so that the expected share of false claims among the claims made stays at the level they
 * are compared with (false discovery rate): for screens that are followed up.
 *
 * In: the p-values of one family, in any order; out: one adjusted value each, in the same order. A NaN stays
 * NaN and does not count in the family.
 *
 * @remarks Source: Benjamini & Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x.
 * @throws RangeError if a p-value is outside [0, 1].
 * @example
 * benjaminiHochberg([0.01, 0.04, 0.03]) // Float64Array(3) [ 0.03, 0.04, 0.04 ]
 */
export function benjaminiHochberg(p: ArrayLike<number>): Float64Array {
  const { adjusted, order } = family("benjaminiHochberg", p);
  let least = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    least = Math.min(least, (p[order[i]] * order.length) / (i + 1));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

function family(caller: string, p: ArrayLike<number>): { adjusted: Float64Array; order: number[] } {
  const order: number[] = [];
  for (let i = 0; i < p.length; i++) {
    if (Number.isNaN(p[i])) continue;
    checkProbability(caller, "p", p[i]);
    order.push(i);
  }
  order.sort((a, b) => p[a] - p[b]);
  return { adjusted: new Float64Array(p.length).fill(Number.NaN), order };
}
