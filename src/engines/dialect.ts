/** Statements that keep a query's rows in a table for the session's later statements, and drop it. */
export interface Temporary {
  /** The schema that the user named for it. */
  place?: string;
  /** A table's name in SQL. */
  table(name: string): string;
  create(table: string, query: string, columns: readonly MadeColumn[]): string;
  /** Adds rows to it; absent where one statement may be as long as it takes. */
  add?(table: string, query: string, columns: readonly MadeColumn[]): string;
  drop(table: string): string;
}

/** A column of such a table, with the engine's type where the query alone does not say it. */
export interface MadeColumn {
  name: string;
  type?: string;
}

/** How an engine writes DuckDB's SQL: everything that is specific to one engine, as data. */
export interface Dialect {
  /** The name to show, such as "ClickHouse". */
  name: string;
  /** The engine's type for each of DuckDB's; all of them allow null. */
  types: Readonly<Record<string, string>>;
  quote(name: string): string;
  text(value: string): string;
  /** A floating-point literal, including infinities and NaN. */
  double(value: number): string;
  /**
   * By DuckDB's function name: the engine's name, or how to write a call from its arguments. Other functions are
   * refused.
   */
  functions: Readonly<Record<string, string | ((...args: string[]) => string)>>;
  /** Converts text of hexadecimal digits to a number. */
  hexadecimal(text: string): string;
  /** Rounds a number to an integer, halves to even as in DuckDB. */
  rounded(expression: string, type: string): string;
  /** A non-negative hash of values of any type. */
  hash(values: readonly string[]): string;
  /** Aggregates a value into a list sorted by keys. */
  ordered(value: string, keys: readonly string[]): string;
  /** The items of a list that meet a condition on `one`. */
  filtered(list: string, one: string, condition: string): string;
  /** A list literal. */
  list(items: readonly string[]): string;
  listOf(type: string): string;
  /** Whether several values are a row of a query with columns of these names; not true if one of them is null. */
  among(values: readonly string[], query: string, names: readonly string[]): string;
  /** A tuple of several values, its type, and one field of such a tuple. */
  row(values: readonly string[]): string;
  rowOf(fields: readonly { name: string; type: string }[]): string;
  field(row: string, place: number, type: string): string;
  /** A relation with these rows; each cell is already SQL. */
  literalTable(
    columns: readonly { name: string; type: string }[],
    rows: readonly (readonly string[])[],
  ): string;
  /** Tables of intermediate rows; absent without such tables. */
  temporary?: Temporary;
  /** The same in a schema that the user names for it, for engines whose sessions have no tables of their own. */
  scratch?(place: string): Temporary;
  /** Settings appended to every statement; may be empty. */
  settings: string;
  /** Whether a column of the engine's type can be read as one of DuckDB's type without a cast. */
  reads(type: string, engineType: string): boolean;
}
