import { unclustered } from "../facts/cluster";
import { factsAlone } from "../facts/place";
import { derived } from "../facts/request";
import { groupsOf, select } from "../facts/select";
import { namesIn } from "../facts/terms";
import { defined } from "../stats/defined";
import { type Estimate, toldBy } from "../stats/estimate";
import { type Reservation, reserve } from "../stats/reservation";
import { rowsOnce } from "../store/once";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { statements } from "../store/statements";
import {
  filesOf,
  heapOf,
  heapQuestions,
  type Odd,
  oddIn,
  pricedAlike,
  type Typical,
  type UnitCounts,
} from "./columnUnits";
import { doubted, type Moved } from "./doubted";
import { type MeasureOptions, requestOf } from "./options";
import { rowKey } from "./rowKey";
import { isEstimate, type Row } from "./table";

const sql = statements(__dirname, "columnDoubts.sql");

/** A number of a row with what is doubted of its columns; of waits, it may also be the share within a limit, or a ratio of two. */
export type Doubted = (by: Row, estimate: Estimate, ofWaits?: "share" | "ratio") => Estimate;

/**
 * What looks wrong of whole columns behind each row: waits of one model, provider or file about 1,000 times those of another of the same
 * workload, also for each token, or of fewer tokens a second than any model writes, which may be milliseconds; costs for a token that no price is; and calls in a role that
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
  const odd = oddIn(typical);
  const named = namesIn(`${options.where ?? ""} ${options.by ?? ""}`);
  const isLeft = roles.strange > 0 && !named.includes("role");
  if (odd.length === 0 && !isLeft) return undefined;
  const counts = await countsOf(store, options, { odd, by });
  const paid = pricedAlike(typical) ? roles.paid : undefined;
  return (row, estimate, ofWaits) => {
    const found = counts.get(rowKey(by, row));
    if (found === undefined || Number.isNaN(estimate.value)) return estimate;
    const doubts = [
      ...unitDoubts(estimate, found, { ofWaits, paid }),
      ...(isLeft && found.roles > 0 && found.roles >= MOST_LEFT * found.calls
        ? [roleDoubt(estimate, found, roles.example)]
        : []),
    ].filter(({ doubt }) => !toldBy(estimate).some(({ id }) => id === doubt.id));
    return doubts.reduce((known, { doubt, moved }) => doubted(known, moved, doubt), estimate);
  };
}

/** What is doubted of the unit of a number, and how far that may move it. */
function unitDoubts(
  estimate: Estimate,
  counts: Counts,
  { ofWaits, paid }: { ofWaits: Parameters<Doubted>[2]; paid: string | null | undefined },
): { doubt: Reservation; moved: Moved }[] {
  const { value, unit = "", unpriced } = estimate;
  const { calls, waits, dear, cheap } = counts;
  const heap = heapOf(counts);
  const files = unpriced === undefined ? filesOf(counts, paid) : undefined;
  const ofCosts = (odd: number, doubt: Reservation) =>
    unit.startsWith("USD") && odd > 0
      ? [
          {
            doubt: defined({ ...doubt, unit: odd === calls ? files : undefined }),
            moved: multiplied(value, 1e6),
          },
        ]
      : [];
  const isWait = ofWaits !== undefined || unit === "s" || unit === "tokens/s";
  const isDoubted = isWait && waits > 0 && !(ofWaits === "ratio" && heap !== undefined);
  const doubt = reserve("doubt.units", { odd: waits, of: calls });
  return [
    ...(isDoubted
      ? [
          ofWaits === "share"
            ? { doubt, moved: added(value, waits / calls) }
            : { doubt: defined({ ...doubt, unit: heap }), moved: multiplied(value, 1e3) },
        ]
      : []),
    ...ofCosts(dear, reserve("doubt.dear", { dear, of: calls })),
    ...ofCosts(cheap, reserve("doubt.cheap", { cheap, of: calls })),
  ];
}

function roleDoubt(
  { value, unit }: Estimate,
  { calls, roles: strange }: Counts,
  example: string | null,
): { doubt: Reservation; moved: Moved } {
  return {
    doubt: reserve("doubt.roles", { strange, example: JSON.stringify(example) }),
    moved: unit === "1" ? added(value, strange / (calls + strange)) : multiplied(value || Number.NaN, 1e3),
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

/** What is asked of waits of one model, provider or file that may be in milliseconds beside others in seconds. */
export async function waitQuestions(store: Store): Promise<string[]> {
  return heapQuestions((await columnsOf(store)).typical);
}

/** What columns are like in all of the store, which connections to one that does not change read once. */
async function columnsOf(store: Store) {
  const connection = await store.connect();
  try {
    const facts = await factsAlone(connection);
    const typical = await rowsOnce<Typical>(connection, `with facts as (${facts}) ${sql.typical}`);
    const [roles] = await rowsOnce<{ strange: number; example: string | null; paid: string | null }>(
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

interface Counts extends UnitCounts {
  waits: number;
  dear: number;
  cheap: number;
  roles: number;
}

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
