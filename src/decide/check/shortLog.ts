import { select } from "../../facts/select";
import { metric } from "../../measures/metric";
import type { MeasureRequest } from "../../measures/options";
import { FEWEST_DAYS } from "../../stats/hourSeries";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import type { Limit } from "./limits";

/** Calls of too few days for a limit. */
export interface ShortLog {
  days: number;
  /** What so few days do not show: the incidents that a far tail is made of, or how much days differ. */
  unknown: "incidents" | "days";
}

/** From this quantile on, a tail is made of incidents: days that met none know nothing of it. */
const FAR = 0.99;

/** True for an upper limit on a quantile so far out that incidents make it. */
export function isFarTail({ metric: name, within, at_most, at_most_times }: Limit): boolean {
  if (within !== undefined || (at_most ?? at_most_times) === undefined) return false;
  const { source } = metric(name);
  return source.measure === "latency" && source.quantile !== "mean" && source.quantile >= FAR;
}

/**
 * Which limits wait for more days: those on a far tail, and all of a log that is looked at again as it grows, since its value is
 * that of all days to come.
 */
export async function shortLogs(
  store: Store,
  request: MeasureRequest,
  limits: readonly Limit[],
  isGrowing: boolean,
): Promise<(limit: Limit) => ShortLog | undefined> {
  if (!isGrowing && !limits.some(isFarTail)) return () => undefined;
  const days = await daysOf(store, request);
  if (days >= FEWEST_DAYS) return () => undefined;
  return (limit) =>
    isGrowing ? { days, unknown: "days" } : isFarTail(limit) ? { days, unknown: "incidents" } : undefined;
}

async function daysOf(store: Store, request: MeasureRequest): Promise<number> {
  const { connection, close } = await select(store, request, { by: [] });
  try {
    const [{ days }] = await rowsOf<{ days: number }>(
      connection,
      "select count(distinct in_hour // 24)::double as days from selected",
    );
    return days;
  } finally {
    close();
  }
}

/** Why a limit waits for more days, and what to do. */
export function shortText({ days, unknown }: ShortLog): string {
  const those = days === 0 ? "calls without a time" : days === 1 ? "one day" : `${days} days`;
  const why =
    unknown === "incidents"
      ? `${those} may have met no incident, which such a tail is made of`
      : `${those} ${days === 1 ? "does" : "do"} not show how much days differ`;
  return `; ${why}: check ${FEWEST_DAYS} days or more, or declare it (--assume same-days)`;
}
