import { join } from "node:path";
import { conversationFacts } from "../../facts/conversations";
import { leadingKinds, subjectScoresView } from "../../facts/judgements";
import { groupsOf, type Selection } from "../../facts/select";
import { taskFacts } from "../../facts/tasks";
import { metric } from "../../measures/metric";
import { isQuantile, isRatio, type Metric, type Over, waits } from "../../measures/metricKinds";
import { rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";

const sql = statements<"requested" | "scored" | "products">(join(__dirname, "choose.sql"));

/** The correlation of two estimates, each given by the index of its row and its metric; 0 if unknown. */
export type Correlation = (a: [row: number, metric: string], b: [row: number, metric: string]) => number;

/**
 * How the estimates of a table of metrics are correlated, within a group and between groups with clusters in
 * common, from each cluster's pull on each number.
 *
 * Known for latencies, ratios over calls, tasks, conversations and users, and means of scores; everything else in
 * the table is treated as independent.
 */
export async function correlationOf(
  selection: Selection,
  rows: readonly Row[],
  metrics: readonly string[],
): Promise<Correlation> {
  const { connection, by, clusterBy } = selection;
  const keys = new Map((await groupsOf(selection)).map(({ g, by: own }) => [rowKey(by, own), g]));
  const requested: { dim: number; g: string; name: string; at: number }[] = [];
  const dims = new Map<string, number>();
  rows.forEach((row, at) => {
    const g = keys.get(rowKey(by, row));
    if (g === undefined) return;
    for (const name of metrics) {
      const value = (row[name] as Estimate | undefined)?.value;
      if (value === undefined || name.includes(" within ") || termsOf(metric(name), new Map()) === undefined)
        continue;
      if (isQuantile(metric(name)) && !Number.isFinite(value)) continue;
      dims.set(`${at} ${name}`, requested.length);
      requested.push({ dim: requested.length, g, name, at: Number.isFinite(value) ? value : 0 });
    }
  });
  if (requested.length === 0) return () => 0;
  await taskFacts(selection);
  const isOfConversations = ({ name }: { name: string }) => {
    const { source } = metric(name);
    return "over" in source && source.over === "conversations";
  };
  if (requested.some(isOfConversations)) await conversationFacts(selection);
  await subjectScoresView(connection);
  await run(connection, sql.scored);
  const kinds = await leadingKinds(connection, "scored");
  await run(connection, sql.requested, { requested: JSON.stringify(requested) });
  const terms = [...new Set(requested.map(({ name }) => name))].map((name) => {
    const own = termsOf(metric(name), kinds) as Terms;
    // If every call is a cluster, everything in the same task is treated as one.
    const unit = clusterBy === "call_id" ? own.alone : own.cluster;
    return `select dim, ${unit} as unit, (${own.c})::double as c, (${own.r})::double as r
      from ${own.from} as units join requested using (g)
      where requested.name = ${quoteText(name)} and ${own.known} is not null and isfinite((${own.known})::double)`;
  });
  await run(connection, `create or replace temp view terms as ${terms.join(" union all ")}`);
  const found = await rowsOf<{ a: number; b: number; product: number }>(connection, sql.products);
  const products = new Map(found.map(({ a, b, product }) => [`${a} ${b}`, product]));
  const product = (a: number, b: number) => products.get(`${Math.min(a, b)} ${Math.max(a, b)}`) ?? 0;
  return ([rowA, nameA], [rowB, nameB]) => {
    const [a, b] = [dims.get(`${rowA} ${nameA}`), dims.get(`${rowB} ${nameB}`)];
    if (a === undefined || b === undefined) return 0;
    const size = Math.sqrt(product(a, a) * product(b, b));
    // The engine adds in no fixed order, so digits beyond the fourth would differ from run to run.
    return size > 0 ? Number((product(a, b) / size).toFixed(4)) : 0;
  };
}

/**
 * The relation with one row per unit, what clusters it, its numerator and denominator, and the columns that must
 * be known.
 */
interface Terms {
  from: string;
  cluster: string;
  alone: string;
  c: string;
  r: string;
  known: string;
}

const calls = { cluster: "hash(cluster)", alone: "hash(coalesce(task_id, call_id))" };
const relations: Record<Over, Pick<Terms, "from" | "cluster" | "alone">> = {
  answers: { from: "(from selected where chosen and answers)", ...calls },
  calls: { from: "(from selected where chosen)", ...calls },
  tasks: { from: "(from task_facts where chosen)", cluster: "cluster", alone: "task" },
  conversations: {
    from: "conversation_facts",
    cluster: "cluster",
    alone: "conversation",
  },
  users: {
    from: '(select g, "user", sum(cost) as cost from task_facts where chosen and "user" is not null group by g, "user")',
    cluster: '"user"',
    alone: '"user"',
  },
};

/** How to compute a metric's pulls; undefined if there is no way. A quantile is a share of calls, inverted. */
function termsOf(one: Metric, kinds: ReadonlyMap<string, string>): Terms | undefined {
  const { source } = one;
  if (source.measure === "latency") {
    const { fact } = waits[source.metric];
    const c = isQuantile(one) ? `-(${fact} <= requested.at)::double` : fact;
    return { ...relations.answers, c, r: "1", known: fact };
  }
  if (source.measure === "quality") {
    const [score, rater] = [source.score, kinds.get(source.score) ?? ""].map(quoteText);
    return {
      from: `(select * exclude (name, rater) from scored where name = ${score} and rater = ${rater})`,
      cluster: "cluster",
      alone: "alone",
      c: "value",
      r: "1",
      known: "value",
    };
  }
  if (!isRatio(one)) return undefined;
  const { over, numerator, denominator = "1" } = one.source;
  return { ...relations[over], c: numerator, r: denominator, known: numerator };
}
