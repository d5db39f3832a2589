import { select } from "../../facts/select";
import { metric } from "../../measures/metric";
import type { MeasureRequest } from "../../measures/options";
import { rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
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
): Promise<(limit: Limit, by: Row) => ShortLog | undefined> {
  if (!isGrowing && !limits.some(isFarTail)) return () => undefined;
  const daysOf = await daysByGroup(store, request);
  return (limit, by) => {
    const days = daysOf(by);
    if (days >= FEWEST_DAYS || !(isGrowing || isFarTail(limit))) return undefined;
    return { days, unknown: isGrowing ? "days" : "incidents" };
  };
}

/** On how many days the calls of each group lie. */
async function daysByGroup(store: Store, request: MeasureRequest): Promise<(by: Row) => number> {
  const { connection, close } = await select(store, request, { by: request.by ?? [] });
  try {
    const rows = await rowsOf<{ by: Row; days: number }>(
      connection,
      `select "by", count(distinct in_hour // 24)::double as days from selected group by all`,
    );
    return (by) => {
      const names = Object.keys(by);
      return rows.find((row) => rowKey(names, row.by) === rowKey(names, by))?.days ?? 0;
    };
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
