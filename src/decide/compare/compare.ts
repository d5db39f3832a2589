import { join } from "node:path";
import type { Selection } from "../../facts/select";
import { withCallsOf } from "../../measures/behind";
import type { OptionsOf } from "../../measures/define";
import { type BalanceRow, balanceOf, heldFixed, itemBalance } from "../../measures/mix/balance";
import type { Table } from "../../measures/table";
import { say } from "../../stats/sentences";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { assumeOption, declaredIn } from "../assume";
import type { Assumption } from "../assumption";
import { defineDecision } from "../define";
import { assumptionsOf } from "./compareAssumptions";
import { type ItemsRow, itemsOf } from "./compareItems";
import { mixNotes, notesOf, raterNotes } from "./compareNotes";
import { compareOptions } from "./compareOptions";
import type { CompareRow } from "./compareRow";
import type { Sides } from "./compareSides";
import { judged, verdictOfAll } from "./compareVerdict";
import { type Timeline, timeline } from "./timeline";
import { withSides } from "./withSides";

const sql = statements<"sides">(join(__dirname, "compare.sql"));

/** What one side is. */
export interface ComparedSide {
  /** The predicate or the time range that defines it. */
  what: string;
  /** Answering calls, and how many of them are in hours of the week that both sides have. */
  calls: number;
  matched: number;
  /** First and last hour, UTC; null if calls have no time. */
  from: string | null;
  to: string | null;
}

/** Two sides of a log, metric by metric. */
export interface Comparison extends Table<CompareRow> {
  a: ComparedSide;
  b: ComparedSide;
  /** Scores of the prompts that both sides have, item by item: two runs of an eval set. */
  items: ItemsRow[];
  /** What was fixed before the first answer, and how far the sides differ in it, unadjusted and at one mix. */
  balance: BalanceRow[];
  /** What the verdict takes for granted, and which of these would change it. */
  assumptions: Assumption[];
  /** The course of the durations over both sides; the search for a change is not told the date. */
  changePoint: Timeline;
  /** What can be said, in a sentence. */
  verdict: string;
}

/**
 * Compares two sides of a log, before and after a switch or any two predicates, and separates a change of the
 * model from a change of the mix.
 *
 * `a` and `b` are what the other measures give for these calls. Every difference b - a is the sum of `within`,
 * what is left in the hours of the week that both sides have (weighted to the calendar of side a) when b is given
 * a's mix of workload, model and prompt version (where both sides have the same), input length of the first turn
 * and working hours, and of `mix`, the rest. Where both sides were asked the same prompts, these alone are the mix, and
 * each side counts them equally often. Tokens of different models are compared only once prompts that the models share show
 * how finely each counts; else length is left out of the mix. A change whose direction is another as measured is not
 * claimed. If the users differ, a change is stated only if those on both sides (`returning`) show it too. If the sides
 * have days of their own, the first of these that the log allows tells a change from the days, and the row names it
 * (`against`). "days-control": the days of another model, among the calls that `where` leaves out, are taken off
 * (`control`): it has calls on all days of a switch, kept its share of the traffic, and rose and fell with the compared
 * days before it (by a correlation above .5). "days-weeks": the weeks after a switch are held against as many before it,
 * beside what eight earlier weeks or more were apart (`weeks`). "days-ar1": from five days a side on, what days share
 * and carry over is estimated from the days themselves; `unseen` is the share by which a number must change for it, `takes` the
 * weeks a side that would tell 10 %. What is left of `ratio` is `days_factor`, which has no interval. With fewer than five days a
 * change leads only if days are alike; below 14 a side, or where the median day of the weeks shows less of it, another look at the
 * days has to show it as well. Of resolved tasks with unknown outcomes `one_way` has Lee's bounds, for which one side reports all
 * that the other does, beside the share that either side reports (`reported_a`, `reported_b`). Causes ("cause:NAME"), of which a drawn part was read, are compared as measured: `within` is the whole
 * difference, and where work, users or days are not the same, it leads only if they are alike. `metrics` takes names as `metric` does, and "output_tokens"; by default all
 * metrics of the log are compared, and its six most frequent scores. n counts calls, tasks or scores; clusters are users
 * and hours together.
 *
 * JSON: `{"a","b","rows":[{"metric","a":E,"b":E,"difference":E,"ratio":E,"within":E,"mix":E,
 * "within_ratio":E,"mix_ratio":E,"p_holm","mix_p_holm","returning":E,"seen","unlogged","odds","odds_bound","reported_a","reported_b","one_way":E,"against","control","weeks","days_factor","unseen","takes","verdict","claim"}],"balance","assumptions","changePoint":{"bin","at","low","high","p","before",
 * "after","at_switch","verdict","points":[...]},"items":[{"score","items","difference":E,"higher_a","higher_b","p_holm",
 * "verdict","flips"}],"verdict","notes"}`. If both sides have the same prompts, `items` compares them prompt by
 * prompt.
 *
 * @remarks Method: direct standardisation with a regression on length in each stratum (see `standardise`); two-way
 * clustered errors, Cameron, Gelbach & Miller (2011),
 * doi:10.1198/jbes.2010.07136; days by difference in differences, Bertrand, Duflo & Mullainathan (2004), doi:10.1162/003355304772839588, by placebo
 * dates (`placeboWeeks`) or a mixture over AR(1) (`dayMixture`); differences by MOVER, Zou (2007), doi:10.1037/1082-989X.12.4.399; unknown
 * outcomes by Manski (1989), doi:10.2307/145818, and Lee (2009), doi:10.1111/j.1467-937X.2009.00536.x; Holm over all rows.
 * @throws RangeError if the sides are not given, or for an invalid date, column, metric or level
 * @example
 * const store = await openDemo();
 * const where = "workload = 'chat-assistant'";
 * const { rows } = await compare(store, { switch: "2026-03-04 23:00", where, metrics: ["duration_p50"] });
 * rows[0].ratio.value.toFixed(1) // "1.3"
 */
export const compare = defineDecision({
  name: "compare",
  about: "before and after a switch, or two groups of calls: what the model changed and what the mix changed",
  options: {
    ...compareOptions,
    ...assumeOption("outcomes-alike", "one-way-reporting", "same-users", "same-days", "same-work"),
  },
  words: {
    by: "compare within each value of these columns, such as workload",
    cluster: "the unit of independence (auto: users and hours)",
    interval: false,
  },
  async decide(asked): Promise<Comparison> {
    const { level = 0.95, seed = 1, cluster = "auto" } = asked.options;
    const declared = declaredIn(asked.options.assume);
    return withSides(asked, async (found) => {
      const { selection, at, prepared, levels, users, matched } = found;
      const { connection, by } = selection;
      const rows = judged(found.rows, level, declared);
      const items = [...prepared.same.items.values()].flatMap(itemBalance);
      const balance = [...items.slice(0, 1), ...balanceOf(prepared.strata, levels)];
      const both = await sidesOf(selection, asked.options);
      const empty = emptySide(both);
      return withCallsOf(
        {
          measure: "compare",
          by: [...by, "metric"],
          rows,
          ...both,
          items: await itemsOf(connection, { level, seed }),
          balance,
          assumptions: assumptionsOf(rows, balance, users, by, declared),
          changePoint: await timeline(connection, { at, level, seed }),
          verdict:
            empty ??
            verdictOfAll(rows, {
              by,
              level,
              a: both.a.what,
              b: both.b.what,
              asked: [asked.options.metrics ?? []].flat(),
            }),
          notes: [
            ...matched,
            ...(empty === undefined ? mixNotes(heldFixed(levels[0], prepared), balance) : []),
            ...prepared.same.notes,
            ...raterNotes(prepared, rows),
            ...found.asMeasured,
            ...(await notesOf(selection, rows, { byHour: cluster === "auto", level, at })),
          ],
        },
        (row) => {
          const { a, b } = found.stated(row, row.metric)?.origins ?? {};
          return { b, a };
        },
      );
    });
  },
});

/** Which two sides are compared, in what, and the options of every measure. */
export type CompareOptions = OptionsOf<typeof compare>;

async function sidesOf(
  { connection }: Selection,
  { a, b, switch: moment }: Sides,
): Promise<{ a: ComparedSide; b: ComparedSide }> {
  const rows = await rowsOf<ComparedSide & { second: boolean }>(connection, sql.sides);
  const side = (second: boolean, what: string): ComparedSide => {
    const {
      calls = 0,
      matched = 0,
      from = null,
      to = null,
    } = rows.find((row) => row.second === second) ?? {};
    return { what, calls, matched, from, to };
  };
  return { a: side(false, a ?? `before ${moment}`), b: side(true, b ?? `from ${moment} on`) };
}

/** The message if a side has no calls. */
function emptySide(sides: { a: ComparedSide; b: ComparedSide }): string | undefined {
  const empty = Object.entries(sides).filter(([, { calls }]) => calls === 0);
  if (empty.length === 0) return undefined;
  const named = empty.map(([name, { what }]) => `side ${name} (${what})`).join(" or ");
  return say("compare.nothing", { why: `: no call is on ${named}` });
}
