import { groupsOf } from "../../facts/select";
import { type Estimate, renoted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { nameList } from "../../store/nameList";
import { didYouMean } from "../../store/nearest";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { worstFirst } from "../behind";
import { defineMeasure, type Result } from "../define";
import type { GroupKey } from "../estimate/ratios";
import { hidden } from "../measure";
import { keysOf, rowKey } from "../rowKey";
import type { Keyed, Row } from "../table";
import { atEqual, type Sway, sways, type Verdicts } from "./heldEqual";
import { meanOfScore, scoreSums } from "./qualityMean";
import { judgedOptions, selectJudged } from "./qualitySubjects";

const sql = statements(__dirname, "controlled.sql");

/** The verdicts on a group's answers, and how many there are beyond 0 to 1, which no odds describe. */
type Judged = Verdicts & { g: GroupKey; beyond: number };
type Placed = Judged & { by: Row };

/** A judge's rate as it is, and with the controls held equal. */
export type ControlledRow = Keyed<{
  n: number;
  raw: Estimate;
  controlled: Estimate;
}>;

/**
 * A judge's rate for each model, and what it would be if all models' answers were equally long or none came from the
 * judge's own family.
 *
 * Within each group of the other columns of `by`, verdicts are fitted by model, judge and the controls together;
 * `controlled` averages over the lengths of all answers. Prompts (`prompt_id`) that several models answered separate
 * length from difficulty. With fewer than 30 of them a judge who likes long answers and hard prompts with long answers
 * look alike: the interval holds the raw one as well, and carries no verdict where the two disagree. Where they agree the two
 * may have cancelled out: both at once were missed by 44 of 100 simulated intervals, so that each is right only if not both
 * are so. Where length sways the judge differently by model, each is held equal by its own.
 * If longer answers really are better, that is held equal too: only labels by people (`quality --judge`) can show it.
 * Whether a judge prefers its own family can be estimated only with judges of several families. n counts verdicts from
 * 0 to 1. A model whose verdicts are all the same has no controlled rate.
 *
 * @remarks Methods: logistic regression, standardised over the judged answers; clustered covariance and t
 * quantiles as in `bradleyTerry`; the mean length by prompt as a regressor, Mundlak (1978), doi:10.2307/1913646; Wald's
 * test of one slope for all models, with Hotelling's F for few clusters. For length-controlled win rates, as in
 * AlpacaEval 2, see `preferences`.
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid score, control, column, cluster or level
 * @example
 * const store = await openDemo();
 * const options = { score: "hallucination", control: "output_length", by: "model" };
 * (await qualityControlled(store, options)).rows[0].controlled.value.toFixed(2) // "0.09"
 */
export const qualityControlled = defineMeasure({
  name: "controlled",
  of: "quality",
  was: "quality --control",
  beyond: "judge",
  about: "a judge's rates with what biases it held equal: output_length, family",
  fixed: { seed: "nothing is drawn", interval: "its intervals follow from the fit" },
  needs: ["scores"],
  takes: "control",
  options: {
    control: {
      value: "<names>",
      about: "output_length, family (whether judge and model are of the same family), or both",
      required: true,
      check: (_: string, control: string | readonly string[]) => void swaysIn(control),
    },
    ...hidden({
      ...judgedOptions,
      judge: { value: "<kind>", about: "whose verdicts to use", default: "judge" },
    }),
  },
  open: async (asked) => ({
    wanted: swaysIn(asked.options.control),
    selection: await selectJudged("qualityControlled", asked),
  }),
  async table({ selection, wanted, options }): Promise<Result<ControlledRow>> {
    const { connection, by, clusterBy, score } = selection;
    const { judge, level = 0.95 } = options;
    const sumsOf = new Map(
      (await scoreSums(selection)).filter(({ rater }) => rater === judge).map((sums) => [sums.g, sums]),
    );
    await run(connection, sql.unit, { judge });
    const verdicts = await rowsOf<Judged>(connection, sql.verdicts, { judge });
    const keys = new Map((await groupsOf(selection)).map(({ g, by }) => [String(g), by]));
    const rest = by.filter((name) => name !== "model");
    const order = [...keys.keys()];
    verdicts.sort((a, b) => order.indexOf(String(a.g)) - order.indexOf(String(b.g)));
    const places = new Map<string, Placed[]>();
    for (const group of verdicts) {
      const key = keys.get(String(group.g)) ?? {};
      const place = rowKey(rest, key);
      places.set(place, [...(places.get(place) ?? []), { ...group, by: key }]);
    }
    const rows: ControlledRow[] = [];
    const notes: string[] = [];
    for (const [, groups] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const place = rest.map((name) => String(groups[0].by[name] ?? "not given")).join(" · ");
      const raw = groups.map(({ g }) => {
        const sums = sumsOf.get(g);
        return sums === undefined ? undefined : meanOfScore(sums, { level, clusterBy });
      });
      const held = atEqual(groups, raw, { wanted, level, clusterBy });
      for (const [index, { by: key, value, beyond }] of groups.entries()) {
        const asIs = raw[index];
        if (asIs === undefined) continue;
        const rate = held.rates[index];
        rows.push({
          ...keysOf(by, key),
          n: value.length,
          raw: asIs,
          controlled:
            beyond > 0
              ? renoted({ ...rate, ...unknown, method: "none" }, [
                  reserve("none.needs", { what: "scores from 0 to 1" }),
                ])
              : rate,
        });
      }
      notes.push(...held.notes.map((note) => (place === "" ? note : `${place}: ${note}`)));
    }
    if (rows.length === 0)
      notes.push(`No selected call or task has a score "${score}" from 0 to 1 by a ${judge}.`);
    return {
      rows,
      notes,
      behind: {
        from: `select rated.g, rated.at_row, given.value as amount
        from rated join given on given.subject = rated.subject and given.subject_id = rated.subject_id and given.rater = rated.rater
        where rated.rater = ${quoteText(judge)} and given.value between 0 and 1`,
        amount: worstFirst(score),
        counted: "verdicts",
        n: ({ n }) => n,
      },
    };
  },
});

const unknown = { value: Number.NaN, low: Number.NaN, high: Number.NaN };

function swaysIn(given: string | readonly string[]): Sway[] {
  const names = nameList(given) ?? [];
  for (const name of names)
    if (!(sways as readonly string[]).includes(name))
      throw new RangeError(
        `qualityControlled requires control of ${sways.join(", ")}, got "${name}"${didYouMean(name, sways)}; the order of two answers is in preferences`,
      );
  if (names.length === 0)
    throw new RangeError(`qualityControlled requires control of ${sways.join(", ")}, got none`);
  return [...new Set(names)] as Sway[];
}
