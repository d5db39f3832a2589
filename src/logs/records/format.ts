import type { FilledTable } from "../../store/schema";
import type { Shape } from "../files/shape";
import type { Fields } from "./field";

/** A field of the log that no column is made of, stored with the call under its own name. */
export interface Attribute {
  key: string;
  type: "VARCHAR" | "DOUBLE" | "BOOLEAN";
  /** The top-level or nested field that has to be read for it, if the reading does not read it yet. */
  field?: { path: readonly string[]; isJson: boolean };
  /** Its text, or its value if it is read as a number, over the record's fields; inside JSON, the JSON. */
  sql: string;
  /** Its path in the JSON. */
  within?: readonly string[];
  /** True if it differs in most calls. */
  varied?: boolean;
}

/**
 * What a target gives besides its columns: SQL and type by key, and conditions that a value is not of its type.
 */
export interface Beside {
  columns: Record<string, string>;
  types: Record<string, Attribute["type"]>;
  /** For those read as texts, the type that the sample suggested. */
  maybe: Record<string, "DOUBLE" | "BOOLEAN">;
  varied: string[];
  odd: string[];
  /** Their destination: the store's columns, with the SQL over the target's rows. */
  into?: Record<string, string>;
}

/** What one table gets from a record: canonical column to SQL expression over the record's fields. */
export interface Target {
  table: FilledTable;
  columns: Record<string, string>;
  /** Predicate over the record's fields: only records that meet it give a row. */
  where?: string;
  /** A list in the record that gives one row per element; the columns then read the element as `element`. */
  each?: string;
  /** Fields that no column is made of, each stored under its own name. */
  beside?: Beside;
  /** Texts are stored, so also those in the places of names; default false. */
  keep?: boolean;
}

/** How a file's records are read: a built-in format and a user's mapping are the same thing. */
export interface Reading {
  format: string;
  /** The mapping as JSON, if the reading came from one. */
  mapping?: string;
  fields: Fields;
  /** True if a record's field names are data: it is then read whole, as JSON, in the one field `record`. */
  whole?: boolean;
  /**
   * SQL that splits one record of the file into several: a SELECT over `source` that keeps its flags unreadable
   * and lost, and adds the flag first, true for the first row of each record.
   */
  unnest?: string;
  /**
   * Texts made of the record's fields, by name, that several columns read: named once, calculated once. They are
   * not wrapped in try(): only what cannot fail belongs here.
   */
  derived?: Record<string, string>;
  targets: Target[];
  /** SQL for the log's name for a kind of record, in a word: records that give no row are counted by it. */
  kind?: string;
  /**
   * What it means that a file with this many records or, unnested, rows gave no row: the reason of the failure.
   * Default: none of them has what the first target needs.
   */
  nothing?: (rows: number) => string;
  /** What to say about a file with this many records that gave this many rows; empty if nothing. */
  note?: (records: number, rows: number) => string;
  /** If records are made by `unnest`: the fields that it reads of each, and how it reads more of them. */
  record?: {
    names: readonly string[];
    /** Those that are not read as texts, and names of the reading's own: nothing more is read of fields called so. */
    typed?: readonly string[];
    /** The field of the file's own records that contains them. */
    wrapper?: string;
    withNames(more: readonly string[]): Pick<Reading, "fields" | "unnest">;
  };
  /** The attributes of its calls in some records, if these are not fields. */
  attributes?(records: readonly unknown[], keep: boolean): Attribute[];
  /** Fields that the reading names and the sample does not have. */
  missing?: string[];
  /** True if a mapping names fields and the file has none of them: it was written for another file. */
  foreign?: boolean;
}

/** Some records of a file, their shape and, for a Parquet file, the types of its columns. */
export interface FileSample {
  shape: Shape;
  records: readonly unknown[];
  own?: Record<string, string>;
}

/** A built-in format: one file of formats/. */
export interface Format {
  name: string;
  /** What it is, in a line. */
  about: string;
  /** The fields that identify it, shown beside an unknown file's. */
  signature: string[];
  /** What it cannot give, and what that means for the measures. */
  lacks: string;
  /** Tables that other files of it fill, if its files have several shapes. */
  also?: readonly FilledTable[];
  /**
   * True if the sample is of this format, from the shape of the file or of the records in its wrapper, or where it takes
   * more than names from the records themselves.
   */
  recognises(file: Shape, records: Shape, sample?: FileSample): boolean;
  /** How to read it, from the file's shape and its path, which holds what some tools write nowhere else. */
  reading(file: Shape, path: string): Omit<Reading, "format">;
  /** How to read it, where that takes the records: `reading` is then of all that its files may have. */
  ofSample?(sample: FileSample): Promise<Omit<Reading, "format">>;
}
