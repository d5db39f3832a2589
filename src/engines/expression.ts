// One file, however long: expressions hold others of every kind, so the functions that write them call each other in a circle.
import { Refused } from "./refused";
import { findColumn, keyOf, type Scope } from "./scope";
import { holds, swapped, type Tree } from "./tree";

const aggregates = new Set(
  "count count_star sum fsum min max avg any_value bool_or bool_and arg_min arg_max min_by list median quantile_cont quantile_disc string_agg".split(
    " ",
  ),
);

const isCallOf = (names: ReadonlySet<string>) => (node: Tree) =>
  node.class === "FUNCTION" && names.has(String(node.function_name));

/** True if the expression contains an aggregate. */
export const isAggregate = (tree: Tree): boolean => holds(tree, isCallOf(aggregates));

const comparisons: Record<string, string> = {
  COMPARE_EQUAL: "=",
  COMPARE_NOTEQUAL: "<>",
  COMPARE_LESSTHAN: "<",
  COMPARE_GREATERTHAN: ">",
  COMPARE_LESSTHANOREQUALTO: "<=",
  COMPARE_GREATERTHANOREQUALTO: ">=",
};

/** Writes an expression in the engine's SQL. */
export function printExpression(tree: Tree, scope: Scope): string {
  const write = (one: Tree) => printExpression(one, scope);
  const { dialect } = scope.printer;
  switch (tree.class) {
    case "COLUMN_REF":
      return column(tree.column_names, scope);
    case "CONSTANT":
      return constantText(tree, scope);
    case "CAST":
      return cast(tree, scope);
    case "CASE": {
      const whens = (tree.case_checks as Tree[]).map(
        ({ when_expr: when, then_expr: then }) => `WHEN ${write(when)} THEN ${write(then)}`,
      );
      return `CASE ${whens.join(" ")} ELSE ${write(tree.else_expr)} END`;
    }
    case "COMPARISON": {
      const [left, right] = [write(tree.left), write(tree.right)];
      if (tree.type === "COMPARE_DISTINCT_FROM") return distinct(left, right);
      if (tree.type === "COMPARE_NOT_DISTINCT_FROM") return `(NOT ${distinct(left, right)})`;
      const word = comparisons[String(tree.type)];
      if (word === undefined) throw new Refused(String(tree.type));
      return `(${left} ${word} ${right})`;
    }
    case "BETWEEN":
      return `(${write(tree.input)} BETWEEN ${write(tree.lower)} AND ${write(tree.upper)})`;
    case "CONJUNCTION":
      return `(${(tree.children as Tree[]).map(write).join(tree.type === "CONJUNCTION_AND" ? " AND " : " OR ")})`;
    case "OPERATOR":
      return operator(tree, scope);
    case "FUNCTION":
      return call(tree, scope);
    case "WINDOW":
      return window(tree, scope);
    case "SUBQUERY":
      return subquery(tree, scope);
    case "PLACE":
      return String(tree.name);
    default:
      throw new Refused(String(tree.class).toLowerCase().replaceAll("_", " "));
  }

  function distinct(left: string, right: string): string {
    return `coalesce(${left} <> ${right}, (${left} IS NULL) <> (${right} IS NULL))`;
  }

  function column(path: readonly string[], within: Scope): string {
    const found = findColumn(path, within);
    if (found !== undefined) {
      const { source, column, rest } = found;
      source.needed.add(keyOf(column.name));
      const text = `${source.alias}.${dialect.quote(column.name)}`;
      if (rest.length === 0) return text;
      const place = (column.fields ?? []).findIndex((one) => keyOf(one) === keyOf(rest[0]));
      if (place < 0 || rest.length > 1) throw new Refused(path.join("."));
      return dialect.field(text, place + 1, column.types?.[place] ?? "VARCHAR");
    }
    // The name may be another item's alias in the select list.
    const item =
      path.length === 1 ? within.items.find(({ name }) => keyOf(name) === keyOf(path[0])) : undefined;
    if (item === undefined) throw new Refused(`the name ${path.join(".")} of an outer query`);
    return printExpression(item.expression, { ...within, items: within.items.filter((one) => one !== item) });
  }
}

function constantText(
  { value: { is_null: isNull, type, value } }: Tree,
  { printer: { dialect } }: Scope,
): string {
  if (isNull) return "NULL";
  switch (type.id) {
    case "VARCHAR":
      return dialect.text(value);
    case "BOOLEAN":
      return value ? "true" : "false";
    case "DOUBLE":
      return dialect.double(Number(value));
    case "DECIMAL":
      return dialect.double(Number(`${value}e-${type.type_info.scale}`));
    case "INTEGER":
      return String(value);
    case "BIGINT":
    case "UBIGINT":
      return `CAST(${value} AS ${dialect.types[type.id]})`;
    default:
      throw new Refused(`a constant of type ${type.id}`);
  }
}

const whole = new Set(["BIGINT", "INTEGER", "UBIGINT"]);
const exact = new Set(["floor", "count", "count_star", ">>", "hash", "//", "row_number"]);

function cast(tree: Tree, scope: Scope): string {
  const { dialect } = scope.printer;
  const { child, cast_type: type } = tree;
  // This is how the parser writes true and false.
  if (type.id === "BOOLEAN" && child.class === "CONSTANT" && /^[tf]$/.test(String(child.value.value)))
    return child.value.value === "t" ? "true" : "false";
  if (type.id === "UNBOUND" && type.type_info?.name === "ENUM") return printExpression(child, scope);
  const target = dialect.types[type.id];
  if (target === undefined) throw new Refused(`a cast to ${type.id}`);
  if (child.class === "CONSTANT" && child.value.type.id === "VARCHAR" && type.id === "DOUBLE")
    return dialect.double(Number(String(child.value.value).replace(/^(-?)inf(inity)?$/i, "$1Infinity")));
  // No other engine has infinite times: nothing is at or beyond one.
  if (
    child.class === "CONSTANT" &&
    type.id === "TIMESTAMP" &&
    /^-?infinity$/i.test(String(child.value.value))
  )
    return `CAST(NULL AS ${target})`;
  // '0x' || digits, cast to a number.
  if (type.id === "BIGINT" && child.function_name === "||" && child.children[0].value?.value === "0x")
    return `CAST(${dialect.hexadecimal(printExpression(child.children[1], scope))} AS ${target})`;
  const text = printExpression(child, scope);
  // Engines take a time zone or a format only as a literal.
  if (type.id === "VARCHAR" && isText(child, scope)) return text;
  if (!whole.has(type.id) || child.class === "CONSTANT" || exact.has(child.function_name))
    return `CAST(${text} AS ${target})`;
  return dialect.rounded(text, target);
}

function isText(
  { class: kind, function_name: name, children, value }: Tree,
  { environment }: Scope,
): boolean {
  if (name !== "getvariable") return kind === "CONSTANT" && value.type.id === "VARCHAR";
  const of = environment.variables.get(keyOf(children[0].value.value));
  return of?.class === "CONSTANT" && of.value.type.id === "VARCHAR";
}

function operator(tree: Tree, scope: Scope): string {
  const parts = (tree.children as Tree[]).map((one) => printExpression(one, scope));
  const { dialect } = scope.printer;
  switch (tree.type) {
    case "OPERATOR_NOT":
      return `(NOT ${parts[0]})`;
    case "OPERATOR_IS_NULL":
      return `(${parts[0]} IS NULL)`;
    case "OPERATOR_IS_NOT_NULL":
      return `(${parts[0]} IS NOT NULL)`;
    case "OPERATOR_COALESCE":
      return `coalesce(${parts.join(", ")})`;
    case "OPERATOR_NULLIF":
      return `nullif(${parts.join(", ")})`;
    case "COMPARE_IN":
      return `(${parts[0]} IN (${parts.slice(1).join(", ")}))`;
    case "COMPARE_NOT_IN":
      return `(${parts[0]} NOT IN (${parts.slice(1).join(", ")}))`;
    case "ARRAY_EXTRACT":
      return `${parts[0]}[${parts[1]}]`;
    default:
      throw new Refused(`${dialect.name} ${String(tree.type)}`);
  }
}

function call(tree: Tree, scope: Scope): string {
  const { dialect } = scope.printer;
  const name = String(tree.function_name).toLowerCase();
  const children = tree.children as Tree[];
  const { variables, macros } = scope.environment;
  if (name === "getvariable") {
    const value = variables.get(keyOf(children[0].value.value));
    return value === undefined ? "NULL" : printExpression(value, scope);
  }
  const macro = macros.get(name);
  if (macro !== undefined) {
    const given = new Map(macro.parameters.map((one, at) => [keyOf(one), children[at]]));
    const body = swapped(macro.body, (node) =>
      node.class === "COLUMN_REF" && node.column_names.length === 1
        ? given.get(keyOf(node.column_names[0]))
        : undefined,
    );
    return printExpression(body, scope);
  }
  const write = (one: Tree) => printExpression(one, scope);
  if (name === "struct_pack" || name === "row") return dialect.row(children.map(write));
  if (name === "hash") return dialect.hash(children.map(write));
  if (name === "list_filter" && children[1]?.class === "LAMBDA") {
    const { lhs, expr } = children[1];
    const [one] = lhs.column_names as string[];
    const body = swapped(expr, (node) =>
      node.class === "COLUMN_REF" &&
      node.column_names.length === 1 &&
      keyOf(node.column_names[0]) === keyOf(one)
        ? { class: "PLACE", name: "one" }
        : undefined,
    );
    return dialect.filtered(write(children[0]), "one", write(body));
  }
  if (name === "list_value") return dialect.list(children.map(write));
  if (name === "count_star" || name === "count") {
    const counted = children.length === 0 ? "1" : write(children[0]);
    const when = tree.filter ? `CASE WHEN ${write(tree.filter)} THEN ${counted} END` : counted;
    const found = tree.distinct ? dialect.functions.count_distinct : dialect.functions.count;
    return `CAST(${applied(found, "count", [when], dialect.name)} AS ${dialect.types.BIGINT})`;
  }
  if (tree.distinct) throw new Refused(`${name} of distinct values`);
  if (name === "list" && tree.order_bys.orders.length > 0) {
    const keys = (tree.order_bys.orders as Tree[]).map(({ expression }) => write(expression));
    return dialect.ordered(write(children[0]), keys);
  }
  if (name === "any_value" && tree.order_bys.orders.length > 0) return write(firstOf(tree));
  if (tree.order_bys?.orders.length > 0) throw new Refused(`${name} in an order`);
  if (tree.filter && name === "list")
    return `${applied(dialect.functions.list, name, children.map(write), dialect.name)} FILTER (WHERE ${write(tree.filter)})`;
  if (tree.filter && (name === "arg_min" || name === "arg_max"))
    return `${applied(dialect.functions[name], name, children.map(write), dialect.name)} FILTER (WHERE ${write(tree.filter)})`;
  // Several quantiles at once become a list of single ones.
  if (name === "quantile_disc" && children[1].function_name === "list_value")
    return dialect.list(
      (children[1].children as Tree[]).map((one) => write({ ...tree, children: [children[0], one] })),
    );
  const [first, ...others] = children.map(write);
  const args = first === undefined ? [] : [first, ...others];
  if (tree.filter && args.length > 0) args[0] = `CASE WHEN ${write(tree.filter)} THEN ${first} END`;
  if (tree.filter && args.length !== 1 && !name.startsWith("quantile"))
    throw new Refused(`${name} of some rows`);
  const isTime = name === "isfinite" && typeOf(children[0], scope) === "TIMESTAMP";
  return applied(dialect.functions[isTime ? "isfinite_time" : name], name, args, dialect.name);
}

/** any_value(x order by a, b) as arg_min(x, row(a is null, a, b is null, b)). */
function firstOf(tree: Tree): Tree {
  const keys = (tree.order_bys.orders as Tree[]).flatMap(({ type, null_order: nulls, expression }) => {
    if (type === "DESCENDING") throw new Refused("any_value in descending order");
    const place = nulls === "NULLS FIRST" ? "OPERATOR_IS_NOT_NULL" : "OPERATOR_IS_NULL";
    return [{ class: "OPERATOR", type: place, children: [expression] }, expression];
  });
  const row: Tree = { class: "FUNCTION", function_name: "row", children: keys };
  return { ...tree, function_name: "arg_min", children: [tree.children[0], row], order_bys: { orders: [] } };
}

function typeOf(tree: Tree, scope: Scope): string | undefined {
  return tree.class === "COLUMN_REF" ? findColumn(tree.column_names, scope)?.column.type : undefined;
}

function applied(
  found: string | ((...args: string[]) => string) | undefined,
  name: string,
  args: string[],
  engine: string,
): string {
  if (found === undefined)
    throw new Refused(`the function ${name}, which has no known equivalent in ${engine}`);
  return typeof found === "string" ? `${found}(${args.join(", ")})` : found(...args);
}

function window(tree: Tree, scope: Scope): string {
  const { dialect } = scope.printer;
  const isPlain =
    tree.start === "UNBOUNDED_PRECEDING" &&
    tree.end === "CURRENT_ROW_RANGE" &&
    !tree.filter_expr &&
    !tree.ignore_nulls;
  if (!isPlain) throw new Refused("a window with a frame");
  const name = String(tree.function_name).toLowerCase();
  const args = (tree.children as Tree[]).map((one) => printExpression(one, scope));
  const isOfRows = name === "count_star" || (name === "count" && args.length === 0);
  const found = isOfRows ? () => "count(*)" : dialect.functions[name];
  const partitions = (tree.partitions as Tree[]).map((one) => printExpression(one, scope));
  const orders = scope.printer.orders(tree.orders, { ...scope, items: [] });
  const over = [
    partitions.length === 0 ? "" : `PARTITION BY ${partitions.join(", ")}`,
    orders.length === 0 ? "" : `ORDER BY ${orders.join(", ")}`,
  ].filter((one) => one !== "");
  const text = `${applied(found, name, args, dialect.name)} OVER (${over.join(" ")})`;
  return ["row_number", "rank", "count", "count_star"].includes(name)
    ? `CAST(${text} AS ${dialect.types.BIGINT})`
    : text;
}

const isRow = (tree: Tree) => tree.class === "FUNCTION" && tree.function_name === "row";

/** (a, b) in (select (x, y) ...), with the columns of the row apart. */
function rowsIn(child: Tree, node: Tree): { values: Tree[]; node: Tree; names: string[] } | undefined {
  const [one, ...others] = (node.select_list ?? []) as Tree[];
  if (!isRow(child) || one === undefined || others.length > 0 || !isRow(one)) return undefined;
  const parts = one.children as Tree[];
  const names = parts.map((_, at) => `part ${at + 1}`);
  return {
    values: child.children,
    node: { ...node, select_list: parts.map((part, at) => ({ ...part, alias: names[at] })) },
    names,
  };
}

function subquery(tree: Tree, scope: Scope): string {
  const { printer } = scope;
  if (tree.subquery.literal) {
    const { columns, rows } = tree.subquery.literal;
    if (tree.subquery_type === "SCALAR") {
      const type = printer.dialect.types[columns[0].type];
      if (type === undefined) throw new Refused(`a value of type ${columns[0].type}`);
      return `CAST(${rows[0][0]} AS ${type})`;
    }
    if (tree.subquery_type !== "ANY" || columns.length !== 1) throw new Refused("a subquery of values");
    if (rows.length === 0) return "false";
    return `(${printExpression(tree.child, scope)} IN (${rows.map(([one]: string[]) => one).join(", ")}))`;
  }
  const ofRows = tree.subquery_type === "ANY" ? rowsIn(tree.child, tree.subquery.node) : undefined;
  if (ofRows !== undefined) {
    const values = ofRows.values.map((one) => printExpression(one, scope));
    return `(${printer.dialect.among(values, printer.subquery(ofRows.node, scope), ofRows.names)})`;
  }
  const text = printer.subquery(tree.subquery.node, scope);
  switch (tree.subquery_type) {
    case "EXISTS":
      return `((SELECT count(*) FROM (SELECT 1 AS one FROM (${text}) AS ${printer.alias()} LIMIT 1) AS ${printer.alias()}) > 0)`;
    case "ANY":
      if (tree.comparison_type !== "COMPARE_EQUAL") throw new Refused("ANY of a subquery");
      return `(${printExpression(tree.child, scope)} IN (${text}))`;
    case "SCALAR":
      return `(${text})`;
    default:
      throw new Refused(String(tree.subquery_type));
  }
}
