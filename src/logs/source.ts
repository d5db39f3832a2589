import { quoteName, quoteText } from "../store/quote";
import { castSql, columnsSql, type Fields, type Leaf, textStructure } from "./field";

/** Records of a plain file as a relation: the fields a reading names, typed. */
export interface Source {
  /** The FROM-able SQL. Tolerant sources carry unreadable and lost beside the fields. */
  sql: string;
  /** The leaves that the bits of `lost` stand for. */
  leaves: Leaf[];
}

/** A file's name as the engine's readers take it: what would be a glob's star or bracket is the letter itself. */
export function pathSql(file: string): string {
  return quoteText(file.replace(/[*?[]/g, (char) => `[${char}]`));
}

/**
 * JSON lines read with declared types: the fast way, for a clean file. It throws at the first record that does not
 * fit, and must never see a file that nests deep: one such line ends the process.
 */
export function typedLines(file: string, fields: Fields, longest: number): Source {
  // Without a field to read the reader would sniff the file: name one that is not there.
  const columns = Object.keys(fields).length === 0 ? "{'\u0001': 'VARCHAR'}" : columnsSql(fields);
  return {
    sql: `(select false as unreadable, 0::bigint as lost, *
      from read_json(${pathSql(file)}, format = 'newline_delimited', columns = ${columns}, ${objectSize(longest)}))`,
    leaves: [],
  };
}

/** JSON lines read as text and cast leaf by leaf: nothing stops it, and every value that was lost is marked. */
export function textLines(file: string, fields: Fields, longest: number): Source {
  const { columns, lost, leaves } = castSql(fields, "record");
  return {
    sql: `(select unreadable, case when unreadable then 0 else ${lost} end as lost${columns === "" ? "" : `, ${columns}`}
      from (select unreadable, from_json(case when unreadable then null else json end, ${quoteText(textStructure(fields))}) as record
        from (select json, json is null or not starts_with(ltrim(json::varchar, chr(9) || ' '), '{') as unreadable
          from read_json_objects(${pathSql(file)}, format = 'newline_delimited', ignore_errors = true, ${objectSize(longest)}))))`,
    leaves,
  };
}

/** A delimited file with a header, every cell text, then cast: throws at a record that does not fit. */
export function typedCells(file: string, fields: Fields, delimiter: string, header: string[]): Source {
  const columns = header.map((name) => `${quoteName(name)} := 'VARCHAR'`).join(", ");
  const casts = Object.entries(fields).map(([name, type]) =>
    type === "VARCHAR" ? quoteName(name) : `cast(${quoteName(name)} as ${type}) as ${quoteName(name)}`,
  );
  return {
    sql: `(select false as unreadable, 0::bigint as lost${casts.map((cast) => `, ${cast}`).join("")}
      from read_csv(${pathSql(file)}, auto_detect = false, header = true, columns = struct_pack(${columns}),
        delim = ${quoteText(delimiter)}, quote = '"', escape = '"', nullstr = '', max_line_size = 268435456))`,
    leaves: [],
  };
}

/** A Parquet file: it tells its own types. Fields that it does not have are empty. */
export function parquetRows(file: string, fields: Fields, present: readonly string[]): Source {
  const columns = Object.keys(fields).map((name) =>
    present.includes(name) ? `, ${quoteName(name)}` : `, null::varchar as ${quoteName(name)}`,
  );
  return {
    sql: `(select false as unreadable, 0::bigint as lost${columns.join("")} from read_parquet(${pathSql(file)}))`,
    leaves: [],
  };
}

// The engine's default limit of 16 MB an object would fail the whole file.
function objectSize(longest: number): string {
  return `maximum_object_size = ${Math.max(16_777_216, longest + 1_024)}`;
}
