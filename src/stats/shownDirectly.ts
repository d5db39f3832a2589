import { bradleyTerry } from "./bradleyTerry";
import { type Comparisons, effectiveOf, isSideFixed } from "./comparisons";

/** The comparisons of two models with each other alone, the one as model 0. */
function between(comparisons: Comparisons, one: number, other: number): Comparisons {
  const { first, second, preferred, shown, controls = [], clusters = [], fewClusters = [] } = comparisons;
  const rows = Array.from(first, (_, at) => at).filter(
    (at) => (first[at] === one && second[at] === other) || (first[at] === other && second[at] === one),
  );
  const of = (list: ArrayLike<number>) => rows.map((at) => list[at]);
  return {
    first: rows.map((at) => (first[at] === one ? 0 : 1)),
    second: rows.map((at) => (second[at] === one ? 0 : 1)),
    preferred: of(preferred),
    ...(shown === undefined ? {} : { shown: of(shown) }),
    ...{ controls: controls.map(of), clusters: clusters.map(of), fewClusters: fewClusters.map(of) },
  };
}

/**
 * The models that one is not shown to be preferred to by its comparisons with each of them alone: that it is the first of all
 * then rests on preferences that do not go round in a circle.
 *
 * Each is tested by itself: that all hold is false at most as often as the one that is not so (an intersection-union test), in
 * whatever way the other models are preferred to each other.
 *
 * @remarks Berger 1982, https://doi.org/10.1080/00401706.1982.10487790.
 * @param comparisons see `bradleyTerry`
 * @param one the model that may be first
 * @param options `models`: how many there are; `level`: one-sided confidence of each test, default 0.95
 * @example
 * const wins = { first: [0, 0, 0, 0, 0, 0], second: [1, 1, 1, 1, 1, 2], preferred: [1, 1, 1, 1, 1, 1] };
 * notShownDirectly(wins, 0, { models: 3 }) // [2]
 */
export function notShownDirectly(
  comparisons: Comparisons,
  one: number,
  { models, level = 0.95 }: { models: number; level?: number },
): number[] {
  const isFixed = (some: Comparisons) =>
    isSideFixed(
      some,
      Array.from(some.first, (_, at) => at),
    );
  const isNeverTold = isFixed(comparisons);
  return Array.from({ length: models }, (_, other) => other).filter((other) => {
    if (other === one) return false;
    const own = between(comparisons, one, other);
    // Only other pairs tell what is due to the answer shown first.
    if (!isNeverTold && isFixed(own)) return true;
    const { preferred, clusters = [], fewClusters = [] } = own;
    // A pair of which one always won has no strengths: then as a coin that falls alike for each that is independent.
    if (Array.from(own.first).every((first, at) => preferred[at] === (first === 0 ? 1 : 0))) {
      const sizes = [...clusters, ...fewClusters].map((ids) => effectiveOf(Array.from(ids)));
      return !(0.5 ** Math.floor(Math.min(preferred.length, ...sizes)) <= 1 - level);
    }
    const [strength] = bradleyTerry(own, { models: 2, level: 2 * level - 1, ranked: false }).strength;
    return !(strength.low > 0);
  });
}
