import { arSums } from "./arFilter";

/** One day's part in an estimate: how many values it has, and the sum of their deviations. */
export interface DaySum {
  day: number;
  size: number;
  total: number;
}

/** A possible size of what days share: its probability, and the variance that it adds. */
export interface DayPart {
  weight: number;
  added: number;
}

/** What days share beyond what calls and hours bring, as their sums tell it. */
export interface DaysShared {
  /** How many times as likely the sums are if days share something than if they share nothing. */
  odds: number;
  /** What they share, if anything. */
  parts: readonly DayPart[];
  /** How many independent days there are, in effect. */
  spells: number;
}

/** What days share, as a multiple of the variance of a typical day's noise: alike probable beforehand. */
const kappas = [0.05, 0.15, 0.4, 1, 2.5, 6, 15, 40, 100, 300];
/** How far a day carries over to the next: nothing with probability 1/3 beforehand, else anything from 0 to 1 alike. */
const rhos = [0, ...[1, 3, 5, 7, 9, 11].map((twelfths) => twelfths / 12)];
const NOTHING_CARRIED = 1 / 3;
/** Parts whose variance is alike by this factor are taken together. */
const ALIKE = 1.5;
/** Points that are less probable are left out. */
const LEAST = 1e-7;
/** Odds beyond e to this are as good as certain. */
const MOST_LOG = 100;

/**
 * What days share beyond noise of known size, as a mixture over AR(1) processes: how probable each size is, given that there is
 * any, and how probable that makes the sums.
 *
 * @remarks Method: at each point of a grid the marginal likelihood without the mean (Harville 1974, doi:10.1093/biomet/61.2.383),
 * with the noise known to so many degrees of freedom.
 * @param sums one for each day; their totals add up to about 0
 * @param noise the variance that all totals together have from noise
 * @param options `degrees` of freedom of `noise`; `taken`, how many means were taken out of the days (7 for one of each day of
 * the week), and `regained`, the factor of the squares that this lost
 * @example
 * const sums = Array.from({ length: 28 }, (_, day) => ({ day, size: 10, total: day % 2 === 0 ? 1 : -1 }));
 * daysShared(sums, 28, { degrees: 600 }).odds < 1 // true
 */
export function daysShared(
  sums: readonly DaySum[],
  noise: number,
  { degrees, taken = 1, regained = 1 }: { degrees: number; taken?: number; regained?: number },
): DaysShared {
  const ordered = [...sums].sort((x, y) => x.day - y.day);
  const count = ordered.length;
  const n = ordered.reduce((sum, { size }) => sum + size, 0);
  const typical = count / ordered.reduce((sum, { size }) => sum + 1 / size, 0);
  const daily = {
    days: ordered.map(({ day }) => day),
    own: ordered.map(({ size }) => typical / size),
    columns: [ordered.map(() => 1), ordered.map(({ size, total }) => total / size)],
  };
  // The variance of the noise of a typical day's mean.
  const variance = noise / n / typical;
  const free = (count - taken) / Math.max(1, count - 1);
  const likelihood = (kappa: number, rho: number) => {
    const { products, logs } = arSums(daily, kappa, rho);
    const [ones, cross, squares] = [products[0][0], products[1][0], products[1][1]];
    const left = (Math.max(0, squares - cross ** 2 / ones) * regained) / variance;
    return -free * ((logs + Math.log(ones)) / 2 + ((degrees + count - 1) / 2) * Math.log(1 + left / degrees));
  };
  const points = rhos.flatMap((rho) => {
    const unit = variance * sumsCarried(ordered, rho);
    const prior = rho === 0 ? NOTHING_CARRIED : (1 - NOTHING_CARRIED) / (rhos.length - 1);
    return kappas.map((kappa) => ({
      rho,
      added: kappa * unit,
      log: likelihood(kappa, rho) + Math.log(prior / kappas.length),
    }));
  });
  const most = points.reduce((largest, { log }) => Math.max(largest, log), Number.NEGATIVE_INFINITY);
  const all = points.reduce((sum, { log }) => sum + Math.exp(log - most), 0);
  const bins = new Map<number, DayPart>();
  let spells = 0;
  for (const { rho, added, log } of points) {
    const weight = Math.exp(log - most) / all;
    if (weight < LEAST) continue;
    spells += (count * weight * (1 - rho ** 2)) / (1 + rho ** 2);
    const bin = Math.round(Math.log(added / noise) / Math.log(ALIKE));
    const part = bins.get(bin) ?? { weight: 0, added: 0 };
    bins.set(bin, { weight: part.weight + weight, added: part.added + weight * added });
  }
  const parts = [...bins.values()].map(({ weight, added }) => ({ weight, added: added / weight }));
  return { odds: Math.exp(Math.min(MOST_LOG, most + Math.log(all) - likelihood(0, 0))), parts, spells };
}

/** The sum over all pairs of days of the product of their sizes, times the correlation that is left between them. */
function sumsCarried(ordered: readonly DaySum[], rho: number): number {
  let [sum, behind] = [0, 0];
  for (const [i, { day, size }] of ordered.entries()) {
    behind *= i === 0 ? 0 : rho ** (day - ordered[i - 1].day);
    sum += size * size + 2 * size * behind;
    behind += size;
  }
  return sum;
}
