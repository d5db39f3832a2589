import { formatEstimate } from "../charts/number";
import { listed } from "../decide/choose/chooseText";
import { metric } from "../measures/metric";
import { tellsOfQuality } from "../measures/metrics";
import { isEstimate, type Row, type Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { money } from "./money";
import type { Lead } from "./page";

/** A metric of one workload: which model is best, and how many may be as good. */
interface Finding {
  label: string;
  /** Whether it measures how good the answers are. */
  quality: boolean;
  best: Side;
  /** The others, best first. */
  others: Side[];
  /** How many of the others have an interval that overlaps the best's. */
  near: number;
}

interface Side {
  model: string;
  estimate: Estimate;
}

/** Maximum number of workloads described one by one. */
const MOST = 8;

/**
 * States the findings of a table of metrics when no profile chooses: which model is best at what, in money and seconds,
 * and which cannot be told apart.
 *
 * @param metrics a row for each workload and model, metrics by name
 */
export function sideFindings(metrics: Table): Pick<Lead, "headline" | "points"> {
  const workloads = new Map<string, Row[]>();
  for (const row of metrics.rows) {
    const name = typeof row.workload === "string" ? row.workload : "";
    workloads.set(name, [...(workloads.get(name) ?? []), row]);
  }
  const columns = Object.keys(metrics.rows[0] ?? {}).filter((name) => !metrics.by.includes(name));
  const all = [...workloads].map(([workload, rows]) => ({
    workload,
    rows,
    found: columns.flatMap((column) => findingOf(column, rows)),
  }));
  const compared = all.filter(({ found }) => found.length > 0);
  const inWorkload = (workload: string, text: string) => (workload === "" ? text : `${workload}: ${text}`);
  if (compared.length === 0) {
    const points = all.map(({ workload, rows }) =>
      inWorkload(workload, `${rows.map((row) => alone(row, columns)).join("; ")}.`),
    );
    if (points.length === 1)
      return { headline: points[0], points: ["There is no other model to compare it with."] };
    return { headline: "No two models can be compared on the same work.", points: points.slice(0, MOST) };
  }
  const [only] = compared;
  return {
    headline: headline(compared.flatMap(({ found }) => found)),
    points: [
      ...(compared.length === 1
        ? only.found.map((one) => inWorkload(only.workload, sentence([one])))
        : compared.slice(0, MOST).map(({ workload, found }) => inWorkload(workload, sentence(found)))),
      ...(compared.length > MOST ? [`${compared.length - MOST} more workloads are below.`] : []),
    ],
  };
}

function findingOf(column: string, rows: readonly Row[]): Finding[] {
  const of = metric(column);
  const { label, better } = of;
  const lower = better === "lower";
  const sides = rows
    .flatMap((row): Side[] => {
      const estimate = row[column];
      return isEstimate(estimate) && Number.isFinite(estimate.value)
        ? [{ model: String(row.model ?? "model not known"), estimate }]
        : [];
    })
    .sort((a, b) => (lower ? 1 : -1) * (a.estimate.value - b.estimate.value));
  const [best, ...others] = sides;
  if (others.length === 0) return [];
  // Intervals that do not overlap tell two models apart; the reverse need not hold, so this errs on the side of doubt.
  const apart = ({ estimate }: Side) =>
    lower ? estimate.low > best.estimate.high : estimate.high < best.estimate.low;
  const near = others.filter((one) => !apart(one)).length;
  return [{ label, quality: tellsOfQuality(of), best, others, near }];
}

/** Which model is clearly the best, and at what: quality first, since cost, speed and errors do not measure it. */
function headline(found: readonly Finding[]): string {
  const sure = found.filter(({ near }) => near === 0);
  const wins = new Map<string, Set<string>>();
  for (const { best, label } of sure) wins.set(best.model, (wins.get(best.model) ?? new Set()).add(label));
  const ofQuality = [...new Set(found.filter(({ quality }) => quality).map(({ label }) => label))];
  const none =
    ofQuality.length === 0
      ? " The log has no outcome and no score: it says nothing about how good answers are."
      : "";
  if (wins.size === 0) return `These logs cannot separate the models yet.${none}`;
  const good = ({ 1: labels }: [string, Set<string>]) =>
    ofQuality.filter((label) => labels.has(label)).length;
  const kinds = new Set(found.map(({ label }) => label));
  const said = [...wins]
    .sort((a, b) => good(b) - good(a) || b[1].size - a[1].size)
    .slice(0, 3)
    .map(([model, labels]) =>
      labels.size === kinds.size && wins.size === 1 && sure.length === found.length
        ? `${model} is best in everything these logs measure`
        : `${model} is best by ${listed([...labels])}`,
    );
  const more = wins.size > 3 ? `; ${wins.size - 3} more lead in something` : "";
  const open =
    ofQuality.length > 0 && sure.every(({ quality }) => !quality)
      ? `No model is shown to be best by ${listed(ofQuality)}; `
      : "";
  return `${open}${said.join("; ")}${more}.${none}`;
}

function sentence(found: readonly Finding[]): string {
  const said = found.map(({ label, best, others, near }) => {
    const first = `${fact(label, best.estimate)} with ${best.model}`;
    if (near > 0)
      return `${first}, not distinguishable from ${others.length === 1 ? others[0].model : `${near} of ${others.length} others`}`;
    const [next] = others;
    const rest = others.length > 1 ? "the next is" : "against";
    return `${first}, ${rest} ${fact("", next.estimate)} with ${next.model}`;
  });
  return `${said.join("; ")}.`;
}

/** What is known about one model. */
function alone(row: Row, columns: readonly string[]): string {
  const facts = columns.flatMap((column) => {
    const estimate = row[column];
    if (!isEstimate(estimate) || !Number.isFinite(estimate.value)) return [];
    return [fact(metric(column).label, estimate)];
  });
  return `${String(row.model ?? "model not known")}: ${facts.join(", ") || "nothing is known"}`;
}

/** An estimate after its label; money already says what it is paid for. */
const fact = (label: string, estimate: Estimate) =>
  money(estimate) ?? `${label} ${formatEstimate(estimate)}`.trim();
