import type { LogWorld } from "./logWorld";

/** Made-up logs whose numbers are all exactly at their limits. */
export interface NightWorld extends LogWorld {
  /** "nights": each has new calls; "saved": against a release's saved numbers; "growing": one log, looked at every night. */
  kind: "nights" | "saved" | "growing";
  metrics: string[];
  logs: number;
  /** Calls of the release. */
  before?: number;
  /** What a growing log is held against, if not against fixed limits: a release's saved numbers, or its own first week. */
  against?: "saved" | "week";
  /** Nights from one look to the next. Default 1. */
  every?: number;
}

const metrics = ["error_rate", "duration_p95", "cost_per_task"];
const calls = { user: 0.3, hour: 0.15, call: 0.6, errors: 0.05, icc: 0.02, costs: 0.8, userCosts: 0.3 };

export const nightWorlds: NightWorld[] = [
  {
    ...calls,
    ...{ name: "nights", kind: "nights", metrics, logs: 1000, calls: 400, users: 120, days: 1 },
    what: "1,000 nights of 400 calls by 120 users",
  },
  {
    ...calls,
    ...{ name: "few-users", kind: "nights", metrics, logs: 1000, calls: 400, users: 40, zipf: -0.7, days: 1 },
    what: "1,000 nights of 400 calls by 40 users, of whom a few call most",
  },
  {
    ...calls,
    ...{ name: "saved", kind: "saved", metrics, logs: 1000, calls: 400, before: 1200, users: 120, days: 1 },
    what: "1,000 nights of 400 calls, each against the saved numbers of a release of 1,200 calls",
  },
  {
    ...calls,
    ...{ name: "growing", kind: "growing", metrics, logs: 200, calls: 2400, users: 120, days: 24 },
    what: "200 logs that grow by 100 calls a night, looked at after each of 24 nights",
  },
  {
    ...calls,
    ...{ name: "days", kind: "growing", metrics: ["duration_p50", "duration_p95"], logs: 200, day: 0.15 },
    ...{ calls: 2400, users: 120, days: 24 },
    what: "200 logs that grow by 100 calls a night, whose days differ by 15 %, looked at after each of 24 nights",
  },
  {
    ...calls,
    ...{ name: "growing-saved", kind: "growing", against: "saved", metrics, logs: 200, every: 3 },
    ...{ calls: 2400, before: 1200, users: 120, days: 24 },
    what: "the same, each against the saved numbers of a release of 1,200 calls, looked at after every third night",
  },
  {
    ...calls,
    ...{ name: "growing-week", kind: "growing", against: "week", metrics, logs: 60, every: 4 },
    ...{ calls: 2700, users: 120, days: 27 },
    what: "60 such logs, each against its own first week, looked at after every fourth of 20 more nights",
  },
];
