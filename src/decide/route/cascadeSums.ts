import { defined } from "../../stats/defined";
import { sumDraws } from "../../stats/sumDraws";
import { spreadOf } from "./cascadeBand";

const names = ["n", "c_cost", "c_judged", "c_good", "d_tried", "d_cost", "d_judged", "d_good"] as const;
/** Costs with every unknown one at its most. */
const highs = ["c_high", "d_high"] as const;
type Drawn = (typeof names)[number] | (typeof highs)[number];
export type CellSum = Drawn | "c_costed" | "d_costed";
type Judged = "c_judged" | "d_judged";
/** The model that answers first, or the one that it is sent on to. */
type Of = "c" | "d";
/** Counts of tries whose result, or cost, is known. */
type Known = Judged | "d_tried";

/**
 * Sums over the tries of one bin of the score and one cluster: for the cheap model (`c_`) and the dear one (`d_`). Costs
 * count unknown ones at 0; `_costed` counts the tries in which all are known.
 */
export interface CascadeCell extends Record<CellSum, number> {
  /** Bins by their score, from 0; -1 has the failed answers. */
  bin: number;
  unit: unknown;
  /** Scores of answers with a known result of the dear model, and of those without; null if there are none. */
  most_on: number | null;
  least_on: number | null;
  most_kept: number | null;
  least_kept: number | null;
}

/** The log's own number first, then that of every resample. */
export type Series = Float64Array;

export const plus = (left: Series, right: Series): Series => left.map((x, draw) => x + right[draw]);
export const minus = (left: Series, right: Series): Series => left.map((x, draw) => x - right[draw]);
const add = (sum: number, value: number) => sum + value;

/** How unlike the known results the others may be, and the end that is asked for. */
export interface Picked {
  factor: number;
  end: "low" | "high";
}

/**
 * The least or highest share of good answers among those without a known result.
 *
 * @example
 * [unseenShare(0.7, 3, "low"), unseenShare(0.7, 3, "high")].map((x) => x.toFixed(4)) // [ "0.2333", "0.9000" ]
 */
export const unseenShare = (share: number, factor: number, end: Picked["end"]): number =>
  end === "low"
    ? Math.max(share / factor, 1 - factor * (1 - share))
    : Math.min(share * factor, 1 - (1 - share) / factor);

/** A sum of a bin: what each cluster adds to it, and what that comes to. */
interface BinSum {
  ofUnits: Float64Array;
  series: Series;
}

/** The sums of every bin, in the log and with whole clusters resampled. */
export class CascadeSums {
  /** All bins, and those that have a score. */
  readonly every: readonly number[];
  readonly scored: readonly number[];
  /** Clusters. */
  readonly units: number;
  /** True if some costs are unknown. */
  readonly isOpen: boolean;
  readonly #sums = new Map<number, Record<Drawn, BinSum>>();
  readonly #tries: Series;
  readonly #designs: Readonly<Record<Judged, number>>;

  /** @param bins how many bins the score has */
  constructor(cells: readonly CascadeCell[], bins: number, seed: number | undefined) {
    this.every = Array.from({ length: bins + 1 }, (_, at) => at - 1);
    this.scored = this.every.slice(1);
    this.isOpen = cells.some((cell) => cell.c_high !== cell.c_cost || cell.d_high !== cell.d_cost);
    const places = new Map([...new Set(cells.map(({ unit }) => unit))].map((unit, place) => [unit, place]));
    this.units = places.size;
    const columns = this.every.flatMap((bin) =>
      (this.isOpen ? [...names, ...highs] : names).map((name) => {
        const ofUnits = new Float64Array(places.size);
        for (const cell of cells)
          if (cell.bin === bin) ofUnits[places.get(cell.unit) as number] += cell[name];
        return { bin, name, ofUnits };
      }),
    );
    const draws = sumDraws(
      columns.map(({ ofUnits }) => ofUnits),
      defined({ seed }),
    );
    for (const [column, { bin, name, ofUnits }] of columns.entries()) {
      const series = Float64Array.of(ofUnits.reduce(add, 0), ...draws[column]);
      this.#sums.set(bin, { ...this.#sums.get(bin), [name]: { ofUnits, series } } as Record<Drawn, BinSum>);
    }
    this.#tries = this.#overAll("n");
    this.#designs = {
      c_judged: this.#design("c_judged", "c_good"),
      d_judged: this.#design("d_judged", "d_good"),
    };
  }

  #sum(bin: number, name: Drawn): BinSum {
    return (this.#sums.get(bin) as Record<Drawn, BinSum>)[name];
  }

  #series(bin: number, name: Drawn): Series {
    return this.#sum(bin, name).series;
  }

  #overAll(name: Drawn): Series {
    return this.#series(-1, name).map((_, draw) =>
      this.every.map((bin) => this.#series(bin, name)[draw]).reduce(add, 0),
    );
  }

  /** Tries in the log. */
  get tries(): number {
    return this.#tries[0];
  }

  /** A sum over some bins, per try of all bins; with `known` what it would be if all tries of a bin were like its known ones. */
  perTry(bins: readonly number[], name: Drawn, known?: Known): Series {
    const terms = bins.map((bin) => {
      const [n, sum] = [this.#series(bin, "n"), this.#series(bin, name)];
      const of = known && this.#series(bin, known);
      return (draw: number) => (n[draw] === 0 ? 0 : of ? (n[draw] * sum[draw]) / of[draw] : sum[draw]);
    });
    return this.#tries.map((tries, draw) => terms.map((term) => term(draw)).reduce(add, 0) / tries);
  }

  /**
   * Good answers in some bins, per try of all bins, where a result that is not known is at most `factor` times as often good,
   * or bad, as the known ones of its bin; with a factor of 1 they are alike.
   *
   * @remarks Method: Tan 2006, doi:10.1198/016214506000000023, within bins of the score.
   */
  good(bins: readonly number[], of: Of, { factor, end }: Picked): Series {
    const terms = bins.map((bin) => {
      const [n, judged, good] = (["n", `${of}_judged`, `${of}_good`] as const).map((name) =>
        this.#series(bin, name),
      );
      return (draw: number) =>
        n[draw] === 0
          ? 0
          : good[draw] + (n[draw] - judged[draw]) * unseenShare(good[draw] / judged[draw], factor, end);
    });
    return this.#tries.map((tries, draw) => terms.map((term) => term(draw)).reduce(add, 0) / tries);
  }

  /**
   * How much more often answers of the cheap model are good from bin to bin of the score: the covariance of both, in the log
   * and in every resample.
   */
  get tells(): Series {
    const over = (draw: number, name: Drawn, weight: (bin: number) => number) =>
      this.scored.map((bin) => weight(bin) * this.#series(bin, name)[draw]).reduce(add, 0);
    return this.#tries.map((_, draw) => {
      const n = over(draw, "c_judged", () => 1);
      const mean = over(draw, "c_judged", (bin) => bin) / n;
      return over(draw, "c_good", (bin) => bin - mean) / n;
    });
  }

  /** Effective clusters among the known tries of some bins. */
  effective(bins: readonly number[], known: Known | "n"): number {
    const sums = new Float64Array(this.units);
    for (const bin of bins)
      for (const [unit, tries] of this.#sum(bin, known).ofUnits.entries()) sums[unit] += tries;
    const n = sums.reduce(add, 0);
    const squares = sums.map((ofUnit) => ofUnit * ofUnit).reduce(add, 0);
    return squares > 0 ? (n * n) / squares : 0;
  }

  /** What unseen answers could add to the error of a share, if all seen ones are alike. */
  unseen(bins: readonly number[], judged: Judged): number {
    if (bins.length === 0) return 0;
    const inLog = (name: Drawn) => bins.map((bin) => this.#series(bin, name)[0]).reduce(add, 0);
    const design = this.#designs[judged];
    const independent = Number.isNaN(design) ? 0 : inLog(judged) / design;
    const share = inLog("n") / this.tries;
    return (share * Math.SQRT2) / Math.max(1, independent, this.effective(bins, judged));
  }

  /** How much clusters widen the error of a share of all answers; not a number if all were alike. */
  #design(judged: Judged, good: Drawn): number {
    const n = this.#overAll(judged);
    const rates = this.#overAll(good).map((events, draw) => events / n[draw]);
    const [p] = rates;
    const ofOne = p * (1 - p);
    return ofOne > 0 ? Math.max(1, (spreadOf(rates.subarray(1)) ** 2 * n[0]) / ofOne) : Number.NaN;
  }
}
