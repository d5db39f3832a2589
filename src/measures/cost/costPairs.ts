import { taskUnit } from "../../facts/tasks";
import { type Estimate, noEnds, renoted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { drawnEstimate } from "../../stats/sumDraws";
import { grouped } from "../../stats/text";
import { areMany } from "../../stats/worstCase";
import { defineMeasure, type Result } from "../define";
import { creditOption } from "../options";
import { groupedBy, keysOf, rowKey } from "../rowKey";
import type { Keyed } from "../table";
import { behindCost, costColumns, taskWords } from "./cost";
import {
  cellsOf,
  drawsOf,
  type Known,
  type Side,
  type Sums,
  sides,
  type Tokenless,
  withoutTokens,
} from "./costPairSides";
import { type CostCounts, costCounts, costsUnknown } from "./costRatios";

/**
 * Two models on the same workload: `model` is the cheaper one per call. Ratios are `against` over `model`.
 */
export type CostPairRow = Keyed<{
  model: string;
  against: string;
  /** The probability that `model` is cheaper per call but dearer per resolved task. */
  reversal: number;
  cost_per_call: Estimate;
  cost_per_resolved: Estimate;
  /** The four factors whose product (resolve rate inverted) is `cost_per_resolved`. */
  price_per_token: Estimate;
  tokens_per_attempt: Estimate;
  attempts_per_task: Estimate;
  resolve_rate: Estimate;
  /** Cost per resolved task of `model` and of `against`, US dollars. */
  from: Estimate;
  to: Estimate;
}>;

/** The factors of the cost per resolved task. */
const pricePerToken = (s: Sums) => s.cost / s.tokens;
const tokensPerAttempt = (s: Sums) => s.tokens / s.attempts;
const attemptsPerTask = (s: Sums) => s.attempts / s.tasks;
const resolveRate = (s: Sums) => s.resolved / s.tasks;
const perCall = (s: Sums) => s.call_cost / s.calls;
const perResolved = (s: Sums) => s.cost / s.resolved;

/**
 * Compares the costs of every two models on the same workload: by what factor a call and a resolved task
 * differ, and how much of that comes from price, length, attempts and success.
 *
 * Cost per resolved task = price per token x tokens per attempt x attempts per task / resolve rate, over tasks whose
 * outcome is known, judges and fallbacks included. n counts tasks of both models.
 *
 * @remarks Method: whole clusters are resampled once for all models of a workload, so what models have in
 * common (the same users) cancels out; percentile bounds. `reversal` is the share of resamples in which the
 * order of the two is reversed.
 * @returns a table with a row for each pair, the model that is cheaper per call first
 * @throws RangeError if `compare` is not among the columns of `by`, and as `cost`
 * @example
 * const store = await openDemo();
 * const { rows } = await costPairs(store, { by: "model", where: "workload = 'document-review'" });
 * rows[0].cost_per_resolved.value.toFixed(2) // "0.47"
 */
export const costPairs = defineMeasure({
  name: "pairs",
  of: "cost",
  was: "cost-pairs",
  about:
    "every two models: the ratio of their costs, and whether the cheaper per call is so per resolved task",
  needs: ["cost"],
  options: {
    credit: creditOption,
    compare: { value: "<column>", about: "what is compared", default: "model" },
  },
  words: taskWords,
  selects: { population: "tasks" },
  async table({ store, selection, options, request }): Promise<Result<CostPairRow>> {
    const { by } = selection;
    const { compare, level, seed } = options;
    const counts = await costCounts(selection);
    const table = await costColumns(store, request, new Set(["cost_per_resolved"]));
    const stated = new Map(table.rows.map((row) => [rowKey(by, row), row.cost_per_resolved]));
    const costOf = (side: CostCounts) => stated.get(rowKey(by, side.by)) as Estimate;
    if (counts.length > 0 && !by.includes(compare))
      throw new RangeError(`costPairs requires by to include "${compare}", got "${by.join(",")}"`);
    const scope = by.filter((name) => name !== compare);
    const cells = await cellsOf(selection);
    const tokenless = await withoutTokens(selection);
    const turned: string[] = [];
    const scopes = [...groupedBy(counts, (row) => rowKey(scope, row.by)).values()];
    const rows = scopes.flatMap((inScope) => {
      const priced = inScope.filter(
        (row) => row.resolved > 0 && cells.has(String(row.g)) && !costsUnknown(row),
      );
      const all = sides(priced, cells, selection, seed);
      const ofScope = pairs(all).map(([a, b]) => ({
        ...keysOf(scope, a.counts.by),
        ...pairRow(a, b, compare, { level, clusterBy: taskUnit(selection), costOf, tokenless }),
      }));
      turned.push(...turnedIn(all, ofScope, { compare, scope }));
      return ofScope;
    });
    return {
      rows,
      by: [...scope, "model", "against"],
      lead: [...turned, ...notesOf(scopes.flat(), compare, rows.length > 0)],
      none: "No two models of a row have tasks that are known to be resolved: there is no pair to compare.",
      again: (other) => costColumns(other, request, new Set()),
      behind: {
        ...behindCost,
        keys: (row) => ({
          by: [...scope, compare],
          rows: [row.model, row.against].map((side) => ({ ...row, [compare]: side })),
        }),
      },
    };
  },
});

function notesOf(counts: readonly CostCounts[], compare: string, hasPairs: boolean): string[] {
  const known = counts.filter((row) => !costsUnknown(row));
  const unknown = counts.filter((row) => row.resolved > 0 && costsUnknown(row));
  const names = new Set(unknown.map(({ by }) => by[compare] ?? "not given"));
  const unpriced = known.reduce((sum, row) => sum + row.unpriced_with_outcome, 0);
  const calls = known.reduce((sum, row) => sum + row.task_calls, 0);
  return [
    ...(unknown.length > 0
      ? [`Left out, since no call of theirs has a known cost: ${[...names].join(", ")}.`]
      : []),
    ...(unpriced > 0 && hasPairs
      ? [
          `${grouped(unpriced)} of ${grouped(calls)} calls of tasks have no known cost: the ends of each ratio count them at 0 or at their bound, and models are ordered by the bound.`,
        ]
      : []),
    ...(hasPairs
      ? [
          "Ratios are the second model over the first, the cheaper per call; tasks without a known outcome are left out.",
        ]
      : []),
  ];
}

/** Says where the cheapest model per call is not the cheapest per resolved task, and how sure that is. */
function turnedIn(
  all: readonly Side[],
  rows: readonly CostPairRow[],
  { compare, scope }: { compare: string; scope: readonly string[] },
): string[] {
  const least = (of: (s: Sums) => number) =>
    all.reduce<Side | undefined>(
      (best, side) => (best && of(best.highest.whole) <= of(side.highest.whole) ? best : side),
      undefined,
    );
  const [call, task] = [least(perCall), least(perResolved)];
  if (call === undefined || task === undefined || call === task) return [];
  const name = (side: Side) => String(side.counts.by[compare] ?? "not given");
  const pair = rows.find(({ model, against }) => model === name(call) && against === name(task));
  const where = scope.map((column) => String(call.counts.by[column] ?? "not given")).join(", ");
  const chance =
    pair === undefined ? "" : ` (probability ${pair.reversal.toFixed(2)} that this order of the two holds)`;
  return [
    `${where === "" ? "" : `${where}: `}${name(call)} is the cheapest per call, ${name(task)} per resolved task${chance}.`,
  ];
}

function pairs(all: Side[]): [Side, Side][] {
  const order = [...all].sort((a, b) => perCall(a.highest.whole) - perCall(b.highest.whole));
  return order.flatMap((a, at) => order.slice(at + 1).map((b): [Side, Side] => [a, b]));
}

interface PairOptions {
  level?: number;
  clusterBy: string;
  costOf(side: CostCounts): Estimate;
  tokenless: ReadonlyMap<string, Tokenless>;
}

/** A factor of tokens, unknown where those of many calls are: they would count as calls without a token. */
function withTokens(factor: Estimate, sides: readonly Side[], tokenless: PairOptions["tokenless"]): Estimate {
  const counts = sides.flatMap(({ counts }) => tokenless.get(String(counts.g)) ?? []);
  const lacking = counts.find(({ unknown, calls }) => areMany(unknown, calls));
  if (lacking === undefined) return factor;
  const numbers = { calls: grouped(lacking.unknown), of: grouped(lacking.calls) };
  return renoted({ ...factor, value: Number.NaN, ...noEnds }, [reserve("tokens.unknown", numbers)]);
}

function pairRow(
  a: Side,
  b: Side,
  compare: string,
  { level, clusterBy, costOf, tokenless }: PairOptions,
): CostPairRow {
  const n = a.whole.tasks + b.whole.tasks;
  const clusters = new Set([...a.units, ...b.units]).size;
  const about = { level, n, clusters, clusterBy };
  const ratioOf = (a: Known, b: Known, of: (s: Sums) => number): Estimate => {
    const [x, y] = [drawsOf(a, of), drawsOf(b, of)];
    return drawnEstimate(
      of(b.whole) / of(a.whole),
      y.map((value, at) => value / x[at]),
      { ...about, unit: "×" },
    );
  };
  const ratio = (of: (s: Sums) => number): Estimate => {
    const estimate = ratioOf(a, b, of);
    if (of(a.highest.whole) === of(a.whole) && of(b.highest.whole) === of(b.whole)) return estimate;
    return { ...estimate, low: ratioOf(a.highest, b, of).low, high: ratioOf(a, b.highest, of).high };
  };
  // The order is reversed only where it is so whatever the unknown costs are.
  const [calls, others] = [drawsOf(a.highest, perCall), drawsOf(b, perCall)];
  const [resolved, against] = [drawsOf(a, perResolved), drawsOf(b.highest, perResolved)];
  const reversed = calls.reduce(
    (sum, x, at) => sum + (x < others[at] && resolved[at] > against[at] ? 1 : 0),
    0,
  );
  return {
    model: String(a.counts.by[compare] ?? "not given"),
    against: String(b.counts.by[compare] ?? "not given"),
    reversal: reversed / calls.length,
    cost_per_call: ratio(perCall),
    cost_per_resolved: ratio(perResolved),
    price_per_token: withTokens(ratio(pricePerToken), [a, b], tokenless),
    tokens_per_attempt: withTokens(ratio(tokensPerAttempt), [a, b], tokenless),
    attempts_per_task: ratio(attemptsPerTask),
    resolve_rate: ratio(resolveRate),
    from: costOf(a.counts),
    to: costOf(b.counts),
  };
}
