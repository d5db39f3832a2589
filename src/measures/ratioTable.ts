import { conversationFacts } from "../facts/conversations";
import { clusterSampleRate } from "../facts/grain";
import { groupsOf, type MeasuredSelection, type Selection } from "../facts/select";
import { taskFacts } from "../facts/tasks";
import type { Estimate } from "../stats/estimate";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { type Behind, sumOf } from "./behind";
import { tableOf } from "./define";
import { ratiosOf } from "./estimate/ratios";
import { meanWaitDoubted, noOddWaits, type OddWaits, oddWaitsOf } from "./latency/oddWaits";
import { meanDoubted } from "./latency/zeroWaits";
import { isRate } from "./metric";
import type { Over, RatioMetric } from "./metricKinds";
import { metricSums } from "./metricSums";
import { type MeasureOptions, requestOf } from "./options";
import type { Row, Table } from "./table";

/** The calls that are selected for a kind of unit, and the relation with one row per unit. */
const units: Record<Exclude<Over, "users">, { population: MeasuredSelection["population"]; from: string }> = {
  answers: { population: "answers", from: "selected" },
  calls: { population: "tasks", from: "(from selected where chosen)" },
  tasks: { population: "tasks", from: "(from task_facts where chosen)" },
  conversations: { population: "tasks", from: "conversation_facts" },
};

const owned =
  "(select task_facts.*, at_row from task_facts join (select hash(task_id) as task, at_row from selected where owner) using (task)) where chosen";

/**
 * The calls or tasks that a ratio is over, as `withCalls` takes them, on a selection of their population; a
 * task is represented by the first call that answered it. Undefined for ratios over larger units.
 */
export function behindRatio({ name, unit, better, source }: RatioMetric): Behind | undefined {
  const { over, numerator, denominator } = source;
  if (!(over in units)) return undefined;
  const { from } = units[over as keyof typeof units];
  const unit_ = over === "conversations" ? "conversation as unit, " : "";
  const rows = over === "tasks" ? `task as unit, at_row from ${owned}` : `${unit_}at_row from ${from}`;
  const isMoney = unit.startsWith("USD");
  return {
    from: `select * from (select g, (${numerator})::double as amount, ${rows}) where amount is not null`,
    amount: {
      name,
      ...(isMoney
        ? { sum: "the cost", first: "dearest" }
        : { first: better === "higher" ? "lowest" : "highest" }),
      ...(better === "higher" ? { least: true } : {}),
    },
    counted: over === "answers" ? "calls" : over,
    n: (row) => (row[name] as Estimate).n,
    ...(denominator === undefined ? { total: (row) => sumOf(row[name] as Estimate) } : {}),
  };
}

/**
 * Estimates ratios of sums over units from their definitions alone.
 *
 * @param metrics all over the same units: answering calls, calls, tasks or conversations
 * @returns a table with a row for each group of `by` and a column for each metric; n counts units
 */
export async function ratioTable(
  store: Store,
  metrics: readonly RatioMetric[],
  over: Over,
  options: MeasureOptions,
): Promise<Table> {
  if (!(over in units))
    throw new RangeError(`a ratio requires units of ${Object.keys(units).join(", ")}, got "${over}"`);
  const { population, from } = units[over as keyof typeof units];
  const definition = {
    selects: { population, hours: over === "answers" },
    async table({ selection }: { selection: Selection }) {
      const { connection, by, clusterBy } = selection;
      if (over === "tasks" || over === "conversations") await taskFacts(selection);
      if (over === "conversations") await conversationFacts(selection);
      const zeros = "= 0 and went_well and cache_hit is not true";
      const counts = metrics.flatMap(({ source: { numerator } }, place) => [
        `count(${numerator})::double as n${place}`,
        ...(numerator === "wait" ? [`(count(*) filter (wait ${zeros}))::double as zeros${place}`] : []),
      ]);
      const groups = await rowsOf<Record<string, number>>(
        connection,
        `select g, ${counts.join(", ")} from ${from} group by g`,
      );
      const countsOf = new Map(groups.map((group) => [String(group.g), group]));
      const isWait = metrics.some(({ source }) => source.numerator === "wait");
      const odd = isWait ? await oddWaitsOf(selection, "duration") : new Map<string, OddWaits>();
      const cluster = over === "tasks" || over === "conversations" ? "cluster" : "hash(cluster)";
      const most = groups.reduce(
        (sum, group) => sum + Math.max(...metrics.map((_, place) => group[`n${place}`])),
        0,
      );
      const ratios = await ratiosOf(selection, metricSums(metrics, from, cluster), {
        ...options,
        hours: selection.hours,
        every: clusterSampleRate(most, groups.length),
        clusterBy,
      });
      const rows = (await groupsOf(selection)).map(({ g, by: keys }): Row => {
        const cells = metrics.map(({ name, unit, source }, place): [string, Estimate] => {
          const about = { n: countsOf.get(g)?.[`n${place}`] ?? 0, unit, counted: source.over };
          if (isRate({ unit, source })) return [name, ratios.rate(g, name, about)];
          const zeros = countsOf.get(g)?.[`zeros${place}`] ?? 0;
          const known = meanDoubted(ratios.ratio(g, name, about), { zeros, n: about.n, what: "wait" });
          const isOdd = source.numerator === "wait" ? odd.get(g) : undefined;
          return [name, meanWaitDoubted(known, isOdd ?? noOddWaits, { n: about.n, what: "wait" })];
        });
        return { ...(by.length === 0 ? {} : keys), ...Object.fromEntries(cells) };
      });
      return { rows };
    },
  };
  return tableOf(definition, {
    store,
    measure: "ratios",
    request: requestOf("ratioTable", options),
    options,
  });
}
