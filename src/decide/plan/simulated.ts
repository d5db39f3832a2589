import type { Estimate } from "../../stats/estimate";
import { normalCdf, normalQuantile } from "../../stats/normal";
import { random } from "../../stats/random";
import { rateInterval } from "../../stats/rateInterval";
import { chancesToStay, type Log, logsOf, type Users } from "./likeLogs";
import { lookBound } from "./looks";
import { arm, type Length, partsOf, SMEARED } from "./simulatedArm";

/** How a study is judged. */
export interface Judged {
  level: number;
  anytime: boolean;
}

/** A study where nothing differs: the difference it shows, and how large it must be for its interval to leave 0 out. */
interface Study {
  difference: number;
  bound: number;
}
/** Logs that the traffic could equally well have produced, one study of each: studies of one log are alike. */
const LOGS = 120;

type Bounds = Pick<Estimate, "value" | "low" | "high">;

/** Studies without a difference of the log's own clusters, each log drawn anew from them. */
function studiesOf(
  users: Users,
  length: Length,
  { level, anytime }: Judged,
  { logs, each, seed }: { logs: number; each: number; seed: number },
): Study[] {
  const looks = anytime ? lookBound(level) / normalQuantile((1 + level) / 2) : 1;
  const { spread = 1 } = length;
  const studyOf = (first: Bounds, second: Bounds, { turned }: Log): Study => {
    const bound = turned * looks * Math.hypot(second.value - second.low, first.high - first.value);
    return {
      difference: turned * (second.value - first.value),
      // Without an interval, or with one of no width, nothing is found.
      bound: bound > 0 ? bound : Number.POSITIVE_INFINITY,
    };
  };
  return logsOf(users, logs, seed).flatMap((log, at) =>
    Array.from({ length: each }, (_, study) => {
      const r = random(seed + 1, at * each + study);
      const parts = partsOf(users, log, length, r);
      const armAt = (one: number) => arm(users, parts, { spread: one, level }, log, r);
      const [first, second] = [armAt(1), armAt(spread)];
      // The same arms the other way round are another study, if they vary alike.
      return spread === 1
        ? [studyOf(first, second, log), studyOf(second, first, log)]
        : [studyOf(first, second, log)];
    }).flat(),
  );
}

/** The powers of a log's studies that were asked for before: a search for the least difference asks for one again and again. */
const known = new WeakMap<Users, Map<string, (size: number) => number>>();

/** The share of studies that find a difference of a size. */
export function expectedPower(users: Users, length: Length, judged: Judged): (size: number) => number {
  const { days, times = 1, spread = 1 } = length;
  const key = [days, times, spread, judged.level, judged.anytime].join();
  const before = known.get(users) ?? new Map<string, (size: number) => number>();
  known.set(users, before);
  const power = before.get(key) ?? powerBySize(users, length, judged);
  before.set(key, power);
  return power;
}

function powerBySize(users: Users, length: Length, judged: Judged): (size: number) => number {
  const studies = studiesOf(users, length, judged, { logs: LOGS, each: 1, seed: 17 });
  const spread = Math.sqrt(
    studies.reduce((sum, { difference }) => sum + difference ** 2, 0) / studies.length,
  );
  return (size) =>
    studies.reduce(
      (sum, { difference, bound }) =>
        sum + (bound < Infinity ? normalCdf((difference + size - bound) / (SMEARED * spread)) : 0),
      0,
    ) / studies.length;
}

/**
 * The share of further studies that find a difference of this size. Studies of one simulated log are alike, so logs are
 * its clusters.
 */
export function simulatedPower(users: Users, length: Length, judged: Judged, size: number): Estimate {
  const of = { logs: 125, each: 4, seed: 31 };
  const all = studiesOf(users, length, judged, of);
  // Studies that are the same two arms the other way round would count twice.
  const studies = all.filter((_, at) => at % (all.length / (of.logs * of.each)) === 0);
  const found = studies.map(({ difference, bound }) => difference + size > bound);
  const clusters = studies.map((_, at) => Math.floor(at / of.each));
  const { note: _, ...power } = rateInterval(found, { clusters, clusterBy: "simulated log" });
  return { ...power, method: "simulated" };
}

/** The units and clusters that an arm has on average. */
export function armSize(users: Users, { days, times = 1 }: Length): { units: number; clusters: number } {
  const { slots, sizes } = users;
  const row = slots + 1;
  const count = sizes.length / row;
  const chances = chancesToStay(users);
  const longer = days / users.days;
  const each = (0.5 * times * users.clusters) / count;
  let [units, clusters] = [0, 0];
  if (longer >= 1)
    for (let k = 0; k < count; k++) {
      units += sizes[k * row + slots]! * longer;
      clusters += chances[k]! + (1 - chances[k]!) * longer;
    }
  else {
    const width = Math.max(1, Math.round(longer * slots));
    const windows = slots - width + 1;
    const part = (longer * slots) / width / windows;
    for (let k = 0; k < count; k++) {
      units += sizes[k * row + slots]! * longer;
      for (let from = 0; from < windows; from++)
        if (sizes[k * row + from + width]! > sizes[k * row + from]!) clusters += part;
    }
  }
  return { units: units * each, clusters: clusters * each };
}
