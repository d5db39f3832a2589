import type { Estimate } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { comparedMetric } from "./compareMetrics";
import type { CompareRow, UnjudgedRow } from "./compareRow";

export const cannotTell = "cannot tell";
export const mixAlone = "the mix changed, the model did not";

/**
 * What is said of each metric, at the level of its interval for all rows together (Holm).
 *
 * A metric changed where `within` differs from 0. Only the mix changed where `mix` differs from 0, `within` does not,
 * and its interval leaves out a change as large as that of the mix.
 */
export function judged(rows: readonly UnjudgedRow[], level: number): CompareRow[] {
  const within = holm(rows.map(({ p }) => p));
  const mix = holm(rows.map(({ mixP }) => mixP));
  return rows.map(({ row }, at) => ({
    ...row,
    p_holm: within[at],
    mix_p_holm: mix[at],
    verdict: verdictOf(row, within[at], mix[at], 1 - level),
  }));
}

function verdictOf({ metric, within, mix }: CompareRow, p: number, mixP: number, alpha: number): string {
  if (p <= alpha) return comparedMetric(metric).words[within.value < 0 ? 0 : 1];
  const least = Math.abs(mix.value);
  const small = within.low > -least && within.high < least;
  return mixP <= alpha && small ? mixAlone : cannotTell;
}

/** The comparison in a sentence or two. */
export function verdictOfAll(
  rows: readonly CompareRow[],
  { by, level, a, b }: { by: readonly string[]; level: number; a: string; b: string },
): string {
  const name = (row: CompareRow) =>
    [...by.map((one) => String(row[one] ?? "not given")), comparedMetric(row.metric).label].join(" ");
  const changed = rows.filter(({ verdict }) => verdict !== cannotTell && verdict !== mixAlone);
  const mixed = rows.filter(({ verdict }) => verdict === mixAlone);
  const parts = changed.map((row) => `${name(row)} ${row.verdict} (${factor(row.within, row.within_ratio)})`);
  if (rows.length === 0) return "There is nothing to compare.";
  const moved = rows.filter(({ mix_p_holm }) => mix_p_holm <= 1 - level);
  const beside =
    moved.length === 0
      ? ""
      : ` The mix changed as well, and moved ${moved.map((row) => `${name(row)} (${factor(row.mix, row.mix_ratio)})`).join("; ")}.`;
  if (parts.length > 0) return `b (${b}) against a (${a}), at the same mix: ${parts.join("; ")}.${beside}`;
  if (mixed.length > 0) return `The mix changed, the model did not: ${mixed.map(name).join(", ")}.`;
  return `No metric can be told apart between a (${a}) and b (${b}).`;
}

function factor(difference: Estimate, { value, low, high }: Estimate): string {
  const short = (x: number) => (Number.isFinite(x) ? x.toPrecision(3) : "?");
  return Number.isFinite(value)
    ? `${short(value)} times, ${short(low)} to ${short(high)}`
    : `${short(difference.low)} to ${short(difference.high)}`;
}
