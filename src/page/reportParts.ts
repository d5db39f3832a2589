import type { Diagnosis } from "../measures/doctor";
import type { Table } from "../measures/table";
import { formatCount } from "./number";
import type { Part } from "./part";
import type { Report } from "./report";
import { inDollars } from "./reportTables";

/** The models' numbers, a table for each workload. */
export function sidePart(metrics: Table): Part | undefined {
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
    title: "The models side by side",
    fold: true,
    paragraphs: ["Each number stands with the range that the data leave open; hover over it for its method."],
    tables,
  };
}

/** What the notes of all tables say. */
export function leftOutPart(told: { notes: readonly string[] }[], unfit: string[]): Part {
  return {
    title: "What was left out or assumed",
    fold: true,
    points: [...new Set([...unfit, ...told.flatMap(({ notes }) => notes)])],
  };
}

/** What is in the logs, and what looks wrong there. */
export function dataPart({ warnings, cannot, calls, columns }: Diagnosis): Part {
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

/** What it takes to measure again. */
export function againPart({ seed, level, version, from, to }: Omit<Report, "parts">, files: Table): Part {
  return {
    title: "How to get the same numbers",
    fold: true,
    points: [
      ...(version === undefined ? [] : [`fieldnotes ${version}`]),
      `seed ${seed}, intervals at ${Number((100 * level).toPrecision(6))} %`,
      ...(from === null ? [] : [`calls from ${from} to ${to}`]),
      "Files with the same hashes, ingested in any order, give the same numbers.",
    ],
    tables: [{ table: files, caption: "Files" }],
  };
}

/** What the benchmarks say beside what production says. */
export function benchmarkPart(
  { rows, by, measure }: Table,
  leader: string | undefined,
  picks: Record<string, string | null>,
): Part | undefined {
  if (rows.length === 0) return undefined;
  const taken = Object.entries(picks).filter(([, pick]) => pick === leader);
  const follow =
    leader === undefined
      ? []
      : [
          `Most benchmarks that can tell these models apart put ${leader} first. ${taken.length === 0 ? "No profile takes it" : `It is taken by ${taken.map(([profile]) => profile).join("; ")}`}.`,
        ];
  return {
    title: "What the benchmarks say, and what production says",
    paragraphs: [
      ...follow,
      "Where a benchmark agrees, its order can stand in for a measurement here; where it does not, or cannot be told to, it can only say whom to try.",
    ],
    tables: [{ table: { measure, by, rows, notes: [] }, caption: "Side by side" }],
  };
}
