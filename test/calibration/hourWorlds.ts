// Hours whose worst is picked, where one failure may bring others.
import { worstRate } from "../../src/measures/service/errorBursts";
import type { Estimate } from "../../src/stats/estimate";
import { type Random, random } from "../../src/stats/random";
import { wilson } from "../../src/stats/rate";
import type { Cell, Said } from "./suspicionWorlds";

interface Hours {
  of: number;
  rate?: number;
  /** How often each failure is tried again at once: so many times, or until it works; it fails with .8. */
  again?: number | "until";
  /** Users without ids: the calls of five minutes are what is known of them. */
  bare?: boolean;
  /** Calls of a user in an hour, and how alike these fail. */
  user?: { calls: number; alike: number };
  /** The rate of the first hour, if it has one of its own. */
  bad?: number;
}

/** The calls and failures of one hour's clusters: of those who called, or of the five minutes in which they did. */
function clustersOf(r: Random, rate: number, { again = 0, bare = false, user }: Hours) {
  const units = new Map<string, { calls: number; failed: number }>();
  const call = (unit: string, failed: number) => {
    const one = units.get(unit) ?? { calls: 0, failed: 0 };
    units.set(unit, { calls: one.calls + 1, failed: one.failed + failed });
  };
  const draw = (p: number) => (r.uniform() < p ? 1 : 0);
  const beta = (mean: number, alike: number) => {
    const [one, other] = [mean, 1 - mean].map((part) => r.gamma(part * (1 / alike - 1)));
    return one / (one + other);
  };
  for (let first = 0; first < 50; first++) {
    const second = 3600 * r.uniform();
    const unit = (try_: number) => (bare ? `span ${Math.floor((second + 5 * try_) / 300)}` : `user ${first}`);
    const own = user === undefined ? rate : beta(rate, user.alike);
    for (let more = 1; more < (user?.calls ?? 1); more++) call(unit(0), draw(own));
    let failed = draw(own);
    call(unit(0), failed);
    const isTried = failed === 1;
    for (let tried = 1; isTried && (again === "until" ? failed === 1 : tried <= again); tried++) {
      failed = draw(0.8);
      call(unit(tried), failed);
    }
  }
  return [...units.values()];
}
/** What the statements of the measure sum up of an hour. */
function hourOf(clusters: { calls: number; failed: number }[]) {
  const sum = (of: (one: { calls: number; failed: number }) => number) =>
    clusters.reduce((total, one) => total + of(one), 0);
  const [calls, failed] = [sum((one) => one.calls), sum((one) => one.failed)];
  const squares = sum((one) => one.calls ** 2);
  return {
    calls,
    failed,
    squares,
    apart: sum((one) => (one.failed - (failed / calls) * one.calls) ** 2),
    chance: (failed * (1 - failed / calls) * (calls - squares / calls)) / (calls - 1),
  };
}

/** The worst of many hours, whose calls fail at one rate but for what one failure brings. */
export function hours(name: string, what: string, given: Hours): Cell {
  const { of, rate = 0.02, again = 0, bad } = given;
  const tried = (seed: number): Said => {
    const r = random(seed);
    const all = Array.from({ length: of }, (_, at) =>
      hourOf(clustersOf(r, at === 0 ? (bad ?? rate) : rate, given)),
    );
    const sum = (name: "calls" | "failed" | "apart" | "chance") =>
      all.reduce((total, one) => total + one[name], 0);
    const mean = sum("failed") / sum("calls");
    // By expected calls, as the measure ranks hours: by what is beyond the rate of all.
    const excess = ({ calls, failed }: (typeof all)[number]) => failed - calls * mean;
    const worst = all.reduce((most, one) => (excess(one) > excess(most) ? one : most));
    const isWorst = bad !== undefined && worst === all[0];
    // Of failures that are tried until one works, every fifth try does.
    const [more, fails] = again === "until" ? [5, 4] : [again, 0.8 * again];
    const truth = (rate * (1 + fails)) / (1 + rate * more);
    const misses = ({ low, high }: Estimate) => !isWorst && !(low <= truth && truth <= high);
    const paid = worstRate({
      ...{ hours: of, apart: sum("apart"), chance: sum("chance") },
      ...{ worst_calls: worst.calls, worst_failed: worst.failed, worst_squares: worst.squares },
      ...{ worst_apart: worst.apart, worst_chance: worst.chance },
    });
    return {
      said: true,
      wrong: misses(paid),
      plain: misses(wilson(worst.failed, worst.calls)),
      ...(bad === undefined ? {} : { found: isWorst && paid.low > mean }),
    };
  };
  return { name, what, tried };
}
