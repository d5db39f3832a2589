import { rowsOf } from "../store/run";
import { sandbox } from "../store/sandbox";

/** A node of a statement, as returned by DuckDB's own parser. */
export interface Tree {
  class?: string;
  type?: string;
  alias?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the parser's nodes are of some thirty shapes.
  [key: string]: any;
}

/** An integer that a double cannot hold is kept as a string of its digits. */
const longNumber = /("(?:value|lower|upper)":)(-?\d{16,})(?=[,}])/g;

/** Parses one query as DuckDB does. */
async function parseQuery(sql: string): Promise<Tree> {
  const [{ json }] = await rowsOf<{ json: string }>(
    await sandbox(),
    "select json_serialize_sql($sql::varchar)::varchar as json",
    { sql },
  );
  const tree = JSON.parse(
    json.replace(/"query_location":\d+/g, '"query_location":0').replace(longNumber, '$1"$2"'),
  );
  if (tree.error) throw new Error(`${tree.error_message}: ${sql}`);
  return tree.statements[0].node;
}

/** A cache of parsed statements: most are the same each time a measure runs. */
const before = new Map<string, Promise<Tree>>();

function once(sql: string, parse: (sql: string) => Promise<Tree>): Promise<Tree> {
  const known = before.get(sql);
  if (known !== undefined) return known;
  const found = parse(sql);
  if (before.size > 1000) before.clear();
  before.set(sql, found);
  return found;
}

/** Parses a query or an expression. */
export const parsed = {
  query: (sql: string) => once(sql, parseQuery),
  expression: (sql: string) => once(`select ${sql}`, async (text) => (await parseQuery(text)).select_list[0]),
};

/** Writes a tree back as DuckDB SQL. */
export async function writtenQuery(node: Tree): Promise<string> {
  const json = JSON.stringify({ error: false, statements: [{ node, named_param_map: [] }] }).replace(
    /("(?:value|lower|upper)":)"(-?\d{16,})"/g,
    "$1$2",
  );
  const [{ sql }] = await rowsOf<{ sql: string }>(
    await sandbox(),
    "select json_deserialize_sql($json::json) as sql",
    { json },
  );
  return sql;
}

/**
 * A copy of the tree with some nodes replaced. If `swap` returns undefined the node stays, and its children are
 * visited.
 */
export function swapped(tree: Tree, swap: (node: Tree) => Tree | undefined): Tree {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (node === null || typeof node !== "object") return node;
    const found = swap(node as Tree);
    if (found !== undefined) return found;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
  };
  return walk(tree) as Tree;
}

/** True if `is` is true for some node. */
export function holds(tree: unknown, is: (node: Tree) => boolean): boolean {
  if (Array.isArray(tree)) return tree.some((one) => holds(one, is));
  if (tree === null || typeof tree !== "object") return false;
  return is(tree as Tree) || Object.values(tree).some((one) => holds(one, is));
}

/** A constant, as the parser would return it. */
export function constant(value: string | number | bigint | boolean | null): Tree {
  const id =
    value === null
      ? "NULL"
      : typeof value === "string"
        ? "VARCHAR"
        : typeof value === "boolean"
          ? "BOOLEAN"
          : Number.isInteger(Number(value))
            ? "BIGINT"
            : "DOUBLE";
  const is =
    value === null
      ? { is_null: true }
      : { is_null: false, value: typeof value === "bigint" ? String(value) : value };
  return {
    class: "CONSTANT",
    type: "VALUE_CONSTANT",
    alias: "",
    value: { type: { id, type_info: null }, ...is },
  };
}

/** The statements of a script, split at semicolons outside of quotes and comments. */
export function parted(script: string): string[] {
  const parts: string[] = [""];
  for (const [piece] of script.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|;|[^'";-]+|-/g)) {
    if (piece === ";") parts.push("");
    else if (!piece.startsWith("--")) parts[parts.length - 1] += piece;
  }
  return parts.map((one) => one.trim()).filter((one) => one !== "");
}
