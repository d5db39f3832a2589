import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { type Banded, bandOf } from "./cascadeBand";
import type { CascadeSums, Series } from "./cascadeSums";

export interface BandsAbout {
  level: number;
  clusterBy: string;
}

/** Where a cascade starts to accept the cheap model's answers: the bins that it accepts, and those that it sends on. */
export interface From {
  from: number;
  accepted: readonly number[];
  passed: readonly number[];
}

/** A quantity's bounds, and how far answers that were not seen may move it at each point. */
export interface BandEnds {
  ends?: readonly [number, number];
  floor?: (from: From) => number;
}

/** Bands over all points of a curve together, and intervals of single numbers. */
export class CascadeBands {
  readonly froms: readonly From[];
  /** Effective clusters. */
  readonly clusters: number;
  readonly #about: BandsAbout & { n: number; clusters: number; units: number };

  constructor(sums: CascadeSums, { level, clusterBy }: BandsAbout) {
    this.clusters = sums.effective(sums.every, "n");
    this.#about = { level, clusterBy, n: sums.tries, clusters: this.clusters, units: sums.units };
    this.froms = sums.scored.map((from) => ({
      from,
      accepted: sums.every.filter((bin) => bin >= from),
      passed: sums.every.filter((bin) => bin < from),
    }));
  }

  band(seriesOf: (from: From) => Series, unit: string, { floor = () => 0, ends }: BandEnds = {}): Banded[] {
    return bandOf(this.froms.map(seriesOf), this.froms.map(floor), defined({ ...this.#about, unit, ends }));
  }

  single(series: Series, unit: string, floor = 0, ends?: BandEnds["ends"]): Estimate {
    return bandOf([series], [floor], defined({ ...this.#about, unit, ends }))[0].estimate;
  }
}
