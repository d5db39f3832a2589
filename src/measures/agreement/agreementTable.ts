import { isMissing, numberIn } from "../../logs/files/tableCell";
import { isBeside, isLow } from "../../logs/records/leaderboardColumns";
import { defined } from "../../stats/defined";
import { holm } from "../../stats/multiplicity";
import { errorsOf } from "../benchmark/benchmarkPool";
import { type ErrorsOf, modelsOf, type Side, sideNotes, sideOf } from "../benchmark/benchmarkSide";
import { listed, type Scores, scoreColumn } from "../benchmark/benchmarkTable";
import type { Keyed, Table } from "../table";
import { type Agreement, agreementOf, type PairOptions } from "./agreementPair";
import type { KnownErrors } from "./agreementSides";

/** One line of an agreement table. */
export type AgreementRow = Keyed<
  Omit<Agreement, "reservations"> & {
    benchmark: string;
    metric: string;
  }
>;

/** How to compare a table's columns. */
export interface AgreementOfTableOptions extends PairOptions {
  /** The column that the others are compared with. */
  against: string;
  /**
   * The columns to compare. Default: all others that hold numbers and aren't ranks, errors, bounds or counts by their
   * names.
   */
  benchmarks?: readonly string[];
  /** Columns in which lower is better. Default: those whose names say so ("Perplexity ↓"). */
  lowerIsBetter?: readonly string[];
  /**
   * The uncertainty of a column: its column of standard errors, { "Arena Elo": "SE" }, its two columns of bounds at
   * `level`, { Elo: { low: "q025", high: "q975" } }, or the number of items behind a share, { MMLU: { items: 14042 } }.
   * Columns named here are not compared themselves.
   */
  errors?: Readonly<Record<string, string | ErrorsOf>>;
}

/**
 * How well the order of models on each of a table's leaderboards agrees with their order in one column.
 *
 * Each pair of columns is compared over the models that have both; n and `models` count them. Without standard errors
 * the interval treats the models as a sample, from 10 models on; with errors on either side it is about the true values
 * of these models, from 4 on. Several rows of one model are averaged. Spearman and Kendall's tau-b; ties share their
 * mean rank. The verdict is "agrees" if the whole interval is at or above the margin, "disagrees" if all of it is
 * below, else "cannot tell".
 *
 * @remarks Methods: `rankCorrelationOverModels`, `rankCorrelation`, `permutationP`, `holm`.
 * @returns a row for each leaderboard, in the order of the columns
 * @throws RangeError for a column that the table doesn't have, or a margin or level outside its range
 * @example
 * agreementOfTable({ model: "m", columns: ["a", "b"], rows: [1, 2, 3, 4].map((x) => ({ m: "m" + x, a: x, b: x * x })), files: {}, notes: [] }, { against: "b" }).rows[0].spearman.value // 1
 */
export function agreementOfTable(table: Scores, options: AgreementOfTableOptions): Table<AgreementRow> {
  const { margin = 0.5, level = 0.95, seed = 1 } = options;
  checkMargin(margin);
  const find = (option: string) => (name: string) => scoreColumn("agreement", option, table, name);
  const against = find("against")(options.against);
  const lower = new Set(options.lowerIsBetter?.map(find("lowerIsBetter")) ?? table.columns.filter(isLow));
  const errors = new Map(
    Object.entries(options.errors ?? {}).map(([of, by]) => [find("errors")(of), found(by, find("errors"))]),
  );
  const errorColumns = new Set<unknown>([...errors.values()].flatMap((one) => Object.values(one)));
  const others = table.columns.filter(
    (one) => one !== against && !errorColumns.has(one) && holdsNumbers(table, one),
  );
  const columns = options.benchmarks?.map(find("benchmarks")) ?? others.filter((one) => !isBeside(one));
  const left = options.benchmarks === undefined ? others.filter(isBeside) : [];
  const models = modelsOf(table);
  const side = (column: string) =>
    sideOf(table, models, column, { sign: lower.has(column) ? -1 : 1, errors: errors.get(column), level });
  const production = side(against);
  const sign = lower.has(against) ? -1 : 1;
  const rows = columns.map((benchmark): AgreementRow => {
    const scores = side(benchmark);
    const kept = scores.values.flatMap((score, at) =>
      Number.isFinite(score) && Number.isFinite(production.values[at]) ? [at] : [],
    );
    const of = <T>(values: readonly T[]) => kept.map((at) => values[at]);
    return {
      benchmark,
      metric: against,
      ...agreementOf(
        {
          models: of(models.names),
          benchmark: of(scores.values),
          production: of(production.values),
          ...(scores.errors === undefined ? {} : { benchmarkError: of(scores.errors) }),
          ...(production.errors === undefined ? {} : { productionError: of(production.errors) }),
          ...defined({ benchmarkRuns: runsOf(scores, of), productionRuns: runsOf(production, of) }),
          own: (value) => sign * value,
          lowerIsBetter: sign < 0,
          unit: "",
        },
        { margin, level, seed },
      ),
    };
  });
  withHolm(rows);
  return {
    measure: "agreement",
    by: ["benchmark", "metric"],
    rows,
    notes: [
      ...weightedNotes(rows),
      ...familyNotes(rows),
      ...(columns.length === 0 ? [`The table has no column of numbers beside ${against}.`] : []),
      ...(options.lowerIsBetter === undefined ? small([against, ...columns].filter(isLow)) : []),
      ...(left.length === 0
        ? []
        : [
            `Not compared, since their names do not sound like scores: ${listed(left)}; to compare them, name them as benchmarks.`,
          ]),
      ...fewModels(rows),
      ...without(models.names, against, production.values),
      ...sideNotes(table, models, [against, ...columns]),
      ...(errors.size > 0 ? [] : [exactly]),
      ...table.notes,
    ],
  };
}

function small(low: readonly string[]): string[] {
  return low.length === 0 ? [] : [`Lower is better, judging by the names: ${listed(low)}.`];
}

const exactly =
  "No standard errors, bounds or items of the columns are given: intervals are over models as a sample, and need 10 of them; with fewer, only the p-value helps.";

/** Throws for a margin that no correlation can have. */
export function checkMargin(margin: number): void {
  if (margin > -1 && margin < 1) return;
  // Below 10 it is hardly a percentage: 2 may be anything, and a margin of 0.02 calls nearly everything agreement.
  const hint = margin >= 10 && margin < 100 ? `; did you mean ${margin / 100}?` : "";
  throw new RangeError(
    `agreement requires -1 < margin < 1, the rank correlation from which on rankings agree (default 0.5), got ${margin}${hint}`,
  );
}

/** Sets p_holm: the p-values of all rows are one family, except where nothing could be tested. */
export function withHolm(rows: readonly Agreement[]): void {
  const adjusted = holm(rows.map(({ p_value, p_holm }) => (Number.isNaN(p_holm) ? p_holm : p_value)));
  rows.forEach((row, at) => {
    row.p_holm = adjusted[at];
  });
}

/** Explains the weighted tau. */
export function weightedNotes(rows: readonly Agreement[]): string[] {
  if (!rows.some(({ weighted_tau }) => Number.isFinite(weighted_tau.value))) return [];
  return [
    "The weighted tau is Kendall's tau in which the top of the board counts most: a pair of models weighs 1 / rank of the one plus 1 / rank of the other.",
  ];
}

/** Notes how many pairs were compared, and what that means for their p-values. */
export function familyNotes(rows: readonly Agreement[]): string[] {
  const tested = rows.filter(({ p_value }) => !Number.isNaN(p_value)).length;
  if (tested < 2) return [];
  return [
    `${tested} pairs of a benchmark and a metric were tested: of so many, some look related by chance alone. Intervals, verdicts and p_value are not corrected for that; p_holm is (Holm).`,
  ];
}

/** Notes the models that have no value in the column compared against. */
function without(names: readonly string[], against: string, production: readonly number[]): string[] {
  const left = names.filter((_, at) => !Number.isFinite(production[at]));
  if (left.length === 0) return [];
  const have = left.length === 1 ? "has no" : "have no";
  const are = left.length === 1 ? "is" : "are";
  return [
    `${left.length} of ${names.length} models ${have} ${against} and ${are} left out: ${listed(left)}.`,
  ];
}

/** Finds the columns that hold another column's uncertainty. */
function found(by: string | ErrorsOf, find: (name: string) => string): ErrorsOf {
  if (typeof by === "string") return { se: find(by) };
  if ("se" in by) return { se: find(by.se) };
  if ("items" in by) return { items: typeof by.items === "number" ? by.items : find(by.items) };
  return { low: find(by.low), high: find(by.high) };
}

function fewModels(rows: readonly AgreementRow[]): string[] {
  const few = rows.filter(({ models }) => models < 4);
  if (few.length === 0) return [];
  const names = few.map(({ benchmark, models }) => `${benchmark} (${models})`);
  return [`Too few models for a correlation, which needs 4 that have both: ${listed(names)}.`];
}

function holdsNumbers(table: Scores, column: string): boolean {
  let numbers = 0;
  let words = 0;
  for (const row of table.rows) {
    const cell = row[column];
    if (cell === null || cell === undefined || Array.isArray(cell) || isMissing(String(cell))) continue;
    if (Number.isFinite(numberIn(cell))) numbers++;
    else words++;
  }
  return numbers > words;
}

/** The errors of a side with what varies from run to run apart, where some models ran several times. */
function runsOf({ pooled }: Side, kept: <T>(values: readonly T[]) => T[]): KnownErrors | undefined {
  const found = errorsOf(kept(pooled ?? []).flatMap((one) => one ?? []));
  return found.runs && found;
}
