import type { Dialect, MadeColumn } from "./dialect";

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const types: Record<string, string> = {
  VARCHAR: "varchar",
  DOUBLE: "double",
  FLOAT: "real",
  BIGINT: "bigint",
  // Hashes are non-negative and below half of the range, so bigint suffices.
  UBIGINT: "bigint",
  INTEGER: "integer",
  HUGEINT: "decimal(38, 0)",
  BOOLEAN: "boolean",
  TIMESTAMP: "timestamp(6)",
  DATE: "date",
};
const inText = (value: string) => `coalesce('v' || CAST(${value} AS varchar), 'n')`;

/** The lower and the upper of the values in the middle. */
const inOrder = (x: string, more: string) =>
  `element_at(array_sort(array_agg(CAST(${x} AS double)) FILTER (WHERE ${x} IS NOT NULL)), (count(${x}) + ${more}) / 2)`;

/** What JSON can be cast to; any other type is sent as text. */
const inJson = new Set(["varchar", "double", "real", "bigint", "integer", "boolean"]);
/** The longest literal table that is written as expressions: Trino takes a hundred times as long for one of them as for JSON. */
const fewRows = 50;

/** A literal as JSON; undefined if it is no plain value. */
function asJson(literal: string): string | undefined {
  if (/^(-?\d+|true|false)$/.test(literal)) return literal;
  if (literal === "NULL") return "null";
  const special = { "nan()": "NaN", "infinity()": "Infinity", "(-infinity())": "-Infinity" }[literal];
  if (special !== undefined) return JSON.stringify(special);
  const [, number, quoted] = /^(?:DOUBLE '([^']*)'|'((?:[^']|'')*)')$/.exec(literal) ?? [];
  return number ?? (quoted === undefined ? undefined : JSON.stringify(quoted.replaceAll("''", "'")));
}

/** Rows in one text; undefined if a cell is no plain value. */
function rowsAsJson(rows: readonly (readonly string[])[]): string | undefined {
  const lines: string[] = [];
  for (const row of rows) {
    const cells = row.map(asJson);
    if (cells.includes(undefined)) return undefined;
    lines.push(`[${cells.join(",")}]`);
  }
  return `[${lines.join(",")}]`;
}

function typed(query: string, columns: readonly MadeColumn[]): string {
  const list = columns.map(({ name, type }) =>
    type === undefined ? quote(name) : `CAST(${quote(name)} AS ${type}) AS ${quote(name)}`,
  );
  return `SELECT ${list.join(", ")} FROM (\n${query}\n) AS made`;
}

/** Trino, and Athena, which has the same SQL. */
export const trino: Dialect = {
  name: "Trino",
  types,
  quote,
  text,
  double: (value) =>
    Number.isNaN(value)
      ? "nan()"
      : Number.isFinite(value)
        ? `DOUBLE '${value}'`
        : value > 0
          ? "infinity()"
          : "(-infinity())",
  functions: {
    sum: (x) => `sum(CAST(${x} AS double))`,
    fsum: (x) => `sum(CAST(${x} AS double))`,
    count: "count",
    count_distinct: (x) => `count(DISTINCT ${x})`,
    min: "min",
    max: "max",
    avg: (x) => `avg(CAST(${x} AS double))`,
    any_value: "any_value",
    bool_or: "bool_or",
    bool_and: "bool_and",
    // Rows with a null value are skipped, as in DuckDB.
    arg_min: (x, key) => `min_by(${x}, CASE WHEN ${x} IS NOT NULL THEN ${key} END)`,
    arg_max: (x, key) => `max_by(${x}, CASE WHEN ${x} IS NOT NULL THEN ${key} END)`,
    // Trino's own gives at most 10,000.
    min_by: (x, key, most) => `slice(array_agg(${x} ORDER BY ${key}), 1, ${most})`,
    list: "array_agg",
    median: (x) => `((${inOrder(x, "1")} + ${inOrder(x, "2")}) / 2)`,
    // DuckDB's definition of a discrete quantile.
    quantile_disc: (x, q) =>
      `element_at(array_sort(array_agg(${x}) FILTER (WHERE ${x} IS NOT NULL)), CAST(greatest(1, count(${x}) - floor(count(${x}) - ${q} * count(${x}))) AS bigint))`,
    list_contains: (list, one) => `CASE WHEN ${one} IS NOT NULL THEN contains(${list}, ${one}) END`,
    len: "cardinality",
    list_sort: "array_sort",
    // A lambda cannot contain an aggregate, but its state can start with one.
    list_select: (list, places) =>
      `reduce(${places}, ROW(${list}, slice(${list}, 1, 0)), (found, place) -> ROW(found[1], found[2] || ARRAY[element_at(found[1], place)]), found -> found[2])`,
    sqrt: "sqrt",
    abs: "abs",
    sign: "sign",
    floor: (x) => `floor(CAST(${x} AS double))`,
    ceil: (x) => `ceil(CAST(${x} AS double))`,
    ln: "ln",
    log2: "log2",
    replace: "replace",
    exp: "exp",
    // These ignore nulls, as in DuckDB.
    greatest: (a, b) => `coalesce(greatest(${a}, ${b}), ${a}, ${b})`,
    least: (a, b) => `coalesce(least(${a}, ${b}), ${a}, ${b})`,
    nullif: "nullif",
    lower: "lower",
    upper: "upper",
    substr: "substr",
    starts_with: "starts_with",
    isnan: "is_nan",
    isfinite: "is_finite",
    isfinite_time: (x) => `(${x} IS NOT NULL)`,
    epoch_us: (x) => `CAST(round(to_unixtime(${x}) * 1e6) AS bigint)`,
    epoch: "to_unixtime",
    make_timestamp: (us) => `CAST(from_unixtime_nanos(${us} * 1000) AT TIME ZONE 'UTC' AS timestamp(6))`,
    hour: "hour",
    isodow: "day_of_week",
    // There %M is the month's name, and %i the minute.
    strftime: (x, format) => `date_format(${x}, ${format.replaceAll("%M", "%i")})`,
    date_trunc: (part, x) => `date_trunc(${part}, ${x})`,
    // A time without a zone is in UTC; with a zone it becomes local time there.
    timezone: (zone, x) =>
      zone === "'UTC'" ? x : `CAST(with_timezone(${x}, 'UTC') AT TIME ZONE ${zone} AS timestamp(6))`,
    md5: (x) => `lower(to_hex(md5(to_utf8(${x}))))`,
    "||": (a, b) => `(CAST(${a} AS varchar) || CAST(${b} AS varchar))`,
    "//": (a, b) => `(${a} / ${b})`,
    "%": (a, b) => `(${a} % ${b})`,
    "^": (a, b) => `power(${a}, ${b})`,
    "**": (a, b) => `power(${a}, ${b})`,
    pow: "power",
    ">>": (a, b) => `bitwise_right_shift(${a}, ${b})`,
    "&": (a, b) => `bitwise_and(${a}, ${b})`,
    "+": (a, b) => `(${a} + ${b})`,
    "-": (a, b) => (b === undefined ? `(-${a})` : `(${a} - ${b})`),
    "*": (a, b) => `(${a} * ${b})`,
    "/": (a, b) => `(CAST(${a} AS double) / CAST(${b} AS double))`,
    "~~": (x, pattern) => `(${x} LIKE ${pattern})`,
    "!~~": (x, pattern) => `(${x} NOT LIKE ${pattern})`,
    row_number: "row_number",
    rank: "rank",
    lead: "lead",
    lag: "lag",
  },
  hexadecimal: (digits) => `from_base(${digits}, 16)`,
  rounded: (x, type) => `CAST(CAST(${x} AS double) AS ${type})`,
  hash: (values) =>
    `bitwise_and(from_big_endian_64(xxhash64(to_utf8(${values.map(inText).join(" || chr(0) || ")}))), 9223372036854775807)`,
  ordered: (value, keys) => `array_agg(${value} ORDER BY ${keys.join(", ")})`,
  filtered: (list, one, condition) => `filter(${list}, ${one} -> ${condition})`,
  list: (items) => `ARRAY[${items.join(", ")}]`,
  listOf: (type) => `array(${type})`,
  // A row of which a part is null cannot be compared there.
  among: (values, query, names) => {
    const known = (all: readonly string[]) => all.map((one) => `${one} IS NOT NULL`).join(" AND ");
    return `CASE WHEN ${known(values)} THEN ROW(${values.join(", ")}) END IN (SELECT * FROM (${query}) AS one WHERE ${known(names.map((name) => `one.${quote(name)}`))})`;
  },
  row: (values) => `ROW(${values.join(", ")})`,
  rowOf: (fields) => `row(${fields.map(({ name, type }) => `${quote(name)} ${type}`).join(", ")})`,
  field: (row, place) => `${row}[${place}]`,
  literalTable: (columns, rows) => {
    const cast = columns.map(({ name, type }) => `CAST(${name} AS ${type}) AS ${name}`).join(", ");
    const names = columns.map(({ name }) => name).join(", ");
    const json = rows.length > fewRows ? rowsAsJson(rows) : undefined;
    if (json !== undefined) {
      const read = columns
        .map(({ name, type }) => `${name} ${inJson.has(type) ? type : "varchar"}`)
        .join(", ");
      return `(SELECT ${cast} FROM UNNEST(CAST(json_parse(${text(json)}) AS array(row(${read})))) AS given (${names}))`;
    }
    return rows.length === 0
      ? `(SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`).join(", ")} WHERE false)`
      : `(SELECT ${cast} FROM (VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}) AS given (${names}))`;
  },
  scratch: (place) => ({
    place,
    table: (name) => `${place.split(".").map(quote).join(".")}.${quote(name)}`,
    create: (table, query, columns) => `CREATE TABLE ${table} AS\n${typed(query, columns)}`,
    add: (table, query, columns) => `INSERT INTO ${table}\n${typed(query, columns)}`,
    drop: (table) => `DROP TABLE IF EXISTS ${table}`,
  }),
  settings: "",
  reads: (type, engineType) => types[type] === engineType.replace(/^varchar\(\d+\)$/, "varchar"),
};
