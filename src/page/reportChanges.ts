import { readFileSync } from "node:fs";
import { revived } from "../decide/savedReport";
import { keysOf, rowKey } from "../measures/rowKey";
import { isEstimate, type Row, type Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { differenceOf } from "../stats/mover";
import { counted } from "../stats/text";
import { formatCount, formatEstimate } from "./number";
import type { Part } from "./part";

/** What a later report needs from an earlier one: the parts of its JSON that are compared. */
export interface EarlierReport {
  from: string | null;
  to: string | null;
  calls: number;
  /** Hashes of the files it was made from. */
  inputs: string[];
  /** The model that won each profile; null if undecided. */
  picks: Record<string, string | null>;
  metrics: Pick<Table, "by" | "rows">;
}

/**
 * Reads the JSON of an earlier report.
 *
 * @throws Error if the file cannot be read or is not a report
 * @example
 * const store = await openDemo({ log: "cascade" });
 * writeFileSync("march.json", JSON.stringify(await reportOf(store)));
 * readEarlier("march.json").calls // 1579
 */
export function readEarlier(path: string): EarlierReport {
  const rule = "report requires --against FILE.json, the JSON that an earlier report wrote beside its page";
  let found: Partial<EarlierReport>;
  try {
    found = JSON.parse(readFileSync(path, "utf8"), revived) as Partial<EarlierReport>;
  } catch (error) {
    throw new Error(`${rule}, got ${path}: ${(error as Error).message}`);
  }
  const { metrics, picks, inputs, calls } = found ?? {};
  if (
    !Array.isArray(metrics?.by) ||
    !Array.isArray(metrics.rows) ||
    !Array.isArray(inputs) ||
    typeof picks !== "object" ||
    typeof calls !== "number"
  )
    throw new Error(`${rule}, got ${path}, which lacks its numbers`);
  return found as EarlierReport;
}

interface Change {
  row: Row;
  change: Estimate;
}

/** What changed since an earlier report: which model is picked, and every number that moved by more than chance. */
export function changesPart(earlier: EarlierReport, now: EarlierReport): Part {
  const shared = now.inputs.filter((hash) => earlier.inputs.includes(hash)).length;
  const { changed, compared } = changes(earlier.metrics, now.metrics);
  const picks = Object.keys({ ...earlier.picks, ...now.picks }).map((profile) =>
    pickChange(profile, earlier, now),
  );
  const seen = models(earlier);
  const came = [...models(now)].filter((model) => !seen.has(model));
  const left = [...seen].filter((model) => !models(now).has(model));
  const points = [
    ...picks,
    ...(came.length > 0 ? [`New: ${came.join(", ")}.`] : []),
    ...(left.length > 0 ? [`No longer there: ${left.join(", ")}.`] : []),
    compared === 0
      ? "The reports have no number in common."
      : `${formatCount(compared)} numbers are in both reports; ${formatCount(changed.length)} of them changed significantly. By chance alone about ${formatCount(Math.round(compared * 0.05))} would.`,
    ...(shared > 0
      ? [
          `${formatCount(shared)} of ${counted(now.inputs.length, "file")} ${shared === 1 ? "is" : "are"} in both reports: shared data cannot differ, so changes are understated.`,
        ]
      : []),
  ];
  return {
    title: "What changed since the earlier report",
    paragraphs: [
      `The earlier report was measured on ${counted(earlier.calls, "call")}${span(earlier)}, this one on ${formatCount(now.calls)}${span(now)}.`,
    ],
    points,
    tables:
      changed.length === 0
        ? []
        : [
            {
              table: changed.sort((a, b) => size(b.change) - size(a.change)).map(({ row }) => row),
              caption: "Numbers that changed, clearest first",
            },
          ],
  };
}

function changes(before: EarlierReport["metrics"], now: EarlierReport["metrics"]) {
  const key = (row: Row) => rowKey(now.by, row);
  const earlier = new Map(before.rows.map((row) => [key(row), row]));
  const changed: Change[] = [];
  let compared = 0;
  for (const row of now.rows) {
    const old = earlier.get(key(row));
    for (const [name, cell] of Object.entries(row)) {
      const was = old?.[name];
      if (
        !isEstimate(cell) ||
        !isEstimate(was) ||
        !bounded(cell) ||
        !bounded(was) ||
        cell.level !== was.level
      )
        continue;
      compared++;
      const change = { ...differenceOf(cell, was), unit: cell.unit };
      if (!(change.low > 0 || change.high < 0)) continue;
      const own = keysOf(now.by, row);
      const shown = {
        ...own,
        metric: name.replaceAll("_", " "),
        before: formatEstimate(was),
        now: formatEstimate(cell),
      };
      changed.push({ row: { ...shown, change: formatEstimate(change) }, change });
    }
  }
  return { changed, compared };
}

const bounded = ({ value, low, high }: Estimate) => [value, low, high].every(Number.isFinite);

/** The distance of a change from zero, in half widths of its interval. */
const size = ({ value, low, high }: Estimate) => Math.abs(value) / (value > 0 ? value - low : high - value);

function pickChange(profile: string, earlier: EarlierReport, now: EarlierReport): string {
  const [was, is] = [earlier.picks[profile], now.picks[profile]];
  const name = (pick: string | null | undefined) =>
    pick === undefined ? "not asked" : pick === null ? "no model shown to be best" : pick;
  return was === is ? `${profile}: still ${name(is)}.` : `${profile}: ${name(was)} before, now ${name(is)}.`;
}

const models = ({ metrics }: EarlierReport) =>
  new Set(metrics.rows.flatMap(({ model }) => (typeof model === "string" ? [model] : [])));

const span = ({ from, to }: EarlierReport) =>
  from === null ? "" : ` from ${from.slice(0, 10)} to ${to?.slice(0, 10)}`;
