import { checkScore, ratersOfLog } from "../../facts/judgements";
import { ratersInOrder } from "../../facts/raters";
import type { Estimate } from "../../stats/estimate";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import type { GroupKey } from "../estimate/ratios";
import { hidden } from "../measure";
import type { Keyed, Row } from "../table";
import { chosenRater } from "./chosenRater";
import { behindScores, qualityOptions } from "./quality";
import { scoreSums } from "./qualityMean";
import { selectJudged } from "./qualitySubjects";
import { scoreCells } from "./scoreCells";

const sql = statements(__dirname, "qualityBeside.sql");

/** One row: a group and a value (or range) of the other score. */
export type BesideRow = Keyed<{
  /** The other score's label, or the part of its range. */
  beside: string;
  n: number;
  rater: string;
  mean: Estimate;
  /** If people labelled some of what a judge judged: the score corrected for the judge's errors, as in `quality`. */
  corrected?: Estimate;
}>;

/**
 * A score broken down by another score of the same call or task: by the position of the evidence in a long document, by
 * how messy the request was, or by a domain that a rule assigned.
 *
 * The other score is named by `beside`. Each label is a row, and so are 0 and 1 if it has no other values. A share from
 * 0 to 1 is cut into equal parts, so three bins of "evidence_position" are the start, the middle and the end; other
 * numbers are cut into bins with about equally many subjects. n counts subjects that have both scores. Items that
 * differ in the other score may also differ in difficulty: to compare two wordings of the same items use `paired` with
 * `compare: "prompt_version"`.
 *
 * @remarks Method: as `quality`.
 * @returns a table with a row for each group of `by` and part of the other score
 * @throws RangeError for a score that the log does not have, for invalid bins, and as `quality`
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityBeside(store, { score: "supported", beside: "evidence_position" });
 * rows[0].mean.value.toFixed(2) // "0.93"
 */
export const qualityBeside = defineMeasure({
  name: "beside",
  of: "quality",
  about: "split by another score of the same answers, such as evidence_position",
  needs: ["scores"],
  takes: "beside",
  options: {
    beside: {
      value: "<score>",
      about: "the other score on the same answers: evidence_position from 0 to 1, a domain in its label",
      required: true,
    },
    bins: {
      value: "<number>",
      about: "parts of the other score",
      as: "whole",
      default: 3,
      check: (caller: string, bins: number) => {
        if (!(Number.isSafeInteger(bins) && bins >= 1 && bins <= 100))
          throw new RangeError(
            `${caller} requires a whole number of bins from 1 to 100, got ${String(bins)}`,
          );
      },
    },
    ...hidden(qualityOptions),
  },
  open: async (asked) => {
    const onePopulation = { rater: asked.options.rater };
    return { selection: await selectJudged("qualityBeside", { ...asked, onePopulation }) };
  },
  async table({ selection, store, options }): Promise<Result<BesideRow>> {
    const { connection, by, score } = selection;
    const { bins } = options;
    const beside = await checkScore("qualityBeside", store, options.beside);
    const [kind] = ratersInOrder(
      Object.entries(await ratersOfLog(store, beside)).map(([rater, n]) => ({ rater, n })),
    );
    await run(connection, `set variable beside = ${quoteText(beside)}`);
    await run(connection, `set variable beside_rater = ${quoteText(kind.rater)}`);
    await run(connection, `set variable bins = ${bins}`);
    await run(connection, sql.besides);
    await run(connection, sql.rated_beside);
    type Place = { g: GroupKey; by: Row; label: string | null; from: number | null; to: number | null };
    const places = await rowsOf<Place>(connection, sql.places);
    const sums = await scoreSums(selection);
    const chosen = await chosenRater("qualityBeside", store, sums, { score, rater: options.rater });
    const cellsOf = await scoreCells(selection, sums, options);
    const sumsOf = new Map(chosen.rows.map((sums) => [sums.g, sums]));
    const placeOf = new Map<BesideRow, string>();
    const rows = places.flatMap(({ g, by: key, label, from, to }): BesideRow[] => {
      const sums = sumsOf.get(g);
      if (sums === undefined) return [];
      const row = {
        ...(by.length === 0 ? {} : key),
        beside: label ?? (from === to ? short(from) : `${short(from)} to ${short(to)}`),
        ...cellsOf(sums),
      };
      placeOf.set(row, String(g));
      return [row];
    });
    const none = `No subject that is selected has both "${score}" and "${beside}".`;
    return {
      by: [...by, "beside"],
      rows,
      notes: [...chosen.notes, ...(rows.length === 0 ? [none] : [])],
      behind: {
        ...behindScores<BesideRow>(score, by),
        from: sql.behind,
        keys: (row) => ({ by: ["place", "rater"], rows: [{ place: placeOf.get(row), rater: row.rater }] }),
      },
    };
  },
});

const short = (x: number | null) => (x === null ? "" : String(Number(x.toPrecision(3))));
