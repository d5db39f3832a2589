import type { Choice } from "../decide/choose/chooseTable";
import { plan } from "../decide/plan/plan";
import { derived } from "../facts/request";
import { agreement } from "../measures/agreement/agreement";
import type { AgreementRow } from "../measures/agreement/agreementTable";
import { agreementSideBySide } from "../measures/agreement/sideBySide";
import { type CostRow, cost } from "../measures/cost/cost";
import { type LatencyRow, latency } from "../measures/latency/latency";
import { directionNote } from "../measures/metric";
import { mainMetrics, metricNames } from "../measures/metricNames";
import { metricTable } from "../measures/metricTable";
import { type PairOf, promptPairs } from "../measures/mix/promptPairs";
import type { MeasureRequest } from "../measures/options";
import { reliability } from "../measures/service/reliability";
import type { Table } from "../measures/table";
import { type Trend, trends } from "../measures/trend/trend";
import type { AssumptionId } from "../stats/claim";
import { FEWEST_STEPS } from "../stats/levelSeries";
import { counted } from "../stats/text";
import { nameList } from "../store/nameList";
import type { Store } from "../store/open";
import { type AgentTasks, agentTasks } from "./agentTasks";
import { type FailureKinds, failureKinds, noFailures } from "./failureKinds";
import { choicesOf, type JudgedBy } from "./judgedBy";
import { noneOfOne, type OneModel, oneModel } from "./oneModel";
import { modelsIn } from "./reportTables";
import { findingsIn } from "./sideFindings";
import { tellsNothing } from "./sideSentences";
import { type TableAtMix, tableAtMix } from "./tableAtMix";

/** Models side by side, and at one mix of the work, where models had different work. */
type Compared = Pick<ReportMeasures, "metrics" | "atMix" | "pairs">;

/** Everything that a report measures. */
export interface ReportMeasures {
  latency: Table<LatencyRow>;
  cost: Table<CostRow>;
  reliability: Table;
  metrics: Table;
  /** The metrics at one mix of the work, where models had different work. */
  atMix?: TableAtMix;
  /** Two rows of the metrics prompt by prompt, where they share them. */
  pairs?: PairOf;
  /** The same over all workloads, where these alone say nothing, or only one model is in them. */
  together?: Compared;
  /** The courses of the one model's numbers; none where several models are compared. */
  courses: Trend[];
  /** What else there is to say of the one model, a sentence each; nothing where several are compared. */
  own: OneModel;
  /** What tasks of several steps take, where no choice is made and one model answers or none is ahead. */
  agent?: AgentTasks;
  /** What failed calls failed by, where they are many. */
  failures: FailureKinds;
  plan: Table & { log_days?: number };
  agreement: Table<AgreementRow>;
  sideBySide: Table;
  choices: Choice[];
}

/** How a report measures: what decides, what is declared, and how many days the log has. */
interface MeasuredBy {
  /** Undefined for the profiles that fit the logs. */
  profiles?: JudgedBy;
  assume?: readonly AssumptionId[];
  days?: number;
  /** True if the log has one model: its providers may be compared, and it is told how the model itself does. */
  isOne?: boolean;
  /** True if the providers of the one model are compared, unasked. */
  byProvider?: boolean;
  /** True if there is one candidate: nothing is chosen, and it is held to the limits that are given. */
  isOnly?: boolean;
}

/** Measures a store for a report; whatever the logs cannot answer is a table without rows. */
export async function measureReport(
  store: Store,
  measured: MeasureRequest,
  { profiles, assume = [], days = Number.NaN, isOne = false, byProvider, isOnly = false }: MeasuredBy = {},
): Promise<ReportMeasures> {
  const { by } = measured;
  // A report's table has a row for each candidate; its sentences name the model.
  if (by !== undefined && !nameList(by).includes("model"))
    throw new RangeError(
      `a report requires by with model in it, such as "region,model", got ${JSON.stringify(by)}; for several columns as one candidate use --candidate`,
    );
  const none = nothing();
  const choices = isOnly ? [] : await choicesOf(store, profiles, measured, assume);
  const { names, notes, ...sides } = await sidesOf(store, measured, {
    ...{ assume, byProvider, chosen: choices.length > 0 },
  });
  const { metrics, atMix } = sides;
  // Before the report adds its notes: a notebook passes the same table without them, and gets the same result.
  const compared =
    metrics.rows.length === 0 ? none : await agreement(store, { ...measured, measured: metrics });
  const isAlone = metrics.rows.length > 0 && (isOne || modelsIn(metrics).length < 2);
  metrics.notes.push(...notes, ...(atMix?.notes ?? []));
  const isOpen = isAlone || (names.includes("resolve_rate") && tellsNobodyApart(sides, assume));
  const agent = isOpen && choices.length === 0 ? await agentTasks(store, measured, { isAlone }) : undefined;
  return {
    latency: await latency(store, measured),
    cost: await cost(store, measured),
    reliability: await reliability(store, measured),
    ...sides,
    courses: isAlone ? await coursesOf(store, followedIn(metrics, names), { measured, days }) : [],
    own:
      isAlone && choices.length === 0
        ? await oneModel(store, measured, { names, metrics, given: profiles })
        : noneOfOne,
    ...(agent === undefined ? {} : { agent }),
    failures: choices.length > 0 ? noFailures : await failureKinds(store, measured, metrics),
    plan: names.length === 0 ? none : await plan(store, { ...measured, ...plannedFor(measured) }),
    agreement: compared,
    sideBySide:
      compared.rows.length === 0
        ? none
        : await agreementSideBySide(store, { ...measured, measured: metrics, compared }),
    choices,
  };
}

const tellsNobodyApart = ({ metrics, atMix, pairs }: Compared, assume: readonly AssumptionId[]) =>
  findingsIn(metrics, atMix, assume, pairs).every(tellsNothing);

/** A study is planned by workload, where a candidate changes nothing unless it is asked for. */
const plannedFor = (request: MeasureRequest) => ({
  by: undefined,
  candidate: /\bmodel\b/i.test(request.where ?? "") ? request.candidate : undefined,
});

/** The numbers of models side by side, and their names and notes. */
interface Sides extends Pick<ReportMeasures, "metrics" | "atMix" | "pairs" | "together"> {
  names: string[];
  notes: string[];
}

/**
 * The models side by side.
 *
 * @param options `chosen`, true beside a choice: then only costs are compared here; `byProvider`, true if they are one model's providers;
 * `only`, the metrics to compare
 */
export async function sidesOf(
  store: Store,
  measured: MeasureRequest,
  {
    assume,
    chosen = false,
    byProvider = false,
    only,
  }: {
    assume: readonly AssumptionId[];
    chosen?: boolean;
    byProvider?: boolean;
    only?: (name: string) => boolean;
  },
): Promise<Sides> {
  const { names, metrics, notes } = await shownMetrics(store, measured, chosen ? [] : medians, only);
  const told = chosen ? names.filter((name) => name === "cost_per_resolved") : names;
  const atMix = await tableAtMix(store, metrics, told, measured);
  const pairs = chosen ? undefined : await promptPairs(store, metrics, measured);
  const sides = { names, metrics, notes, atMix, pairs };
  if (chosen) return sides;
  // Providers of one model that nothing tells apart: then it is the model that there is to speak of.
  if (byProvider && modelsIn(metrics).length > 1 && tellsNobodyApart(sides, assume)) {
    const request = derived(measured, { by: ["model"], candidate: undefined });
    return { ...sides, together: { metrics: await metricTable(store, { ...request, metrics: names }) } };
  }
  return isPooled(sides, assume)
    ? { ...sides, together: await together(store, metrics, names, measured) }
    : sides;
}

/**
 * Measures many workloads together; where these tell nobody apart, having opposite winners perhaps, one by one, if that says
 * more.
 */
export async function atTellingLevel<T extends Compared>(
  measured: MeasureRequest,
  { isMany, declared }: { isMany: boolean; declared: readonly AssumptionId[] },
  measure: (request: MeasureRequest) => Promise<T>,
): Promise<{ found: T; isPooled: boolean }> {
  const isSilent = (found: T) => tellsNobodyApart(found, declared);
  const pooled = await measure(measured);
  if (!isMany || modelsIn(pooled.metrics).length < 2 || !isSilent(pooled))
    return { found: pooled, isPooled: isMany };
  const split = await measure(derived(measured, { by: undefined }));
  return isSilent(split) ? { found: pooled, isPooled: true } : { found: split, isPooled: false };
}

/** The waits of the middle call, which a report looks at where their tails tell nobody apart. */
const medians = ["duration_p50", "time_to_first_token_p50"];

/** True if several workloads are of one model, or tell no two models apart one by one: then all of them together may. */
function isPooled({ metrics, atMix, pairs }: Compared, assume: readonly AssumptionId[]): boolean {
  if (new Set(metrics.rows.map(({ workload }) => workload)).size < 2) return false;
  if (modelsIn(metrics).length < 2) return true;
  const findings = findingsIn(metrics, atMix, assume, pairs);
  return findings.length > 0 && findings.every(tellsNothing);
}

/** Beside a comparison of its providers only the waits of the model are followed: each course reads every day again. */
const followedIn = (metrics: Table, names: readonly string[]) =>
  modelsIn(metrics).length > 1 ? names.filter((name) => name === "duration_p50") : names;

/** The metrics whose course a page on one model shows. */
const followed = ["resolve_rate", "error_rate", "duration_p50", "cost_per_call"];

/** Where nothing is to be compared: how the one model's numbers went over time. */
async function coursesOf(
  store: Store,
  names: readonly string[],
  { measured, days }: { measured: MeasureRequest; days: number },
): Promise<Trend[]> {
  if (!(days > 1)) return [];
  const has = (name: string) =>
    names.includes(name) || (name === "cost_per_call" && names.some((one) => one.startsWith("cost_")));
  // A change takes more days; a picture of the waits does not.
  const wanted = days < FEWEST_STEPS ? ["duration_p50"] : followed;
  const per = days > MOST_DAYS ? "week" : "day";
  const metrics = wanted.filter(has);
  const { level } = measured;
  return metrics.length === 0 ? [] : trends(store, derived(measured, { by: [] }), { metrics, per, level });
}

/** Days beyond this number are shown by week. */
const MOST_DAYS = 120;

async function together(
  store: Store,
  { by }: Table,
  names: readonly string[],
  measured: MeasureRequest,
): Promise<ReportMeasures["together"]> {
  const request = derived(measured, { by: by.filter((name) => name !== "workload") });
  const metrics = await metricTable(store, { ...request, metrics: names });
  return {
    metrics,
    atMix: await tableAtMix(store, metrics, names, request),
    pairs: await promptPairs(store, metrics, request),
  };
}

const nothing = (): Table<never> => ({ measure: "", by: [], rows: [], notes: [] });

/** The metrics that a report compares, as far as the logs have them, their table, and notes on it. */
export async function shownMetrics(
  store: Store,
  measured: MeasureRequest,
  more: readonly string[] = [],
  only: (name: string) => boolean = () => true,
): Promise<{ names: string[]; metrics: Table; notes: string[] }> {
  const available = await metricNames(store, { evaluation: measured.where !== undefined });
  const main = mainMetrics(available);
  const names = [...main, ...available.filter((name) => more.includes(name))].filter(only);
  const metrics = names.length === 0 ? nothing() : await metricTable(store, { ...measured, metrics: names });
  const scores = available.filter((name) => name.startsWith("score:") && !names.includes(name));
  const left =
    scores.length === 0
      ? []
      : [
          `${counted(scores.length, "more score")} ${scores.length === 1 ? "is" : "are"} not in this report: ${scores.map((name) => name.slice("score:".length)).join(", ")}; fieldnotes quality --score shows each.`,
        ];
  return { names, metrics, notes: [...left, ...[directionNote(names)].filter((one) => one !== undefined)] };
}
