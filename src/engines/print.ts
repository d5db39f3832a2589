// One file, however long: relations, queries and sets of queries hold each other, so what writes one calls what writes the others.
import type { Dialect } from "./dialect";
import { isAggregate, printExpression } from "./expression";
import { type From, fromOf, type Query, type Tables } from "./from";
import { itemsOf, metaOf } from "./items";
import { Refused } from "./refused";
import type { Column, Defined, Environment, Item, Relation, Scan, Scope } from "./scope";
import { columnOf, keyOf, relationNamed } from "./scope";
import { holds, type Tree } from "./tree";

/**
 * Writes DuckDB's queries in another engine's SQL.
 *
 * Every name is resolved here and written with its source, so that no engine confuses an output with an input of the
 * same name. A relation has only the columns that are read, and a named one is written once, in WITH.
 *
 * @throws Refused for anything that the dialect cannot express
 */
export class Printer implements Tables {
  readonly #named = new Map<string, string>();
  readonly #known = new Map<Environment, Map<string, Relation>>();
  readonly #bases = new Map<string, Scan>();
  #aliases = 0;

  constructor(readonly dialect: Dialect) {}

  /** The whole statement, and which columns of the engine's own tables it reads how often. */
  statement(node: Tree, environment: Environment): { sql: string; scans: Scan[] } {
    const query = this.query(node, environment);
    this.#aliases = 0;
    const body = query.print();
    return { sql: this.#whole(body), scans: this.#scansOf(body) };
  }

  /** An engine evaluates a WITH query each time it is read, so the tables in it are read as often. */
  #scansOf(body: string): Scan[] {
    const times = new Map([...this.#named.values()].map((name) => [name, 0]));
    const read = (text: string, often: number) => {
      for (const [, name] of text.matchAll(/\b(\w+_\d+) AS t\d+\b/g))
        if (times.has(name)) times.set(name, (times.get(name) ?? 0) + often);
    };
    read(body, 1);
    // A WITH query only reads those named before it.
    for (const [text, name] of [...this.#named].reverse()) read(text, times.get(name) ?? 0);
    return [...this.#bases].map(([name, scan]) => ({ ...scan, times: times.get(name) ?? 0 }));
  }

  #whole(body: string): string {
    const named = [...this.#named].map(([text, name]) => `${name} AS (\n${text}\n)`);
    const all = named.length === 0 ? body : `WITH ${named.join(",\n")}\n${body}`;
    return this.dialect.settings === ""
      ? all
      : `SELECT * FROM (\n${all}\n) SETTINGS ${this.dialect.settings}`;
  }

  /** A SELECT, or a UNION of several. */
  query(node: Tree, environment: Environment): Query {
    const own = this.#withNamed(node, environment);
    return node.type === "SET_OPERATION_NODE" ? this.#union(node, own) : this.#select(node, own);
  }

  /** The environment extended by the names in a query's WITH. */
  #withNamed(node: Tree, environment: Environment): Environment {
    let own = environment;
    for (const { key, value } of node.cte_map?.map ?? []) {
      const before = own;
      const relation = value.query.literal
        ? this.literal(value.query.literal)
        : this.#named_(key, value.query.node, before);
      if (value.aliases.length > 0) throw new Refused(`${key}(${value.aliases.join(", ")})`);
      own = { ...before, named: new Map([...before.named, [keyOf(key), relation]]) };
    }
    return own;
  }

  #named_(name: string, node: Tree, environment: Environment): Relation {
    const { columns, print } = this.query(node, environment);
    return {
      columns,
      print: (needed) => {
        // A named query reads no aliases of the outer query. Its own aliases start at 1, so that equal queries have
        // equal text.
        const around = this.#aliases;
        this.#aliases = 0;
        const text = print(needed);
        this.#aliases = around;
        return this.#once(name, text);
      },
    };
  }

  #stored(name: string, { node, environment }: Defined): Relation {
    return { columns: this.query(node, environment).columns, print: () => name };
  }

  /** A table of constants. */
  literal({ columns, rows }: { columns: Column[]; rows: string[][] }): Relation {
    const { quote, types, listOf } = this.dialect;
    const typed = columns.map(({ name, type = "VARCHAR" }) => ({
      name: quote(name),
      type: type.endsWith("[]") ? listOf(types[type.slice(0, -2)]) : types[type],
    }));
    return { columns, print: () => this.dialect.literalTable(typed, rows) };
  }

  #once(name: string, text: string): string {
    const known = this.#named.get(text);
    if (known !== undefined) return known;
    // A name that no table of the engine has: there a WITH query called like a table would read itself.
    const fresh = `fieldnotes_${name.replace(/\W/g, "_")}_${this.#named.size + 1}`;
    this.#named.set(text, fresh);
    return fresh;
  }

  /** A table, a view or a WITH query, by name. */
  relation(name: string, environment: Environment): Relation {
    const key = keyOf(name);
    const named = environment.named.get(key);
    if (named !== undefined) return named;
    const known = this.#known.get(environment) ?? new Map<string, Relation>();
    this.#known.set(environment, known);
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = relationNamed(environment, key);
    const relation =
      "literal" in found
        ? this.literal(found.literal)
        : "base" in found
          ? {
              columns: found.base.columns,
              print: (needed: ReadonlySet<string>) => {
                const own = this.#once(name, found.base.print(needed));
                this.#bases.set(own, { table: name, columns: found.base.reads(needed), times: 0 });
                return own;
              },
            }
          : found.stored === undefined
            ? this.#named_(name, found.node, found.environment)
            : this.#stored(found.stored, found);
    known.set(key, relation);
    return relation;
  }

  #union(node: Tree, environment: Environment): Query {
    const [left, right] = [this.query(node.left, environment), this.query(node.right, environment)];
    const byName = node.setop_type === "UNION_BY_NAME";
    if (!byName && node.setop_type !== "UNION") throw new Refused(String(node.setop_type));
    const only = byName ? right.columns.filter(({ name }) => columnOf(left.columns, name) === undefined) : [];
    const columns = [...left.columns, ...only];
    const part = (query: Query, own: (place: number) => Column | undefined, needed: ReadonlySet<string>) => {
      const alias = this.alias();
      const used = columns.map((column, place) => ({ column, from: own(place) }));
      const kept = used.filter(({ column }) => needed.has(keyOf(column.name)));
      const read = new Set(kept.flatMap(({ from }) => (from === undefined ? [] : [keyOf(from.name)])));
      const list = kept.map(({ column, from }) => {
        const value = from === undefined ? "NULL" : `${alias}.${this.dialect.quote(from.name)}`;
        return `${value} AS ${this.dialect.quote(column.name)}`;
      });
      return `SELECT ${list.join(", ") || "1 AS none"} FROM (${query.print(read)}) AS ${alias}`;
    };
    return {
      columns,
      print: (wanted) => {
        const needed = node.setop_all && wanted !== undefined ? wanted : namesOf(columns);
        const both = [
          part(left, (place) => left.columns[place], needed),
          part(
            right,
            (place) => (byName ? columnOf(right.columns, columns[place].name) : right.columns[place]),
            needed,
          ),
        ];
        const text = both.join(node.setop_all ? "\nUNION ALL\n" : "\nUNION DISTINCT\n");
        const modifiers = node.modifiers as Tree[];
        if (modifiers.length === 0) return text;
        const alias = this.alias();
        const source = { alias, name: keyOf(alias), columns, needed: new Set<string>(), text: () => text };
        const scope: Scope = { sources: [source], merged: new Map(), items: [], environment, printer: this };
        const list = columns
          .filter(({ name }) => needed.has(keyOf(name)))
          .map(({ name }) => `${alias}.${this.dialect.quote(name)} AS ${this.dialect.quote(name)}`);
        return `SELECT ${list.join(", ")} FROM (${text}) AS ${alias}${this.#modified(modifiers, scope)}`;
      },
    };
  }

  #select(node: Tree, environment: Environment): Query {
    const built = () => {
      const from = fromOf(node.from_table, environment, this);
      const scope: Scope = { ...from, items: [], environment, printer: this };
      const { items, repeats } = itemsOf(node.select_list, scope);
      scope.items = items;
      return { from, scope, items, repeats };
    };
    const first = built();
    const columns = first.items.map((item) => ({
      ...metaOf(item.expression, first.scope),
      name: item.name,
    }));
    return { columns, print: (needed) => this.#print(node, built(), needed) };
  }

  #print(
    node: Tree,
    { from, scope, items, repeats }: { from: From; scope: Scope; items: Item[]; repeats: number },
    needed?: ReadonlySet<string>,
  ): string {
    const { quote } = this.dialect;
    const modifiers = node.modifiers as Tree[];
    const isDistinct = modifiers.some(({ type }) => type === "DISTINCT_MODIFIER");
    const kept = items.filter(
      ({ name }) => needed === undefined || isDistinct || node.qualify || needed.has(keyOf(name)),
    );
    const write = (tree: Tree) => printExpression(tree, scope);
    const partName = (item: number, part: number) => quote(`part ${item} ${part}`);
    const list = kept.flatMap(({ name, expression }, item) =>
      expression.class === "PICK"
        ? (expression.values as Tree[]).map((one, part) => `${write(one)} AS ${partName(item, part)}`)
        : [`${write(expression)} AS ${quote(name)}`],
    );
    if (node.qualify) list.push(`${write(node.qualify)} AS kept`);
    const joined = from.prepare();
    const where = [...joined, ...(node.where_clause ? [write(node.where_clause)] : [])];
    const groups = this.#groups(node, items).map(write);
    const having = node.having ? `\nHAVING ${write(node.having)}` : "";
    const ordered = this.#modified(modifiers, scope);
    const source = from.text();
    const text = [
      `SELECT ${isDistinct ? "DISTINCT " : ""}${list.join(", ") || "1 AS none"}`,
      ...(source === "" ? [] : [`FROM ${source}`]),
      ...(where.length === 0 ? [] : [`WHERE ${where.join(" AND ")}`]),
      ...(groups.length === 0 ? [] : [`GROUP BY ${groups.join(", ")}`]),
    ].join("\n");
    if (repeats > 0) {
      if (node.qualify || ordered !== "") throw new Refused("unnest with ORDER BY");
      const [alias, parts] = [this.alias(), this.alias()];
      const picked = kept.map(({ name, expression }, item) => {
        const values = (expression.values ?? []) as Tree[];
        const whens = values.map((_, part) => `WHEN ${part + 1} THEN ${alias}.${partName(item, part)}`);
        const value =
          expression.class === "PICK"
            ? `CASE ${parts}.part ${whens.join(" ")} END`
            : `${alias}.${quote(name)}`;
        return `${value} AS ${quote(name)}`;
      });
      return `SELECT ${picked.join(", ") || "1 AS none"} FROM (${text}${having}) AS ${alias} CROSS JOIN ${this.#numbers(repeats)} AS ${parts}`;
    }
    if (!node.qualify) return `${text}${having}${ordered}`;
    if (ordered !== "") throw new Refused("QUALIFY with ORDER BY");
    const alias = this.alias();
    const outer = kept.filter(({ name }) => needed === undefined || needed.has(keyOf(name)));
    const names = outer.map(({ name }) => `${alias}.${quote(name)} AS ${quote(name)}`);
    return `SELECT ${names.join(", ") || "1 AS none"} FROM (${text}${having}) AS ${alias} WHERE ${alias}.kept`;
  }

  #numbers(count: number): string {
    const rows = Array.from({ length: count }, (_, at) => [String(at + 1)]);
    const type = this.dialect.types.INTEGER;
    return `(SELECT * FROM ${this.dialect.literalTable([{ name: "part", type }], rows)})`;
  }

  #groups(node: Tree, items: readonly Item[]): Tree[] {
    if ((node.group_sets ?? []).length > 1) throw new Refused("GROUPING SETS");
    const isAll = node.aggregate_handling === "FORCE_AGGREGATES";
    if (isAll)
      return items.map(({ expression }) => expression).filter((one) => !isAggregate(one) && !isConstant(one));
    const groups = (node.group_expressions as Tree[]).map((one) =>
      one.class === "CONSTANT" && Number.isInteger(one.value.value)
        ? items[one.value.value - 1].expression
        : one,
    );
    const varying = groups.filter((one) => !isConstant(one));
    return varying.length === 0 ? groups : varying;
  }

  #modified(modifiers: readonly Tree[], scope: Scope): string {
    let text = "";
    for (const one of modifiers) {
      if (one.type === "DISTINCT_MODIFIER") {
        if ((one.distinct_on_targets ?? []).length > 0) throw new Refused("DISTINCT ON");
      } else if (one.type === "ORDER_MODIFIER")
        text += `\nORDER BY ${this.orders(one.orders, scope).join(", ")}`;
      else if (one.type === "LIMIT_MODIFIER") {
        if (one.offset) throw new Refused("OFFSET");
        text += `\nLIMIT ${printExpression(one.limit, scope)}`;
      } else throw new Refused(String(one.type));
    }
    return text;
  }

  /** The items of ORDER BY; a tuple becomes one item per value. */
  orders(orders: readonly Tree[], scope: Scope): string[] {
    // ORDER BY ALL.
    const each = orders.flatMap((one) =>
      one.expression.class === "STAR" ? scope.items.map(({ expression }) => ({ ...one, expression })) : [one],
    );
    return each.flatMap(({ type, null_order: nulls, expression }) => {
      const direction = type === "DESCENDING" ? "DESC" : "ASC";
      const last = nulls === "NULLS FIRST" ? "NULLS FIRST" : "NULLS LAST";
      const item =
        expression.class === "COLUMN_REF" && expression.column_names.length === 1
          ? scope.items.find(({ name }) => keyOf(name) === keyOf(expression.column_names[0]))
          : undefined;
      const tree = item?.expression ?? expression;
      const text = printExpression(tree, scope);
      const { fields, types = [], values, valuesOf = [] } = metaOf(tree, scope);
      const inOrder = (part: string, own?: readonly string[]) =>
        own === undefined
          ? part
          : `CASE ${part} ${own.map((one, at) => `WHEN ${this.dialect.text(one)} THEN ${at}`).join(" ")} END`;
      const parts =
        fields === undefined
          ? [inOrder(text, values)]
          : fields.map((_, at) => inOrder(this.dialect.field(text, at + 1, types[at]), valuesOf[at]));
      return parts.map((part) => `${part} ${direction} ${last}`);
    });
  }

  /** A subquery within an expression. */
  subquery(node: Tree, scope: Scope): string {
    return this.query(node, scope.environment).print();
  }

  alias(): string {
    this.#aliases++;
    return `t${this.#aliases}`;
  }
}

const namesOf = (columns: readonly Column[]) => new Set(columns.map(({ name }) => keyOf(name)));

const isConstant = (tree: Tree) =>
  !holds(tree, ({ class: kind }) => ["COLUMN_REF", "SUBQUERY", "WINDOW"].includes(String(kind)));
