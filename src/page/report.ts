import { sharedVerdict } from "../decide/choose/chooseAll";
import type { Choice } from "../decide/choose/chooseTable";
import type { Profile } from "../decide/profile/profile";
import { type Diagnosis, doctor } from "../measures/doctor";
import { inputs } from "../measures/inputs";
import type { MeasureOptions } from "../measures/options";
import type { Table } from "../measures/table";
import type { Store } from "../store/open";
import { howSure, picksOf, whatWouldChange, whyChosen } from "./choiceParts";
import { costFindings } from "./costFindings";
import { latencyFindings } from "./findings";
import { glossary } from "./glossary";
import { formatCount } from "./number";
import type { Lead } from "./page";
import type { Part } from "./part";
import { benchmarkPart } from "./reportBenchmarks";
import { changesPart, type EarlierReport } from "./reportChanges";
import { measureReport, type ReportMeasures } from "./reportMeasures";
import { againPart, dataPart, leftOutPart, sidePart } from "./reportParts";

/** What a report is told. */
export interface ReportOptions extends Pick<MeasureOptions, "seed" | "level" | "timezone"> {
  /** Default "Which model works in the field". */
  title?: string;
  author?: string;
  /** What the author has to say, a sentence or paragraph each. */
  notes?: readonly string[];
  /** What is chosen by: names of profiles that come along, files, or profiles. Default: those that fit the logs. */
  profiles?: readonly (string | Profile)[];
  /** The logs are those of the demo company. */
  demo?: boolean;
  /** The package's version, for whoever wants to measure again. */
  version?: string;
  /** The JSON of an earlier report to compare with. */
  earlier?: EarlierReport;
}

/** A report before it is a page: a verdict, chapters, and the tables behind them. */
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
  version?: string;
}

/**
 * Measures a store for a report: what was asked, the verdict in money and seconds, why, how sure, what would change
 * it, what was left out, how good the data are, and how to get the same again.
 *
 * @returns chapters for `renderPage` or `reportMarkdown`, and the tables behind them
 * @example
 * (await reportOf(await open(":memory:"))).calls // 0
 */
export async function reportOf(store: Store, options: ReportOptions = {}): Promise<Report> {
  const { title = "Which model works in the field", author, notes = [], demo = false, version } = options;
  const { seed = 1, level = 0.95, timezone, earlier } = options;
  const measured = { seed, level, timezone };
  const found = await doctor(store);
  const files = await inputs(store);
  const all = await measureReport(store, measured, options.profiles);
  const { choices, unfit, ...tables } = all;
  const picks = picksOf(choices);
  const own: Omit<Report, "parts"> = {
    title,
    ...(author === undefined ? {} : { author }),
    lead: leadOf(found, all, demo),
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
    ...(version === undefined ? {} : { version }),
  };
  const parts = [
    ...(notes.length > 0 ? [{ title: "Notes of the author", paragraphs: notes }] : []),
    ...(earlier === undefined ? [] : [changesPart(earlier, own)]),
    benchmarkPart(tables, picks),
    ...(choices.length === 0 ? [] : [whyChosen(choices), howSure(choices, level)]),
    whatWouldChange(choices, tables.plan),
    sidePart(tables.metrics),
    leftOutPart(Object.values<Table>(tables), choices, unfit),
    dataPart(found),
    againPart(own, files),
    { title: "Words", fold: true, terms: glossary },
  ].filter((part): part is Part => part !== undefined);
  return { ...own, parts };
}

function leadOf(found: Diagnosis, { choices, cost, latency }: ReportMeasures, demo: boolean): Lead {
  const waits = latencyFindings(latency);
  return {
    question: questionOf(found),
    headline: choices.length === 0 ? waits.headline : sharedVerdict(choices),
    points: [
      ...choices.map(({ profile, verdict }) => `${profile}: ${verdict}`),
      ...costFindings(cost),
      ...(choices.length === 0 ? waits.points : []),
      ...(demo ? ["The company, its models and its traffic are made up: this is the demo."] : []),
    ],
  };
}

function questionOf({ models, calls, from, to }: Diagnosis): string {
  const span = from === null ? "" : ` from ${from.slice(0, 10)} to ${to?.slice(0, 10)}`;
  return `Which of ${formatCount(models.length)} models does which work best? Measured on ${formatCount(calls)} calls${span}.`;
}
