import { join } from "node:path";
import type { Estimate } from "../../stats/estimate";
import { drawnEstimate, sumDraws } from "../../stats/sumDraws";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { mostDrawn } from "../estimate/clusterTotals";
import type { GroupKey } from "../estimate/ratios";
import type { Keyed, Row } from "../table";

const sql = statements<"cells" | "groups" | "timed">(join(__dirname, "varianceByProvider.sql"));

/** One group (by default a model) with several providers or regions. */
export type VarianceRow = Keyed<{
  /** Successful calls with a duration. */
  calls: number;
  /** Number of providers or regions that serve it. */
  served_by: number;
  /** Share of the variance of log duration that lies between them; about 0, or below, if they are alike. */
  between_share: Estimate;
  fastest: string;
  slowest: string;
  /** Geometric mean duration at the slowest over that at the fastest. */
  slowdown: Estimate;
}>;

type Cell = { g: GroupKey; side: string; unit: number | string; n: number; total: number; squares: number };
type Sums = { n: number; total: number; squares: number };

/**
 * How much of the spread in a model's latency comes from where it is served: the same model on different
 * infrastructure.
 *
 * Durations are taken as logarithms, so that shares do not depend on a few slow calls. n counts calls;
 * clusters are users, conversations, tasks or calls. Providers may get different prompts: compare within a
 * workload.
 *
 * @remarks Method: epsilon squared, the share of variance from an analysis of variance, corrected for chance
 * (Kelley 1935, doi:10.1073/pnas.21.9.554); percentile bootstrap over whole clusters.
 * @returns a table with a row for each group of `by` that two or more serve
 * @throws RangeError for an invalid `between`, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await varianceByProvider(store);
 * rows[0].slowdown.value.toFixed(1) // "1.5"
 */
export const varianceByProvider = defineMeasure({
  name: "variance-by-provider",
  title: "variance by provider",
  about: "the same model at several providers or in several regions: which is slower, and by how much",
  needs: ["duration", "provider or region"],
  options: {
    between: {
      value: "<column>",
      about: "what is compared",
      choices: ["provider", "region"],
      default: "provider",
      check(caller: string, between: "provider" | "region") {
        if (between !== "provider" && between !== "region")
          throw new RangeError(`${caller} requires between "provider" or "region", got "${String(between)}"`);
      },
    },
  },
  async table({ selection, options }): Promise<Result<VarianceRow>> {
    const { between, level, seed } = options;
    const { connection, by, clusterBy } = selection;
    await run(connection, `set variable side = '${between}'; ${sql.timed}`);
    const groups = await rowsOf<{ g: GroupKey; by: Row }>(connection, sql.groups);
    const cells = await rowsOf<Cell>(connection, sql.cells, { most: mostDrawn });
    const rows = groups.flatMap(({ g, by: values }) => {
      const ofGroup = cells.filter((cell) => cell.g === g);
      const names = [...new Set(ofGroup.map(({ side }) => side))];
      if (names.length < 2) return [];
      return [{ ...(by.length === 0 ? {} : values), ...split(ofGroup, names, { level, seed, clusterBy }) }];
    });
    return {
      rows,
      none: `No row has calls of two or more values of the column ${between}.`,
      behind: {
        from: "select g, at_row, lasted as amount from timed where side is not null",
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        n: ({ calls }) => calls,
      },
    };
  },
});

function split(
  cells: Cell[],
  names: string[],
  { level, seed, clusterBy }: { level?: number; seed?: number; clusterBy: string },
) {
  const units = [...new Set(cells.map(({ unit }) => unit))];
  const placeOf = new Map(units.map((unit, place) => [unit, place]));
  const columns = names.map(() => ({
    n: new Float64Array(units.length),
    total: new Float64Array(units.length),
    squares: new Float64Array(units.length),
  }));
  for (const { side, unit, n, total, squares } of cells) {
    const [column, place] = [columns[names.indexOf(side)], placeOf.get(unit) as number];
    column.n[place] = n;
    column.total[place] = total;
    column.squares[place] = squares;
  }
  const flat = columns.flatMap(({ n, total, squares }) => [n, total, squares]);
  const drawn = sumDraws(flat, { seed });
  const sums = (of: (column: number) => number): Sums[] =>
    names.map((_, i) => ({ n: of(3 * i), total: of(3 * i + 1), squares: of(3 * i + 2) }));
  const whole = sums((column) => flat[column].reduce((sum, x) => sum + x, 0));
  const n = whole.reduce((sum, side) => sum + side.n, 0);
  const mean = ({ total, n }: Sums) => total / n;
  const means = whole.map(mean);
  const [fastest, slowest] = [means.indexOf(Math.min(...means)), means.indexOf(Math.max(...means))];
  const about = { level, n, clusters: units.length, clusterBy };
  const estimate = (of: (s: Sums[]) => number, unit: string): Estimate => {
    const draws = drawn[0].map((_, draw) => of(sums((column) => drawn[column][draw])));
    return drawnEstimate(of(whole), draws, { ...about, unit });
  };
  return {
    calls: n,
    served_by: names.length,
    between_share: estimate(betweenShare, "1"),
    fastest: names[fastest],
    slowest: names[slowest],
    slowdown: estimate((s) => Math.exp(mean(s[slowest]) - mean(s[fastest])), "×"),
  };
}

/** Epsilon squared: 1 minus the variance within over the total variance. */
function betweenShare(sums: Sums[]): number {
  const filled = sums.filter(({ n }) => n > 0);
  const n = filled.reduce((sum, side) => sum + side.n, 0);
  const total = filled.reduce((sum, side) => sum + side.total, 0);
  const squares = filled.reduce((sum, side) => sum + side.squares, 0);
  const inside = filled.reduce((sum, side) => sum + side.squares - (side.total * side.total) / side.n, 0);
  const all = squares - (total * total) / n;
  if (!(n > filled.length && all > 0)) return Number.NaN;
  return 1 - inside / (n - filled.length) / (all / (n - 1));
}
