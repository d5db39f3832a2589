import { assumeOption, declaredIn } from "../decide/assume";
import type { Choice } from "../decide/choose/chooseTable";
import type { Profile } from "../decide/profile/profile";
import type { Chosen } from "../decide/savedReport";
import { derived, within } from "../facts/request";
import { type Diagnosis, doctor } from "../measures/doctor";
import { helpersNote } from "../measures/helpers";
import { inputs } from "../measures/inputs";
import { type MeasureOptions, type MeasureRequest, requestOf } from "../measures/options";
import type { Row, Table } from "../measures/table";
import { defined } from "../stats/defined";
import { levelText } from "../stats/text";
import type { Store } from "../store/open";
import { howSure, picksOf, whatWouldChange, whyChosen } from "./choiceParts";
import { costPart } from "./costFindings";
import { glossary } from "./glossary";
import { formatCount } from "./number";
import type { Lead } from "./page";
import type { Part } from "./part";
import { benchmarkPart } from "./reportBenchmarks";
import { changesPart, type EarlierReport } from "./reportChanges";
import { engineOfReport, withoutWay } from "./reportEngine";
import { daysOf, leadOf, titleOf } from "./reportLead";
import { measureReport, type ReportMeasures } from "./reportMeasures";
import { againPart, dataPart, leftOutPart, sidePart } from "./reportParts";
import { candidateOf, helpersOf, spanOf, workOf } from "./reportSpan";
import { modelsIn } from "./reportTables";
import { findingsIn } from "./sideFindings";
import { tellsNothing } from "./sideSentences";
import { boardFindings, preferenceFindings } from "./withoutCalls";

/** Options of a report. */
export interface ReportOptions extends Omit<MeasureOptions, "cluster" | "interval" | "credit"> {
  /** Only calls from this time on: "2026-03-01", or with a time of day, in UTC. Default: all. */
  since?: string;
  /** Assumptions that the log cannot check, declared to hold: "outcomes-alike". */
  assume?: string | readonly string[];
  /** Default: what it is about, as "8 models, 1,200 calls, 2 days". */
  title?: string;
  author?: string;
  /** The author's own remarks, a sentence or paragraph each. */
  notes?: readonly string[];
  /** The profiles to choose by: names of built-in profiles, files, or profiles. Default: those that fit the logs. */
  profiles?: readonly (string | Profile)[];
  /** Whether the logs are those of the demo company. */
  demo?: boolean;
  /** The package's version, for readers who want to reproduce the report. */
  version?: string;
  /** The JSON of an earlier report to compare with. */
  earlier?: EarlierReport;
}

/** A report before rendering: a verdict, chapters, and the tables behind them. */
export interface Report extends EarlierReport {
  title: string;
  author?: string;
  lead: Lead;
  parts: Part[];
  choices: Choice[];
  /** By file name. */
  tables: Record<string, Table>;
  seed: number;
  level: number;
  /** The selection of calls, in a sentence; absent if all are used. */
  scope?: string;
  /** The same for programs. */
  chosen: Chosen;
  /** Where the calls are, if they are not in a store: "ClickHouse, clickhouse://host:8123/logs". */
  engine?: string;
  version?: string;
}

/** Workloads beyond this number are answered together. */
const MOST_WORKLOADS = 8;

/** The request for the calls of a report. */
export function reportRequest(options: ReportOptions): MeasureRequest {
  const { since } = options;
  if (since !== undefined && !isMoment(since))
    throw new RangeError(
      `reportOf requires since as a date, such as "2026-03-01" or "2026-03-01 09:00", got ${JSON.stringify(since)}`,
    );
  const request = requestOf("reportOf", options);
  return since === undefined
    ? request
    : within(request, `started_at >= timestamp '${since.replace("T", " ").replace("Z", "")}'`);
}

/** True for a date, or a date with a time of day, that there is: not 2026-02-30. */
function isMoment(text: string): boolean {
  const [, day, time = "00:00"] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)Z?)?$/.exec(text) ?? [];
  const at = new Date(`${day}T${time}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(String(day));
}

/** The selection, for a reader who has only the page. */
function chosenText({
  where,
  since,
  by,
  candidate,
  level,
  timezone,
  profiles,
}: ReportOptions): string | undefined {
  const list = (one: string | readonly string[]) => (typeof one === "string" ? one : one.join(", "));
  const said = [
    ...(where === undefined ? [] : [`only calls that meet ${where}`]),
    ...(since === undefined ? [] : [`only calls since ${since} (UTC)`]),
    ...(candidate === undefined ? [] : [`a candidate is ${list(candidate)}`]),
    ...(by === undefined ? [] : [`tables by ${list(by)}`]),
    ...(level === undefined || level === 0.95 ? [] : [`intervals at ${levelText(level)}`]),
    ...(timezone === undefined || timezone === "UTC" ? [] : [`days and hours in ${timezone}`]),
    ...(profiles === undefined || profiles.length === 0
      ? []
      : [`chosen by ${profiles.map((one) => (typeof one === "string" ? one : one.name)).join(", ")}`]),
  ];
  return said.length === 0 ? undefined : `Chosen for this report: ${said.join("; ")}.`;
}

/**
 * Measures a store for a report: the question, the verdict in money and seconds, the reasons, how certain it is, what
 * would change it, what was left out, how good the data are, and how to reproduce it.
 *
 * @returns chapters for `renderPage` or `reportMarkdown`, and the tables behind them
 * @example
 * const store = await openDemo({ log: "cascade" });
 * const report = await reportOf(store);
 * report.calls // 1579
 */
export async function reportOf(store: Store, options: ReportOptions = {}): Promise<Report> {
  const { author, notes = [], demo = false, version } = options;
  const { seed = 1, level = 0.95, timezone = "UTC", earlier } = options;
  const asked = reportRequest(options);
  assumeOption("outcomes-alike", "same-days").assume.check("report", options.assume);
  const declared = declaredIn(options.assume);
  const { where } = asked;
  const candidate =
    options.candidate ?? (options.by === undefined ? await candidateOf(store, asked) : undefined);
  const { workloads, answering, calls } = await workOf(store, asked);
  const isMany = options.by === undefined && workloads > MOST_WORKLOADS;
  // Embeddings and judges are left out beside answers, and measured where there is nothing else.
  const isOfHelpers = options.by === undefined && calls > 0 && answering === 0;
  const by = [...(isMany || isOfHelpers ? ["model"] : []), ...(isOfHelpers ? ["role"] : [])];
  const request = derived(asked, { candidate, ...(by.length > 0 ? { by } : {}) });
  const engine = engineOfReport(store);
  const looked = await doctor(store, { scans: false });
  const diagnosed = engine === undefined ? looked : { ...looked, cannot: withoutWay(looked) };
  const chosen = where === undefined && candidate === undefined ? {} : await spanOf(store, request);
  const found = { ...diagnosed, ...chosen };
  const files = await inputs(store);
  const measured = where === undefined ? derived(request, onlyEvaluation(diagnosed)) : request;
  const measuring = { profiles: options.profiles, assume: declared, days: daysOf(found) };
  const pooled = await measureReport(store, measured, measuring);
  const isSilent = ({ metrics, atMix }: ReportMeasures) =>
    findingsIn(metrics, atMix, declared).every(tellsNothing);
  // Workloads with opposite winners say nothing together: then one by one, if that says more.
  const split =
    isMany && modelsIn(pooled.metrics).length > 1 && isSilent(pooled)
      ? await measureReport(store, derived(measured, { by: undefined }), measuring)
      : pooled;
  const every = isSilent(split) ? pooled : split;
  const scope =
    [
      isOfHelpers
        ? "No call of the log answers anyone: its embeddings, judges and other helpers are measured."
        : undefined,
      isMany && every === pooled
        ? `The log has ${formatCount(workloads)} workloads: they are answered together here, and each by itself with --by workload,model.`
        : undefined,
      chosenText(options),
      candidate === options.candidate
        ? undefined
        : candidate?.includes("model")
          ? looked.models.length > 1
            ? "The log has more providers than models: each model at each provider is compared."
            : "The log has one model, of several providers: these are compared."
          : "The log names no model, but several providers: these are compared.",
    ]
      .filter((one) => one !== undefined)
      .join(" ") || undefined;
  const helpers = await helpersOf(store, measured);
  // Unless all are: then they are what there is to compare.
  const isHelper = (model: Row[string]) =>
    helpers.includes(model) && !found.models.every((one) => helpers.includes(one));
  const all = { ...every, metrics: withoutHelpers(every.metrics, isHelper) };
  const { choices, atMix, together, courses, ...tables } = all;
  // Comparisons of answers, or leaderboards, where calls compare nothing.
  const hasTraffic = Object.keys(all.metrics.rows[0] ?? {}).some((name) =>
    /^(duration|time_to_first_token|cost|resolve_rate)/.test(name),
  );
  const instead =
    choices.length > 0 || hasTraffic || engine !== undefined || where !== undefined
      ? undefined
      : ((await preferenceFindings(store, level, seed)) ??
        (looked.calls === 0 ? await boardFindings(store, level, seed) : undefined));
  const isPair = (looked.models.length > 1 && candidate?.includes("model")) ?? false;
  const compared =
    candidate === undefined ? "model" : candidate === options.candidate || isPair ? "candidate" : "provider";
  const picks = picksOf(choices);
  const own: Omit<Report, "parts"> = defined({
    title: options.title ?? titleOf(found, compared, all),
    author,
    engine,
    lead: leadOf({ ...found, models: found.models.filter((model) => !isHelper(model)) }, all, {
      instead,
      demo,
      scope,
      engine,
      declared,
      compared: `${compared}s`,
    }),
    choices,
    tables: Object.fromEntries(Object.entries<Table>(tables).filter(([, { rows }]) => rows.length > 0)),
    from: found.from,
    to: found.to,
    calls: found.calls,
    inputs: [...new Set(files.rows.map(({ sha256 }) => sha256))],
    picks,
    metrics: tables.metrics,
    seed,
    level,
    chosen: {
      where: options.where ?? (where === undefined ? measured.where : undefined),
      since: options.since,
      timezone,
      candidate,
    },
    scope,
    version,
  });
  const parts = [
    ...(notes.length > 0 ? [{ title: "Notes of the author", paragraphs: notes }] : []),
    ...(earlier === undefined ? [] : [changesPart(earlier, own)]),
    ...(choices.length === 0 ? [] : [whyChosen(choices), howSure(choices, level)]),
    whatWouldChange(choices, tables.plan),
    choices.length === 0 ? undefined : costPart(tables.cost, atMix, declared),
    benchmarkPart(tables, picks),
    dataPart(diagnosed, where !== undefined),
    sidePart(tables.metrics),
    leftOutPart(Object.values<Table>(tables), choices),
    againPart(own, files),
    { title: "Glossary", fold: true, terms: glossary },
  ].filter((part): part is Part => part !== undefined);
  return { ...own, parts };
}

/** A model that only embeds or judges has costs, but is no choice. */
function withoutHelpers(metrics: Table, isHelper: (model: Row[string]) => boolean): Table {
  const out = [...new Set(metrics.rows.map(({ model }) => model))].filter(isHelper);
  if (out.length === 0) return metrics;
  const rows = metrics.rows.filter(({ model }) => !isHelper(model));
  return { ...metrics, rows, notes: [...metrics.notes, helpersNote(out.map(String))] };
}

/** If all calls are evaluation runs, the report is about those. */
function onlyEvaluation({ evaluation, calls }: Diagnosis): Pick<MeasureOptions, "where"> {
  return evaluation > 0 && evaluation === calls ? { where: "environment = 'evaluation'" } : {};
}
