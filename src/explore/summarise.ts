import type { Keyed, Table } from "../measures/table";
import { barOf, percent } from "../stats/text";
import { checkStore, type Store } from "../store/open";
import { quoteName } from "../store/quote";
import { type Parameters, rowsOf } from "../store/run";

/** One column of a result. */
export type SummaryRow = Keyed<{
  column: string;
  /** The engine's type. */
  type: string;
  /** Share of rows in which it is empty. */
  empty: number;
  /** Number of distinct values, not counting empty ones. */
  distinct: number;
  /** Minimum, quartiles and maximum of numbers and times; for texts, the first and last in order. */
  least: number | string | null;
  p25: number | string | null;
  p50: number | string | null;
  p75: number | string | null;
  most: number | string | null;
  /** Of numbers. */
  mean: number | null;
  /** The distribution of numbers and times from the minimum to the 99th percentile, in ten bars. */
  spread: string | null;
  /** The most frequent values, each with its share of the rows. */
  often: string;
}>;

/** Numeric types, with an order, a mean and a spread. */
const isNumber = (type: string) =>
  /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\([\d,]+\))$/.test(type);
const isTime = (type: string) => /^(TIMESTAMP[\w ]*|DATE)$/.test(type);
const isOrdered = (type: string) =>
  isNumber(type) || isTime(type) || /^(VARCHAR|TIME|ENUM\(.*\))$/.test(type);

const BINS = 10;

/**
 * Summarises the columns of a result: type, share empty, distinct values, minimum, quartiles and maximum, mean, most
 * frequent values and a small histogram.
 *
 * @param sql a statement, or the name of a table
 * @returns a table with a row for each column; shares are of all rows
 * @throws the engine's error if it cannot run the statement
 * @example
 * const store = await openDemo();
 * const { rows } = await summarise(store, "select model, duration from calls");
 * rows.map(({ column, distinct }) => `${column} ${distinct > 6}`).join() // "model false,duration true"
 * rows[1].mean.toFixed(2) // "6.20"
 */
export async function summarise(
  store: Store,
  sql: string,
  parameters: Parameters = {},
): Promise<Table<SummaryRow>> {
  checkStore("summarise", store);
  if (typeof sql !== "string" || sql.trim() === "")
    throw new TypeError('summarise requires a statement or the name of a table, such as "calls"');
  const named = /^\s*\w+\s*$/.test(sql) ? `from ${quoteName(sql.trim())}` : sql.replace(/;\s*$/, "");
  const { connection } = store;
  const columns = await rowsOf<{ column_name: string; column_type: string }>(
    connection,
    `describe ${named}`,
    parameters,
  );
  const from = `(${named}) as summarised`;
  const described = columns.map(({ column_name, column_type }) => ({
    column: column_name,
    name: quoteName(column_name),
    type: column_type,
  }));
  const [counts] = await rowsOf<Record<string, unknown>>(
    connection,
    `select count(*)::double as n, ${described.map(aggregates).join(", ")} from ${from}`,
    parameters,
  );
  const n = Number(counts.n);
  const spreads = await spreadsOf();
  const often = await Promise.all(described.map(oftenOf));
  const rows = described.map(({ column, type }, at): SummaryRow => {
    const of = (what: string) => plain(counts[`${what}${at}`]);
    return {
      column,
      type,
      empty: n === 0 ? 0 : 1 - Number(counts[`known${at}`]) / n,
      distinct: Number(counts[`distinct${at}`]),
      ...{ least: of("least"), p25: of("p25_"), p50: of("p50_"), p75: of("p75_"), most: of("most") },
      mean: counts[`mean${at}`] === undefined ? null : (counts[`mean${at}`] as number | null),
      spread: spreads[at],
      often: often[at],
    };
  });
  return { measure: "summary", by: ["column"], rows, notes: [`${n.toLocaleString("en")} rows.`] };

  /** Bin counts from the minimum to the 99th percentile, since the values beyond could push all others into one bin. */
  async function spreadsOf(): Promise<(string | null)[]> {
    const drawn = described.map(({ name, type }, at) => {
      const value = asNumber(name, type);
      const [low, high] = [Number(counts[`low${at}`]), Number(counts[`high${at}`])];
      if (value === undefined || counts[`low${at}`] == null || !(high > low)) return undefined;
      const bin = `least(${BINS - 1}, floor(${BINS} * (${value} - ${low}) / ${high - low}))`;
      return Array.from(
        { length: BINS },
        (_, i) => `count(*) filter (${value} <= ${high} and ${bin} = ${i})::double as b${at}_${i}`,
      );
    });
    const all = drawn.flatMap((one) => one ?? []);
    if (all.length === 0) return described.map(() => null);
    const [found] = await rowsOf<Record<string, number>>(
      connection,
      `select ${all.join(", ")} from ${from}`,
      parameters,
    );
    return drawn.map((one, at) => {
      if (one === undefined) return null;
      const sizes = Array.from({ length: BINS }, (_, i) => found[`b${at}_${i}`]);
      const most = Math.max(...sizes, 1);
      return sizes
        .map((size) => (size === 0 ? " " : barOf(size / most)))
        .join("")
        .replaceAll(" ", "·");
    });
  }

  async function oftenOf({ name }: { name: string }): Promise<string> {
    const found = await rowsOf<{ value: unknown; n: number }>(
      connection,
      `select ${name}::varchar as value, count(*)::double as n from ${from} where ${name} is not null group by all order by n desc, value limit 3`,
      parameters,
    );
    // A rare value is not a frequent one.
    return found
      .filter((one) => one.n > 1 && one.n >= n / 100)
      .map((one) => `${String(one.value).slice(0, 24)} ${percent(one.n / n, 2)}`)
      .join(", ");
  }
}

/** A column converted to numbers for a histogram. */
function asNumber(name: string, type: string): string | undefined {
  if (isNumber(type)) return `${name}::double`;
  return isTime(type) ? `epoch(${name})::double` : undefined;
}

function aggregates({ name, type }: { name: string; type: string }, at: number): string {
  const value = asNumber(name, type);
  const quantile = (p: number) =>
    isNumber(type) ? `quantile_cont(${name}, ${p})::double` : `quantile_disc(${name}, ${p})`;
  const ordered = isOrdered(type);
  return [
    `count(${name})::double as known${at}`,
    `count(distinct ${name})::double as distinct${at}`,
    ...(ordered ? [`min(${name}) as least${at}`, `max(${name}) as most${at}`] : []),
    ...(value === undefined ? [] : [25, 50, 75].map((p) => `${quantile(p / 100)} as p${p}_${at}`)),
    ...(isNumber(type) ? [`avg(${name}) filter (isfinite(${name}::double)) as mean${at}`] : []),
    ...(value === undefined
      ? []
      : [
          `min(${value}) filter (isfinite(${name}${isNumber(type) ? "::double" : ""})) as low${at}`,
          `quantile_disc(${value}, 0.99) filter (isfinite(${name}${isNumber(type) ? "::double" : ""})) as high${at}`,
        ]),
  ].join(", ");
}

function plain(value: unknown): number | string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T", " ");
  return typeof value === "number" ? value : String(value).slice(0, 24);
}
