import type { Estimate } from "../../src/stats/estimate";
import { meanInterval } from "../../src/stats/meanInterval";
import { differenceOf } from "../../src/stats/mover";
import { quantileInterval } from "../../src/stats/quantileInterval";
import { type Random, random } from "../../src/stats/random";
import { rateInterval } from "../../src/stats/rateInterval";

/** One call of an artificial service; `more` is the effect of the second arm. */
export interface Served {
  user: number;
  /** Days since the start. */
  at: number;
  duration: number;
  cost: number;
  failed: number;
}

export type Metric = "duration_p95" | "error_rate" | "cost_per_task";

/** How users visit a service. */
export interface Visits {
  name: string;
  what: string;
  /** The number of users if the same ones return, or new users per day if each comes on one day only. */
  users: number;
  fresh: boolean;
  /** How unequally often users come: standard deviation on the log scale. */
  uneven: number;
  /** Instead, how often they come falls with their rank to this power. */
  zipf?: number;
  /** Standard deviation of a call's cost on the log scale, 0.4 by default. */
  costs?: number;
  /** The share of the traffic that comes from users who return, as those of a fixed set of `stayers` do. */
  staying?: number;
  stayers?: number;
}

export const visits: readonly Visits[] = [
  {
    name: "even users",
    what: "every day brings 60 users who do not come again, with 12 calls or so each",
    users: 60,
    fresh: true,
    uneven: 0.3,
  },
  {
    name: "uneven users",
    what: "the same, but a tenth of the users makes half of the calls",
    users: 60,
    fresh: true,
    uneven: 1.2,
  },
  {
    name: "very uneven users",
    what: "the same, but a hundredth of the users makes a quarter of the calls",
    users: 60,
    fresh: true,
    uneven: 1.7,
  },
  {
    name: "returning users",
    what: "4,000 users as uneven, who come again and again",
    users: 4_000,
    fresh: false,
    uneven: 1.2,
  },
  {
    name: "Zipf users",
    what: "4,000 users who come again and again, the one of rank r as often as 1 / r^0.7",
    users: 4_000,
    fresh: false,
    uneven: 0,
    zipf: 0.7,
  },
  {
    name: "half return",
    what: "half of the calls from 800 users who come again and again, half from 30 new ones a day, both uneven",
    users: 30,
    fresh: true,
    uneven: 1,
    staying: 0.5,
    stayers: 800,
  },
  {
    name: "costs of heavy tails",
    what: "even users, whose calls differ in cost by a log-normal of sigma 1.5",
    users: 60,
    fresh: true,
    uneven: 0.3,
    costs: 1.5,
  },
];

/** Some days of a service whose second arm is worse in one metric by a factor. */
export function serve(
  { users, fresh, uneven, zipf, costs = 0.4, staying = 0, stayers = 0 }: Visits,
  { days, seed, metric, factor = 1 }: { days: number; seed: number; metric?: Metric; factor?: number },
): Served[] {
  const r = random(seed);
  const pool = fresh ? Math.round(users * days) : users;
  const ranks = Array.from({ length: users }, (_, at) => (at + 1) ** -(zipf ?? 0));
  const usual = ranks.reduce((sum, one) => sum + one, 0) / users;
  const own = (user: number, mean: number, came: number | undefined): Served[] => {
    const worse = (one: Metric) => (metric === one && user % 2 === 1 ? factor : 1);
    const pace = Math.exp(0.4 * r.normal());
    const luck = Math.min(4, r.exponential());
    // The mean is 1, however uneven the users are.
    const often =
      zipf === undefined ? Math.exp(uneven * r.normal() - uneven ** 2 / 2) : ranks[user % users] / usual;
    return Array.from(
      { length: poisson(r, mean * often) },
      (): Served => ({
        user,
        at: came ?? days * r.uniform(),
        duration: worse("duration_p95") * pace * Math.exp(0.5 * r.normal()),
        cost: 0.01 * worse("cost_per_task") * pace * Math.exp(costs * r.normal()),
        failed: r.uniform() < 0.05 * worse("error_rate") * luck ? 1 : 0,
      }),
    );
  };
  // The calls of a day: those of new users, and those that stayers add.
  const fromStayers = (12 * users * staying) / (1 - staying);
  return [
    ...Array.from({ length: pool }, (_, user) =>
      fresh ? own(user, 12, days * r.uniform()) : own(user, 0.06 * days, undefined),
    ),
    ...Array.from({ length: stayers }, (_, at) =>
      own(pool + (pool % 2) + at, (fromStayers / stayers) * days, undefined),
    ),
  ].flat();
}

function poisson(r: Random, mean: number): number {
  const limit = mean > 30 ? 0 : Math.exp(-mean);
  if (limit === 0) return Math.max(0, Math.round(mean + Math.sqrt(mean) * r.normal()));
  let count = 0;
  for (let product = r.uniform(); product > limit; product *= r.uniform()) count++;
  return count;
}

/** The second arm minus the first, as a study would measure it. */
export function differenceIn(calls: readonly Served[], metric: Metric): Estimate {
  const [first, second] = [0, 1].map((side) => {
    const own = calls.filter(({ user }) => user % 2 === side);
    const clusters = own.map(({ user }) => user);
    const of = (value: (call: Served) => number) => own.map(value);
    if (metric === "duration_p95")
      return quantileInterval(
        of(({ duration }) => duration),
        0.95,
        { clusters },
      );
    if (metric === "error_rate")
      return rateInterval(
        of(({ failed }) => failed),
        { clusters },
      );
    return meanInterval(
      of(({ cost }) => cost),
      { clusters },
    );
  });
  return differenceOf(second, first);
}
