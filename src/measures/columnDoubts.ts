import { join } from "node:path";
import { unclustered } from "../facts/cluster";
import { factsAlone } from "../facts/place";
import { derived } from "../facts/request";
import { groupsOf, select } from "../facts/select";
import { namesIn } from "../facts/terms";
import { type Estimate, toldBy } from "../stats/estimate";
import { reserve } from "../stats/reservation";
import { rowsOnce } from "../store/once";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";
import { doubted, type Moved } from "./doubted";
import { type MeasureOptions, requestOf } from "./options";
import { groupedBy, rowKey } from "./rowKey";
import { isEstimate, type Row } from "./table";

const sql = statements<"typical" | "roles" | "by_group">(join(__dirname, "columnDoubts.sql"));

/** Calls of one workload, model, provider and file: means of logarithms. */
interface Typical {
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

/** Calls whose waits or costs may be in another unit than they say. */
interface Odd {
  workload: string | null;
  model: string | null;
  provider: string | null;
  ingest: number | null;
  waits: boolean;
  dear: boolean;
  cheap: boolean;
}

/** Fewer calls than this show no unit. */
const fewest = 10;
/** How many times longer waits in milliseconds look, beside others in seconds, give or take what models differ. */
const [least, most] = [Math.log(300), Math.log(3000)];
/** Dollars a token above and below which no price is: the dearest models cost .0006, the cheapest 1e-8. */
const [dearest, cheapest] = [Math.log(1e-3), Math.log(1e-10)];

/** A number of a row with what is doubted of its columns; of waits, it may also be the share within a limit, or a ratio of two. */
export type Doubted = (by: Row, estimate: Estimate, ofWaits?: "share" | "ratio") => Estimate;

/**
 * What looks wrong of whole columns behind each row: waits of one model, provider or file about 1,000 times those of another of the same
 * workload, also for each token, of which some may be milliseconds; costs for a token that no price is; and calls in a role that
 * nothing knows, which do not count as answers. A verdict rests on no end that these may move.
 */
export async function columnDoubts(
  store: Store,
  options: MeasureOptions,
  by: readonly string[],
): Promise<Doubted | undefined> {
  // Other engines have no files to tell apart, and each scan of theirs is paid for.
  if (store.engine !== undefined) return undefined;
  const { typical, roles } = await columnsOf(store);
  const units = unitsApart(typical);
  const odd = typical
    .map(
      ({ workload, model, provider, ingest_id, timed, paid, cost_of_token }): Odd => ({
        ...{ workload, model, provider, ingest: ingest_id },
        waits: timed > 0 && units.has(workload),
        dear: paid >= fewest && Number(cost_of_token) > dearest,
        cheap: paid >= fewest && Number(cost_of_token) < cheapest,
      }),
    )
    .filter(({ waits, dear, cheap }) => waits || dear || cheap);
  const named = namesIn(`${options.where ?? ""} ${options.by ?? ""}`);
  const isLeft = roles.strange > 0 && !named.includes("role");
  if (odd.length === 0 && !isLeft) return undefined;
  const counts = await countsOf(store, options, { odd, by });
  return (row, estimate, ofWaits) => {
    const found = counts.get(rowKey(by, row));
    if (found === undefined || Number.isNaN(estimate.value)) return estimate;
    const { calls, waits, dear, cheap, roles: left } = found;
    const unit = estimate.unit ?? "";
    const isWait = ofWaits !== undefined || unit === "s" || unit === "tokens/s";
    const isMoney = unit.startsWith("USD");
    const { value } = estimate;
    const doubts = [
      ...(isWait && waits > 0
        ? [
            {
              doubt: reserve("doubt.units", { odd: waits, of: calls }),
              moved: ofWaits === "share" ? added(value, waits / calls) : multiplied(value, 1e3),
            },
          ]
        : []),
      ...(isMoney && dear > 0
        ? [{ doubt: reserve("doubt.dear", { dear, of: calls }), moved: multiplied(value, 1e6) }]
        : []),
      ...(isMoney && cheap > 0
        ? [{ doubt: reserve("doubt.cheap", { cheap, of: calls }), moved: multiplied(value, 1e6) }]
        : []),
      ...(isLeft && left > 0 && left >= MOST_LEFT * calls
        ? [
            {
              doubt: reserve("doubt.roles", { strange: left, example: JSON.stringify(roles.example) }),
              moved:
                unit === "1" ? added(value, left / (calls + left)) : multiplied(value || Number.NaN, 1e3),
            },
          ]
        : []),
    ].filter(({ doubt }) => !toldBy(estimate).some(({ id }) => id === doubt.id));
    return doubts.reduce((known, { doubt, moved }) => doubted(known, moved, doubt), estimate);
  };
}

/** Rows whose numbers all have what is doubted of their columns. */
export const rowsDoubted = <R extends Row>(rows: R[], doubtedBy: Doubted | undefined): R[] =>
  doubtedBy === undefined
    ? rows
    : rows.map((row) => {
        const told = Object.entries(row).map(([name, cell]) => [
          name,
          isEstimate(cell) ? doubtedBy(row, cell) : cell,
        ]);
        return Object.fromEntries(told) as R;
      });

/** How far a number may move that may be so many times as much or as little. */
function multiplied(value: number, factor: number): Moved {
  const [least, most] = [value / factor, value * factor].sort((a, b) => a - b);
  return { less: value - least, more: most - value };
}

/** How far a share may move if so large a share of all may belong to it, or not. */
const added = (value: number, share: number): Moved => ({ less: value * share, more: (1 - value) * share });

/** What columns are like in all of the store, which connections to one that does not change read once. */
async function columnsOf(store: Store) {
  const connection = await store.connect();
  try {
    const facts = await factsAlone(connection);
    const typical = await rowsOnce<Typical>(connection, `with facts as (${facts}) ${sql.typical}`);
    const [roles] = await rowsOnce<{ strange: number; example: string | null }>(
      connection,
      `with facts as (${facts}) ${sql.roles}`,
    );
    return { typical, roles };
  } finally {
    connection.closeSync();
  }
}

/** Calls in unknown roles, as a share of those that answer, below which no verdict hears of them. */
const MOST_LEFT = 0.01;

/** The workloads whose waits fall into two heaps of which one is about 1,000 times the other. */
function unitsApart(typical: readonly Typical[]): Set<string | null> {
  const found = new Set<string | null>();
  const known = typical.filter(({ timed, wait }) => timed >= fewest && wait !== null);
  for (const own of groupedBy(known, ({ workload }) => JSON.stringify(workload)).values()) {
    const sorted = own.sort((a, b) => Number(a.wait) - Number(b.wait));
    const gap = (at: number) => Number(sorted[at].wait) - Number(sorted[at - 1].wait);
    let widest = 1;
    for (let at = 2; at < sorted.length; at++) if (gap(at) > gap(widest)) widest = at;
    if (sorted.length > 1 && heapsApart(sorted.slice(0, widest), sorted.slice(widest)))
      found.add(sorted[0].workload);
  }
  return found;
}

function heapsApart(low: readonly Typical[], high: readonly Typical[]): boolean {
  const mean = (some: readonly Typical[], name: "wait" | "wait_of_token") => {
    const known = some.filter((one) => one[name] !== null);
    const calls = known.reduce((sum, { timed }) => sum + timed, 0);
    return known.reduce((sum, one) => sum + one.timed * Number(one[name]), 0) / calls;
  };
  const isApart = (by: number) => by > least && by < most;
  const ofTokens = mean(high, "wait_of_token") - mean(low, "wait_of_token");
  return isApart(mean(high, "wait") - mean(low, "wait")) && (Number.isNaN(ofTokens) || isApart(ofTokens));
}

type Counts = Record<"calls" | "waits" | "dear" | "cheap" | "roles", number>;

async function countsOf(
  store: Store,
  options: MeasureOptions,
  { odd, by }: { odd: readonly Odd[]; by: readonly string[] },
): Promise<Map<string, Counts>> {
  const request = derived(requestOf("metricTable", options), { cluster: unclustered });
  const selection = await select(store, request, { population: "all" });
  try {
    const counts = await rowsOf<Counts & { g: string }>(selection.connection, sql.by_group, {
      odd: JSON.stringify(odd),
    });
    const groups = new Map((await groupsOf(selection)).map(({ g, by: own }) => [String(g), rowKey(by, own)]));
    return new Map(counts.map(({ g, ...own }) => [groups.get(g) ?? "", own]));
  } finally {
    selection.close();
  }
}
