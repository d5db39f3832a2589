import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { say } from "../../stats/sentences";
import { comparedMetric } from "./compareMetrics";
import type { CompareRow, UnjudgedRow } from "./compareRow";

export const cannotTell = "cannot tell";
/** The verdict where what is left at the same mix has no p-value: too few users or calls. */
export const untested = "could not be tested";
export const mixAlone = "the mix changed, no change of the model shown";
const orUsers = ", or other users";
const onlyAtMix = ", but not as measured";

/**
 * The verdict on each metric, at the level of its interval for all rows together (Holm).
 *
 * A metric changed if `within` differs from 0 in the direction in which the sides differ as measured and, if the users
 * differ, it does among those on both sides as well.
 * If `mix` differs from 0 and `within` does not, no change of the model is shown, which does not say that there is
 * none.
 */
export function judged(rows: readonly UnjudgedRow[], level: number): CompareRow[] {
  const [within, both, mix] = [
    holm(rows.map(({ p }) => p)),
    holm(rows.map(({ bothP }) => bothP)),
    holm(rows.map(({ mixP }) => mixP)),
  ];
  return rows.map(({ row }, at) => ({
    ...row,
    p_holm: row.returning === undefined ? within[at] : both[at],
    mix_p_holm: mix[at],
    verdict: verdictOf(row, [within[at], both[at], mix[at]], 1 - level),
  }));
}

function verdictOf(
  { metric, within, difference }: CompareRow,
  [p, both, mix]: number[],
  alpha: number,
): string {
  const word = comparedMetric(metric).words[within.value < 0 ? 0 : 1];
  if (Math.min(both, p) <= alpha && !(within.value * difference.value > 0)) return word + onlyAtMix;
  if (both <= alpha) return word;
  if (p <= alpha) return word + orUsers;
  if (mix <= alpha) return mixAlone;
  return Number.isNaN(p) ? untested : cannotTell;
}

/** The comparison in a sentence or two. */
export function verdictOfAll(
  rows: readonly CompareRow[],
  { by, level, a, b }: { by: readonly string[]; level: number; a: string; b: string },
): string {
  if (rows.length === 0) return "Nothing to compare.";
  const name = (row: CompareRow & Row) =>
    [...by.map((one) => String(row[one] ?? "not given")), comparedMetric(row.metric).label].join(" ");
  const withUsers = rows.filter(({ verdict }) => verdict.endsWith(orUsers));
  const changed = rows.filter((row) => isClaim(row) && !withUsers.includes(row));
  const atMixAlone = rows.filter(({ verdict }) => verdict.endsWith(onlyAtMix));
  const moved = rows.filter(({ mix_p_holm }) => mix_p_holm <= 1 - level);
  const listed = (some: readonly CompareRow[], of: (row: CompareRow) => string) => some.map(of).join("; ");
  const ofWithin = (row: CompareRow) =>
    `${name(row)} ${row.verdict.replace(orUsers, "")} (${factor(row.within, row.within_ratio)})`;
  const ofMix = (row: CompareRow) => `${name(row)} (${factor(row.mix, row.mix_ratio)})`;
  const ofBoth = (row: CompareRow) =>
    `${name(row)} is ${factor(row.within, row.within_ratio)}, but ${factor(row.difference, row.ratio)} as measured`;
  const parts = [
    ...(changed.length === 0 ? [] : [say("compare.changed", { a, b, changes: listed(changed, ofWithin) })]),
    ...(withUsers.length === 0 ? [] : [say("compare.users", { changes: listed(withUsers, ofWithin) })]),
    ...(atMixAlone.length === 0
      ? []
      : [`Not claimed, since it is the other way as measured: ${listed(atMixAlone, ofBoth)}.`]),
  ];
  if (parts.length > 0)
    return [
      ...parts,
      ...(moved.length === 0 ? [] : [say("compare.moved", { changes: listed(moved, ofMix) })]),
    ].join(" ");
  if (moved.length > 0) {
    return say("compare.mix", { changes: listed(moved, ofMix), within: listed(moved, couldBe(name)) });
  }
  const tested = rows.filter(({ verdict }) => verdict !== untested);
  if (tested.length === 0) return say("compare.untested", { a, b, why: whyUntested(rows) });
  return say("compare.none", { a, b, within: listed(tested.slice(0, 3), couldBe(name)) });
}

/** True if a row's verdict says that the model changed. */
export const isClaim = ({ verdict }: CompareRow): boolean =>
  ![cannotTell, mixAlone, untested].includes(verdict) && !verdict.endsWith(onlyAtMix);

/** What the rows lack for a test, as the note of the one that lacks most says it. */
function whyUntested(rows: readonly CompareRow[]): string {
  const notes = rows.flatMap(({ within }) => within.note?.split("; ") ?? []);
  const needs = notes.filter((note) => /has [\d.]+$/.test(note));
  const has = (note: string) => Number(note.slice(note.lastIndexOf(" ")));
  return needs.sort((x, y) => has(x) - has(y))[0] ?? notes[0] ?? "too few calls are on both sides";
}

/** What is left open, and how large a change would have been seen. */
const couldBe = (name: (row: CompareRow) => string) => (row: CompareRow) => {
  const seen = Number.isFinite(row.seen)
    ? ` (${short(row.seen)} times would show in four of five such logs)`
    : "";
  return `${name(row)} is ${factor(row.within, row.within_ratio)}${seen}`;
};

const short = (x: number) => x.toPrecision(3);

function factor(difference: Estimate, ratio: Estimate): string {
  // Timeouts on both sides leave a tail that may have changed by any factor.
  if (!(ratio.low > 0) && ratio.high === Number.POSITIVE_INFINITY)
    return "open: these calls set its change no limit";
  if (Number.isFinite(ratio.value)) return `${short(ratio.value)} times, ${ends(ratio)}`;
  return Number.isFinite(difference.value)
    ? `${short(difference.value)} more, ${ends(difference)}`
    : "not known";
}

/** Both ends of an interval in words; a missing end is not made up. */
function ends({ low, high }: Estimate): string {
  if (Number.isFinite(low) && Number.isFinite(high)) return `${short(low)} to ${short(high)}`;
  if (Number.isFinite(low)) return `at least ${short(low)}`;
  return Number.isFinite(high) ? `at most ${short(high)}` : "the uncertainty is unknown";
}
