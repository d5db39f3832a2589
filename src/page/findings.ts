import type { LatencyRow } from "../measures/latency/latency";
import type { Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { formatEstimate } from "./number";
import type { Lead } from "./page";

/**
 * What a latency table says, in sentences: for each workload the model with the shortest tail, whether it can be
 * told from the others, and where the mean favours another.
 *
 * @param p the quantile that stands for the tail, as the table names it. Default "0.99".
 */
export function latencyFindings(table: Table<LatencyRow>, p = "0.99"): Pick<Lead, "headline" | "points"> {
  const workloads = new Map<string, LatencyRow[]>();
  for (const row of table.rows) {
    if (row.quantiles[p] === undefined || Number.isNaN(row.quantiles[p].value)) continue;
    const name = String(row.workload ?? "all calls");
    workloads.set(name, [...(workloads.get(name) ?? []), row]);
  }
  const compared = [...workloads].filter(([, rows]) => rows.length > 1);
  const points = compared.map(([workload, rows]) => sentence(workload, rows, p));
  const parted = compared.filter(([, rows]) => shortest(rows, p) !== quickest(rows));
  // The tail of the one lies above that of the other, intervals included.
  const sure = parted.filter(([, rows]) => at(quickest(rows), p).low > at(shortest(rows, p), p).high);
  return { headline: headline(compared.length, parted.length, sure.length, p), points };
}

function headline(compared: number, parted: number, sure: number, p: string): string {
  if (compared === 0) return "There are no two models to compare yet on the same workload.";
  const quantile = name(p);
  if (parted === 0) return `In ${all(compared)} the model with the best mean also has the best ${quantile}.`;
  const where = parted === compared ? all(compared) : `${parted} of ${compared} workloads`;
  const end =
    sure === parted
      ? ": an average hides who waits longest."
      : sure === 0
        ? `; there are too few calls to be sure of the ${quantile}.`
        : `; of ${sure} that is sure.`;
  return `In ${where} the mean favours one model and the ${quantile} another${end}`;
}

const all = (count: number) => (count === 1 ? "the one workload" : `all ${count} workloads`);

function sentence(workload: string, rows: LatencyRow[], p: string): string {
  const first = shortest(rows, p);
  const others = rows.filter((row) => row !== first).sort((a, b) => at(a, p).value - at(b, p).value);
  // Intervals that do not overlap tell two models apart; the reverse need not hold, so this errs on the side of doubt.
  const near = others.filter((row) => !(at(row, p).low > at(first, p).high));
  const best = `${workload}: the shortest ${name(p)} is that of ${model(first)}, ${formatEstimate(at(first, p))}`;
  const doubt =
    near.length === 0
      ? "; its interval lies below all others"
      : near.length === others.length
        ? "; no other model can be told from it"
        : `; it cannot be told from ${near.map((row) => `${model(row)} (${formatEstimate(at(row, p))})`).join(", ")}`;
  const byMean = quickest(rows);
  const other =
    byMean === first
      ? ""
      : `. The shortest mean is that of ${model(byMean)}, ${formatEstimate(byMean.mean)}, whose ${name(p)} is ${formatEstimate(at(byMean, p))}`;
  return `${best}${doubt}${other}.`;
}

const least = (rows: LatencyRow[], value: (row: LatencyRow) => Estimate) =>
  rows.reduce((best, row) => (value(row).value < value(best).value ? row : best));
const shortest = (rows: LatencyRow[], p: string) => least(rows, (row) => at(row, p));
const quickest = (rows: LatencyRow[]) => least(rows, (row) => row.mean);
const at = (row: LatencyRow, p: string) => row.quantiles[p];
const model = (row: LatencyRow) => String(row.model ?? "model not known");
const name = (p: string) => `p${Number((100 * Number(p)).toPrecision(12))}`;
