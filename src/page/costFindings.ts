import { listed } from "../decide/choose/chooseText";
import { firsts } from "../decide/firsts";
import type { CostRow } from "../measures/cost/cost";
import { groupedBy } from "../measures/rowKey";
import type { Table } from "../measures/table";
import { assumed } from "../stats/assumed";
import type { AssumptionId, Claim } from "../stats/claim";
import type { Estimate } from "../stats/estimate";
import { say } from "../stats/sentences";
import { rankedValue } from "../stats/worstCase";
import { money } from "./money";
import type { Part } from "./part";
import { estimatesIn, type TableAtMix } from "./tableAtMix";

/**
 * States the findings of a cost table in sentences: for each workload, the model with the lowest cost per resolved
 * task, whether it can be told apart from the others, and what the model that is cheapest per call costs.
 *
 * @param atMix metrics at one mix of the work, if models had different work
 */
export function costFindings(
  table: Table<CostRow>,
  atMix?: TableAtMix,
  declared: readonly AssumptionId[] = [],
): string[] {
  const isKnown = (row: CostRow) =>
    Number.isFinite(row.cost_per_resolved.value) && Number.isFinite(row.cost_per_call.value);
  const workloads = groupedBy(table.rows, (row) => String(row.workload ?? "all calls"));
  const several = [...workloads]
    .map(([workload, all]) => ({
      workload,
      rows: all.filter(isKnown),
      left: all.filter((row) => row.model != null && Number.isNaN(row.cost_per_resolved.value)).map(model),
    }))
    .filter(({ rows }) => rows.length > 1);
  const tested = several.map(({ rows, left }) => ({
    ...{ better: "lower" as const, left },
    estimates: rows.map((row) => row.cost_per_resolved),
    atMix: estimatesIn(
      atMix,
      "cost_per_resolved",
      rows.map((row) => ({ row, estimate: row.cost_per_resolved })),
    ),
  }));
  const level = tested[0]?.estimates[0].level ?? 0.95;
  return firsts(tested, level, declared).map(({ best, near, claim }, at) => {
    const { workload, rows, left } = several[at];
    const places = [
      ...near.map((place) => model(rows[place])),
      ...left.map((name) => `${name}, of which it is not known`),
    ];
    return `${workload}: ${sentence(rows, rows[best], places, claim)}`;
  });
}

/** The same as a chapter; undefined if no two models can be compared. */
export function costPart(
  table: Table<CostRow>,
  atMix?: TableAtMix,
  declared: readonly AssumptionId[] = [],
): Part | undefined {
  const points = costFindings(table, atMix, declared);
  return points.length === 0 ? undefined : { title: "What a resolved task costs", points };
}

function sentence(
  rows: readonly CostRow[],
  best: CostRow,
  near: readonly string[],
  { needs }: Claim,
): string {
  const perCall = least(rows, (row) => row.cost_per_call);
  const cost = money(best.cost_per_resolved) ?? "";
  const first =
    near.length === 0
      ? needs === undefined
        ? say("cost.least", { model: model(best), cost })
        : say("cost.leastIf", { assumed: assumed[needs], model: model(best), cost })
      : say("cost.leastOpen", { model: model(best), cost, near: listed(near) });
  if (perCall === best) return `${first}; ${model(best)} also measured the lowest cost per call.`;
  return `${first}. The lowest cost per call was that of ${model(perCall)}, which costs ${money(perCall.cost_per_resolved)}.`;
}

const least = (rows: readonly CostRow[], value: (row: CostRow) => Estimate) =>
  rows.reduce((best, row) => (rankedValue(value(row)) < rankedValue(value(best)) ? row : best));
const model = (row: CostRow) => String(row.model ?? "model not known");
