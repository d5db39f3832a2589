import { listed } from "../decide/choose/chooseText";
import type { CostRow } from "../measures/cost/cost";
import type { Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { money } from "./money";
import type { Part } from "./part";

/**
 * States the findings of a cost table in sentences: for each workload, the model with the lowest cost per resolved
 * task, whether it can be told apart from the others, and what the model that is cheapest per call costs.
 */
export function costFindings(table: Table<CostRow>): string[] {
  const workloads = new Map<string, CostRow[]>();
  for (const row of table.rows) {
    if (!Number.isFinite(row.cost_per_resolved.value) || !Number.isFinite(row.cost_per_call.value)) continue;
    const name = String(row.workload ?? "all calls");
    workloads.set(name, [...(workloads.get(name) ?? []), row]);
  }
  return [...workloads]
    .filter(([, rows]) => rows.length > 1)
    .map(([workload, rows]) => sentence(workload, rows));
}

/** The same as a chapter; undefined if no two models can be compared. */
export function costPart(table: Table<CostRow>): Part | undefined {
  const points = costFindings(table);
  return points.length === 0 ? undefined : { title: "What a resolved task costs", points };
}

function sentence(workload: string, rows: CostRow[]): string {
  const best = least(rows, (row) => row.cost_per_resolved);
  const perCall = least(rows, (row) => row.cost_per_call);
  // Intervals that do not overlap tell two models apart; the reverse need not hold.
  const near = rows.filter(
    (row) => row !== best && !(row.cost_per_resolved.low > best.cost_per_resolved.high),
  );
  const cost = money(best.cost_per_resolved);
  const first =
    near.length === 0
      ? `${workload}: ${model(best)} resolves tasks at the lowest cost, ${cost}, less than every other`
      : `${workload}: open between ${model(best)}, which measured the lowest (${cost}), and ${listed(near.map(model))}`;
  if (perCall === best) return `${first}; ${model(best)} also measured the lowest cost per call.`;
  return `${first}. The lowest cost per call was that of ${model(perCall)}, which costs ${money(perCall.cost_per_resolved)}.`;
}

const least = (rows: CostRow[], value: (row: CostRow) => Estimate) =>
  rows.reduce((best, row) => (value(row).value < value(best).value ? row : best));
const model = (row: CostRow) => String(row.model ?? "model not known");
