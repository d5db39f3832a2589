import type { Row } from "../../measures/table";
import { type AssumptionId, claim, isSettled } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { type Reservation, reservationText, ruleNeeded } from "../../stats/reservation";
import { say } from "../../stats/sentences";
import { percent, threeDigits } from "../../stats/text";
import { isControlFurther, TOLD } from "./compareHeld";
import { comparedMetric, isRead } from "./compareMetrics";
import type { CompareRow, UnjudgedRow } from "./compareRow";

export const cannotTell = "cannot tell";
/** The verdict where what is left at the same mix has no p-value: too few users or calls. */
export const untested = "could not be tested";
export const mixAlone = "the mix changed, no change of the model shown";
const orUsers = ", or other users";
const orDays = ", or other days";
const orWork = ", or other work";
const ifAlike = ", if outcomes are reported alike";
const ifOneWay = ", if one side reports all that the other does";
/** What follows a verdict that rests on an assumption. */
const unless: Partial<Record<AssumptionId, string>> = {
  "same-users": orUsers,
  "one-way-reporting": ifOneWay,
  "same-days": orDays,
  "same-work": orWork,
  "nothing-unlogged": ", or the control was changed",
};
const onlyAtMix = ", but not as measured";

/**
 * The verdict on each metric, at the level of its interval for all rows together (Holm).
 *
 * A metric changed if `within` differs from 0 in the direction in which the sides differ as measured and, if the users
 * differ, it does among those on both sides as well.
 * If `mix` differs from 0 and `within` does not, no change of the model is shown, which does not say that there is
 * none.
 */
export function judged(
  rows: readonly UnjudgedRow[],
  level: number,
  declared: readonly AssumptionId[] = [],
): CompareRow[] {
  const [within, both, mix, oneWay, doubt] = [
    holm(rows.map(({ p }) => p)),
    holm(rows.map(({ bothP }) => bothP)),
    holm(rows.map(({ mixP }) => mixP)),
    holm(rows.map(({ oneWayP = 1 }) => oneWayP)),
    holm(rows.map(({ p, doubt = p }) => doubt)),
  ];
  return rows.map(({ row, otherWork = false }, at) => {
    const p_holm = row.returning === undefined ? within[at] : both[at];
    const p = { within: within[at], both: both[at], mix: mix[at], oneWay: oneWay[at], doubt: doubt[at] };
    return {
      ...row,
      p_holm,
      mix_p_holm: mix[at],
      ...verdictOf(row, { ...p, otherWork }, 1 - level, declared),
    };
  });
}

function verdictOf(
  row: CompareRow,
  p: Record<"within" | "both" | "mix" | "oneWay" | "doubt", number> & { otherWork: boolean },
  alpha: number,
  declared: readonly AssumptionId[],
): Pick<CompareRow, "verdict" | "claim"> {
  const { within } = row;
  const falls = within.value < 0;
  const word = wordOf(row);
  const end = falls ? "high" : "low";
  // An end at 0 but for the last digits of its sums lies on neither side.
  const rounding = 1e-9 * Math.abs(within.value);
  // What prints as once as much on both ends is no difference that anybody sees.
  const isShown = Math.min(p.both, p.within) <= alpha && !printsAsOne(row.within_ratio);
  const contradicted = isShown && !(within.value * asMeasured(row) > 0);
  const lead = within.unit === "1" ? { rate: leadingRate(row), by: Math.abs(within[end]) } : undefined;
  const own = claim(
    `compare.${word}`,
    "changed",
    [
      {
        ...{ estimate: within, end, holds: (x) => (falls ? x < -rounding : x > rounding), lead },
        oneWay: p.oneWay <= 2 * alpha ? row.one_way : undefined,
      },
    ],
    {
      shown: isShown,
      contradicted,
      declared,
      needs: !isShown
        ? []
        : [
            ...ruleNeeded([row.a, row.b]),
            ...(p.both <= alpha ? [] : ["same-users" as const]),
            ...(p.doubt <= alpha ? [] : ["same-days" as const]),
            ...(p.otherWork ? ["same-work" as const] : []),
            ...(isControlFurther(row, row.within_ratio) ? ["nothing-unlogged" as const] : []),
          ],
    },
  );
  const verdict = () => {
    if (contradicted) return word + onlyAtMix;
    if (isSettled(own)) return word;
    if (own.needs !== undefined) return word + (unless[own.needs] ?? ifAlike);
    if (p.mix <= alpha && !isShown) return mixAlone;
    return Number.isNaN(p.within) ? untested : cannotTell;
  };
  return { verdict: verdict(), claim: own };
}

/** What a change is called: "slower". */
const wordOf = ({ metric, within }: CompareRow): string =>
  comparedMetric(metric).words[within.value < 0 ? 0 : 1];

/** The difference as measured, less what the days moved. */
const asMeasured = ({ against, difference, within, mix }: CompareRow): number =>
  against === undefined ? difference.value : within.value + mix.value;

/** True if both ends of a factor are printed as 1.00. */
const printsAsOne = ({ low, high }: Estimate): boolean => low > 0.995 && high < 1.005;

/** The rate of the side that resolves more, at the same mix as far as it is known. */
const leadingRate = ({ a, within }: CompareRow): number =>
  within.value < 0 ? a.value : Math.min(1 - 1e-9, a.value + within.value);

/** The comparison in a sentence or two. */
export function verdictOfAll(
  rows: readonly CompareRow[],
  {
    by,
    level,
    a,
    b,
    asked = [],
  }: { by: readonly string[]; level: number; a: string; b: string; asked?: readonly string[] },
): string {
  if (rows.length === 0) {
    const lacking = asked.map((metric) => comparedMetric(metric).label).join(", ");
    return say("compare.nothing", { why: lacking === "" ? "" : `: not known of both sides: ${lacking}` });
  }
  const name = (row: CompareRow & Row) =>
    [
      ...by.map((one) => String(row[one] ?? "not given")),
      comparedMetric(row.metric).label,
      ...(isRead(row.metric) ? ["(as measured)"] : []),
    ].join(" ");
  const needing = (id: AssumptionId) => rows.filter((row) => isChange(row) && row.claim.needs === id);
  const [withUsers, withDays] = [needing("same-users"), needing("same-days")];
  const [ifReported, ifOneWays] = [needing("outcomes-alike"), needing("one-way-reporting")];
  const ifUntouched = needing("nothing-unlogged");
  const withWork = needing("same-work");
  const changed = rows.filter(({ claim }) => isSettled(claim));
  const disowned = rows.filter(
    ({ claim, within }) =>
      claim.status === "open" && (within.reservations ?? []).some(({ id }) => id === claim.because),
  );
  const atMixAlone = rows.filter(({ claim }) => claim.because === "other number");
  const moved = rows.filter(({ mix_p_holm }) => mix_p_holm <= 1 - level);
  const listed = (some: readonly CompareRow[], of: (row: CompareRow) => string) => some.map(of).join("; ");
  const ofWithin = (row: CompareRow) =>
    `${name(row)} ${wordOf(row)} (${factor(row.within, row.within_ratio)}${againstText(row)}${lostText(row)}${toldText(row)})`;
  const ofMix = (row: CompareRow) => `${name(row)} (${factor(row.mix, row.mix_ratio)})`;
  const ofBoth = (row: CompareRow) =>
    `${name(row)} is ${factor(row.within, row.within_ratio)}, but ${factor(row.difference, row.ratio)} as measured`;
  const ofDisowned = (row: CompareRow) => {
    const why = row.within.reservations?.find(({ id }) => id === row.claim.because);
    return `${name(row)} is ${factor(row.within, row.within_ratio)}, but ${why === undefined ? "" : reservationText(why)}`;
  };
  const parts = [
    ...(changed.length === 0 ? [] : [say("compare.changed", { a, b, changes: listed(changed, ofWithin) })]),
    ...(withUsers.length === 0 ? [] : [say("compare.users", { changes: listed(withUsers, ofWithin) })]),
    ...(withDays.length === 0 ? [] : [say("compare.days", { changes: listed(withDays, ofWithin) })]),
    ...(withWork.length === 0 ? [] : [say("compare.work", { changes: listed(withWork, ofWithin) })]),
    ...(ifReported.length === 0 ? [] : [say("compare.outcomes", { changes: listed(ifReported, ofWithin) })]),
    ...(ifOneWays.length === 0 ? [] : [say("compare.oneWay", { changes: listed(ifOneWays, ofWithin) })]),
    ...(ifUntouched.length === 0
      ? []
      : [
          say("compare.control", {
            control: String(ifUntouched[0].control),
            changes: listed(ifUntouched, ofWithin),
          }),
        ]),
    ...(disowned.length === 0 ? [] : [say("compare.disowned", { changes: listed(disowned, ofDisowned) })]),
    ...(atMixAlone.length === 0 ? [] : [say("compare.otherWay", { changes: listed(atMixAlone, ofBoth) })]),
  ];
  if (parts.length > 0)
    return [
      ...parts,
      ...(moved.length === 0 ? [] : [say("compare.moved", { changes: listed(moved, ofMix) })]),
    ].join(" ");
  if (moved.length > 0) {
    return say("compare.mix", { changes: listed(moved, ofMix), within: listOpen(moved, name) });
  }
  const tested = rows.filter(({ verdict }) => verdict !== untested);
  if (tested.length === 0) return say("compare.untested", { a, b, why: whyUntested(rows) });
  return say("compare.none", { a, b, within: listOpen(tested.slice(0, 3), name) });
}

/** What a change was held against, in the words of the guide. */
function againstText({ against, control, weeks }: CompareRow): string {
  if (against === undefined) return "";
  if (against === "days-control") return `, against ${control}, which ran on the same days`;
  return against === "days-weeks" ? `, against ${weeks} earlier weeks` : ", from the days themselves";
}

/** True if a row's verdict says that the model changed, be it under an assumption. */
export const isChange = ({ claim }: CompareRow): boolean => isSettled(claim) || claim.status === "leads if";

/** From which reporting of failures on a change stands; empty if that does not matter. */
function lostText({ within, claim: { lost_below } }: CompareRow): string {
  if (lost_below === undefined) return "";
  const [leads, other] = within.value < 0 ? ["a", "b"] : ["b", "a"];
  return `; lost if failures of ${leads} are reported less than ${lost_below.toPrecision(2)} times as often as those of ${other}`;
}

/** The share of outcomes that is known on either side; empty if all are. */
const toldText = ({ reported_a: a, reported_b: b }: CompareRow): string =>
  a === undefined || b === undefined ? "" : `; reported: ${percent(a)} of a, ${percent(b)} of b`;

/** What the rows lack for a test: of the one that lacks most. */
function whyUntested(rows: readonly CompareRow[]): string {
  const held = rows.flatMap(({ within: { reservations = [] } }) => reservations);
  const needs = held.filter(({ id }) => id === "clusters.none");
  const has = ({ numbers }: Reservation) => Number(numbers.effective);
  const [least = held[0]] = needs.sort((x, y) => has(x) - has(y));
  return least === undefined ? "too few calls are on both sides" : reservationText(least);
}

/** What is left open, and how large a change would have been seen; once, what it takes to see more than days tell. */
function listOpen(rows: readonly CompareRow[], name: (row: CompareRow) => string): string {
  const most = Math.max(...rows.map(({ takes = 0 }) => takes));
  const longest = rows.find(({ unseen = 0, takes }) => takes === most && unseen > TOLD);
  const seen = (row: CompareRow) => {
    if (row.unseen !== undefined)
      return ` (the days alone cannot tell changes below ${percent(row.unseen)}${row === longest ? `: ${percent(TOLD)} takes about ${most} weeks a side, or a model that was not switched and ran on the same days` : ""})`;
    const against = againstText(row);
    return Number.isFinite(row.seen)
      ? `${against} (${threeDigits(row.seen)} times would show in four of five such logs)`
      : against;
  };
  return rows.map((row) => `${name(row)} is ${factor(row.within, row.within_ratio)}${seen(row)}`).join("; ");
}

function factor(difference: Estimate, ratio: Estimate): string {
  // Timeouts on both sides leave a tail that may have changed by any factor.
  if (!(ratio.low > 0) && ratio.high === Number.POSITIVE_INFINITY)
    return "open: these calls set its change no limit";
  if (Number.isFinite(ratio.value)) return `${threeDigits(ratio.value)} times, ${ends(ratio)}`;
  return Number.isFinite(difference.value)
    ? `${threeDigits(difference.value)} more, ${ends(difference)}`
    : "not known";
}

/** Both ends of an interval in words; a missing end is not made up. */
function ends({ low, high }: Estimate): string {
  if (Number.isFinite(low) && Number.isFinite(high)) return `${threeDigits(low)} to ${threeDigits(high)}`;
  if (Number.isFinite(low)) return `at least ${threeDigits(low)}`;
  return Number.isFinite(high) ? `at most ${threeDigits(high)}` : "the uncertainty is unknown";
}
