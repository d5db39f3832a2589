import type { Dialect } from "./dialect";

const nullable = (type: string) => `Nullable(${type})`;
const text = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
/** A literal without what tells its type, which the table's columns tell. */
const asValue = (literal: string) =>
  literal.replace(
    /'(?:\\.|[^'\\])*'|toFloat64\(([^()]*)\)|\((-inf)\)/g,
    (all, number, open) => number ?? open ?? all,
  );
const types: Record<string, string> = {
  VARCHAR: "String",
  DOUBLE: "Float64",
  FLOAT: "Float32",
  BIGINT: "Int64",
  UBIGINT: "UInt64",
  INTEGER: "Int32",
  HUGEINT: "Int128",
  BOOLEAN: "Bool",
  TIMESTAMP: "DateTime64(6, 'UTC')",
  DATE: "Date32",
};

/** ClickHouse from version 24.3 on, which first resolved names as in standard SQL. */
export const clickhouse: Dialect = {
  name: "ClickHouse",
  types: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, nullable(type)])),
  quote: (name) => `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``,
  text,
  double: (value) =>
    Number.isNaN(value)
      ? "nan"
      : Number.isFinite(value)
        ? `toFloat64(${value})`
        : value > 0
          ? "inf"
          : "(-inf)",
  functions: {
    // Sums are always of floats: sums of integers silently wrap around if too large.
    sum: (x) => `sum(toFloat64(${x}))`,
    fsum: (x) => `sum(toFloat64(${x}))`,
    count: (x) => `count(${x})`,
    count_distinct: (x) => `uniqExact(${x})`,
    min: "min",
    max: "max",
    avg: (x) => `avg(toFloat64(${x}))`,
    any_value: "any",
    bool_or: "max",
    bool_and: "min",
    arg_min: "argMin",
    arg_max: "argMax",
    min_by: (x, key, most) =>
      `arrayMap(one -> tupleElement(one, 2), arraySlice(arraySort(groupArray(tuple(${key}, ${x}))), 1, ${most}))`,
    list: "groupArray",
    median: (x) => `quantileExactInclusive(0.5)(toFloat64(${x}))`,
    // DuckDB's definition of a discrete quantile, which differs from ClickHouse's own.
    quantile_disc: (x, q) =>
      `if(count(${x}) = 0, NULL, arraySort(groupArray(${x}))[greatest(1, toInt64(count(${x})) - toInt64(floor(count(${x}) - ${q} * count(${x}))))])`,
    len: "length",
    list_sort: "arraySort",
    list_contains: (list, x) => `if(isNull(${x}), NULL, has(${list}, ${x}))`,
    list_select: (list, places) => `arrayMap(place -> ${list}[place], ${places})`,
    sqrt: "sqrt",
    abs: "abs",
    sign: "sign",
    floor: "floor",
    ceil: "ceil",
    ln: "log",
    log2: "log2",
    replace: "replaceAll",
    exp: "exp",
    greatest: "greatest",
    least: "least",
    nullif: "nullIf",
    lower: "lower",
    upper: "upper",
    substr: "substring",
    starts_with: "startsWith",
    concat_ws: "concat_ws",
    isnan: "isNaN",
    isfinite: (x) => `isFinite(${x})`,
    isfinite_time: (x) => `(${x} IS NOT NULL)`,
    epoch_us: (x) => `toUnixTimestamp64Micro(CAST(${x} AS Nullable(DateTime64(6, 'UTC'))))`,
    epoch: (x) => `(toUnixTimestamp64Micro(${x}) / 1e6)`,
    make_timestamp: (us) => `fromUnixTimestamp64Micro(${us}, 'UTC')`,
    hour: (x) => `toHour(${x})`,
    isodow: (x) => `toDayOfWeek(${x})`,
    // There %M is the month's name, and %i the minute.
    strftime: (x, format) => `formatDateTime(${x}, ${format.replaceAll("%M", "%i")})`,
    date_trunc: (part, x) => `date_trunc(${part}, ${x})`,
    // A time without a zone is in UTC; with a zone it becomes local time there.
    timezone: (zone, x) => (zone === "'UTC'" ? x : `toTimeZone(${x}, ${zone})`),
    md5: (x) => `lower(hex(MD5(${x})))`,
    "||": (a, b) => `concat(toString(${a}), toString(${b}))`,
    "//": (a, b) => `intDiv(${a}, ${b})`,
    "%": (a, b) => `(${a} % ${b})`,
    "^": (a, b) => `pow(${a}, ${b})`,
    "**": (a, b) => `pow(${a}, ${b})`,
    pow: "pow",
    ">>": (a, b) => `bitShiftRight(${a}, ${b})`,
    "&": (a, b) => `bitAnd(${a}, ${b})`,
    "+": (a, b) => `(${a} + ${b})`,
    "-": (a, b) => (b === undefined ? `(-${a})` : `(${a} - ${b})`),
    "*": (a, b) => `(${a} * ${b})`,
    "/": (a, b) => `(${a} / ${b})`,
    "~~": (x, pattern) => `(${x} LIKE ${pattern.replaceAll("\\\\", "\\\\\\\\")})`,
    "!~~": (x, pattern) => `(${x} NOT LIKE ${pattern.replaceAll("\\\\", "\\\\\\\\")})`,
    row_number: "row_number",
    rank: "rank",
    lead: "lead",
    lag: "lag",
  },
  hexadecimal: (digits) => `reinterpretAsUInt64(reverse(unhex(${digits})))`,
  rounded: (x, type) => `CAST(round(toFloat64(${x})) AS ${type})`,
  // As one tuple, so that NULL parts are hashed too.
  hash: (values) => `sipHash64(tuple(${values.join(", ")}))`,
  ordered: (value, keys) =>
    `arrayMap(one -> tupleElement(one, ${keys.length + 1}), arraySort(groupArray(tuple(${[...keys, value].join(", ")}))))`,
  filtered: (list, one, condition) => `arrayFilter(${one} -> ${condition}, ${list})`,
  list: (items) => `[${items.join(", ")}]`,
  listOf: (type) => `Array(${type})`,
  among: (values, query) => `(${values.join(", ")}) IN (${query})`,
  row: (values) => `tuple(${values.join(", ")})`,
  rowOf: (fields) => `Tuple(${fields.map(({ type }) => type).join(", ")})`,
  field: (row, place) => `tupleElement(${row}, ${place})`,
  literalTable: (columns, rows) => {
    const structure = text(columns.map(({ name, type }) => `${name} ${type}`).join(", "));
    if (rows.length === 0) return `null(${structure})`;
    // As a text in the format of INSERT, since expressions in values() take a hundred times as long.
    return `format(Values, ${structure}, ${text(rows.map((row) => `(${row.map(asValue).join(",")})`).join(","))})`;
  },
  temporary: {
    table: (name) => name,
    create: (table, query) => `CREATE TEMPORARY TABLE ${table} ENGINE = Memory AS\n${query}`,
    drop: (table) => `DROP TEMPORARY TABLE ${table}`,
  },
  settings: [
    "join_use_nulls = 1",
    "aggregate_functions_null_for_empty = 1",
    "cast_keep_nullable = 1",
    "transform_null_in = 0",
    "enable_positional_arguments = 0",
    "allow_experimental_analyzer = 1",
    "max_query_size = 268435456",
    "max_ast_elements = 100000000",
    "max_expanded_ast_elements = 100000000",
    "output_format_json_quote_64bit_integers = 1",
    "output_format_json_quote_denormals = 1",
  ].join(", "),
  reads: (type, engineType) => [types[type], nullable(types[type])].includes(engineType),
};
