import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "./query";

/** One SQL expression of the operator's, parsed alone and written out again by the engine. */
export interface Expression {
  /** The text as the engine writes it: one expression, no comment, no second statement. */
  sql: string;
  /** The columns it reads, each as its path: `usage.prompt` is ["usage", "prompt"]. */
  columns: string[][];
}

// What an expression may be made of. Everything else (subqueries, windows, stars, parameters) is refused.
const allowed = new Set([
  "COLUMN_REF",
  "CONSTANT",
  "FUNCTION",
  "OPERATOR",
  "COMPARISON",
  "CONJUNCTION",
  "CASE",
  "CAST",
  "BETWEEN",
  "LAMBDA",
  "COLLATE",
]);

// Functions that read the engine's state, or answer differently every time.
const refused = new Set(
  (
    "current_setting getenv getvariable nextval currval random setseed uuid uuidv4 uuidv7 gen_random_uuid error " +
    "txid_current write_log pg_read_file"
  ).split(" "),
);

/**
 * Parses a text as one scalar SQL expression.
 *
 * @param what names the place it was given at, for the error: "--where", "mapping column duration"
 * @throws where it is no expression, more than one, or uses what an expression may not
 */
export async function parseExpression(
  connection: DuckDBConnection,
  text: string,
  what: string,
): Promise<Expression> {
  const refuse = (rule: string) => new TypeError(`${what} requires ${rule}, got ${JSON.stringify(text)}`);
  if (text.trim() === "") throw refuse("an expression");
  const [{ tree }] = await rowsOf<{ tree: string }>(
    connection,
    "select json_serialize_sql('select ' || $text || chr(10))::varchar as tree",
    { text },
  );
  const parsed = JSON.parse(tree) as Tree;
  if (parsed.error) {
    throw refuse(`one SQL expression that parses (${String(parsed.error_message).split("\n")[0]})`);
  }
  const [statement, second] = parsed.statements ?? [];
  const node = statement?.node;
  if (second !== undefined || !isPlainSelect(node)) throw refuse("one SQL expression and nothing else");
  const columns: string[][] = [];
  walk(node.select_list[0], new Set(), columns, (found) => {
    throw refuse(`columns, constants and scalar functions only (found ${found})`);
  });
  const [{ sql }] = await rowsOf<{ sql: string }>(
    connection,
    "select json_deserialize_sql($tree::json) as sql",
    { tree },
  );
  return { sql: sql.replace(/^SELECT /, ""), columns };
}

interface Tree {
  error: boolean;
  error_message?: string;
  statements?: { node: SelectNode }[];
}

interface SelectNode {
  type: string;
  select_list: unknown[];
  from_table: { type: string };
  modifiers: unknown[];
  cte_map: { map: unknown[] };
  where_clause: unknown;
  group_expressions: unknown[];
  having: unknown;
  qualify: unknown;
  sample: unknown;
}

function isPlainSelect(node: SelectNode | undefined): node is SelectNode {
  return (
    node?.type === "SELECT_NODE" &&
    node.select_list.length === 1 &&
    node.from_table.type === "EMPTY" &&
    node.modifiers.length === 0 &&
    node.cte_map.map.length === 0 &&
    node.group_expressions.length === 0 &&
    [node.where_clause, node.having, node.qualify, node.sample].every((part) => part === null)
  );
}

function walk(
  node: unknown,
  bound: Set<string>,
  columns: string[][],
  refuse: (found: string) => never,
): void {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, bound, columns, refuse);
    return;
  }
  if (node === null || typeof node !== "object") return;
  const { class: kind, ...rest } = node as Record<string, unknown>;
  if (typeof kind === "string") {
    if (!allowed.has(kind)) refuse(kind.toLowerCase().replaceAll("_", " "));
    if (kind === "FUNCTION" && refused.has(String(rest.function_name).toLowerCase())) {
      refuse(`${rest.function_name}()`);
    }
    if (kind === "COLUMN_REF") {
      const path = rest.column_names as string[];
      if (!bound.has(path[0])) columns.push(path);
      return;
    }
    if (kind === "LAMBDA") {
      const parameters: string[][] = [];
      walk(rest.lhs, new Set(), parameters, refuse);
      walk(rest.expr, new Set([...bound, ...parameters.map(([name]) => name)]), columns, refuse);
      return;
    }
    if (kind === "CONSTANT") return;
  }
  for (const child of Object.values(rest)) walk(child, bound, columns, refuse);
}
