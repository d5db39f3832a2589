import type { Selection } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { rowsOnce } from "../../store/once";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import type { Doubted } from "../columnDoubts";
import { doubted } from "../doubted";
import type { GroupSummary } from "../estimate/distribution";
import type { Spread } from "../estimate/spread";
import type { GroupKey } from "../estimate/summaries";
import { isWait, valueAt, zerosDoubted, zerosOf } from "./zeroWaits";

const sql = statements(__dirname, "latency.sql");

/** Calls of a group whose wait may be another than it says. */
export interface OddWaits {
  /** Left out, since their wait cannot be (a clock went back), and since nothing knows their status. */
  lost: number;
  strange: number;
  /** Not left out: the first token came after the end, so that one of the two is wrong. */
  late: number;
  /** What 99 of 100 known waits stay below: a mean takes none of these for longer, as a cost none for dearer. */
  long: number;
  /** Timeouts left out, since how long they took is not known, beyond as many as lack it among calls that went well. */
  untimed: number;
  /** The longest that a wait is known to be where some timeouts tell theirs; otherwise infinite. */
  longest: number;
}

export const noOddWaits: OddWaits = {
  ...{ lost: 0, strange: 0, late: 0, long: Number.NaN },
  ...{ untimed: 0, longest: Number.POSITIVE_INFINITY },
};

/** These, of each group that has some. */
export async function oddWaitsOf(
  { connection }: Selection,
  metric: "duration" | "time_to_first_token",
): Promise<Map<GroupKey, OddWaits>> {
  const [{ found }] = await rowsOnce<{ found: boolean }>(connection, sql.any_odd);
  if (!found) return new Map();
  const counts = await rowsOf<{ g: GroupKey } & Record<string, number>>(connection, sql[`odd_${metric}`]);
  return new Map(counts.map((row) => [row.g, oddWaits(row)]));
}

/** These, by what was counted. */
function oddWaits(counts: Record<string, number>): OddWaits {
  const { lost, strange, late, long, cut, cut_untimed, well, well_untimed, longest } = counts;
  const asOthers = well === 0 ? 0 : (cut * well_untimed) / well;
  return {
    ...{ lost, strange, late, long },
    untimed: Math.max(0, Math.ceil(cut_untimed - asOthers)),
    longest: longest ?? Number.POSITIVE_INFINITY,
  };
}

/** Mean and quantiles of each group, doubted by its waits of 0 and those that may be others. Of no wait, they stay. */
export async function waitsDoubted(
  selection: Selection,
  groups: readonly GroupSummary[],
  measured: ReadonlyMap<GroupKey, Spread>,
  { name, what }: { name: string; what: string },
): Promise<Map<GroupKey, Spread>> {
  const zeros = await zerosOf(selection, groups, name);
  const odd = isWait(name) ? await oddWaitsOf(selection, name) : new Map<GroupKey, OddWaits>();
  return new Map(
    groups.map((group) => {
      const { g } = group;
      const known = zerosDoubted(measured.get(g) as Spread, group, { zeros: zeros.get(g) ?? 0, what });
      const own = odd.get(g) ?? noOddWaits;
      return [g, untimedDoubted(oddDoubted(known, group, own, what), group, own, what)];
    }),
  );
}

/** The same, with what is doubted of whole columns. */
export function spreadsDoubted(
  groups: readonly GroupSummary[],
  known: ReadonlyMap<GroupKey, Spread>,
  doubtedBy: Doubted | undefined,
): ReadonlyMap<GroupKey, Spread> {
  if (doubtedBy === undefined) return known;
  return new Map(
    groups.map(({ g, by }) => {
      const { mean, quantiles } = known.get(g) as Spread;
      const told = Object.entries(quantiles).map(([p, estimate]) => [p, doubtedBy(by, estimate)]);
      return [g, { mean: doubtedBy(by, mean), quantiles: Object.fromEntries(told) }];
    }),
  );
}

/**
 * Mean and quantiles of waits, doubted by the calls whose wait may be another: an end may carry a decision as far out as it
 * would lie if all of these had been fast, or all slow.
 *
 * @param what the number in words, "duration"
 */
export function oddDoubted(spread: Spread, group: GroupSummary, odd: OddWaits, what: string): Spread {
  const { n } = group;
  const [out, { late }] = [odd.lost + odd.strange, odd];
  if (out + late === 0 || n === 0) return spread;
  const quantiles = Object.entries(spread.quantiles).map(([p, estimate]) => {
    const place = Number(p) * n;
    const [fast, slow] = [-out - late, late].map((moved) => {
      const at = Number(p) * (n + out) + moved;
      return at > n ? Number.NaN : at < 0 ? -estimate.value : valueAt(group, at) - valueAt(group, place);
    });
    return [p, doubtedBy(estimate, { fast, slow }, { odd, n, what })];
  });
  const mean = meanOddDoubted(spread.mean, odd, { n, what });
  return { mean, quantiles: Object.fromEntries(quantiles) };
}

/** Mean and quantiles of waits, doubted above by timeouts whose duration is not known: they would stand among the longest. */
function untimedDoubted(spread: Spread, group: GroupSummary, odd: OddWaits, what: string): Spread {
  const { n } = group;
  const { untimed } = odd;
  if (untimed === 0 || n === 0) return spread;
  const doubt = reserve("doubt.untimed", { untimed, what });
  const quantiles = Object.entries(spread.quantiles).map(([p, estimate]) => {
    const place = Number(p) * (n + untimed);
    const more = place > n ? Number.NaN : valueAt(group, place) - valueAt(group, Number(p) * n);
    return [p, doubted(estimate, { more }, doubt)];
  });
  return {
    mean: meanUntimedDoubted(spread.mean, odd, { n, what }),
    quantiles: Object.fromEntries(quantiles),
  };
}

function meanUntimedDoubted(
  mean: Estimate,
  { untimed, longest }: OddWaits,
  { n, what }: { n: number; what: string },
): Estimate {
  if (untimed === 0) return mean;
  const more = (untimed / (n + untimed)) * (longest - mean.value);
  return doubted(mean, { more }, reserve("doubt.untimed", { untimed, what }));
}

/** A mean of n waits, doubted by all of these. */
export function meanWaitDoubted(mean: Estimate, odd: OddWaits, about: { n: number; what: string }): Estimate {
  return meanUntimedDoubted(meanOddDoubted(mean, odd, about), odd, about);
}

function meanOddDoubted(mean: Estimate, odd: OddWaits, { n, what }: { n: number; what: string }): Estimate {
  const [out, { late }] = [odd.lost + odd.strange, odd];
  const shift = (to: number) => ((out + late) / (n + out)) * (to - mean.value);
  return out + late === 0
    ? mean
    : doubtedBy(mean, { fast: shift(0), slow: shift(odd.long) }, { odd, n, what });
}

/** A number that would be so much less if all of these calls had been fast, and so much more if all had been slow. */
function doubtedBy(
  estimate: Estimate,
  { fast, slow }: Record<"fast" | "slow", number>,
  { odd: { lost, strange, late }, n, what }: { odd: OddWaits; n: number; what: string },
): Estimate {
  const numbers = { odd: lost + strange + late, of: n + lost + strange, what };
  return doubted(estimate, { less: -fast, more: slow }, reserve("doubt.waits", numbers));
}
