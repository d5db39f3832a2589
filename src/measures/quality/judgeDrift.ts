import { derived } from "../../facts/request";
import type { Claim } from "../../stats/claim";
import { isSettled } from "../../stats/claim";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { counted } from "../../stats/text";
import { isDay } from "../../store/day";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import type { GroupKey } from "../estimate/ratios";
import { hidden } from "../measure";
import { groupedBy } from "../rowKey";
import type { Keyed, Row } from "../table";
import { whyEmpty } from "../whyEmpty";
import { driftClaim, driftOf, type FirstScores, type Twice } from "./drift";
import { timedJudgements } from "./judgeHistory";
import { judgedOptions, selectJudged } from "./qualitySubjects";

const sql = statements(__dirname, "judgeDrift.sql");

/** A rater beside itself at another time. */
export type JudgeDriftRow = Keyed<{
  /** The rater's kind with its id: "judge j1". */
  rater: string;
  /** Items that it judged again, and the days of its first and its last judgement of them, UTC. */
  items: number;
  from: string;
  to: string;
  /** The mean score of these items before and after, and after less before. */
  before: number;
  after: number;
  drift: Estimate;
  /** Of a score of 0 or 1: the shares of items that passed only after, and only before. */
  risen?: Estimate;
  fallen?: Estimate;
  /** "scores higher", "scores lower", or "cannot tell". */
  verdict: string;
  /** How far that stands. */
  claim: Claim;
}>;

/**
 * Whether a judge, or any other rater, scores the same answers differently at another time.
 *
 * An item is the same answer: the same text to the same prompt, else the same call or task. Without `since` its first
 * judgement by a rater is held against its last; with it, the mean of those before that time (UTC) against the mean of those from
 * then on. `drift` is after less before; for a score of 0 or 1 `risen` and `fallen` are the shares of items whose verdict turned
 * each way. n counts items, clusters are their prompts. It is about the times of these judgements, and says nothing of
 * times at which nothing was judged again. Items that were picked by their first score move back by themselves: where those
 * judged again first got other scores than those judged once, the drift decides nothing. A judgement without a time
 * is left out.
 *
 * @remarks Method: see `pairedDifference`, and `rateFromSums` for the shares. Coverage: docs/simulations/drift.md.
 * @returns a table with a row for each rater that judged something again, within each group of `by`; by default over all
 * calls and tasks together
 * @throws RangeError for a score that the log does not have, and for an invalid time, column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityDrift(store, { score: "hallucination" });
 * rows[0].drift.value.toFixed(3) // "-0.012"
 */
export const qualityDrift = defineMeasure({
  name: "drift",
  of: "quality",
  about: "whether a judge scores the same answers differently later (from this time on)",
  fixed: {
    cluster: "its intervals are over the prompts of items",
    interval: "it is a difference on the same items",
  },
  needs: ["scores"],
  takes: "since",
  options: {
    since: {
      value: "[time]",
      about:
        "judgements before this time against those from then on, UTC (default: of each item the first against the last)",
      check: (caller: string, since: string) => checkTime(caller, since),
    },
    ...hidden(judgedOptions),
  },
  open: async (asked) => {
    const request = derived(asked.request, { by: asked.options.by ?? "", cluster: "call_id" });
    return { selection: await selectJudged("qualityDrift", { ...asked, request }) };
  },
  async table({ selection, options }): Promise<Result<JudgeDriftRow>> {
    const { connection, by, score } = selection;
    await timedJudgements(connection);
    await run(connection, sql.dated);
    await run(connection, sql.items, { since: options.since ?? null });
    type Rater = FirstScores & {
      g: GroupKey;
      by: Row;
      rater: string;
      items: number;
      first: string;
      last: string;
    };
    const raters = await rowsOf<Rater>(connection, sql.raters);
    type Item = Twice & { g: GroupKey; rater: string };
    const items = groupedBy(await rowsOf<Item>(connection, sql.again), ({ g, rater }) => `${g} ${rater}`);
    const rows = raters
      .filter((one) => one.items > 0)
      .map(({ g, by: key, rater, items: n, first, last, ...scores }): JudgeDriftRow => {
        const found = driftOf(items.get(`${g} ${rater}`) ?? [], options, scores);
        const stated = driftClaim(found);
        return {
          ...(by.length === 0 ? {} : key),
          ...{ rater, items: n, from: first, to: last },
          ...defined({ ...found }),
          verdict: isSettled(stated)
            ? found.drift.value > 0
              ? "scores higher"
              : "scores lower"
            : "cannot tell",
          claim: stated,
        };
      });
    const once = raters.reduce((sum, { judged, items: n }) => sum + judged - n, 0);
    return {
      by: [...by, "rater"],
      rows,
      notes:
        rows.length === 0
          ? [
              await whyEmpty(
                selection,
                `No answer has a score "${score}" by the same rater at two times${options.since === undefined ? "" : `, before and after ${options.since}`}: whether a rater has changed is not known.`,
              ),
            ]
          : [
              ...(once === 0
                ? []
                : [
                    `${counted(once, "item")} judged at one time alone ${once === 1 ? "is" : "are"} left out.`,
                  ]),
              "A judge that has better and worse days has moved between two of them, though not for good: more days of judging tell.",
            ],
      behind: {
        from: "select g, at_row, abs(after - before) as amount, item as unit, rater from drifting where before is not null and after is not null",
        amount: { name: "moved", first: "moved most" },
        counted: "items",
        n: ({ items }) => items,
      },
    };
  },
});

function checkTime(caller: string, since: string): void {
  if (
    /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$/.test(since) &&
    isDay(since.slice(0, 10)) &&
    !Number.isNaN(Date.parse(since))
  )
    return;
  throw new RangeError(
    `${caller} requires since to be a time such as "2026-03-05" or "2026-03-05 14:00", got "${since}"`,
  );
}
