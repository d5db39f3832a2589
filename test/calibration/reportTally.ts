import { cost } from "../../src/measures/cost/cost";
import { requestOf } from "../../src/measures/options";
import type { Table } from "../../src/measures/table";
import { costFindings } from "../../src/page/costFindings";
import { shownMetrics } from "../../src/page/reportMeasures";
import { findingsIn, sideFindings } from "../../src/page/sideFindings";
import { tableAtMix } from "../../src/page/tableAtMix";
import { holdingBack, type SentenceId, sentences } from "../../src/stats/sentences";
import { counter, type SentenceRow, said } from "./sentenceTally";
import { alike, modelNames, type Shared, sharedLogs } from "./sentenceWorlds";

/** Models that share the work of a report without a profile. */
export interface ReportWorld {
  name: string;
  shared: Shared;
}

export const reportWorlds: readonly ReportWorld[] = [
  { name: "two equal models", shared: {} },
  { name: "two equal models, six workloads", shared: { tasks: 1500, workloads: 6 } },
  { name: "six equal models", shared: { resolved: alike(6), tasks: 900 } },
  { name: "two equal models, eight users", shared: { users: 8 } },
  { name: "two equal models, costs of heavy tails", shared: { spread: 1.6 } },
  {
    name: "two equal models, one has 75 % long inputs, the other 25 %",
    shared: { long: [0.75, 0.25] },
  },
  {
    name: "two models, one faster and the other resolving more, two workloads",
    shared: { slower: [1, 1.6], resolved: [0.7, 0.9], workloads: 2, tasks: 1200 },
  },
  {
    name: "six models, the first three equal and better",
    shared: { slower: [1, 1, 1, 1.5, 1.5, 1.5], resolved: [0.9, 0.9, 0.9, 0.7, 0.7, 0.7], tasks: 900 },
  },
  {
    name: "three models, the cheap one resolves less than the other two",
    shared: { resolved: [0.9, 0.9, 0.6], price: [1, 1, 0.2], tasks: 900 },
  },
  { name: "two equal models that fail in a third of their calls", shared: { failing: [0.33, 0.33] } },
  {
    name: "two models, one better in everything",
    shared: { slower: [1, 1.6], resolved: [0.92, 0.7], price: [1, 1.6], failing: [0.01, 0.12] },
  },
];

/** What is true of a model by a metric, as a number that is the lower the better. */
export function truth(
  column: string,
  model: string,
  { resolved = alike(2), slower, price, failing }: Shared,
): number {
  const at = modelNames.indexOf(model);
  const paid = price?.[at] ?? 1;
  if (column.startsWith("duration")) return slower?.[at] ?? 1;
  if (column === "error_rate") return failing?.[at] ?? 0;
  if (column === "resolve_rate") return 1 / resolved[at];
  if (column === "cost_per_resolved") return paid / resolved[at];
  return column.startsWith("cost_") ? paid : 1;
}

const all = Object.keys(sentences) as SentenceId[];
const ofPage = (pattern: RegExp) => all.filter((id) => pattern.test(id));
const ofHead = ofPage(/^report\.(everything|first|firstIf|worse|openQuality|cannot|failing)$/);
const ofPoint = ofPage(/^report\.(best|bestIf|front|worst|none|bestIn|noneIn)$/);
const ofMore = ofPage(/^report\.(next|against|alike)$/);

const ifAlike = /\bif outcomes are reported alike, [^;]*/g;

/** The ids in a text; a sentence under a condition is not also the one without it. */
function saidIn(text: string): SentenceId[] {
  const lower = text.replace(/^If /, "if ");
  const underIf = said(lower).filter((id) => id.endsWith("If"));
  return [...underIf, ...said(lower.replace(ifAlike, ""))];
}

/** The ids in some sentences, of those that can be there. */
const idsIn = (texts: readonly string[], among: readonly SentenceId[]) =>
  texts.flatMap((text) => {
    const ids = saidIn(text).filter((id) => among.includes(id));
    return ids.includes("report.best") ? ids.filter((id) => id !== "report.bestIn") : ids;
  });

/**
 * What a report states without a profile, for several logs in one store; a sentence is counted as false where any such
 * statement of the log is. Numbers at one mix, which only take statements away, are looked at where models had different work.
 */
export async function tallyReport(world: ReportWorld, logs: number, from: number): Promise<SentenceRow[]> {
  const { shared } = world;
  const found = counter(world.name, logs);
  const costIds = ofPage(/^cost\.(least|leastIf|leastOpen)$/);
  for (const id of [...ofPage(/^report\./), ...costIds]) found.never(id);
  const store = await sharedLogs(from, logs, shared);
  try {
    const request = requestOf("report", { by: ["release", "workload", "model"] });
    const { names, metrics } = await shownMetrics(store, request);
    const atMix = shared.long && (await tableAtMix(store, metrics, names, request));
    const costs = await cost(store, request);
    for (let log = 0; log < logs; log++) {
      const own = <T extends Table>(table: T): T => ({
        ...table,
        rows: table.rows.filter(({ release }) => release === `log ${log}`),
      });
      const [sides, same] = [own(metrics), atMix && own(atMix)];
      const { headline, points, more } = sideFindings(sides, same);
      const wrong = findingsIn(sides, same).some(({ column, best, others, near }) => {
        const of = (model: string) => truth(column, model, shared);
        return others.some((one) => !near.includes(one) && of(one.model) <= of(best.model));
      });
      const ids = [...idsIn([headline], ofHead), ...idsIn(points, ofPoint), ...idsIn(more, ofMore)];
      for (const id of new Set(ids)) found.add(id, wrong && !holdingBack.includes(id));
      const texts = costFindings(own(costs), same);
      for (const id of costIds) {
        const those = texts.filter((text) => saidIn(text).includes(id));
        if (those.length > 0)
          found.add(
            id,
            those.some((text) => isWrong(text, shared)),
          );
      }
    }
    return found.rows();
  } finally {
    store.close();
  }
}

/** A cost sentence is false if a model that it does not name as open costs no more than the first that it names. */
function isWrong(text: string, shared: Shared): boolean {
  const clause = text.slice(text.indexOf(": ") + 2).split(/; \w+ also|\. The lowest/)[0];
  const named = clause.match(/\b[a-z]{3}\b/g)?.filter((word) => modelNames.includes(word)) ?? [];
  const of = (model: string) => truth("cost_per_resolved", model, shared);
  const count = shared.resolved?.length ?? 2;
  return modelNames.slice(0, count).some((one) => !named.includes(one) && of(one) <= of(named[0]));
}
