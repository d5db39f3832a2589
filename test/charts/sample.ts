import type { Table } from "../../src/measures/table";
import type { Estimate } from "../../src/stats/estimate";
import { noted } from "../../src/stats/estimate";

/** Names as in a hostile log. */
export const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  "<svg onload=alert(1)>",
  "%{x} %{customdata[0]} <b>bold</b>",
  "$\\href{javascript:alert(1)}{x}$",
  "nul \u0000 esc \u001b[31m bidi \u202e",
  "😀 日本語 👩‍🚀",
  `"quotes" 'and' \`ticks\` & ampersands`,
  "a\nb\r\nc",
];

export function estimate(value: number, low: number, high: number, unit = "s", note?: string): Estimate {
  const how = {
    level: 0.95,
    method: "fractional-order-statistic",
    n: 812,
    clusters: 120,
    clusterBy: "user_id",
    unit,
  };
  return { value, low, high, ...how, ...noted([note]) };
}

/** A latency table whose last row has an unbounded p99 and no p99.9. */
export function latencyTable(models: readonly string[] = ["alder", "birch", "cedar"]): Table {
  const rows = models.map((model, at) => {
    const last = at === models.length - 1;
    const time = (base: number) => estimate(base * (at + 1), base * (at + 1) * 0.9, base * (at + 1) * 1.2);
    return {
      model,
      n: 812,
      mean: time(1.2),
      quantiles: {
        "0.5": time(0.8),
        "0.95": time(2.5),
        "0.99": last
          ? estimate(9, 7, Number.POSITIVE_INFINITY, "s", "p99 needs 368 calls, has 200")
          : time(5),
        "0.999": last
          ? estimate(Number.NaN, Number.NaN, Number.NaN, "s", "p99.9 needs 3,688 calls, has 200")
          : time(9),
      },
    };
  });
  return { measure: "latency", by: ["model"], rows, notes: ["3 timeouts count as at least their limit."] };
}

/** All strings anywhere in a figure. */
export function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}
