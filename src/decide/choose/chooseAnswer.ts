import { mergedNotes } from "../../measures/notes";
import { rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import type { Claim } from "../../stats/claim";
import { say } from "../../stats/sentences";
import { percent } from "../../stats/text";
import { type Criterion, labelOf } from "../profile/criterion";
import type { Profile } from "../profile/profile";
import { choiceAssumptions } from "./chooseAssumptions";
import {
  type Answered,
  behindAsMeasured,
  claimOf,
  disownedOf,
  otherRater,
  unknownRival,
} from "./chooseClaim";
import { daysText } from "./chooseDays";
import { isUnsure } from "./chooseEstimates";
import { unpricedShare } from "./chooseOutcomes";
import type { Choice, ChoiceRow } from "./chooseTable";
import { chance, listed } from "./chooseText";
import { verdictOf } from "./chooseVerdict";
import type { Utilities } from "./utility";
import { nearestChange, simplexShares } from "./weights";
import { withWorthDraws } from "./worthDraws";

/** The choice that follows from the draws and the bounds of the floors. */
export function answerOf(given: Answered): Choice {
  const { profile, label, found, selection, candidates, result, fails, traffic, level, seed, work, tests } =
    given;
  const { criteria } = found;
  const { by: columns, rows: before } = found.measured;
  const measured = new Map(before.map((row) => [rowKey(columns, row.by), row.estimates]));
  const measuredOf = (by: Row) => measured.get(rowKey(columns, by)) ?? {};
  const rows = candidates.map(({ by, name, estimates }, i): ChoiceRow => {
    const { utility, p_best, worth } = result.rows[i];
    return {
      ...by,
      name,
      passes: fails[i].length === 0,
      fails: fails[i],
      utility,
      p_best,
      criteria: Object.fromEntries(criteria.map(({ metric }) => [metric, estimates[metric]])),
      as_measured: Object.fromEntries(
        criteria.map(({ metric }) => [metric, measuredOf(by)[metric]?.value ?? Number.NaN]),
      ),
      worth: Object.fromEntries(criteria.map(({ metric }, k) => [metric, worth[k]])),
    };
  });
  const rank = (row: ChoiceRow) => (row.passes ? 2 : 0) + (Number.isNaN(row.p_best) ? -1 : row.p_best);
  const order = rows
    .map((row, i) => ({ row, i }))
    .sort((a, b) => rank(b.row) - rank(a.row) || b.row.utility.value - a.row.utility.value);
  const sorted = order.map(({ row }) => row);
  const drawn = order.map(({ i }) => result.draws[i]);
  const comparable = sorted.filter((row) => row.passes && !Number.isNaN(row.p_best));
  const worths = comparable.map((row) => ({ model: row.name, worth: Object.values(row.worth) }));
  const leads = order[0]?.i ?? 0;
  const settled = result.rows[leads]?.p_best >= level;
  const chanceIn = (of: Utilities | undefined) => of?.rows[leads]?.p_best ?? 1;
  const [atWorst, stretched] = settled ? [tests.atWorst(leads), tests.stretched(leads)] : [];
  const worst = chanceIn(atWorst);
  const disowned =
    otherRater(given, leads) ??
    (settled ? unknownRival(given, leads) : undefined) ??
    (chanceIn(stretched) < level ? disownedOf(candidates, criteria, leads) : undefined);
  const behind = settled ? behindAsMeasured(candidates, tests.asMeasured, leads, result) : undefined;
  const doubted = chanceIn(tests.doubted);
  const doubt =
    settled && doubted < level
      ? `models count tokens each in their own way: if they counted alike, inputs differed in length, and its chance is ${chance(doubted)}`
      : undefined;
  const contradicted = work.why ?? behind ?? doubt;
  const own = claimOf(given, {
    leads,
    worst,
    disowned: disowned?.held,
    isContradicted: contradicted !== undefined,
  });
  const outcomes = outcomesOf(given, worst, own);
  const verdict = verdictOf({
    open:
      contradicted ??
      outcomes ??
      (own.needs === "same-days" ? `only if days are alike: ${daysText(candidates)}` : disowned?.why),
    // What turns the choice says what is given up if it is so.
    turned: [atWorst, stretched, tests.asMeasured, tests.doubted].flatMap((of) =>
      settled && of !== undefined && of !== result && !(chanceIn(of) >= level)
        ? [order.map(({ i }) => of.draws[i])]
        : [],
    ),
    rows: sorted,
    draws: drawn,
    criteria,
    label,
    traffic,
    level,
    p_none: result.p_none,
  });
  const given_weights = criteria.map(({ weight }) => weight);
  const [leader] = [...worths].sort((a, b) => mean(b.worth, given_weights) - mean(a.worth, given_weights));
  const change = nearestChange(
    leader === undefined ? [] : [leader, ...worths.filter((one) => one !== leader)],
    given_weights,
  );
  const choice: Choice = {
    profile: profile.name,
    workload: label,
    by: found.measured.by,
    criteria,
    rows: sorted,
    best: verdict.best,
    verdict: verdict.text,
    claim: own,
    weights: simplexShares(worths, { seed }),
    change: change ?? null,
    p_none: result.p_none,
    traffic,
    balance: work.balance,
    assumptions: choiceAssumptions({ ...given, rows: sorted, draws: drawn, leads }),
    notes: mergedNotes([
      ...work.notes,
      ...found.notes,
      ...unknownNotes(sorted, result),
      ...selection.notes,
      ...found.measured.notes,
    ]),
  };
  return withWorthDraws(choice, { candidates: order.map(({ i }) => result.worths[i]) });
}

/** Why unknown outcomes or costs leave the choice open; undefined if it holds whatever they are. */
function outcomesOf(
  { candidates, level, profile }: Answered,
  worst: number,
  { lost_below }: Claim,
): string | undefined {
  if (worst >= level) return undefined;
  const isAlike = profile.assume?.includes("outcomes-alike") ?? false;
  const shares = (isAlike ? [] : candidates).flatMap(({ estimates }) =>
    Object.values(estimates).flatMap(({ worst_case }) => worst_case?.unknown ?? []),
  );
  const unpriced = candidates.flatMap(({ estimates }) =>
    Object.values(estimates).flatMap((one) => unpricedShare(one) ?? []),
  );
  const lacks = [
    ...(shares.length === 0
      ? []
      : [`${percent(Math.max(...shares))} of a model's tasks have no known outcome`]),
    ...(unpriced.length === 0
      ? []
      : [`${percent(Math.max(...unpriced), 2)} of a model's calls have no known cost`]),
  ];
  const lost =
    lost_below === undefined
      ? ""
      : `; it stays the best unless its failures are reported less than ${lost_below.toPrecision(2)} times as often as others'`;
  return `up to ${lacks.join(", and up to ")}, and at worst its chance is ${chance(worst)}${lost}`;
}

const mean = (worth: readonly number[], weights: readonly number[]) =>
  worth.reduce((sum, one, i) => sum + one * weights[i], 0);

function unknownNotes(rows: ChoiceRow[], result: Utilities): string[] {
  return result.rows
    .filter(({ unknown }) => unknown.length > 0)
    .map(({ name, unknown, utility }) => {
      const best = Math.max(
        ...rows.filter((row) => row.passes && !Number.isNaN(row.p_best)).map((row) => row.utility.value),
      );
      const isOut = utility.high <= best;
      const could = `; its utility is at most ${utility.high.toFixed(2)}, so it ${isOut ? "is not" : "could be"} the best`;
      const few = unknown
        .map((metric) => rows.find((row) => row.name === name)?.criteria[metric])
        .find((one) => one && (isUnsure(one) || one.reservations?.some(({ id }) => id === "raters.other")));
      const what = listed(unknown.map((metric) => labelOf({ metric })));
      const why = few === undefined ? `the logs have no ${what}` : `its ${what}: ${few.note}`;
      // Beside no model that can be compared, its bound says nothing.
      return `${name} cannot be compared: ${why}${best === Number.NEGATIVE_INFINITY ? "" : could}.`;
    });
}

/** The answer if no call is selected. */
export function nothing(profile: Profile, label: string, by: string[], criteria: Criterion[]): Choice {
  const place = label === "" ? "" : ` of ${label}`;
  return {
    profile: profile.name,
    workload: label,
    by,
    criteria,
    rows: [],
    best: null,
    claim: { id: "choose.best", kind: "best", status: "not to be decided" },
    verdict: say("choose.nothing", { place }),
    weights: {},
    change: null,
    p_none: 1,
    traffic: { calls: 0, days: Number.NaN },
    balance: [],
    assumptions: [],
    notes: [],
  };
}
