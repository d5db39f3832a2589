import type { Selection } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { doubted } from "../doubted";
import type { GroupSummary } from "../estimate/distribution";
import type { Spread } from "../estimate/spread";
import type { GroupKey } from "../estimate/summaries";

const sql = statements(__dirname, "latency.sql");

/** True of a number that a call waits: how long it took, or until its first token. */
export const isWait = (metric: string): metric is "duration" | "time_to_first_token" =>
  metric === "duration" || metric === "time_to_first_token";

/** Calls of each group that succeeded after 0 seconds; of a number that may be 0, none. */
export async function zerosOf(
  { connection }: Selection,
  groups: readonly GroupSummary[],
  metric: string,
): Promise<Map<GroupKey, number>> {
  // The histogram has them in a bucket of their own: most logs have none, and are not read again.
  if (!isWait(metric) || !groups.some(({ buckets }) => buckets.some(({ bucket }) => bucket === 0)))
    return new Map();
  const counts = await rowsOf<{ g: GroupKey } & Record<string, number>>(connection, sql.zeros);
  return new Map(counts.map((row) => [row.g, row[metric]]));
}

/**
 * Mean and quantiles of waits, doubted above where calls succeeded after 0 seconds, which may stand for an unknown wait:
 * no model is the faster for them. An upper end may carry a decision as far out as it would lie without these calls.
 *
 * @param options `zeros`, the calls of the group that did; `what`, the number in words, "duration"
 */
export function zerosDoubted(
  spread: Spread,
  group: GroupSummary,
  { zeros, what }: { zeros: number; what: string },
): Spread {
  if (zeros === 0) return spread;
  const { n } = group;
  const about = { zeros, n, what };
  const quantiles = Object.entries(spread.quantiles).map(([p, estimate]) => {
    const [place, withoutZeros] = [n, n - zeros].map((among) => n - (1 - Number(p)) * among);
    const shift = valueAt(group, withoutZeros) - valueAt(group, place);
    return [p, zeroDoubted(estimate, zeros === n ? Number.NaN : estimate.value + shift, about)];
  });
  return { mean: meanDoubted(spread.mean, about), quantiles: Object.fromEntries(quantiles) };
}

/** Zeros among the n waits that a number is of, and these in words. */
interface Zeros {
  zeros: number;
  n: number;
  what: string;
}

/** A mean of waits, some of which are 0. */
export const meanDoubted = (mean: Estimate, about: Zeros): Estimate =>
  about.zeros === 0 ? mean : zeroDoubted(mean, (mean.value * about.n) / (about.n - about.zeros), about);

/** A number that would be `without` these zeros. */
function zeroDoubted(estimate: Estimate, without: number, { zeros, n, what }: Zeros): Estimate {
  const doubt = reserve("doubt.zero-waits", { zeros, of: n, what });
  return doubted(estimate, { more: without - estimate.value }, doubt);
}

/** About the value at a place in the order of a group's values: between the means of the two nearest buckets. */
export function valueAt({ buckets }: GroupSummary, place: number): number {
  let below = 0;
  let before: { middle: number; mean: number } | undefined;
  for (const { n, total } of buckets) {
    const [middle, mean] = [below + n / 2, total / n];
    if (middle >= place) {
      if (before === undefined) return mean;
      return before.mean + ((place - before.middle) / (middle - before.middle)) * (mean - before.mean);
    }
    below += n;
    before = { middle, mean };
  }
  return before?.mean ?? Number.NaN;
}
