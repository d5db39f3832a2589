import { join } from "node:path";
import { checkRater, checkScore, ratersInOrder, ratersOfLog } from "../../facts/judgements";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { withCalls } from "../behind";
import type { GroupKey } from "../estimate/ratios";
import { requestOf } from "../options";
import type { Row, Table } from "../table";
import { behindScores, chooseRater, type QualityOptions } from "./quality";
import { meanOfScore, scoreSums } from "./qualityMean";
import { selectJudged } from "./qualitySubjects";

const sql = statements<"besides" | "rated_beside" | "places" | "behind">(
  join(__dirname, "qualityBeside.sql"),
);

/** Which score to break down by which other score. */
export interface BesideOptions extends QualityOptions {
  /** The other score on the same calls or tasks: "evidence_position" from 0 to 1, "messy", a domain in its label, ... */
  beside: string;
  /** Number of bins if the other score is a number. Default 3. */
  bins?: number;
}

/** One row: a group and a value (or range) of the other score. */
export interface BesideRow extends Row {
  /** The other score's label, or the part of its range. */
  beside: string;
  n: number;
  rater: string;
  mean: Estimate;
}

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
export async function qualityBeside(store: Store, options: BesideOptions): Promise<Table<BesideRow>> {
  const request = requestOf("qualityBeside", options);
  const { bins = 3 } = options;
  if (!(Number.isSafeInteger(bins) && bins >= 1 && bins <= 100))
    throw new RangeError(`qualityBeside requires a whole number of bins from 1 to 100, got ${String(bins)}`);
  const score = await checkScore("qualityBeside", store, options.score);
  const beside = await checkScore("qualityBeside", store, options.beside);
  const inLog = await ratersOfLog(store, score);
  if (options.rater !== undefined) checkRater("qualityBeside", Object.keys(inLog), options.rater);
  const selection = await selectJudged("qualityBeside", store, score, request, options);
  try {
    const { connection, by, clusterBy } = selection;
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
    const chosen = chooseRater(await scoreSums(selection), options.rater, inLog);
    const sums = new Map(chosen.rows.map((one) => [one.g, one]));
    const settings = { level: options.level, clusterBy, guarantee: options.guarantee };
    const placeOf = new Map<BesideRow, string>();
    const rows = places.flatMap(({ g, by: own, label, from, to }): BesideRow[] => {
      const one = sums.get(g);
      if (one === undefined) return [];
      const named = label ?? (from === to ? short(from) : `${short(from)} to ${short(to)}`);
      const row = {
        ...(by.length === 0 ? {} : own),
        beside: named,
        n: one.n,
        rater: one.rater,
        mean: meanOfScore(one, settings),
      };
      placeOf.set(row, String(g));
      return [row];
    });
    const none = `No subject that is selected has both "${score}" and "${beside}".`;
    const notes = [...selection.notes, ...chosen.notes, ...(rows.length === 0 ? [none] : [])];
    return withCalls(
      { measure: "quality beside", by: [...by, "beside"], rows, notes },
      (again) => qualityBeside(again, options),
      {
        ...behindScores<BesideRow>(score, by),
        from: sql.behind,
        keys: (row) => ({ by: ["place", "rater"], rows: [{ place: placeOf.get(row), rater: row.rater }] }),
      },
    );
  } finally {
    selection.close();
  }
}

const short = (x: number | null) => (x === null ? "" : String(Number(x.toPrecision(3))));
