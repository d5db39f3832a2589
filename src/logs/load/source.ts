import { quoteName, quoteText } from "../../store/quote";
import { emptyCells } from "../files/csv";
import type { Partition } from "../files/partition";
import { pathSql } from "../files/path";
import {
  castSql,
  columnsSql,
  type Fields,
  type Leaf,
  textStructure,
  typeSql,
  wholeSql,
} from "../records/field";
import { flags } from "../records/flags";

/** Records of a plain file as a relation: the fields that a reading names, typed. */
export interface Source {
  /** SQL for the FROM clause: the fields, and the flags beside them. */
  sql: string;
  /** The leaves that the bits of the flag `lost` stand for. */
  leaves: Leaf[];
}

/**
 * JSON lines read with declared types: the fast way, for a clean file. It throws at the first record that does not
 * fit, and must never see a file that nests deep: one such line crashes the process.
 */
export function typedLines(file: string, fields: Fields, longest: number): Source {
  // Without a field to read, the reader would sniff the file, so name one that does not exist.
  const columns = Object.keys(fields).length === 0 ? "{'\u0001': 'VARCHAR'}" : columnsSql(fields);
  const casts = wholeSql(fields);
  return {
    sql: `(select false as ${flags.unreadable}, ${casts.lost} as ${flags.lost}${listed(casts.columns)}
      from read_json(${pathSql(file)}, columns = ${columns}, ${jsonLines(longest)}))`,
    leaves: casts.leaves,
  };
}

/**
 * JSON lines read as text and cast leaf by leaf: nothing stops it, and every lost value is marked.
 *
 * @param fewestKeys records with more keys than this are searched for a repeated key
 */
export function textLines(file: string, fields: Fields, longest: number, fewestKeys: number): Source {
  const casts = castSql(fields, "record", "json");
  const twice = `case when len(keys) > ${fewestKeys} then list_unique(keys) <> len(keys) else false end`;
  return {
    sql: `(select unreadable or coalesce(${twice}, false) as ${flags.unreadable},
        case when unreadable then 0 else ${casts.lost} end as ${flags.lost}${listed(casts.columns)}
      from (select unreadable, json, json_keys(json) as keys,
          from_json(json, ${quoteText(textStructure(fields))}) as record
        from ${objects(file, longest)}))`,
    leaves: casts.leaves,
  };
}

/** JSON lines, each as one value, for records whose field names are data. */
export function wholeLines(file: string, longest: number): Source {
  return {
    sql: `(select unreadable as ${flags.unreadable}, 0::bigint as ${flags.lost}, json as record
      from ${objects(file, longest)})`,
    leaves: [],
  };
}

/**
 * A delimited file with a header, with every cell read as text, then cast: throws at a record that does not fit.
 */
export function typedCells(file: string, fields: Fields, delimiter: string, header: string[]): Source {
  const cells = header.map((name) => `${quoteName(name)} := 'VARCHAR'`).join(", ");
  const casts = castSql(fields, "cells");
  return {
    sql: `(select false as ${flags.unreadable}, ${casts.lost} as ${flags.lost}${listed(casts.columns)}
      from read_csv(${pathSql(file)}, auto_detect = false, header = true, columns = struct_pack(${cells}),
        delim = ${quoteText(delimiter)}, quote = '"', escape = '"', nullstr = [${emptyCells.map(quoteText).join(", ")}], max_line_size = 268435456,
        compression = 'none') as cells)`,
    leaves: casts.leaves,
  };
}

/** A Parquet file: it has its own types, and its path the columns of its partition. Missing fields are empty. */
export function parquetRows(
  file: string,
  fields: Fields,
  present: readonly string[],
  partition: Partition = {},
): Source {
  const columns = Object.keys(fields).map((name) => {
    const value = Object.hasOwn(partition, name) ? partition[name] : undefined;
    if (typeof value === "string") return `${quoteText(value)} as ${quoteName(name)}`;
    return value === undefined && present.includes(name)
      ? quoteName(name)
      : `null::varchar as ${quoteName(name)}`;
  });
  return {
    sql: `(select false as ${flags.unreadable}, 0::bigint as ${flags.lost}${listed(columns.join(", "))}
      from read_parquet(${pathSql(file)}, hive_partitioning = false))`,
    leaves: [],
  };
}

/** The columns given by a file's folders, besides those of its records. */
export function inFolders(source: Source, fields: Fields, partition: Partition = {}): Source {
  const columns = Object.entries(partition)
    .filter(([name]) => Object.hasOwn(fields, name))
    .map(
      ([name, value]) =>
        `cast(${value === null ? "null" : quoteText(value)} as ${typeSql(fields[name])}) as ${quoteName(name)}`,
    );
  return columns.length === 0
    ? source
    : { ...source, sql: `(select *, ${columns.join(", ")} from ${source.sql})` };
}

// Every line as JSON, null if it is not a record.
const objects = (file: string, longest: number) => `(
  select unreadable, case when unreadable then null else json end as json
  from (select json, json is null or not starts_with(ltrim(json::varchar, chr(9) || ' '), '{') as unreadable
    from read_json_objects(${pathSql(file)}, ignore_errors = true, ${jsonLines(longest)})))`;

const listed = (columns: string) => (columns === "" ? "" : `, ${columns}`);

// The engine's default limit of 16 MB per object would fail the whole file; a name that ends in .gz would be
// trusted.
function jsonLines(longest: number): string {
  const most = Math.max(16_777_216, longest + 1_024);
  return `format = 'newline_delimited', compression = 'uncompressed', maximum_object_size = ${most}`;
}
