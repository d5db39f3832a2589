import type { Margin } from "../../measures/mix/mixMargin";
import type { Four } from "../../measures/mix/mixStandard";
import type { AtMix } from "../../measures/mix/mixTables";
import { toldNames } from "../../measures/mix/mixUnits";
import type { Estimate } from "../../stats/estimate";
import type { ComparedMetric } from "./compareMetrics";
import type { CompareRow, UnjudgedRow } from "./compareRow";

type Sides = Record<"a" | "b", Estimate>;

/** The two shares of all tasks that tell of a change of the resolve rate where some outcomes are unknown. */
export const toldMetrics = (metrics: readonly ComparedMetric[]): ComparedMetric[] =>
  metrics
    .filter(({ name }) => name === "resolve_rate")
    .flatMap((one) => toldNames.map((name) => ({ ...one, name })));

/**
 * The level at which the two ends of an interval each hold with the given one: an outer end of bounds can be missed on one side
 * alone (Imbens and Manski 2004, doi:10.1111/j.1468-0262.2004.00555.x).
 */
export const oneSided = (level: number): number => 2 * level - 1;

/**
 * What a change of the resolve rate is among tasks that report on both sides, where one side reports all that the other does.
 *
 * With g the share of all tasks that is known to be resolved, f that known not to be, and r the smaller share reported, it lies
 * between the change of g and that of f with the sign taken off, both over r: it is above 0 if g rises and f falls.
 *
 * @remarks Lee (2009), doi:10.1111/j.1467-937X.2009.00536.x, whose trimmed share (p - q) / (1 - q) with q = 1 - r / r_more is
 * 1 - f_more / r. The smaller share reported is taken as known; what is claimed is the sign, on which it has no bearing.
 * @param rowOf the row of one of the shares at the level of `oneSided`, from the values of both sides at their margins
 */
export function oneWayOf(
  { metric, a, b, within }: Pick<CompareRow, "metric" | "a" | "b" | "within">,
  rowOf: (
    name: string,
    given: (at: Pick<AtMix, "margins">) => Sides,
  ) => (UnjudgedRow & { margins: Four<Margin> }) | undefined,
): { row?: Partial<CompareRow>; oneWayP?: number } {
  const unknown = [a, b].map(({ worst_case }) => worst_case?.unknown ?? 0);
  if (metric !== "resolve_rate" || Math.max(...unknown) === 0) return {};
  const known = ({ worst_case: _case, reservations: _held, note: _note, ...side }: Estimate) => side;
  const given = ({ margins }: Pick<AtMix, "margins">): Sides => ({
    a: { ...known(a), value: margins.a.value },
    b: { ...known(b), value: margins.b.value },
  });
  const [resolved, unresolved] = toldNames.map((share) => rowOf(share, given));
  const reported = { reported_a: 1 - unknown[0], reported_b: 1 - unknown[1] };
  if (resolved === undefined || unresolved === undefined) return { row: reported };
  const [up, down] = [resolved.row.within, unresolved.row.within];
  const r = Math.min(
    ...(["k", "t"] as const).map((side) => resolved.margins[side].value + unresolved.margins[side].value),
  );
  const ends = (...of: number[]): [number, number] => [Math.min(...of) / r, Math.max(...of) / r];
  const [low, high] = ends(up.low, up.high, -down.low, -down.high);
  const agree = up.value * down.value < 0;
  return {
    row: {
      ...reported,
      one_way: { ...up, level: within.level, value: within.value, low, high, method: "lee" },
    },
    oneWayP: agree ? Math.max(resolved.bothP, unresolved.bothP) : 1,
  };
}
