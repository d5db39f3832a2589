import { labelOfBy } from "../../facts/names";
import { select } from "../../facts/select";
import { defaultBy, itemsOf } from "../../facts/selectOptions";
import { type Claim, claim, isSettled } from "../../stats/claim";
import { effectiveText, FEWEST_CLUSTERS, fewerThan } from "../../stats/clusterError";
import { type Estimate, noEnds, withNotes } from "../../stats/estimate";
import { studentisedRangeQuantile } from "../../stats/studentisedRange";
import { drawnEstimate, sumDraws } from "../../stats/sumDraws";
import { quoteText } from "../../store/quote";
import { run } from "../../store/run";
import { statements } from "../../store/statements";
import { columnDoubts } from "../columnDoubts";
import { defineMeasure, type Result } from "../define";
import type { Keyed } from "../table";
import { type Sided, servedBy } from "./sidesOfColumn";

const sql = statements(__dirname, "varianceByProvider.sql");

/** One group (by default a model) with calls of several values of a column: providers or regions. */
export type VarianceRow = Keyed<{
  /** Successful calls with a duration. */
  calls: number;
  /** Number of values of the column: of providers or regions that serve it. */
  served_by: number;
  /** Share of the variance of log duration that lies between them; about 0, or below, if they are alike. */
  between_share: Estimate;
  fastest: string;
  slowest: string;
  /** Geometric mean duration at the slowest over that at the fastest; the interval pays for having picked these two. */
  slowdown: Estimate;
  /** In words. */
  verdict: string;
  /** That the slowest is slower than the fastest, and how far that stands. */
  claim: Claim;
}>;

type Sums = { n: number; total: number; squares: number };

/**
 * How much of the spread in a model's latency comes from where it is served: the same model on different
 * infrastructure.
 *
 * Durations are taken as logarithms, so that shares do not depend on a few slow calls. n counts calls;
 * clusters are users, conversations, tasks or calls. Providers may get different prompts: compare within a
 * workload. The slowest and the fastest of several are picked from the same calls: with more of them, chance alone sets
 * these two further apart, and the interval of `slowdown` is as much wider.
 *
 * @remarks Methods: epsilon squared, the share of variance from an analysis of variance, corrected for chance
 * (Kelley 1935, doi:10.1073/pnas.21.9.554); percentile bootstrap over whole clusters. `slowdown`: Tukey's studentised
 * range (Kramer 1956, doi:10.2307/3001469) at the standard error from leaving out one cluster at a time, with one degree
 * of freedom less than the effective clusters of the provider that has the fewest, of which it takes 5. Of six equal ones 3 to 6
 * in 100 logs say that one is slower.
 * @returns a table with a row for each group of `by` that two or more serve
 * @throws RangeError for interval "bootstrap", an invalid `between`, or an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await latencyBetween(store);
 * rows[0].slowdown.value.toFixed(1) // "1.5"
 */
export const latencyBetween = defineMeasure({
  name: "between",
  of: "latency",
  was: "variance-by-provider",
  takes: "between",
  about:
    "the same model at several providers, in several regions or at the values of any column: which is slower, and by how much",
  needs: ["duration", "provider or region"],
  options: {
    between: {
      value: "[column]",
      about: "what is compared: provider, region, or any column that --by takes",
      default: "provider",
    },
  },
  async open({ store, request, options: { between } }) {
    const side = labelOfBy(between);
    const { by = await defaultBy(store.connection, request.candidate !== undefined) } = request;
    const scope = itemsOf("by", by).filter((item) => labelOfBy(item) !== side);
    return { selection: await select(store, request, { by: [...scope, between] }), side };
  },
  async table({ selection, options, store, request, side }): Promise<Result<VarianceRow>> {
    const { level, seed, interval } = options;
    if (interval === "bootstrap")
      throw new RangeError(
        'latencyBetween requires interval "auto", got "bootstrap": the slowdown pays for having picked its two by Tukey\'s range, and shares are drawn already',
      );
    const { connection, clusterBy } = selection;
    const by = selection.by.filter((name) => name !== side);
    await run(connection, sql.timed);
    const { served, unknown } = await servedBy(connection, by, side);
    const about = { level, seed, clusterBy, together: served.length };
    const doubtedBy = await columnDoubts(store, request, by);
    const rows = served.map(({ values, ofGroup, names }) => ({
      ...(by.length === 0 ? {} : values),
      ...split(ofGroup, names, {
        ...about,
        doubted: (slowdown) => doubtedBy?.(values, slowdown, "ratio") ?? slowdown,
      }),
    }));
    return {
      rows,
      notes:
        rows.length > 1
          ? [`Verdicts hold for all ${rows.length} rows together, each interval for its row.`]
          : [],
      by,
      none: `No row has calls of two or more values of the column ${side}.`,
      behind: {
        from: `select g, at_row, lasted as amount from timed where g::varchar not in (${["''", ...unknown.map(quoteText)].join(", ")})`,
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        n: ({ calls }) => calls,
      },
    };
  },
});

function split(
  cells: Sided[],
  names: string[],
  { seed, ...slowed }: Omit<Slowed, "places"> & { seed?: number },
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
  const { level, clusterBy } = slowed;
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
    ...slowdownOf(columns, names, { ...slowed, places: [fastest, slowest] }),
  };
}

/** The calls of one provider by cluster, and their log durations summed. */
export interface SideColumns {
  n: Float64Array;
  total: Float64Array;
}

/** What is compared: the places of the fastest and the slowest, and how many rows are judged together. */
interface Slowed {
  level?: number;
  clusterBy: string;
  places: [number, number];
  together?: number;
  /** Adds what is doubted of the waits behind it. */
  doubted?: (slowdown: Estimate) => Estimate;
}

/** How much slower the slowest is than the fastest, at all pairs of providers together, and what may be said of it. */
export function slowdownOf(
  sides: readonly SideColumns[],
  names: readonly string[],
  { level = 0.95, clusterBy, places, together = 1, doubted = (slowdown) => slowdown }: Slowed,
): Pick<VarianceRow, "slowdown" | "verdict" | "claim"> {
  const [fastest, slowest] = places.map((place) => sides[place]);
  const whole = (column: Float64Array) => column.reduce((sum, x) => sum + x, 0);
  const meanOf = ({ n, total }: SideColumns) => whole(total) / whole(n);
  const apart = meanOf(slowest) - meanOf(fastest);
  // How leaving out each cluster moves the difference of the two means: users who meet both providers weigh on both sides, and
  // one of many calls draws the mean to itself.
  const shareOf = (side: SideColumns, at: number) =>
    side.n[at] === 0 ? 0 : (side.total[at] - side.n[at] * meanOf(side)) / (whole(side.n) - side.n[at]);
  const added = slowest.n.map((_, at) => shareOf(slowest, at) - shareOf(fastest, at));
  const clusters = added.filter((_, at) => slowest.n[at] + fastest.n[at] > 0).length;
  const error = Math.sqrt((added.reduce((sum, x) => sum + x * x, 0) * (clusters - 1)) / clusters);
  const fewest = Math.min(
    ...sides.map(({ n }) => whole(n) ** 2 / n.reduce((squares, calls) => squares + calls * calls, 0)),
  );
  const isKnown = fewest >= FEWEST_CLUSTERS;
  const reachAt = (of: number) =>
    isKnown ? (studentisedRangeQuantile(of, names.length, fewest - 1) / Math.SQRT2) * error : Number.NaN;
  const reach = reachAt(level);
  const ends = isKnown ? { low: Math.exp(apart - reach), high: Math.exp(apart + reach) } : noEnds;
  const n = whole(slowest.n) + whole(fastest.n);
  const about = { level, method: "studentised-range", n, clusters, clusterBy, unit: "×" };
  const known = withNotes(
    { value: Math.exp(apart), ...ends, ...about },
    isKnown ? [] : [fewerThan(FEWEST_CLUSTERS, "effective clusters of each", Number(effectiveText(fewest)))],
  );
  const slowdown = doubted(known);
  const low = Math.exp(apart - reachAt(1 - (1 - level) / together));
  const slower = claim("variance-by-provider.slower", "differs", [
    { estimate: { ...slowdown, low }, end: "low", holds: (x) => x > 1 },
  ]);
  const [fast, slow] = places.map((place) => names[place]);
  const verdict = isSettled(slower)
    ? `${slow} is slower than ${fast}`
    : "none is shown to be slower than another";
  return { slowdown, verdict, claim: slower };
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
