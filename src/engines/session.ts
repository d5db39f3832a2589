import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import type { Parameters } from "../store/run";
import { resultOf } from "../store/run";
import type { Dialect } from "./dialect";
import { Refused } from "./expression";
import { Printer } from "./print";
import { type Answer, answer, cellText, fetched } from "./result";
import type { Column, Environment, Known, Relation } from "./scope";
import { keyOf } from "./scope";
import { constant, holds, parsed, parted, swapped, type Tree, writtenQuery } from "./tree";

/** What sends statements to an engine. */
export interface Client {
  /** The rows of a query, each a list of its cells as JSON has them. */
  query(sql: string, signal: AbortSignal): Promise<unknown[][]>;
  /** The columns of a query, each a name and the engine's type. */
  columns(sql: string, signal: AbortSignal): Promise<[name: string, type: string][]>;
}

/** What an engine's statements read: the relations that are there, by name. */
export interface Lake {
  dialect: Dialect;
  client: Client;
  tables: ReadonlyMap<string, Relation>;
}

type Views = Map<string, Known | { view: Tree }>;

/**
 * A connection that answers DuckDB's statements from another engine.
 *
 * Views, tables and variables are kept here: a statement that reads the engine's tables is written in the engine's SQL
 * with all that it stands on, a temporary table as the query that it was made of. What reads none of them is worked out
 * beside, in a DuckDB whose tables are empty; it also tells each statement's columns and their types, and refuses one
 * that DuckDB would refuse.
 */
export class Session {
  readonly #views: Views = new Map();
  readonly #variables = new Map<string, Tree>();
  readonly #macros = new Map<string, { parameters: readonly string[]; body: Tree }>();
  /** What was sent to the engine, in order. */
  readonly sent: string[] = [];
  #stopped = new AbortController();

  constructor(
    readonly lake: Lake,
    readonly beside: DuckDBConnection,
  ) {
    for (const [name, base] of lake.tables) this.#views.set(keyOf(name), { base });
  }

  async run(script: string, parameters: Parameters = {}): Promise<Answer> {
    let last: Answer | undefined;
    for (const statement of parted(script)) last = await this.#one(statement, parameters);
    return last as Answer;
  }

  /** Stops what is running, on the engine as well. */
  interrupt(): void {
    this.#stopped.abort();
    this.beside.interrupt();
  }

  closeSync(): void {
    this.beside.closeSync();
  }

  async #one(statement: string, parameters: Parameters): Promise<Answer> {
    const created =
      /^create\s+(?:or\s+replace\s+)?temp\s+(view|table|macro)\s+("?)(\w+)\2\s*(\([^)]*\))?\s+as\s+([\s\S]+)$/i.exec(
        statement,
      );
    if (created !== null) return this.#create(statement, created, parameters);
    const set = /^set\s+variable\s+(\w+)\s*=\s*([\s\S]+)$/i.exec(statement);
    if (set !== null) {
      this.#variables.set(keyOf(set[1]), await parsed.expression(set[2]));
      return this.#beside(statement, parameters);
    }
    if (!/^(select|with|from)\b/i.test(statement)) {
      if (/^describe\b/i.test(statement)) return this.#beside(statement, parameters);
      throw new Refused(`the statement ${statement.slice(0, 40)}`);
    }
    const tree = await this.#bound(statement, parameters);
    if (!this.#readsEngine(tree)) return this.#beside(statement, parameters);
    const shape = await this.#beside(statement, parameters);
    const sql = await this.#inEngineSql(tree);
    this.sent.push(sql);
    this.#stopped = new AbortController();
    const rows = await this.lake.client.query(sql, this.#stopped.signal);
    return answer(shape.columnNames(), shape.columnTypes(), rows);
  }

  /** The statement in the engine's SQL. */
  async #inEngineSql(tree: Tree): Promise<string> {
    return new Printer(this.lake.dialect).statement(
      await this.#withLiterals(tree, new Set()),
      this.#environment(),
    );
  }

  #environment(): Environment {
    return { relations: this.#views, named: new Map(), variables: this.#variables, macros: this.#macros };
  }

  async #create(
    statement: string,
    [, kind, , name, list, body]: string[],
    parameters: Parameters,
  ): Promise<Answer> {
    const key = keyOf(name);
    const made = await this.#beside(statement, parameters);
    if (kind.toLowerCase() === "macro") {
      const names = (list ?? "()")
        .slice(1, -1)
        .split(",")
        .map((one) => one.trim());
      this.#macros.set(key, { parameters: names, body: await parsed.expression(body) });
      return made;
    }
    const tree = await this.#bound(body, parameters);
    if (!this.#readsEngine(tree)) {
      this.#views.set(key, { literal: await this.#literalOf(`from ${name}`) });
      return made;
    }
    const view = await this.#withLiterals(tree, new Set());
    if (kind.toLowerCase() === "view") this.#views.set(key, { view });
    else {
      // A table holds what was so when it was made.
      const environment = {
        ...this.#environment(),
        relations: new Map(this.#views),
        variables: new Map(this.#variables),
        macros: new Map(this.#macros),
      };
      this.#views.set(key, { node: view, environment });
    }
    return made;
  }

  async #beside(statement: string, parameters: Parameters): Promise<Answer> {
    return fetched(await resultOf(this.beside, statement, parameters));
  }

  /** The statement as a tree, with its parameters written in. */
  async #bound(statement: string, parameters: Parameters): Promise<Tree> {
    const tree = await parsed.query(statement);
    return swapped(tree, (node) =>
      node.class === "PARAMETER"
        ? { ...constant(parameters[node.identifier] ?? null), alias: node.alias }
        : undefined,
    );
  }

  #readsEngine(tree: Tree, besides: ReadonlySet<string> = new Set()): boolean {
    return holds(tree, ({ type, table_name: name }) => {
      if (type !== "BASE_TABLE" || besides.has(keyOf(name))) return false;
      const known = this.#views.get(keyOf(name));
      return known !== undefined && !("literal" in known);
    });
  }

  /** The tree with each part that reads no table of the engine as the rows that it has. */
  async #withLiterals(tree: Tree, outer: ReadonlySet<string>): Promise<Tree> {
    const besides = new Set(outer);
    const entries: Tree[] = [];
    for (const entry of tree.cte_map?.map ?? []) {
      const { node } = entry.value.query;
      const before = entries.filter(({ key }) => besides.has(keyOf(key)));
      if (this.#isBeside(node, besides)) {
        const whole = {
          ...node,
          cte_map: { map: [...before.map(({ given }) => given), ...node.cte_map.map] },
        };
        const literal = await this.#literalOf(await writtenQuery(whole));
        besides.add(keyOf(entry.key));
        entries.push({ key: entry.key, given: entry, value: { ...entry.value, query: { literal } } });
      } else {
        const query = { ...entry.value.query, node: await this.#withLiterals(node, besides) };
        entries.push({ key: entry.key, value: { ...entry.value, query } });
      }
    }
    const given = new Map(
      entries.flatMap((one) => (one.given ? [[keyOf(one.key), one.given] as const] : [])),
    );
    const inner = { ...tree, cte_map: { map: [] } };
    const found = new Map<Tree, Tree>();
    const look = async (node: unknown): Promise<void> => {
      if (Array.isArray(node)) for (const one of node) await look(one);
      else if (node !== null && typeof node === "object") {
        const one = node as Tree;
        if (one !== inner && (one.type === "SELECT_NODE" || one.type === "SET_OPERATION_NODE")) {
          found.set(one, await this.#withLiterals(one, besides));
          return;
        }
        const literal = await this.#literalIn(one, besides, given);
        if (literal === undefined) for (const child of Object.values(one)) await look(child);
        else found.set(one, literal);
      }
    };
    await look(inner);
    const swappedIn = swapped(inner, (node) => found.get(node));
    return { ...swappedIn, cte_map: { map: entries.map(({ given: _, ...rest }) => rest) } };
  }

  #isBeside(node: Tree, besides: ReadonlySet<string>): boolean {
    return (
      !this.#readsEngine(node, besides) &&
      !holds(
        node,
        ({ type, table_name: name }) =>
          type === "BASE_TABLE" && !besides.has(keyOf(name)) && !this.#views.has(keyOf(name)),
      )
    );
  }

  /** What of FROM, or of an IN, can be worked out beside. */
  async #literalIn(
    one: Tree,
    besides: ReadonlySet<string>,
    given: ReadonlyMap<string, Tree>,
  ): Promise<Tree | undefined> {
    const isFrom = one.type === "TABLE_FUNCTION" || (one.type === "SUBQUERY" && one.class === undefined);
    const isIn = one.class === "SUBQUERY" && one.subquery_type === "ANY";
    if (!isFrom && !isIn) return undefined;
    const body: Tree | undefined = one.type === "TABLE_FUNCTION" ? undefined : one.subquery.node;
    if (body !== undefined && !this.#isBeside(body, besides)) return undefined;
    const map = [...given.values()];
    const columns = one.column_name_alias ?? [];
    try {
      if (isIn) {
        const literal = await this.#literalOf(await writtenQuery({ ...body, cte_map: { map } } as Tree));
        return { ...one, child: await this.#withLiterals(one.child, besides), subquery: { literal } };
      }
      const from = await parsed.query("select * from there");
      const whole = { ...from, from_table: one, cte_map: { map } };
      return {
        literal: await this.#literalOf(await writtenQuery(whole)),
        alias: one.alias,
        column_name_alias: [],
        was: columns,
      };
    } catch {
      // It reads a name of the query around.
      return undefined;
    }
  }

  async #literalOf(sql: string) {
    const result = await this.#beside(sql, {});
    const names = result.columnNames();
    const of = result.columnTypes();
    const columns: Column[] = names.map((name, at) => ({ name, type: nameOfType(of[at]) }));
    const rows = result
      .rowsOfCells()
      .map((row) => row.map((cell, at) => cellText(cell, of[at], this.lake.dialect)));
    return { columns, rows };
  }
}

const nameOfType = (type: DuckDBType) => (String(type).startsWith("ENUM") ? "VARCHAR" : String(type));
