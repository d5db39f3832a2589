import { derived } from "../../facts/request";
import { alpha } from "../../stats/alpha";
import { type Estimate, renoted } from "../../stats/estimate";
import { kappa } from "../../stats/kappa";
import { wilson } from "../../stats/rate";
import { reserve } from "../../stats/reservation";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import type { GroupKey } from "../estimate/ratios";
import { hidden } from "../measure";
import type { MeasureOptions } from "../options";
import type { Keyed, Row } from "../table";
import { judgedOptions, selectJudged } from "./qualitySubjects";

const sql = statements(__dirname, "qualityRaters.sql");

/** Two raters on the same subjects, or all raters together. */
export type RaterRow = Keyed<{
  raters: string;
  /** Subjects judged by both, or by at least two of all raters. */
  subjects: number;
  /** The share of them on which both agree; NaN for all raters together. */
  same: Estimate;
  /** Agreement beyond chance: kappa for two raters, alpha for all. 1 is perfect, 0 is chance. */
  agreement: Estimate;
  statistic: "kappa" | "alpha";
}>;

/** The maximum number of pairs listed, those with the most subjects in common first. */
const mostPairs = 30;

/**
 * How well raters agree on the same calls and tasks: people with each other, and a judge with people.
 *
 * A rater is a kind with its id ("human h1"). Labels of 0 and 1 agree or not; other scores count by their squared
 * distance. n counts subjects. Agreement between people bounds what any judge can reach; a rare label makes kappa low
 * even if raters hardly ever differ, so look at `same` as well.
 *
 * @remarks Method: see `kappa` (quadratic weights for scores that are not 0 or 1) and `alpha`.
 * @returns a table with a row for each pair of raters, and one for all if there are three or more; by default over all
 * calls and tasks together
 * @throws RangeError for a score that the log does not have, and for an invalid column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityRaters(store, { score: "hallucination" });
 * rows[0].same.value.toFixed(2) // "0.95"
 */
export const qualityRaters = defineMeasure({
  name: "raters",
  of: "quality",
  about: "how far raters agree with each other",
  fixed: {
    cluster: "its intervals are over the subjects",
    interval: "agreement is drawn already, and the share that agrees is a rate",
  },
  needs: ["scores"],
  options: hidden(judgedOptions),
  open: async (asked) => {
    const request = derived(asked.request, { by: asked.options.by ?? "", cluster: "call_id" });
    return { selection: await selectJudged("qualityRaters", { ...asked, request }) };
  },
  async table({ selection, options }): Promise<Result<RaterRow>> {
    const { connection, by, score } = selection;
    await run(connection, sql.several);
    const groups = new Map<GroupKey, Pattern[]>();
    for (const pattern of await rowsOf<Pattern>(connection, sql.patterns))
      groups.set(pattern.g, [...(groups.get(pattern.g) ?? []), pattern]);
    const rows = [...groups.values()].flatMap((patterns) => {
      const key = by.length === 0 ? {} : patterns[0].by;
      return ratersOf(patterns, options).map((row): RaterRow => ({ ...key, ...row }));
    });
    return {
      by: [...by, "raters"],
      rows,
      notes: rows.length === 0 ? [`No call or task has a score "${score}" by two raters.`] : [],
      behind: {
        from: sql.behind,
        amount: { name: "apart", first: "furthest apart" },
        counted: "judged calls and tasks",
        n: ({ subjects }) => subjects,
      },
    };
  },
});

interface Pattern {
  g: GroupKey;
  by: Row;
  ratings: { who: string; value: number }[];
  n: number;
}

type Pair = { first: string; second: string; cells: { a: number; b: number; n: number }[]; n: number };

function ratersOf(patterns: readonly Pattern[], { level = 0.95, seed = 1 }: MeasureOptions) {
  const values = new Set(patterns.flatMap(({ ratings }) => ratings.map(({ value }) => value)));
  const plain = [...values].every((value) => value === 0 || value === 1);
  const pairs = pairsOf(patterns);
  const ofPairs = pairs.slice(0, mostPairs).map(({ first, second, cells, n }) => {
    const same = cells.reduce((sum, { a, b, n }) => sum + (a === b ? n : 0), 0);
    const agreement = kappa(
      spread(cells, ({ a }) => a),
      spread(cells, ({ b }) => b),
      {
        level,
        seed,
        weights: plain ? "none" : "quadratic",
      },
    );
    return {
      raters: `${first} · ${second}`,
      subjects: n,
      same: { ...wilson(same, n, { level }), clusterBy: "item" },
      agreement,
      statistic: "kappa" as const,
    };
  });
  const all = [...new Set(patterns.flatMap(({ ratings }) => ratings.map(({ who }) => who)))].sort();
  if (all.length < 3) return ofPairs;
  const subjects = patterns.reduce((sum, { n }) => sum + n, 0);
  const columns = all.map((who) =>
    patterns.flatMap(({ ratings, n }) =>
      new Array<number | null>(n).fill(ratings.find((rating) => rating.who === who)?.value ?? null),
    ),
  );
  const whole = {
    raters: `all ${all.length}`,
    subjects,
    same: renoted(wilson(0, 0, { level }), [reserve("none.raters")]),
    agreement: alpha(columns, { level, seed, metric: plain ? "nominal" : "interval" }),
    statistic: "alpha" as const,
  };
  return [...ofPairs, whole];
}

function pairsOf(patterns: readonly Pattern[]): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { ratings, n } of patterns)
    for (const [index, first] of ratings.entries())
      for (const second of ratings.slice(index + 1)) {
        const key = JSON.stringify([first.who, second.who]);
        const pair = pairs.get(key) ?? { first: first.who, second: second.who, cells: [], n: 0 };
        pair.cells.push({ a: first.value, b: second.value, n });
        pair.n += n;
        pairs.set(key, pair);
      }
  return [...pairs.values()].sort((a, b) => b.n - a.n || (a.first + a.second < b.first + b.second ? -1 : 1));
}

const spread = (cells: Pair["cells"], of: (cell: Pair["cells"][number]) => number) =>
  cells.flatMap((cell) => new Array<number>(cell.n).fill(of(cell)));
