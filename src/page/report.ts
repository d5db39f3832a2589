import { assumeOption, declaredIn } from "../decide/assume";
import type { Choice } from "../decide/choose/chooseTable";
import type { Chosen } from "../decide/savedReport";
import { doctor } from "../measures/doctor";
import { inputs } from "../measures/inputs";
import type { Table } from "../measures/table";
import { noCallSelected } from "../measures/whyEmpty";
import { defined } from "../stats/defined";
import { counted, levelText } from "../stats/text";
import type { Store } from "../store/open";
import { causesPart } from "./causesPart";
import { howSure, picksOf, whatWouldChange, whyChosen } from "./choiceParts";
import { conversationPart } from "./conversationPart";
import { costPart } from "./costFindings";
import { MOST_FIGURES } from "./findingFigures";
import { glossary } from "./glossary";
import type { JudgedBy } from "./judgedBy";
import type { Lead } from "./page";
import type { Part } from "./part";
import { benchmarkPart } from "./reportBenchmarks";
import { changesPart, type EarlierReport } from "./reportChanges";
import { engineOfReport, withoutWay } from "./reportEngine";
import { daysOf, leadOf, titleOf } from "./reportLead";
import { atTellingLevel, measureReport } from "./reportMeasures";
import { againPart, dataPart, leftOutPart, sidePart } from "./reportParts";
import {
  isByProvider,
  measuredOf,
  type PageCalls,
  pooledNote,
  reportRequest,
  subjectOf,
} from "./reportRequest";
import { helperTest, spanOf, withoutHelpers } from "./reportSpan";
import { modelsIn } from "./reportTables";
import { fillingFigures } from "./sizeFindings";
import { withoutTraffic } from "./withoutCalls";

/** Calls from which their lengths are drawn. */
const FEWEST_DRAWN = 10;

/** Options of a report. */
export interface ReportOptions extends PageCalls {
  /** Assumptions that the log cannot check, declared to hold: "outcomes-alike". */
  assume?: string | readonly string[];
  /** Default: what it is about, as "8 models, 1,200 calls, 2 days". */
  title?: string;
  author?: string;
  /** The author's own remarks, a sentence or paragraph each. */
  notes?: readonly string[];
  /**
   * What to judge by: names of built-in profiles, files of profiles, or profiles, by which one of several models is
   * chosen; a single model is held to their floors, and to the limits in files of limits. Default: the profiles that fit.
   */
  profiles?: JudgedBy;
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
      : [`judged by ${profiles.map((one) => (typeof one === "string" ? one : one.name)).join(", ")}`]),
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
  const { candidate, workloads, isMany, isOfHelpers, request } = await subjectOf(store, asked);
  const engine = engineOfReport(store);
  const looked = await doctor(store, { scans: false });
  const diagnosed = engine === undefined ? looked : { ...looked, cannot: withoutWay(looked) };
  const chosen = where === undefined && candidate === undefined ? {} : await spanOf(store, request);
  const found = { ...diagnosed, ...chosen };
  const files = await inputs(store);
  const measured = measuredOf(request, diagnosed);
  const measuring = {
    profiles: options.profiles,
    assume: declared,
    days: daysOf(found),
    isOne: looked.models.length === 1,
    byProvider: isByProvider(looked, candidate, options),
    isOnly: found.models.length === 1 && candidate === undefined,
  };
  const { found: every, isPooled } = await atTellingLevel(measured, { isMany, declared }, (one) =>
    measureReport(store, one, measuring),
  );
  const scope =
    [
      isOfHelpers
        ? "No call of the log answers anyone: its embeddings, judges and other helpers are measured."
        : undefined,
      isPooled ? pooledNote(workloads) : undefined,
      chosenText(options),
      candidate === options.candidate
        ? undefined
        : candidate?.includes("model")
          ? looked.models.length > 1
            ? "The log has more providers than models: each model at each provider is compared."
            : every.together === undefined || modelsIn(every.together.metrics).length > 1
              ? "The log has one model, of several providers: these are compared."
              : `Providers: the log has ${counted(found.models.length, "provider")} of the model, and nothing measured here tells them apart.`
          : "The log names no model, but several providers: these are compared.",
    ]
      .filter((one) => one !== undefined)
      .join(" ") || undefined;
  const isHelper = await helperTest(store, measured, found.models);
  const all = { ...every, metrics: withoutHelpers(every.metrics, isHelper) };
  const {
    choices,
    atMix,
    pairs: _pairs,
    together,
    courses,
    own: _own,
    failures: _failures,
    agent,
    ...measures
  } = all;
  const talks = found.columns.some(({ column, filled }) => column === "conversation_id" && filled > 0)
    ? await conversationPart(store, measured)
    : undefined;
  // What readers said is kept in a store.
  const why = engine === undefined ? await causesPart(store, measured) : undefined;
  const tables = { ...measures, ...agent?.tables, ...talks?.tables, ...why?.tables };
  const instead =
    choices.length > 0 || engine !== undefined
      ? undefined
      : await withoutTraffic(store, request, all.metrics, { calls: looked.calls, level, seed });
  const isPair = (looked.models.length > 1 && candidate?.includes("model")) ?? false;
  const compared =
    candidate === undefined
      ? "models"
      : candidate === options.candidate
        ? "candidates"
        : isPair
          ? "pairs of model and provider"
          : "providers";
  const picks = picksOf(choices);
  const lead = leadOf({ ...found, models: found.models.filter((model) => !isHelper(model)) }, all, {
    ...{ instead, demo, scope, engine, declared, compared },
  });
  const room = MOST_FIGURES - (lead.figures?.length ?? 0);
  const isFilled = choices.length > 0 || engine !== undefined || found.calls < FEWEST_DRAWN || room < 1;
  const filling = isFilled ? [] : (await fillingFigures(store, request)).slice(0, room);
  const own: Omit<Report, "parts"> = defined({
    title: options.title ?? instead?.title ?? titleOf(found, compared, all),
    author,
    engine,
    lead: { ...lead, figures: [...(lead.figures ?? []), ...filling] },
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
    talks?.part,
    why?.part,
    sidePart(tables.metrics),
    leftOutPart(
      // Where no call is selected, that is all there is to say of what was left out.
      asked.where !== undefined && found.calls === 0
        ? [{ ...tables.metrics, notes: [noCallSelected] }]
        : Object.values<Table>(tables),
      choices,
    ),
    againPart(own, files),
    { title: "Glossary", fold: true, terms: glossary },
  ].filter((part): part is Part => part !== undefined);
  return { ...own, parts };
}
