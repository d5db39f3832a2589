import type { Dialect } from "./dialect";
import { Refused } from "./refused";
import type { Tree } from "./tree";

/** A column of a relation. */
export interface Column {
  name: string;
  /** DuckDB's type, where it is known. */
  type?: string;
  /** The fields of a struct, and their types. */
  fields?: string[];
  types?: string[];
  /** Of texts with an order of their own, these in it; of a struct those of each field. */
  values?: string[];
  valuesOf?: (string[] | undefined)[];
  /** True of one that a star does not name. */
  hidden?: boolean;
}

/** What stands in FROM. */
export interface Relation {
  columns: Column[];
  /** Its text, with the columns that are read. */
  print(needed: ReadonlySet<string>): string;
}

/** A relation of the engine's own. */
export interface Base extends Relation {
  /** The engine's columns that are read for these. */
  reads(needed: ReadonlySet<string>): string[];
}

/** How often a statement reads which columns of one of the engine's tables. */
export interface Scan {
  table: string;
  columns: string[];
  times: number;
}

/** A relation in FROM, and what is read of it. */
export interface Source {
  /** Its name in the text, and its name in DuckDB's. */
  alias: string;
  name: string;
  columns: Column[];
  needed: Set<string>;
  text(): string;
}

/** A column of a select list. */
export interface Item {
  name: string;
  expression: Tree;
}

/** Rows that are written out. */
export interface Literal {
  columns: Column[];
  rows: string[][];
}

/** A relation by name: the engine's own, rows written out, or a query in the environment in which it was named. */
export type Known = { base: Base } | { literal: Literal } | { node: Tree; environment: Environment };

/** What names stand for while a statement is written. */
export interface Environment {
  /** Relations by the key of their name; a view is looked up whenever it is read. */
  relations: ReadonlyMap<string, Known | { view: Tree }>;
  /** The names of WITH. */
  named: ReadonlyMap<string, Relation>;
  variables: ReadonlyMap<string, Tree>;
  macros: ReadonlyMap<string, { parameters: readonly string[]; body: Tree }>;
}

/** What writes queries, as expressions ask for it. */
export interface Writer {
  readonly dialect: Dialect;
  /** The items of ORDER BY. */
  orders(orders: readonly Tree[], scope: Scope): string[];
  /** A query within an expression. */
  subquery(node: Tree, scope: Scope): string;
  /** A name for a source that no other has. */
  alias(): string;
}

/** What names stand for within one SELECT. */
export interface Scope {
  sources: Source[];
  merged: Map<string, Source>;
  items: Item[];
  environment: Environment;
  printer: Writer;
}

/** Names are compared without regard to case. */
export const keyOf = (name: string): string => name.toLowerCase();

/** The column of a name. */
export const columnOf = (columns: readonly Column[], name: string): Column | undefined =>
  columns.find((one) => keyOf(one.name) === keyOf(name));

/** What a name stands for; a view in the names that stand now. */
export function relationNamed(environment: Environment, key: string): Known {
  const found = environment.relations.get(key);
  if (found === undefined) throw new Refused(`the table ${key}, which is not read there`);
  return "view" in found ? { node: found.view, environment: { ...environment, named: new Map() } } : found;
}

/** The column that a path names, and its source; undefined where it names none. */
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
