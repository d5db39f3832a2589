import { join } from "node:path";
import { groupsOf } from "../../facts/select";
import { modelName } from "../../logs/models/modelName";
import { clusterNotes, FEWEST_CLUSTERS } from "../../stats/clusterError";
import { sandwichesOf } from "../../stats/clusterSandwich";
import { logistic, numbered } from "../../stats/comparisons";
import { defined } from "../../stats/defined";
import { type Estimate, noted, renoted } from "../../stats/estimate";
import { type Design, fitted } from "../../stats/logisticFit";
import { type Reservation, reserve } from "../../stats/reservation";
import { studentTQuantile } from "../../stats/studentT";
import { quadraticForm } from "../../stats/symmetric";
import { grouped } from "../../stats/text";
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
import { meanOfScore, scoreSums } from "./qualityMean";
import { judgedOptions, selectJudged } from "./qualitySubjects";

const sql = statements<"unit" | "verdicts">(join(__dirname, "controlled.sql"));

/** What may sway a judge besides the quality of the answer. */
const sways = ["output_length", "family"] as const;
type Sway = (typeof sways)[number];

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
 * `controlled` averages over the lengths of all answers. If longer answers really are better, that is held equal too:
 * only labels by people (`quality --judge`) can show it. Whether a judge prefers its own family can be estimated only
 * with judges of several families. n counts verdicts from 0 to 1. A model whose verdicts are all the same has no
 * controlled rate.
 *
 * @remarks Methods: logistic regression, standardised over the judged answers; clustered covariance and t
 * quantiles as in `bradleyTerry`. For length-controlled win rates, as in AlpacaEval 2, see `preferences`.
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid score, control, column, cluster or level
 * @example
 * const store = await openDemo();
 * const options = { score: "hallucination", control: "output_length", by: "model" };
 * (await controlled(store, options)).rows[0].controlled.value.toFixed(2) // "0.09"
 */
export const controlled = defineMeasure({
  name: "control",
  of: "quality",
  beyond: "judge",
  caller: "controlled",
  title: "controlled",
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
    selection: await selectJudged("controlled", asked),
  }),
  async table({ selection, wanted, options }): Promise<Result<ControlledRow>> {
    const { connection, by, clusterBy, score } = selection;
    const { judge, level = 0.95 } = options;
    const sumsOf = new Map(
      (await scoreSums(selection)).filter(({ rater }) => rater === judge).map((sums) => [sums.g, sums]),
    );
    await run(connection, sql.unit, { judge });
    const verdicts = await rowsOf<Verdicts>(connection, sql.verdicts, { judge });
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
      const held = atEqual(groups, { wanted, level, clusterBy });
      for (const [index, { g, by: key, value, beyond }] of groups.entries()) {
        const sums = sumsOf.get(g);
        if (sums === undefined) continue;
        const rate = held.rates[index];
        rows.push({
          ...keysOf(by, key),
          n: value.length,
          raw: meanOfScore(sums, { level, clusterBy }),
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

interface Verdicts {
  g: GroupKey;
  value: number[];
  judge: string[];
  model: (string | null)[];
  length: (number | null)[];
  cluster: string[];
  /** Verdicts beyond 0 to 1, which no odds describe. */
  beyond: number;
}
type Placed = Verdicts & { by: Row };

interface Settings {
  wanted: readonly Sway[];
  level: number;
  clusterBy: string;
}

/**
 * The rates of groups that differ only in the model with the controls held equal, and notes on how much each control
 * sways the judge.
 */
function atEqual(
  groups: readonly Placed[],
  { wanted, level, clusterBy }: Settings,
): { rates: Estimate[]; notes: string[] } {
  const notes: string[] = [];
  const fits = groups.map(({ value }) => value.some((x) => x > 0) && value.some((x) => x < 1));
  const all = groups.flatMap(({ value, judge, model, length, cluster }, group) =>
    fits[group]
      ? value.map((value, index) => ({
          group,
          value,
          judge: judge[index],
          length: length[index],
          cluster: cluster[index],
          isOwn: isOwn(judge[index], model[index]),
        }))
      : [],
  );
  const families = new Set(all.map(({ judge }) => brandOf(judge)));
  const held = wanted.filter((name) => name === "output_length" || families.size > 1);
  if (held.length < wanted.length)
    notes.push(
      "Whether a judge prefers its own family cannot be told apart from how good that family is: all judges are of one family.",
    );
  const used = all.filter(({ length }) => length !== null || !held.includes("output_length"));
  if (used.length < all.length)
    notes.push(
      `${grouped(all.length - used.length)} verdicts are left out: the answer's length is not known.`,
    );
  const judges = [...new Set(used.map(({ judge }) => judge))].sort();
  const known = [...new Set(used.map(({ group }) => group))].sort((a, b) => a - b);
  const mean = used.reduce((sum, { length }) => sum + (length ?? 0), 0) / Math.max(1, used.length);
  const extra = known.length + judges.length - 1;
  const factors = ({ length, isOwn }: (typeof used)[number]) =>
    held.map((name) => (name === "output_length" ? (length ?? 0) - mean : Number(isOwn)));
  const design: Design = {
    rows: used.map((_, at) => at),
    kind: used.map((_, at) => at),
    parameters: extra + held.length,
    at: [],
    factor: [],
    preferred: used.map(({ value }) => value),
    controls: held.map((_, at) => extra + at),
  };
  for (const verdict of used) {
    const judge = judges.indexOf(verdict.judge);
    const places = [
      known.indexOf(verdict.group),
      ...(judge > 0 ? [known.length + judge - 1] : []),
      ...design.controls,
    ];
    design.at.push(places);
    design.factor.push([1, ...(judge > 0 ? [1] : []), ...factors(verdict)]);
  }
  const fit = fitted(design);
  const ids = numbered(used.map(({ cluster }) => cluster));
  const { covariances, effective, clusters } = sandwichesOf(design, fit, [ids]);
  const isKnown = fit.converged && effective >= FEWEST_CLUSTERS && held.length > 0;
  const quantile = isKnown ? studentTQuantile((1 + level) / 2, effective - 1) : Number.NaN;
  const [few] = clusterNotes(effective);
  const none = (why: Reservation, n: number): Estimate => ({
    value: Number.NaN,
    low: Number.NaN,
    high: Number.NaN,
    level,
    method: "none",
    n,
    clusters: 0,
    clusterBy,
    unit: "1",
    ...noted([why]),
  });
  const rates = groups.map(({ value }, group): Estimate => {
    const place = known.indexOf(group);
    if (!fits[group]) return none(reserve("none.verdicts"), value.length);
    if (place < 0) return none(reserve("none.known", { what: "the length of its answers" }), value.length);
    if (held.length === 0) return none(reserve("none.equal"), value.length);
    if (!fit.converged) return none(reserve("none.fit", { what: "odds" }), value.length);
    const gradient = new Float64Array(design.parameters);
    let rate = 0;
    for (const [at, places] of design.at.entries()) {
      let sum = fit.values[place];
      // Averages over every judge and length, as if no judge were of the model's family.
      for (let k = 1; k < places.length; k++)
        sum +=
          held[k - places.length + held.length] === "family"
            ? 0
            : fit.values[places[k]] * design.factor[at][k];
      const p = logistic(sum);
      rate += p / used.length;
      const slope = (p * (1 - p)) / used.length;
      gradient[place] += slope;
      for (let k = 1; k < places.length; k++)
        if (held[k - places.length + held.length] !== "family")
          gradient[places[k]] += slope * design.factor[at][k];
    }
    const scale = 1 / (rate * (1 - rate));
    const reach = quantile * scale * Math.sqrt(quadraticForm(covariances[0], gradient));
    const middle = Math.log(rate / (1 - rate));
    return defined({
      value: rate,
      low: logistic(middle - reach),
      high: logistic(middle + reach),
      level,
      method: "logistic-standardised",
      n: value.length,
      clusters,
      clusterBy,
      unit: "1",
      ...noted([few]),
    });
  });
  for (const [at, name] of fit.converged && used.length > 0 ? held.entries() : []) {
    const place = design.controls[at];
    const error = quantile * Math.sqrt(covariances[0]?.[place]?.[place] ?? Number.NaN);
    const step = name === "output_length" ? Math.LN2 : 1;
    const odds = [0, -1, 1].map((side) =>
      Number(Math.exp(step * (fit.values[place] + side * error)).toPrecision(2)),
    );
    const who =
      name === "output_length" ? "An answer twice as long" : "An answer by a model of the judge's own family";
    notes.push(`${who} has ${odds[0]} [${odds[1]}, ${odds[2]}] times the odds of a verdict of 1.`);
  }
  notes.push(...turned(groups, rates));
  return { rates, notes };
}

/** Notes how many pairs of models change order when the controls are held equal. */
function turned(groups: readonly Placed[], rates: readonly Estimate[]): string[] {
  const known = groups.flatMap((_, at) => (Number.isNaN(rates[at].value) ? [] : [at]));
  const raw = groups.map(({ value }) => value.reduce((sum, x) => sum + x, 0) / value.length);
  const pairs = known.flatMap((a, at) => known.slice(at + 1).map((b): [number, number] => [a, b]));
  if (pairs.length === 0) return [];
  const flips = pairs.filter(([a, b]) => (raw[a] - raw[b]) * (rates[a].value - rates[b].value) < 0);
  return [`${flips.length} of ${pairs.length} pairs of rows change their order, by the estimates alone.`];
}

/** The family that a name begins with: "claude" for claude-3.7-sonnet. */
function brandOf(name: string): string {
  return (/[a-z]+/i.exec(modelName(name).name)?.[0] ?? name).toLowerCase();
}

const isOwn = (judge: string, model: string | null) => model !== null && brandOf(judge) === brandOf(model);

function swaysIn(given: string | readonly string[]): Sway[] {
  const names = nameList(given) ?? [];
  for (const name of names)
    if (!(sways as readonly string[]).includes(name))
      throw new RangeError(
        `controlled requires control of ${sways.join(", ")}, got "${name}"${didYouMean(name, sways)}; the order of two answers is in preferences`,
      );
  if (names.length === 0)
    throw new RangeError(`controlled requires control of ${sways.join(", ")}, got none`);
  return [...new Set(names)] as Sway[];
}
