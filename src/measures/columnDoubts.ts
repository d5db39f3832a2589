import { join } from "node:path";
import { unclustered } from "../facts/cluster";
import { factsAlone } from "../facts/place";
import { derived } from "../facts/request";
import { groupsOf, select } from "../facts/select";
import { namesIn } from "../facts/terms";
import type { Estimate } from "../stats/estimate";
import { withNotes } from "../stats/estimate";
import { type Reservation, reserve } from "../stats/reservation";
import { rowsOnce } from "../store/once";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";
import { type MeasureOptions, requestOf } from "./options";
import { rowKey } from "./rowKey";
import type { Row } from "./table";

const sql = statements<"typical" | "roles" | "by_group">(join(__dirname, "columnDoubts.sql"));

/** Calls of one workload, model and file: means of logarithms. */
interface Typical {
  workload: string | null;
  model: string | null;
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

/** A number of a row with what is doubted of its columns; true of a share of waits within a limit. */
type Doubted = (by: Row, estimate: Estimate, isWithin?: boolean) => Estimate;

/**
 * What looks wrong of whole columns behind each row: waits of one model or file about 1,000 times those of another of the same
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
      ({ workload, model, ingest_id, timed, paid, cost_of_token }): Odd => ({
        ...{ workload, model, ingest: ingest_id },
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
  return (row, estimate, isWithin = false) => {
    const found = counts.get(rowKey(by, row));
    if (found === undefined || Number.isNaN(estimate.value)) return estimate;
    const { calls, waits, dear, cheap, roles: left } = found;
    const unit = estimate.unit ?? "";
    const isWait = isWithin || unit === "s" || unit === "tokens/s";
    const isMoney = unit.startsWith("USD");
    const doubts = [
      isWait && waits > 0
        ? reaching(
            estimate,
            reserve("doubt.units", { odd: waits, of: calls }),
            isWithin ? { share: waits / calls } : { factor: 1e3 },
          )
        : undefined,
      isMoney && dear > 0
        ? reaching(estimate, reserve("doubt.dear", { dear, of: calls }), { factor: 1e6 })
        : undefined,
      isMoney && cheap > 0
        ? reaching(estimate, reserve("doubt.cheap", { cheap, of: calls }), { factor: 1e6 })
        : undefined,
      isLeft && left >= MOST_LEFT * calls
        ? reaching(
            estimate,
            reserve("doubt.roles", { strange: left, example: JSON.stringify(roles.example) }),
            unit === "1" ? { share: left / (calls + left) } : { factor: 1e3 },
          )
        : undefined,
    ];
    const told = doubts.filter((one) => one !== undefined);
    return told.length === 0 ? estimate : withNotes(estimate, told);
  };
}

/**
 * A doubt of a number that may be so many times as much or as little, or of a share to which so large a share of all may be
 * added: how far its ends must reach to carry a decision all the same.
 */
function reaching(
  { value, low, high }: Estimate,
  doubt: Reservation,
  { factor, share = 0 }: { factor?: number; share?: number },
): Reservation {
  const [least, most] =
    factor === undefined
      ? [value * (1 - share), value + (1 - value) * share]
      : [value / factor, value * factor];
  const reach = {
    low: (value - least) / (value - low),
    high: (most - value) / (high - value),
    both: Math.max((value - least) / (value - low), (most - value) / (high - value)),
  }[doubt.side];
  return Number.isFinite(reach) ? { ...doubt, reach: 1 + reach } : doubt;
}

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
  for (const workload of new Set(known.map((one) => one.workload))) {
    const own = known
      .filter((one) => one.workload === workload)
      .sort((a, b) => Number(a.wait) - Number(b.wait));
    const gaps = own.slice(1).map(({ wait }, at) => Number(wait) - Number(own[at].wait));
    const at = gaps.indexOf(Math.max(...gaps)) + 1;
    if (at > 0 && heapsApart(own.slice(0, at), own.slice(at))) found.add(workload);
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
