import { choose } from "../decide/choose/choose";
import type { Choice } from "../decide/choose/chooseTable";
import { plan } from "../decide/plan/plan";
import type { Profile } from "../decide/profile/profile";
import { profileNames } from "../decide/profile/readProfile";
import { agreement } from "../measures/agreement/agreement";
import type { AgreementRow } from "../measures/agreement/agreementTable";
import { sideBySide } from "../measures/agreement/sideBySide";
import { type CostRow, cost } from "../measures/cost/cost";
import { type LatencyRow, latency } from "../measures/latency/latency";
import { directionNote } from "../measures/metric";
import { mainMetrics, metricNames } from "../measures/metricNames";
import { metricTable } from "../measures/metricTable";
import type { MeasureRequest } from "../measures/options";
import { reliability } from "../measures/service/reliability";
import type { Table } from "../measures/table";
import type { AssumptionId } from "../stats/claim";
import { counted } from "../stats/text";
import { nameList } from "../store/nameList";
import type { Store } from "../store/open";
import { tableAtMix } from "./tableAtMix";

/** Names of built-in profiles, files, or profiles; undefined for those that fit the logs. */
type Profiles = readonly (string | Profile)[] | undefined;

/** Everything that a report measures. */
export interface ReportMeasures {
  latency: Table<LatencyRow>;
  cost: Table<CostRow>;
  reliability: Table;
  metrics: Table;
  /** The metrics at one mix of the work, where models had different work. */
  atMix?: Table;
  plan: Table & { log_days?: number };
  agreement: Table<AgreementRow>;
  sideBySide: Table;
  choices: Choice[];
}

/** Measures a store for a report; whatever the logs cannot answer is a table without rows. */
export async function measureReport(
  store: Store,
  measured: MeasureRequest,
  profiles: Profiles,
  assume: readonly AssumptionId[] = [],
): Promise<ReportMeasures> {
  const { by } = measured;
  // A report's table has a row for each candidate; its sentences name the model.
  if (by !== undefined && !nameList(by).includes("model"))
    throw new RangeError(
      `a report requires by with model in it, such as "region,model", got ${JSON.stringify(by)}; for several columns as one candidate use --candidate`,
    );
  const { names, metrics, notes } = await shownMetrics(store, measured);
  const none = nothing();
  const choices = await choicesOf(store, profiles, measured, assume);
  // With a choice the report compares only costs itself.
  const told = choices.length === 0 ? names : names.filter((name) => name === "cost_per_resolved");
  const atMix = await tableAtMix(store, metrics, told, measured);
  // Before the report adds its notes: a notebook passes the same table without them, and gets the same result.
  const compared =
    metrics.rows.length === 0 ? none : await agreement(store, { ...measured, measured: metrics });
  metrics.notes.push(...notes, ...(atMix?.notes ?? []));
  return {
    latency: await latency(store, measured),
    cost: await cost(store, measured),
    reliability: await reliability(store, measured),
    metrics,
    atMix,
    plan: names.length === 0 ? none : await plan(store, { ...measured, by: undefined }),
    agreement: compared,
    sideBySide:
      compared.rows.length === 0
        ? none
        : await sideBySide(store, { ...measured, measured: metrics, compared }),
    choices,
  };
}

const nothing = (): Table<never> => ({ measure: "", by: [], rows: [], notes: [] });

/** The metrics that a report compares, as far as the logs have them, their table, and notes on it. */
export async function shownMetrics(
  store: Store,
  measured: MeasureRequest,
): Promise<{ names: string[]; metrics: Table; notes: string[] }> {
  const available = await metricNames(store, { evaluation: measured.where !== undefined });
  const names = mainMetrics(available);
  const metrics = names.length === 0 ? nothing() : await metricTable(store, { ...measured, metrics: names });
  const more = available.filter((name) => name.startsWith("score:") && !names.includes(name));
  const left =
    more.length === 0
      ? []
      : [
          `${counted(more.length, "more score")} ${more.length === 1 ? "is" : "are"} not in this report: ${more.map((name) => name.slice("score:".length)).join(", ")}; fieldnotes quality --score shows each.`,
        ];
  return { names, metrics, notes: [...left, ...[directionNote(names)].filter((one) => one !== undefined)] };
}

/** The choices by the requested profiles; of the built-in ones, those that fit the logs. */
async function choicesOf(
  store: Store,
  given: Profiles,
  measured: MeasureRequest,
  assume: readonly AssumptionId[],
): Promise<Choice[]> {
  const choices: Choice[] = [];
  for (const profile of given ?? profileNames()) {
    try {
      choices.push(await choose(store, { ...measured, by: undefined, profile, assume }));
    } catch (error) {
      // This profile was not requested: logs of other work lack what it needs.
      if (given !== undefined || !(error instanceof RangeError)) throw error;
    }
  }
  return choices.filter(({ rows }) => rows.length > 0);
}
