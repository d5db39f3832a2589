import { toNumber } from "../charts/number";
import { shorten } from "../charts/text";
import { convert } from "../charts/unit";
import { isClaim, isEstimate } from "../measures/table";
import { type Estimate, toldBy } from "../stats/estimate";
import { footnotes } from "./footnote";

/** What one column of a table shows: a field of its rows, or one of the several estimates of a field. */
export interface Source {
  key: string;
  part?: string;
  cells: unknown[];
}

/**
 * False for a column that is empty in all rows, also in those not shown: a measure's columns are those that it can fill,
 * while a query's are what was asked for.
 */
export function isFilled(rows: readonly Record<string, unknown>[], { key, part }: Source): boolean {
  return rows.some((row) => {
    const cell = part === undefined ? row[key] : isSeveral(row[key]) ? row[key][part] : undefined;
    if (isEstimate(cell)) return ![cell.value, cell.low, cell.high].map(toNumber).every(Number.isNaN);
    return cell !== null && cell !== undefined && cell !== "" && !Number.isNaN(cell);
  });
}

/** Why the columns left out are empty: those with the same reason together. */
export function leftOut(sources: readonly Source[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { key, part, cells } of sources) {
    const said = footnotes();
    for (const cell of cells) if (isEstimate(cell)) said.mark(toldBy(cell));
    const why = said
      .list()
      .map(({ note }) => note)
      .join("; ");
    if (why !== "") reasons.set(why, [...(reasons.get(why) ?? []), title(key, part)]);
  }
  const each = [...reasons].map(([why, columns]) => `${columns.join(", ")} (${why})`);
  return each.length === 0 ? [] : [`Not known in any row, so not shown: ${each.join("; ")}.`];
}

/** The columns of rows: first those that name them, then each field as it first occurs. */
export function columnsOf(rows: readonly Record<string, unknown>[], by: readonly string[]): Source[] {
  const keys = new Set(by);
  for (const row of rows) for (const key of Object.keys(row)) keys.add(key);
  return [...keys].flatMap((key): Source[] => {
    const cells = rows.map((row) => row[key]);
    // A field meant for several estimates that has none in any row gets no column.
    if (cells.length > 0 && cells.every(isNone)) return [];
    // The verdict says in words what it rests on.
    if (cells.some(isClaim)) return [];
    if (!cells.some(isSeveral)) return [{ key, cells }];
    const parts = new Set(cells.flatMap((cell) => (isSeveral(cell) ? Object.keys(cell) : [])));
    return [...parts].sort(inOrder).map((part) => ({
      key,
      part,
      cells: cells.map((cell) => (isSeveral(cell) ? cell[part] : undefined)),
    }));
  });
}

/** Several estimates by name, such as quantiles by probability. */
function isSeveral(cell: unknown): cell is Record<string, Estimate> {
  if (typeof cell !== "object" || cell === null || Array.isArray(cell) || isEstimate(cell)) return false;
  const parts = Object.values(cell);
  return parts.length > 0 && parts.every(isEstimate);
}

function isNone(cell: unknown): boolean {
  if (typeof cell !== "object" || cell === null || Array.isArray(cell) || cell instanceof Date) return false;
  return Object.keys(cell).length === 0;
}

function inOrder(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? 0 : x - y;
}

/** Units of sums, which have no interval that says theirs. */
const ofSums: Record<string, string> = { total_cost: "USD" };

/** One unit for all columns of the same kind, so that they can be compared: ms only if all are below 1 s. */
export function unitsOf(sources: Source[], wanted: Record<string, string>): string[] {
  const largest = new Map<string, number>();
  for (const estimate of sources.flatMap(({ cells }) => cells.filter(isEstimate))) {
    const size = [estimate.value, estimate.low].map(toNumber).map(Math.abs).find(Number.isFinite) ?? 0;
    const unit = estimate.unit ?? "";
    largest.set(unit, Math.max(largest.get(unit) ?? 0, size));
  }
  return sources.map(({ key, part, cells }) => {
    const [own, ...others] = new Set(cells.filter(isEstimate).map((cell) => cell.unit));
    const unit = wanted[title(key, part)] ?? wanted[key] ?? ofSums[key];
    if (unit === undefined && others.length > 0) return "";
    return own === undefined ? (unit ?? "") : convert(own, unit, [largest.get(own) ?? 0]).unit;
  });
}

/** "p99.9" for a quantile, "pass at 4" for one of several, otherwise the name split into words. */
export function title(key: string, part?: string): string {
  const words = shorten(key, 60).replaceAll("_", " ");
  if (part === undefined) return words;
  const p = Number(part);
  const isQuantile = (key === "quantiles" || key === "turns") && p >= 0 && p <= 1;
  if (isQuantile) return `${key === "quantiles" ? "" : `${words} `}p${Number((p * 100).toPrecision(12))}`;
  return `${words} ${shorten(part, 60)}`;
}
