import { leastRate } from "../logs/complete/units";
import { listed, threeDigits } from "../stats/text";
import { groupedBy } from "./rowKey";

/** Calls of one workload, model, provider and file: means of logarithms. */
export interface Typical {
  workload: string | null;
  model: string | null;
  provider: string | null;
  ingest_id: number | null;
  timed: number;
  wait: number | null;
  wait_of_token: number | null;
  paid: number;
  cost_of_token: number | null;
}

/** Calls whose waits or costs may be in another unit than they say; of waits, those of the long ones and of the short ones. */
export interface Odd {
  workload: string | null;
  model: string | null;
  provider: string | null;
  ingest: number | null;
  waits: boolean;
  slow: boolean;
  fast: boolean;
  dear: boolean;
  cheap: boolean;
}

/** Fewer calls than this show no unit. */
const fewest = 10;
/** How many times longer waits in milliseconds look, beside others in seconds, give or take what models differ. */
const [least, most] = [Math.log(300), Math.log(3000)];
/** The same where the long ones write fewer tokens a second than any model: the short ones may then be of a far faster or slower model. */
const [leastByRate, mostByRate] = [Math.log(30), Math.log(30_000)];
/** Fewer tokens a second than this are not usual even if waits are in milliseconds. */
const leastUsual = 2;
/** Dollars a token above and below which no price is: the dearest models cost .0006, the cheapest 1e-8. */
const [dearest, cheapest] = [Math.log(1e-3), Math.log(1e-10)];

/** The calls whose waits or costs may be in another unit than they say. */
export function oddIn(typical: readonly Typical[]): Odd[] {
  const heaps = heapsIn(typical);
  return typical
    .map((one): Odd => {
      const { workload, model, provider, ingest_id, timed } = one;
      const heap = heaps.get(workload);
      return {
        ...{ workload, model, provider, ingest: ingest_id },
        waits: timed > 0 && heap !== undefined,
        slow: heap?.slow.has(one) ?? false,
        fast: heap?.fast.has(one) ?? false,
        dear: isDear(one),
        cheap: isCheap(one),
      };
    })
    .filter(({ waits, dear, cheap }) => waits || dear || cheap);
}

const isDear = ({ paid, cost_of_token }: Typical) => paid >= fewest && Number(cost_of_token) > dearest;
const isCheap = ({ paid, cost_of_token }: Typical) => paid >= fewest && Number(cost_of_token) < cheapest;

/** What is known of the units of the calls behind a number. */
export interface UnitCounts {
  calls: number;
  /** Calls among the long waits of their workload, and among the short ones; and how many workloads they are of, with the first. */
  slow: number;
  fast: number;
  workloads: number;
  workload: string | null;
  /** The files of its calls whose costs no price makes. */
  files: string | null;
}

/** The heap of one workload's waits that all of a number's calls are in; undefined if they are in none, or in several. */
export function heapOf({ calls, slow, fast, workloads, workload }: UnitCounts): string | undefined {
  if (workloads !== 1 || (slow !== calls && fast !== calls)) return undefined;
  return `waits of ${workload} ${slow === calls ? "slow" : "fast"}`;
}

/**
 * The files that all of a number's costs are from; undefined if other calls that it may count, such as those of judges, have
 * costs in others, whose unit may be another one.
 *
 * @param paid the files with costs of calls that do not answer
 */
export function filesOf({ files }: UnitCounts, paid: string | null | undefined): string | undefined {
  if (files === null || paid === undefined) return undefined;
  const own = files.split(" ");
  return (paid?.split(" ") ?? []).every((file) => own.includes(file)) ? `costs of files ${files}` : undefined;
}

/** False if a model's costs for a token, as no price makes them, are far apart between files: these are not in one unit. */
export function pricedAlike(typical: readonly Typical[]): boolean {
  const odd = typical.filter((one) => isDear(one) || isCheap(one));
  const own = groupedBy(odd, ({ workload, model, provider }) => JSON.stringify([workload, model, provider]));
  return [...own.values()].every((some) => {
    const costs = some.map(({ cost_of_token }) => Number(cost_of_token));
    return Math.max(...costs) - Math.min(...costs) < MOST_APART;
  });
}

/** As far as costs for a token of one model may be apart by how it is used: 30 times. */
const MOST_APART = Math.log(30);

/** The two heaps of a workload's waits, of which one is about 1,000 times the other. */
interface Heaps {
  fast: ReadonlySet<Typical>;
  slow: ReadonlySet<Typical>;
}

/** The workloads whose waits fall into two such heaps. */
function heapsIn(typical: readonly Typical[]): Map<string | null, Heaps> {
  const found = new Map<string | null, Heaps>();
  const known = typical.filter(({ timed, wait }) => timed >= fewest && wait !== null);
  for (const own of groupedBy(known, ({ workload }) => JSON.stringify(workload)).values()) {
    const sorted = own.sort((a, b) => Number(a.wait) - Number(b.wait));
    const gap = (at: number) => Number(sorted[at].wait) - Number(sorted[at - 1].wait);
    let widest = 1;
    for (let at = 2; at < sorted.length; at++) if (gap(at) > gap(widest)) widest = at;
    const [fast, slow] = [sorted.slice(0, widest), sorted.slice(widest)];
    if (sorted.length > 1 && areApart(fast, slow))
      found.set(sorted[0].workload, { fast: new Set(fast), slow: new Set(slow) });
  }
  return found;
}

/** What is asked of waits that may be in milliseconds beside others of their workload in seconds: whose they are, and what to write. */
export function heapQuestions(typical: readonly Typical[]): string[] {
  return [...heapsIn(typical)].map(([workload, { fast, slow }]) => {
    const wait = (some: ReadonlySet<Typical>) =>
      [...some].reduce((sum, one) => sum + Number(one.wait), 0) / some.size;
    const times = threeDigits(Math.exp(wait(slow) - wait(fast)));
    const names = (some: ReadonlySet<Typical>, by: "model" | "provider") =>
      new Set([...some].map((one) => String(one[by])));
    const by = (["model", "provider"] as const).find((one) => {
      const others = names(fast, one);
      return [...names(slow, one)].every((name) => !others.has(name));
    });
    const of = workload === null ? "" : ` in workload ${workload}`;
    if (by === undefined)
      return `durations of some files are about ${times} times those of others${of}: milliseconds? ${remedy}`;
    const own = [...names(slow, by)];
    const some = own.map((name) => `'${name.replaceAll("'", "''")}'`).join(", ");
    return `durations of ${listed(own)} are about ${times} times those of ${listed([...names(fast, by)])}${of}: milliseconds? ${remedy}, such as "case when ${by} in (${some}) then duration / 1000 else duration end"`;
  });
}

const remedy =
  'If so, ingest them with a mapping that divides "duration" by 1000 (fieldnotes map, docs/exports.md)';

function areApart(low: readonly Typical[], high: readonly Typical[]): boolean {
  const mean = (some: readonly Typical[], name: "wait" | "wait_of_token") => {
    const known = some.filter((one) => one[name] !== null);
    const calls = known.reduce((sum, { timed }) => sum + timed, 0);
    return known.reduce((sum, one) => sum + one.timed * Number(one[name]), 0) / calls;
  };
  const isApart = (by: number) => by > least && by < most;
  const ofTokens = mean(high, "wait_of_token") - mean(low, "wait_of_token");
  const apart = mean(high, "wait") - mean(low, "wait");
  if (isApart(apart) && (Number.isNaN(ofTokens) || isApart(ofTokens))) return true;
  const rate = (some: readonly Typical[]) => Math.exp(-mean(some, "wait_of_token"));
  // Beside waits of seconds for the same work, hours are not an agent's.
  const isOdd = (some: readonly Typical[]) =>
    rate(some) < leastRate(apart > least ? 0 : Math.exp(mean(some, "wait")));
  const isWithin = apart > leastByRate && apart < mostByRate;
  return isWithin && isOdd(high) && 1000 * rate(high) >= leastUsual && rate(low) >= leastUsual;
}
