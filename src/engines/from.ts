import { printExpression } from "./expression";
import { Refused } from "./refused";
import {
  type Column,
  columnOf,
  type Environment,
  keyOf,
  type Relation,
  type Scope,
  type Source,
  type Writer,
} from "./scope";
import type { Tree } from "./tree";

/** A query with known columns, which is written with only those that are read. */
export interface Query {
  columns: Column[];
  print(needed?: ReadonlySet<string>): string;
}

/** A FROM clause: sources, join conditions and semi joins. */
export interface From {
  sources: Source[];
  /** Columns merged by USING, each with the source that stands for both. */
  merged: Map<string, Source>;
  /**
   * Writes the conditions, which marks the source columns that they read; call `text` after everything else is written.
   */
  prepare(): string[];
  text(): string;
}

/** What a FROM clause reads from. */
export interface Tables extends Writer {
  query(node: Tree, environment: Environment): Query;
  relation(name: string, environment: Environment): Relation;
  /** A table of constants. */
  literal(table: { columns: Column[]; rows: string[][] }): Relation;
}

/** The FROM clause of a query; its text is written after everything that reads from it. */
export function fromOf(tree: Tree, environment: Environment, printer: Tables): From {
  const alone = (relation: Relation, name: string): From => {
    const needed = new Set<string>();
    const alias = printer.alias();
    const text = () => `${relation.print(needed)} AS ${alias}`;
    const source = { alias, name: keyOf(name), columns: relation.columns, needed, text };
    return { sources: [source], merged: new Map(), prepare: () => [], text };
  };
  if (tree.column_name_alias?.length > 0) throw new Refused("names of columns after a table");
  if (tree.literal) return alone(printer.literal(tree.literal), String(tree.alias));
  switch (tree.type) {
    case "EMPTY":
      return { sources: [], merged: new Map(), prepare: () => [], text: () => "" };
    case "BASE_TABLE":
      return alone(printer.relation(tree.table_name, environment), tree.alias || tree.table_name);
    case "SUBQUERY": {
      const { columns, print } = printer.query(tree.subquery.node, environment);
      return alone({ columns, print: (needed) => `(${print(needed)})` }, String(tree.alias ?? ""));
    }
    case "JOIN":
      return joined(tree, environment, printer);
    default:
      throw new Refused(`${String(tree.type).toLowerCase().replaceAll("_", " ")} in FROM`);
  }
}

function joined(tree: Tree, environment: Environment, printer: Tables): From {
  const [left, right] = [fromOf(tree.left, environment, printer), fromOf(tree.right, environment, printer)];
  const using = (tree.using_columns as string[]).map(keyOf);
  const scopeOf = (from: Pick<From, "sources" | "merged">): Scope => ({
    ...from,
    items: [],
    environment,
    printer,
  });
  const columnsIn = (from: From) =>
    using.map((name) => printExpression({ class: "COLUMN_REF", column_names: [name] }, scopeOf(from)));
  if (tree.join_type === "SEMI" || tree.join_type === "ANTI") {
    if (using.length === 0) throw new Refused(`${tree.join_type} JOIN without USING`);
    const prepare = () => {
      const own = left.prepare();
      const [a, b] = [columnsIn(left), columnsIn(right)];
      const where = right.prepare();
      const { among: rowsAmong, quote } = printer.dialect;
      const list = b.map((one, at) => `${one} AS ${quote(using[at])}`);
      const query = `SELECT ${list.join(", ")} FROM ${right.text()}${where.length === 0 ? "" : ` WHERE ${where.join(" AND ")}`}`;
      const among = a.length === 1 ? `${a[0]} IN (${query})` : rowsAmong(a, query, using);
      return [...own, tree.join_type === "SEMI" ? among : `coalesce(NOT (${among}), true)`];
    };
    return { ...left, prepare };
  }
  const words: Record<string, string> = { INNER: "INNER JOIN", LEFT: "LEFT JOIN" };
  const isCross = tree.ref_type === "CROSS" || (using.length === 0 && !tree.condition);
  const word = isCross ? "CROSS JOIN" : words[tree.join_type];
  if (word === undefined) throw new Refused(`${tree.join_type} JOIN`);
  const merged = new Map([...left.merged, ...right.merged]);
  for (const name of using) {
    const source = left.merged.get(name) ?? left.sources.find(({ columns }) => columnOf(columns, name));
    if (source !== undefined) merged.set(name, source);
  }
  const sources = [...left.sources, ...right.sources];
  let on = "";
  return {
    sources,
    merged,
    prepare: () => {
      const where = [...left.prepare(), ...right.prepare()];
      const [a, b] = [columnsIn(left), columnsIn(right)];
      const conditions = a.map((one, at) => `${one} = ${b[at]}`);
      if (tree.condition) conditions.push(conditionOf(tree.condition, scopeOf({ sources, merged })));
      on = conditions.join(" AND ");
      return where;
    },
    text: () => `${left.text()} ${word} ${right.text()}${isCross ? "" : ` ON ${on}`}`,
  };
}

/** A join condition, with null-safe equality written as engines expect it. */
function conditionOf(tree: Tree, scope: Scope): string {
  if (tree.type === "CONJUNCTION_AND")
    return `(${(tree.children as Tree[]).map((one) => conditionOf(one, scope)).join(" AND ")})`;
  if (tree.type !== "COMPARE_NOT_DISTINCT_FROM") return printExpression(tree, scope);
  const [left, right] = [tree.left, tree.right].map((one) => printExpression(one, scope));
  return `(${left} IS NOT DISTINCT FROM ${right})`;
}
