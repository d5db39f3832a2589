import { nearest } from "./nearest";

// What an expression may use, by list: anything not named is refused, including whatever the engine's next version
// adds. Left out is anything that reads files, settings or the clock, that plans or runs SQL, that gives a
// different result each time, and that makes much out of little or compares texts letter by letter, which can run
// for hours.

const operators = "+ - * / % ** ^ & | ~ @ << >> // || -> ->> ~~ !~~ ~~* !~~* ~~~ ^@ <@ @>";

const names = `
  abs ceil ceiling floor round round_even trunc sign sqrt cbrt exp ln log log2 log10 pow power mod fmod fdiv divide
  greatest least isnan isinf isfinite even add subtract multiply bit_count xor radians degrees pi
  sin cos tan asin acos atan atan2
  lower upper lcase ucase trim ltrim rtrim length len strlen char_length character_length octet_length left right
  substr substring instr strpos position contains starts_with ends_with prefix suffix replace translate reverse
  split split_part string_split str_split string_to_array string_split_regex regexp_matches regexp_full_match
  regexp_extract regexp_extract_all regexp_replace regexp_escape concat concat_ws ascii chr unicode ord
  strip_accents nfc_normalize like_escape ilike_escape not_like_escape not_ilike_escape parse_filename parse_dirname
  url_decode url_encode from_base64 to_base64 base64 hex unhex decode encode md5 sha1 sha256 hash
  nullif coalesce ifnull if constant_or_null typeof
  date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add last_day
  year month day hour minute second millisecond microsecond nanosecond quarter week weekofyear yearweek weekday isodow
  isoyear dayofweek dayofmonth dayofyear dayname monthname century decade era
  epoch epoch_ms epoch_us epoch_ns make_date make_time make_timestamp make_timestamp_ms make_timestamp_ns
  make_timestamptz to_timestamp timezone strftime strptime try_strptime time_bucket
  to_microseconds to_milliseconds to_seconds to_minutes to_hours to_days to_weeks to_months to_quarters to_years
  json json_extract json_extract_string json_extract_path json_extract_path_text json_array_length json_contains
  json_exists json_keys json_type json_valid json_value json_structure json_object json_array json_quote to_json
  from_json from_json_strict json_transform json_transform_strict json_merge_patch array_to_json row_to_json
  list_value list_pack list_extract list_element array_extract element_at list_slice array_slice list_contains
  array_contains list_has list_has_any list_has_all array_has array_has_any array_has_all list_position list_indexof
  array_position array_length list_concat list_cat array_concat list_append array_append list_prepend list_distinct
  array_distinct list_unique list_sort list_reverse_sort list_reverse list_filter array_filter filter list_transform
  array_transform list_apply array_apply apply list_where list_zip flatten array_to_string list_sum list_min list_max
  list_avg list_median list_product list_count list_first list_last list_any_value list_mode list_bool_and
  list_bool_or list_string_agg
  row struct_pack struct_extract struct_extract_at struct_keys struct_values struct_insert struct_concat struct_contains
  map map_extract map_extract_value map_contains map_keys map_values map_entries map_from_entries cardinality
`;

const functions = new Set([...operators.split(" "), ...names.trim().split(/\s+/)]);

const types = new Set(
  (
    "BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE DECIMAL VARCHAR " +
    "DATE TIME TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS TIMESTAMPTZ INTERVAL UUID JSON LIST STRUCT MAP"
  ).split(" "),
);

interface TypeNode {
  id?: string;
  type_info?: Record<string, unknown> | null;
}

/**
 * A function that an expression may not use, in words, with the nearest allowed one; undefined for an allowed one.
 */
export function refusedFunction(name: string, schema: string, catalog: string): string | undefined {
  const isPlain = (schema === "" || schema === "main") && catalog === "";
  const whole = [catalog, schema === "main" ? "" : schema, name].filter(Boolean).join(".");
  if (isPlain && functions.has(name.toLowerCase())) return undefined;
  const words = [...functions].filter((one) => /^\w+$/.test(one));
  return `${whole}(), which is not allowed${nearestOf(name, words, "()")}`;
}

/**
 * A type that an expression may not cast to, in words, with the nearest allowed one; undefined for an allowed one.
 */
export function refusedType(type: unknown): string | undefined {
  const { id = "", type_info: info } = (type ?? {}) as TypeNode;
  const own = id === "UNBOUND" ? String(info?.name ?? "") : id;
  const name = own.toUpperCase().replace(/ WITH TIME ZONE$/, "TZ");
  const isPlain = !info?.schema && !info?.catalog;
  // The engine makes room for all its elements, for thousands of records at once, whether or not there are any.
  if (id === "ARRAY")
    return "a list of fixed length, which is not allowed; the nearest allowed one is LIST, as in integer[]";
  if (!isPlain || !types.has(name))
    return `the type ${own}, which is not allowed${nearestOf(own, [...types])}`;
  const inside: unknown[] = [info?.child_type, ...partsOf(info?.child_types)];
  return inside
    .filter((one) => one !== undefined && one !== null)
    .map(refusedType)
    .find((refused) => refused !== undefined);
}

function partsOf(children: unknown): unknown[] {
  return Array.isArray(children) ? children.map((child: { second: unknown }) => child.second) : [];
}

function nearestOf(name: string, known: readonly string[], mark = ""): string {
  const [near] = nearest(name, known, 1);
  return near === undefined ? "" : `; the nearest allowed one is ${near}${mark}`;
}
