import { select } from "../../facts/select";
import { metric } from "../../measures/metric";
import type { MeasureRequest } from "../../measures/options";
import { FEWEST_DAYS } from "../../stats/hourSeries";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import type { Limit } from "./limits";

/** From this quantile on, a tail is made of incidents: days that met none know nothing of it. */
const FAR = 0.99;

/** True for an upper limit on a quantile so far out that incidents make it. */
export function isFarTail({ metric: name, within, at_most, at_most_times }: Limit): boolean {
  if (within !== undefined || (at_most ?? at_most_times) === undefined) return false;
  const { source } = metric(name);
  return source.measure === "latency" && source.quantile !== "mean" && source.quantile >= FAR;
}

/** On how many days the calls of a check lie, where these are too few to have met incidents; else undefined. */
export async function fewDays(store: Store, request: MeasureRequest): Promise<number | undefined> {
  const { connection, close } = await select(store, request, { by: [] });
  try {
    const [{ days }] = await rowsOf<{ days: number }>(
      connection,
      "select count(distinct in_hour // 24)::double as days from selected",
    );
    return days < FEWEST_DAYS ? days : undefined;
  } finally {
    close();
  }
}

/** Why a pass by such a quantile waits for more days. */
export const farTailText = (days: number): string =>
  `; ${days === 1 ? "one day" : days === 0 ? "calls without a time" : `${days} days`} may have met no incident, which such a tail is made of: check ${FEWEST_DAYS} days or more, or declare it (--assume same-days)`;
