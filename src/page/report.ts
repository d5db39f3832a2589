import { cost } from "../measures/cost";
import { type Diagnosis, doctor } from "../measures/doctor";
import { inputs } from "../measures/inputs";
import { latency } from "../measures/latency";
import { metricNames } from "../measures/metricNames";
import { metricTable } from "../measures/metricTable";
import type { MeasureOptions } from "../measures/options";
import { reliability } from "../measures/reliability";
import { isEstimate, type Row, type Table } from "../measures/table";
import type { Store } from "../store/open";
import { costFindings } from "./costFindings";
import { latencyFindings } from "./findings";
import { glossary } from "./glossary";
import { formatCount } from "./number";
import type { Lead } from "./page";
import type { Part } from "./part";
import { changesPart, type EarlierReport } from "./reportChanges";

/** What a report is told. */
export interface ReportOptions extends Pick<MeasureOptions, "seed" | "level" | "timezone"> {
  /** Default "Which model works in the field". */
  title?: string;
  author?: string;
  /** What the author has to say, a sentence or paragraph each. */
  notes?: readonly string[];
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
  /** By file name. */
  tables: Record<string, Table>;
  seed: number;
  level: number;
  version?: string;
}

/** The metrics that a report sets side by side, where the logs have them. */
const shown = [
  "time_to_first_token_p95",
  "duration_p95",
  "cost_per_conversation",
  "cost_per_resolved",
  "resolve_rate",
  "hallucination",
  "error_rate",
];

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
  const tables: Record<string, Table> = {
    latency: await latency(store, measured),
    cost: await cost(store, measured),
    reliability: await reliability(store, measured),
  };
  const names = (await metricNames(store)).filter((name) => shown.includes(name));
  const metrics: Table =
    names.length === 0
      ? { measure: "metrics", by: [], rows: [], notes: [] }
      : await metricTable(store, names, measured);
  tables.metrics = metrics;
  const { headline, points } = latencyFindings(tables.latency as never);
  const own: Omit<Report, "parts"> = {
    title,
    ...(author === undefined ? {} : { author }),
    lead: {
      question: questionOf(found),
      headline,
      points: [
        ...costFindings(tables.cost as never),
        ...points,
        ...(demo ? ["The company, its models and its traffic are made up: this is the demo."] : []),
      ],
    },
    tables,
    from: found.from,
    to: found.to,
    calls: found.calls,
    inputs: [...new Set(files.rows.map(({ sha256 }) => sha256))],
    picks: {},
    metrics,
    seed,
    level,
    ...(version === undefined ? {} : { version }),
  };
  const parts = [
    ...(notes.length > 0 ? [{ title: "Notes of the author", paragraphs: notes }] : []),
    ...(earlier === undefined ? [] : [changesPart(earlier, own)]),
    whyPart(metrics),
    leftOutPart(tables),
    dataPart(found),
    againPart(own, files),
    { title: "Words", terms: glossary },
  ].filter((part): part is Part => part !== undefined);
  return { ...own, parts };
}

function questionOf({ models, calls, from, to }: Diagnosis): string {
  const span = from === null ? "" : ` from ${from.slice(0, 10)} to ${to?.slice(0, 10)}`;
  return `Which of ${formatCount(models.length)} models does which work best? Measured on ${formatCount(calls)} calls${span}.`;
}

function whyPart(metrics: Table): Part | undefined {
  if (metrics.rows.length === 0) return undefined;
  const workloads = [...new Set(metrics.rows.map(({ workload }) => workload))];
  const tables = workloads.map((workload) => {
    const rows = metrics.rows.filter((row) => row.workload === workload);
    const by = metrics.by.filter((name) => name !== "workload");
    const own = rows.map(({ workload: _, ...row }) => inDollars(row));
    const caption = workload === undefined || workload === null ? "All calls" : String(workload);
    return { table: { ...metrics, by, rows: own, notes: [] }, caption };
  });
  return {
    title: "Why: the models side by side",
    paragraphs: ["Each number stands with the range that the data leave open; hover over it for its method."],
    tables,
  };
}

/** The column's name says already what the dollars are paid for. */
function inDollars(row: Row): Row {
  const cells = Object.entries(row).map(([name, cell]) => {
    const paid = isEstimate(cell) && cell.unit?.startsWith("USD/");
    return [name, paid ? { ...cell, unit: "USD" } : cell];
  });
  return Object.fromEntries(cells);
}

function leftOutPart(tables: Record<string, Table>): Part {
  const points = [...new Set(Object.values(tables).flatMap(({ notes }) => notes))];
  return { title: "What was left out or assumed", points };
}

function dataPart({ warnings, cannot, calls, columns }: Diagnosis): Part {
  const partly = columns.filter(({ share }) => share > 0 && share < 0.98).length;
  return {
    title: "How good the data are",
    paragraphs: [
      `${formatCount(calls)} calls; of the columns that a log can fill, ${columns.filter(({ filled }) => filled > 0).length} of ${columns.length} are filled, ${partly} of them for a part of the calls.`,
    ],
    points: [
      ...warnings.map((text) => `Looks wrong: ${text}`),
      ...cannot.map(({ measure, why }) => `Cannot be measured: ${measure}; ${why}`),
    ],
  };
}

function againPart({ seed, level, version, from, to }: Omit<Report, "parts">, files: Table): Part {
  return {
    title: "How to get the same numbers",
    points: [
      ...(version === undefined ? [] : [`fieldnotes ${version}`]),
      `seed ${seed}, intervals at ${Number((100 * level).toPrecision(6))} %`,
      ...(from === null ? [] : [`calls from ${from} to ${to}`]),
      "Files with the same hashes, ingested in any order, give the same numbers.",
    ],
    tables: [{ table: files, caption: "Files" }],
  };
}
