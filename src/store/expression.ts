import { refusedFunction, refusedType } from "./allowed";
import { partsWithCopies } from "./caseCopies";
import { checkGrowth, longestPlan } from "./growth";
import { depthCounter } from "./nesting";
import { quoteName, writtenInQuotes } from "./quote";
import { reasonOf } from "./reason";
import { rowsOf } from "./run";
import { sandbox } from "./sandbox";
import { structuresOf } from "./structures";

/** One SQL expression from the operator, parsed alone and written out again by the engine. */
export interface Expression {
  /** The text as the engine writes it: one expression, no comment, no second statement. */
  sql: string;
  /** The columns it reads, each as its path: `usage.prompt` is ["usage", "prompt"]. */
  columns: string[][];
  /** The tree it was parsed to, as the engine writes it. */
  json: string;
}

// What an expression may consist of. Everything else (subqueries, windows, stars, parameters) is refused.
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

// A longer text is not an expression that a person wrote.
const longest = 20_000;

// Levels of the tree as JSON: each function within another takes several.
const deepest = 1_000;

const lambdaFunctions = /^((list|array)_)?(transform|apply|filter|reduce)$/i;

// Words that are values, not fields.
const literal = /^(true|false|null)$/i;

// A text always parses the same way, and a mapping is parsed for every file of a folder.
const parsedBefore = new Map<string, Expression>();

/**
 * Parses a text as one scalar SQL expression of allowed functions and types.
 *
 * @param what names the place where it was given, for the error: "--where", "mapping column duration"
 * @throws if it is not an expression, is more than one, or uses what an expression may not
 */
export async function parseExpression(text: string, what: string): Promise<Expression> {
  const shown = text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
  const refuse = (rule: string) => new TypeError(`${what} requires ${rule}, got ${JSON.stringify(shown)}`);
  const before = parsedBefore.get(text);
  if (before !== undefined) return before;
  if (text.trim() === "") throw refuse("an expression");
  if (text.includes("\0")) throw refuse("an expression without NUL characters");
  if (text.length > longest) throw refuse(`an expression of at most ${longest} characters`);
  if (partsWithCopies(text) > longestPlan)
    throw refuse("cases that do not compare other cases, which are planned again and again");
  let parsed = await parse(text, refuse);
  // A field's name may be an SQL keyword: order, end, at.
  if (isName(text) && !literal.test(text.trim()) && !isColumn(parsed.tree))
    parsed = await parse(quoted(text), refuse);
  const { tree, json } = parsed;
  const depth = depthCounter();
  depth.feed(Buffer.from(json), 0, Buffer.byteLength(json));
  if (depth.most() > deepest) throw refuse("an expression that nests less deep");
  const refuseForm = (rule: string) => {
    const word = unquotedWord(text);
    const error = refuse(rule);
    if (word !== undefined) error.message += writtenInQuotes(word);
    return error;
  };
  if (tree.error) throw refuseForm(`one SQL expression that parses (${reasonOf(tree.error_message)})`);
  const [statement, second] = tree.statements ?? [];
  const node = statement?.node;
  if (second !== undefined || !isPlainSelect(node)) throw refuseForm("one SQL expression and nothing else");
  const columns: string[][] = [];
  const refuseFound = (found: string): never => {
    throw refuse(`columns, constants and allowed functions only (found ${found})`);
  };
  walk(node.select_list[0], new Set(), columns, refuseFound);
  const structures = await structureTypes(node.select_list[0], refuseFound);
  checkGrowth(node.select_list[0], structures, (found) => {
    throw refuse(`an expression whose result is not much larger than what it reads (found ${found})`);
  });
  const expression = { sql: await written(json), columns, json };
  parsedBefore.set(text, expression);
  return expression;
}

/** The types that the expression's JSON is read as, by the function that reads it: as casts to them are parsed. */
async function structureTypes(
  tree: unknown,
  refuse: (found: string) => never,
): Promise<Map<unknown, unknown>> {
  const types = new Map<unknown, unknown>();
  const refuseType = () => refuse("a structure of types that cannot be read");
  for (const [reader, type] of structuresOf(tree, refuse)) {
    const { statements } = (await parse(`null::${type}`, refuseType)).tree;
    const node = statements?.length === 1 ? statements[0].node : undefined;
    const [cast] = isPlainSelect(node) ? (node.select_list as { class: string; cast_type?: unknown }[]) : [];
    if (cast?.class !== "CAST") refuse(`a structure of unknown types: ${type.slice(0, 100)}`);
    const refused = refusedType(cast.cast_type);
    if (refused !== undefined) refuse(refused);
    types.set(reader, cast.cast_type);
  }
  return types;
}

/** A word that SQL does not take for one: "gpt-4o" of "model = gpt-4o", "gpt%" of "model like gpt%". */
export const unquotedWord = (text: string): string | undefined => unquoted.exec(text)?.[1];
const unquoted = /(?:=|<>|\blike)\s*([a-z]\w*[-.%:/][\w.%:/-]*)/i;

const columnNames = /"column_names":(\[(?:"(?:[^"\\]|\\.)*",?)+\])/g;

/** An expression with other SQL in place of each column it reads, by the column's path. */
export async function withColumns(
  { json, columns }: Expression,
  sqlOf: (path: readonly string[]) => string,
): Promise<string> {
  const keyOf = (path: readonly string[]) => JSON.stringify(path);
  const places = [...new Map(columns.map((path) => [keyOf(path), path])).values()];
  const at = new Map(places.map((path, place) => [keyOf(path), `the column at place ${place}`]));
  const named = json.replace(columnNames, (whole, path: string) => {
    const place = at.get(keyOf(JSON.parse(path)));
    return place === undefined ? whole : `"column_names":${keyOf([place])}`;
  });
  return places.reduce(
    (sql, path) => sql.replaceAll(quoteName(at.get(keyOf(path))!), () => sqlOf(path)),
    await written(named),
  );
}

/** Trees written as SQL: all the measures of a decision ask for the same few. */
const writtenBefore = new Map<string, string>();

async function written(json: string): Promise<string> {
  const before = writtenBefore.get(json);
  if (before !== undefined) return before;
  const [{ sql }] = await rowsOf<{ sql: string }>(
    await sandbox(),
    "select json_deserialize_sql($json::json) as sql",
    { json },
  );
  const text = sql.replace(/^SELECT /, "");
  if (writtenBefore.size >= mostKept) writtenBefore.clear();
  writtenBefore.set(json, text);
  return text;
}

const mostKept = 100;

// The tree is kept as text too, since its 64-bit numbers do not survive JavaScript.
async function parse(text: string, refuse: (rule: string) => Error): Promise<{ tree: Tree; json: string }> {
  const [{ json }] = await rowsOf<{ json: string }>(
    await sandbox(),
    "select json_serialize_sql('select ' || $text || chr(10))::varchar as json",
    { text },
  );
  try {
    return { tree: JSON.parse(json) as Tree, json };
  } catch {
    // The only thing that the engine writes as JSON and JavaScript cannot read.
    throw refuse("numbers below 1.8e308");
  }
}

const isName = (text: string) => /^\s*[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\s*$/.test(text);

function isColumn({ statements }: Tree): boolean {
  const [first] = statements?.[0]?.node.select_list ?? [];
  return first?.class === "COLUMN_REF" || first?.class === "CONSTANT";
}

function quoted(name: string): string {
  return name.trim().split(".").map(quoteName).join(".");
}

interface Tree {
  error: boolean;
  error_message?: string;
  statements?: { node: SelectNode }[];
}

interface SelectNode {
  type: string;
  select_list: { class: string; alias: string }[];
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
    node.select_list[0].alias === "" &&
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
  inLambda = false,
): void {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, bound, columns, refuse, inLambda);
    return;
  }
  if (node === null || typeof node !== "object") return;
  const { class: kind, ...rest } = node as Record<string, unknown>;
  if (typeof kind === "string") {
    if (!allowed.has(kind)) refuse(kind.toLowerCase().replaceAll("_", " "));
    const { function_name, schema, catalog, cast_type } = rest as Record<string, string | undefined>;
    const refused =
      kind === "FUNCTION"
        ? refusedFunction(function_name ?? "", schema ?? "", catalog ?? "")
        : kind === "CAST"
          ? refusedType(cast_type)
          : undefined;
    if (refused !== undefined) refuse(refused);
    if (kind === "COLUMN_REF") {
      const path = rest.column_names as string[];
      if (!bound.has(path[0])) columns.push(path);
      return;
    }
    // Outside the functions that take a lambda, an arrow reads JSON: field -> 'key'.
    if (kind === "LAMBDA" && inLambda) {
      const parameters: string[][] = [];
      walk(rest.lhs, new Set(), parameters, refuse);
      walk(rest.expr, new Set([...bound, ...parameters.map(([name]) => name)]), columns, refuse);
      return;
    }
    if (kind === "CONSTANT") return;
  }
  const takesLambda = kind === "FUNCTION" && lambdaFunctions.test(String(rest.function_name));
  for (const child of Object.values(rest)) walk(child, bound, columns, refuse, takesLambda);
}
