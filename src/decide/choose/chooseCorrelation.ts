import { join } from "node:path";
import type { GroupKey } from "../../measures/estimate/ratios";
import { metric } from "../../measures/metric";
import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { rowsOf, run } from "../../store/query";
import { quoteText } from "../../store/quote";
import type { Selection } from "../../store/select";
import { statements } from "../../store/statements";

const sql = statements<"groups" | "asked" | "influences" | "products">(join(__dirname, "choose.sql"));

/** A number of a choice whose dependence on others can be had from sums over clusters. */
interface Asked {
  dim: number;
  g: string;
  kind: string;
  name: string;
  at: number;
}

/** The correlation of two estimates, each by the index of its row and its metric; 0 where it cannot be told. */
export type Correlation = (a: [row: number, metric: string], b: [row: number, metric: string]) => number;

/**
 * How the estimates of a table of metrics hang together: those of one group, and those of groups with clusters in
 * common, from how far each cluster pulls each number.
 *
 * Latencies, costs, rates and means of scores are known; whatever else is in the table is taken as independent.
 */
export async function correlationOf(
  selection: Selection,
  rows: readonly Row[],
  metrics: readonly string[],
): Promise<Correlation> {
  const { connection, by, clusterBy } = selection;
  const groups = await rowsOf<{ g: GroupKey; by: Row }>(connection, sql.groups);
  const keyOf = (row: Row) => JSON.stringify(by.map((name) => row[name] ?? null));
  const keys = new Map(groups.map(({ g, by: own }) => [keyOf(own), String(g)]));
  const asked: Asked[] = [];
  const dims = new Map<string, number>();
  rows.forEach((row, at) => {
    const g = keys.get(keyOf(row));
    if (g === undefined) return;
    for (const name of metrics) {
      const source = sourceOf(name, row[name] as Estimate | undefined);
      if (source === undefined) continue;
      dims.set(`${at} ${name}`, asked.length);
      asked.push({ dim: asked.length, g, ...source });
    }
  });
  if (asked.length === 0) return () => 0;
  await run(connection, `set variable asked = ${quoteText(JSON.stringify(asked))}`);
  await run(connection, `set variable alone = ${clusterBy === "call_id"}`);
  await run(connection, sql.asked);
  await run(connection, sql.influences);
  const products = new Map(
    (await rowsOf<{ a: number; b: number; product: number }>(connection, sql.products)).map(
      ({ a, b, product }) => [`${a} ${b}`, product],
    ),
  );
  const product = (a: number, b: number) => products.get(`${Math.min(a, b)} ${Math.max(a, b)}`) ?? 0;
  return ([rowA, nameA], [rowB, nameB]) => {
    const [a, b] = [dims.get(`${rowA} ${nameA}`), dims.get(`${rowB} ${nameB}`)];
    if (a === undefined || b === undefined) return 0;
    const size = Math.sqrt(product(a, a) * product(b, b));
    // The engine adds in no fixed order: what is beyond the fourth digit would differ from run to run.
    return size > 0 ? Number((product(a, b) / size).toFixed(4)) : 0;
  };
}

/** What of choose.sql tells of a metric. */
function sourceOf(
  name: string,
  estimate: Estimate | undefined,
): Pick<Asked, "kind" | "name" | "at"> | undefined {
  if (estimate === undefined || name.includes(" within ")) return undefined;
  const { source } = metric(name);
  if (source.measure === "latency") {
    if (source.quantile === "mean") return { kind: "mean", name: source.metric, at: 0 };
    return Number.isFinite(estimate.value)
      ? { kind: "quantile", name: source.metric, at: estimate.value }
      : undefined;
  }
  if (source.measure === "quality") return { kind: "score", name: source.score, at: 0 };
  if (source.measure === "reliability") return { kind: "rate", name: source.column, at: 0 };
  if (source.measure !== "cost") return undefined;
  const kinds: Record<string, string> = {
    cost_per_call: "cost",
    cost_per_conversation: "conversation",
    cost_per_user: "user",
  };
  return { kind: kinds[source.column] ?? "task", name: source.column, at: 0 };
}
