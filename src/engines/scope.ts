import type { Dialect } from "./dialect";
import { Refused } from "./refused";
import type { Tree } from "./tree";

/** A column of a relation. */
export interface Column {
  name: string;
  /** DuckDB's type, if known. */
  type?: string;
  /** The fields of a struct, and their types. */
  fields?: string[];
  types?: string[];
  /** For an enum, its values in order; for a struct, those of each field. */
  values?: string[];
  valuesOf?: (string[] | undefined)[];
  /** True if `*` does not include it. */
  hidden?: boolean;
}

/** A relation that can be read in FROM. */
export interface Relation {
  columns: Column[];
  /** Its SQL text, with only the needed columns. */
  print(needed: ReadonlySet<string>): string;
}

/** A table of the engine. */
export interface Base extends Relation {
  /** The engine's columns that must be read to provide the needed ones. */
  reads(needed: ReadonlySet<string>): string[];
}

/** Which columns of one of the engine's tables a statement reads, and how often. */
export interface Scan {
  table: string;
  columns: string[];
  times: number;
}

/** A relation in FROM, and which of its columns are read. */
export interface Source {
  /** Its name in the engine's SQL, and in DuckDB's. */
  alias: string;
  name: string;
  columns: Column[];
  needed: Set<string>;
  text(): string;
}

/** An item of a select list. */
export interface Item {
  name: string;
  expression: Tree;
}

/** Rows written as literals. */
export interface Literal {
  columns: Column[];
  rows: string[][];
}

/** The longest text of rows in one statement: Trino refuses one of more than 1,000,000 characters. */
const longestPart = 500_000;

/** Rows in parts that a statement may hold. */
export function partsOf(rows: readonly string[][]): string[][][] {
  const parts: string[][][] = [[]];
  let length = 0;
  for (const row of rows) {
    const own = row.reduce((all, cell) => all + cell.length + 2, 4);
    if (length > 0 && length + own > longestPart) {
      parts.push([]);
      length = 0;
    }
    parts[parts.length - 1].push(row);
    length += own;
  }
  return parts;
}

/** A named relation: an engine's table, literal rows, or a query with the environment it was named in. */
export type Known = { base: Base } | { literal: Literal } | Defined;

/** A query and the environment it was named in; `stored` names the temporary table that has its rows. */
export interface Defined {
  node: Tree;
  environment: Environment;
  stored?: string;
}

/** What names mean while a statement is written. */
export interface Environment {
  /** Relations by the key of their name; a view is resolved anew each time it is read. */
  relations: ReadonlyMap<string, Known | { view: Tree }>;
  /** The names of WITH. */
  named: ReadonlyMap<string, Relation>;
  variables: ReadonlyMap<string, Tree>;
  macros: ReadonlyMap<string, { parameters: readonly string[]; body: Tree }>;
}

/** The parts of the query writer that expressions need. */
export interface Writer {
  readonly dialect: Dialect;
  /** The items of ORDER BY. */
  orders(orders: readonly Tree[], scope: Scope): string[];
  /** A query within an expression. */
  subquery(node: Tree, scope: Scope): string;
  /** A unique name for a source. */
  alias(): string;
}

/** What names mean within one SELECT. */
export interface Scope {
  sources: Source[];
  merged: Map<string, Source>;
  items: Item[];
  environment: Environment;
  printer: Writer;
}

/** The key of a name: names are compared ignoring case. */
export const keyOf = (name: string): string => name.toLowerCase();

/** The column with a name. */
export const columnOf = (columns: readonly Column[], name: string): Column | undefined =>
  columns.find((one) => keyOf(one.name) === keyOf(name));

/** The relation that a name means; a view is resolved with the current names. */
export function relationNamed(environment: Environment, key: string): Known {
  const found = environment.relations.get(key);
  if (found === undefined) throw new Refused(`the table ${key}, which does not exist there`);
  return "view" in found ? { node: found.view, environment: { ...environment, named: new Map() } } : found;
}

/** The column that a path names, and its source; undefined if there is none. */
export function findColumn(
  path: readonly string[],
  { sources, merged }: Pick<Scope, "sources" | "merged">,
): { source: Source; column: Column; rest: readonly string[] } | undefined {
  const [first, second] = path.map(keyOf);
  const qualified = second === undefined ? undefined : sources.find(({ name }) => name === first);
  if (qualified !== undefined) {
    const column = columnOf(qualified.columns, second);
    if (column !== undefined) return { source: qualified, column, rest: path.slice(2) };
  }
  const within = sources.find(({ columns }) => columnOf(columns, `${first}.${second}`));
  if (within !== undefined)
    return {
      source: within,
      column: columnOf(within.columns, `${first}.${second}`) as Column,
      rest: path.slice(2),
    };
  const source = merged.get(first) ?? sources.find(({ columns }) => columnOf(columns, first));
  if (source === undefined) return undefined;
  return { source, column: columnOf(source.columns, first) as Column, rest: path.slice(1) };
}
