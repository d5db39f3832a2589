/** How an engine writes what DuckDB's SQL says: all that is different about an engine, as data. */
export interface Dialect {
  /** "ClickHouse", as it is spoken of. */
  name: string;
  /** The engine's type for each of DuckDB's; empty may always be a value of it. */
  types: Readonly<Record<string, string>>;
  quote(name: string): string;
  text(value: string): string;
  /** A number that is not whole; "inf", "-inf" or "nan". */
  double(value: number): string;
  /** A function by DuckDB's name: its own name, or how a call is written from its arguments. Any other is refused. */
  functions: Readonly<Record<string, string | ((...args: string[]) => string)>>;
  /** The number that a text of hexadecimal digits is. */
  hexadecimal(text: string): string;
  /** A number rounded to a whole one, halves to even where DuckDB does. */
  rounded(expression: string, type: string): string;
  /** A hash of some values, whatever they are, from 0 up. */
  hash(values: readonly string[]): string;
  /** The list of a value in the order of some keys. */
  ordered(value: string, keys: readonly string[]): string;
  /** The items of a list of which a condition on one holds. */
  filtered(list: string, one: string, condition: string): string;
  /** A list written out. */
  list(items: readonly string[]): string;
  listOf(type: string): string;
  /** Several values as one, and one of them again. */
  row(values: readonly string[]): string;
  field(row: string, place: number, type: string): string;
  /** A relation of some rows; each cell is SQL already. */
  literalTable(
    columns: readonly { name: string; type: string }[],
    rows: readonly (readonly string[])[],
  ): string;
  /** What stands at the end of every statement. */
  settings: string;
  /** Whether a column of the engine's type can be read as one of DuckDB's type without a cast. */
  reads(type: string, engineType: string): boolean;
}
