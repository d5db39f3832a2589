import { derived } from "../../facts/request";
import { blamingWhere } from "../../facts/select";
import type { OptionsOf } from "../../measures/define";
import { inputs } from "../../measures/inputs";
import { atGrain, grainOptions, leftAtCalls, limitAtGrain } from "../../measures/metricGrain";
import type { Table } from "../../measures/table";
import { anytimeLevel } from "../../stats/anytime";
import { levelText } from "../../stats/text";
import { twoSided } from "../../stats/twoSided";
import type { Store } from "../../store/open";
import { assumeOption, declaredIn } from "../assume";
import { defineDecision } from "../define";
import { type Chosen, readSaved, type SavedNumbers } from "../savedReport";
import { type Checked, chosenOf, type Found, lineKey, measureLimits } from "./checkLimits";
import { type CheckRow, checkedRow } from "./checkRow";
import { isRelative, type Limits, readLimits } from "./limits";

/** All limits together. */
export interface Check extends Table<CheckRow> {
  name: string;
  /** "fail" if a limit fails, else "cannot tell" if one cannot be decided, else "pass". */
  result: CheckRow["verdict"];
  /** How many limits pass, fail and cannot be decided, in a sentence. */
  verdict: string;
  /** The calls that all limits are for, in SQL; empty for all. */
  where: string;
  /** Which of these calls were checked: what a later check needs to take this one as its baseline. */
  chosen: Chosen;
}

/**
 * Checks whether numbers keep their limits: a gate for a nightly run or a release.
 *
 * A limit passes if the one-sided bound of its number keeps it, and fails if the opposite bound breaks it;
 * otherwise the result is "cannot tell", with how much more traffic would decide it. All limits share one error
 * rate: whatever the true values are, at most 1 - `level` of all runs fail any limit that is kept, or pass one that
 * is broken. Every further run over new calls has that rate again; with `anytime`, all looks at one growing log
 * have it together. n of an estimate counts what the measure counts.
 *
 * @remarks Holm's step-down over all rows: bounds at 1 - (1 - level) / m, and again for the remaining ones. Limits
 * relative to a baseline in the log use `within_ratio` of `compare`, which holds the mix of work and the hours of
 * the week fixed. Against a saved file, the bound is that of the ratio of two numbers with an error each: their
 * intervals combined by MOVER on the log scale (see `ratioOf`), the saved one brought to the level needed as if it
 * were normal, or lognormal for positive amounts. The mix is not held fixed there, and users on both sides count as
 * different ones, which makes the interval wider, not narrower. With `anytime`, bounds are repeated confidence
 * intervals (see `anytimeLevel`) that hold until the log has a thousand times the calls of the first look.
 * @throws RangeError for invalid limits, a limit relative to a baseline without `against`, a saved file that lacks
 * the metric, the columns of `by`, the calls or the level needed, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const limits = { name: "nightly", limits: [{ metric: "error_rate", at_most: 0.2 }] };
 * const { result, rows } = await check(store, { limits });
 * result // "pass"
 * rows[0].value.high.toFixed(3) // "0.024"
 */
export const check = defineDecision({
  name: "check",
  about:
    "check numbers against limits, by the ends of their intervals: exit code 0 pass, 3 fail, 4 cannot tell",
  options: {
    limits: {
      value: "<file>",
      about: "a JSON file of limits (docs/check.md)",
      required: true,
      check(caller, limits: string | Limits) {
        if (limits === undefined)
          throw new RangeError(
            `${caller} requires limits, as a JSON file or an object (docs/check.md); got none`,
          );
      },
    },
    against: {
      value: "<baseline>",
      about:
        "for limits relative to a baseline: its calls as an SQL predicate, or the JSON of an earlier report or check",
    },
    ...grainOptions,
    ...assumeOption("outcomes-alike", "same-days"),
    anytime: {
      about:
        "for a log that grows and is checked again and again: one error rate for all looks (default: for each run)",
      default: false,
    },
  },
  words: { by: "check each value of these columns separately (default: all calls together)" },
  async decide({ store, request, options }): Promise<Check> {
    const { limits: given, against, anytime, level = 0.95 } = options;
    twoSided("check", level);
    const read = readLimits(given);
    const limits = { ...read, limits: read.limits.map((one) => limitAtGrain(one, options)) };
    const names = limits.limits.flatMap((one) => (one.within === undefined ? [one.metric] : []));
    atGrain("check", names, options);
    if (against !== undefined && !limits.limits.some(isRelative))
      throw new RangeError(
        `check requires a limit with at_most_times or at_least_times for against, a baseline; ${limits.name} has none`,
      );
    const saved = against?.toLowerCase().endsWith(".json") ? readSaved(against) : undefined;
    const measured = derived(request, { by: request.by ?? limits.by ?? [] });
    const among = (rows: number) => levelAmong(rows, { level, anytime });
    const measure = (level: number, keys?: ReadonlySet<string>) =>
      measureLimits(store, limits, derived(measured, { level }), saved ?? against, { keys, anytime });
    const every = await blamingWhere(store, request, () => measure(among(1)));
    const declared = [...(limits.assume ?? []), ...declaredIn(options.assume)];
    const judged = (one: Checked) => checkedRow(one, declared);
    const decided = await stepDown(every, (keys) => measure(among(keys.size), keys), judged);
    const rows = decided.map(judged);
    return {
      measure: "check",
      by: [...every.by, "limit"],
      rows,
      notes: [
        ...(rows.length > 1
          ? [`Verdicts hold for all ${rows.length} limits together at ${levelText(level)} (Holm).`]
          : []),
        ...(anytime
          ? [
              `Verdicts hold at all looks at this growing log together at ${levelText(level)}, until it has a thousand times the calls of the first look (--anytime).`,
            ]
          : []),
        ...(saved === undefined ? [] : await savedNotes(store, saved)),
        ...declaredNotes(rows, limits.assume === undefined ? "" : limits.name),
        ...leftAtCalls(names, options),
        ...every.notes,
      ],
      name: limits.name,
      where: limits.where ?? "",
      chosen: chosenOf(request),
      ...resultOf(rows),
    };
  },
});

/** What to check, and against what. */
export type CheckOptions = OptionsOf<typeof check>;

/** The level of each bound if so many limits share the error rate of a run, or of all looks at a growing log. */
export function levelAmong(rows: number, { level, anytime }: { level: number; anytime: boolean }): number {
  const one = 1 - (1 - level) / rows;
  return anytime ? anytimeLevel({ level: one }) : one;
}

/**
 * Decides the limits that the widest bounds can decide, then the rest again with the narrower bounds that this
 * allows.
 */
export async function stepDown(
  every: Found,
  measure: (keys: ReadonlySet<string>) => Promise<Found>,
  judged: (one: Checked) => CheckRow = checkedRow,
): Promise<Checked[]> {
  const decided = new Map<string, Checked>();
  let [left, found, at] = [every.rows, every, 1];
  while (left.length > 0) {
    if (left.length !== at) {
      at = left.length;
      found = await measure(new Set(left.map(lineKey)));
      left = found.rows;
    }
    const open: Checked[] = [];
    for (const one of left) {
      decided.set(lineKey(one), one);
      if (judged(one).verdict === "cannot tell") open.push(one);
    }
    if (open.length === left.length) break;
    left = open;
  }
  return every.rows.map((one) => decided.get(lineKey(one)) ?? one);
}

/** What the baseline is, and what a ratio to it does not show. */
async function savedNotes(store: Store, { file, chosen, inputs: before }: SavedNumbers): Promise<string[]> {
  const { where, since } = chosen;
  const calls = [where, ...(since === undefined ? [] : [`since ${since}`])].filter(
    (one) => one !== undefined,
  );
  const now = before.length === 0 ? [] : (await inputs(store)).rows.map(({ sha256 }) => sha256);
  const shared = now.filter((hash) => before.includes(hash)).length;
  return [
    `The baseline is ${file}: ${calls.join(", ") || "all calls of its log"}. Mix and hours are not held fixed: a change in either counts as a change in the number.`,
    ...(shared === 0
      ? []
      : [`${shared} of ${now.length} files are in both: a call on both sides makes changes look smaller.`]),
  ];
}

/** Which verdicts rest on an assumption that someone declared. */
function declaredNotes(rows: readonly CheckRow[], by: string): string[] {
  const names = [...new Set(rows.flatMap(({ claim: { declared = [] } }) => declared))];
  return names.length === 0
    ? []
    : [
        `Declared${by === "" ? "" : ` in ${by}`}, not checked: ${names.join(", ")}. Without it, what rests on it cannot be told.`,
      ];
}

function resultOf(rows: readonly CheckRow[]): Pick<Check, "result" | "verdict"> {
  const count = (verdict: CheckRow["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  const [failed, open] = [count("fail"), count("cannot tell")];
  const counts = [
    `${count("pass")} of ${rows.length} limits pass`,
    ...(failed > 0 ? [`${failed} ${failed === 1 ? "fails" : "fail"}`] : []),
    ...(open > 0 ? [`${open} cannot be decided yet`] : []),
  ];
  return {
    result: failed > 0 ? "fail" : open > 0 ? "cannot tell" : "pass",
    verdict: `${counts.join(", ")}.`,
  };
}
