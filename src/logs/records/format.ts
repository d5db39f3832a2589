import type { FilledTable } from "../../store/schema";
import type { Shape } from "../files/shape";
import type { Fields } from "./field";

/** A field of the log that no column is made of, kept beside the call under a name of its own. */
export interface Attribute {
  key: string;
  type: "VARCHAR" | "DOUBLE" | "BOOLEAN";
  /** The top-level or nested field that has to be read for it, where the reading does not read it yet. */
  field?: { path: readonly string[]; isJson: boolean };
  /** Its text or, of a number that is read as one, its value, over the record's fields; of what is within JSON, the JSON. */
  sql: string;
  /** Its path in the JSON. */
  within?: readonly string[];
  /** True if most calls have another value. */
  varied?: boolean;
}

/** What a target gives beside its columns: SQL and type by key, and conditions that a value is not of its type. */
export interface Beside {
  columns: Record<string, string>;
  types: Record<string, Attribute["type"]>;
  /** Of those read as texts, what the sample took them for. */
  maybe: Record<string, "DOUBLE" | "BOOLEAN">;
  varied: string[];
  odd: string[];
  /** Where they go: the store's columns, with the SQL over the target's rows. */
  into?: Record<string, string>;
}

/** What one table gets from a record: canonical column to SQL expression over the record's fields. */
export interface Target {
  table: FilledTable;
  columns: Record<string, string>;
  /** Predicate over the record's fields: only records that meet it give a row. */
  where?: string;
  /** A list in the record that gives one row an element; the columns then read the element as `element`. */
  each?: string;
  /** Fields that no column is made of, of which each is kept under its own name. */
  beside?: Beside;
}

/** How a file's records are read: a built-in format and a user's mapping are the same thing. */
export interface Reading {
  format: string;
  /** The mapping as JSON, where the reading came from one. */
  mapping?: string;
  fields: Fields;
  /** True if a record's field names are data: it is then read whole, as JSON, in the one field `record`. */
  whole?: boolean;
  /**
   * SQL that turns one record of the file into several: a SELECT over `source` that carries its flags unreadable
   * and lost, and has the flag first, true for the first row of each record.
   */
  unnest?: string;
  /**
   * Texts made of the record's fields, by name, that several columns read: named once, calculated once. They are
   * not tried: only what cannot fail belongs here.
   */
  derived?: Record<string, string>;
  targets: Target[];
  /** SQL for what the log calls a record, in a word: those that give no row are counted by it. */
  kind?: string;
  /**
   * What it means that no row came of a file with so many records or, unnested, rows: the reason of the failure.
   * Default: none of them is what the first target holds.
   */
  nothing?: (rows: number) => string;
  /** What is to be said of a file with so many records that gave so many rows; empty if nothing is. */
  note?: (records: number, rows: number) => string;
  /** Where records are made by `unnest`: the fields that it reads of each, and how it reads more of them. */
  record?: {
    names: readonly string[];
    /** The field of the file's own records that holds them. */
    wrapper?: string;
    withNames(more: readonly string[]): Pick<Reading, "fields" | "unnest">;
  };
  /** The attributes of its calls in some records, where these are no fields. */
  attributes?(records: readonly unknown[], keep: boolean): Attribute[];
  /** Fields that the reading names and the sample does not have. */
  missing?: string[];
}

/** A built-in format: one file of formats/. */
export interface Format {
  name: string;
  /** What it is, in a line. */
  about: string;
  /** The fields that tell it, shown beside an unknown file's. */
  signature: string[];
  /** What it cannot give, and what follows for the measures. */
  lacks: string;
  /** Tables that others of its files fill, where they are of several shapes. */
  also?: readonly FilledTable[];
  /** True if the sample is of this format, by the file's shape or that of the records in its wrapper. */
  recognises(file: Shape, records: Shape): boolean;
  /** How to read it, by the file's shape and by its path, which has what some tools write nowhere else. */
  reading(file: Shape, path: string): Omit<Reading, "format">;
}
