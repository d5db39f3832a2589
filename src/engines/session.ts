// One file, however long: everything here reads or changes what a connection keeps, which no other file is to touch.
import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../store/quote";
import type { Parameters } from "../store/run";
import { resultOf } from "../store/run";
import { columnsOf, schema, type TableName } from "../store/schema";
import type { Client } from "./client";
import type { Dialect } from "./dialect";
import { Printer } from "./print";
import { Refused } from "./refused";
import { type Answer, answer, cellText, fetched, madeType, nameOfType } from "./result";
import type { Base, Column, Defined, Environment, Known, Literal, Scan } from "./scope";
import { keyOf, partsOf } from "./scope";
import { TemporaryTables } from "./temporary";
import { constant, holds, parsed, parted, swapped, type Tree, writtenQuery } from "./tree";

/** An engine, and its tables by name. */
export interface Lake {
  dialect: Dialect;
  /** Absent if statements are only written: then the local DuckDB answers them from the rows it has. */
  client?: Client;
  tables: ReadonlyMap<string, Base>;
}

/** Up to this many literal rows are written into each statement that reads them. */
const fewRows = 100;

type Views = Map<string, Known | { view: Tree }>;

/** The names in the surrounding WITH, true for those evaluated in the local DuckDB. */
type Named = ReadonlyMap<string, boolean>;

/**
 * A connection that answers DuckDB's statements from another engine.
 *
 * Views, tables and variables are kept here. A statement that reads the engine's tables is written in the engine's SQL
 * with everything it depends on; a temporary table becomes the query that created it. Anything else is evaluated in a
 * local DuckDB ("beside") whose tables are empty. It also provides each statement's columns and types, and rejects
 * invalid statements.
 */
export class Session {
  readonly #views: Views = new Map();
  readonly #variables = new Map<string, Tree>();
  readonly #macros = new Map<string, { parameters: readonly string[]; body: Tree }>();
  /** The statements sent to the engine, in order, and what each reads there. */
  readonly sent: string[] = [];
  readonly scans: Scan[][] = [];
  readonly #tables: TemporaryTables;
  #stopped = new AbortController();

  constructor(
    readonly lake: Lake,
    readonly beside: DuckDBConnection,
  ) {
    this.#tables = new TemporaryTables(lake.dialect, lake.client);
    // Tables that the engine doesn't have are empty.
    for (const table of Object.keys(schema) as TableName[]) {
      const columns = Object.entries(columnsOf(table)).map(([name, { type }]): Column => ({ name, type }));
      this.#views.set(keyOf(table), { literal: { columns, rows: [] } });
    }
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
    this.#tables.drop();
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
    const changed = /^(?:delete\s+from|insert\s+into)\s+(\w+)\s+([\s\S]+)$/i.exec(statement);
    if (changed !== null && this.#readsEngine(await parsed.query(`select * from ${changed[1]}`)))
      return this.#change(statement, changed, parameters);
    if (!/^(select|with|from)\b/i.test(statement)) {
      if (/^describe\b/i.test(statement)) return this.#beside(statement, parameters);
      throw new Refused(`the statement ${statement.slice(0, 40)}`);
    }
    const tree = await this.#bound(statement, parameters);
    if (!this.#readsEngine(tree)) return this.#beside(statement, parameters);
    const shape = await this.#beside(statement, parameters);
    const rows = await this.#fetched(tree);
    return rows === undefined ? shape : answer(shape.columnNames(), shape.columnTypes(), rows);
  }

  /** The rows of a query from the engine; undefined without a client. */
  async #fetched(tree: Tree): Promise<unknown[][] | undefined> {
    const sql = await this.#written(tree);
    const { client } = this.lake;
    if (client === undefined) return undefined;
    this.#stopped = new AbortController();
    const { signal } = this.#stopped;
    try {
      return await client.query(sql, signal, this.#tables.session);
    } catch (error) {
      if (signal.aborted || !this.#tables.isLost(error)) throw error;
      return this.#fetched(tree);
    }
  }

  /** Writes the rows of a query to a file, and returns the SQL with which DuckDB reads them. */
  async save(query: string, file: string, parameters: Parameters = {}): Promise<string> {
    const { client } = this.lake;
    if (client === undefined) throw new Error("save requires an engine with a client");
    const shape = await this.#beside(query, parameters);
    const sql = await this.#written(await this.#bound(query, parameters));
    this.#stopped = new AbortController();
    const read = await client.save(sql, file, this.#stopped.signal);
    const types = shape.columnTypes();
    const columns = shape
      .columnNames()
      .map((name, at) => `${read.column(name, at)}::${nameOfType(types[at])} as ${quoteName(name)}`);
    return `select ${columns.join(", ")} from ${read.from}`;
  }

  /** The statement in the engine's SQL. */
  async #written(tree: Tree): Promise<string> {
    return this.#toSend(await this.#withLiterals(tree, new Map()), this.#environment());
  }

  #toSend(tree: Tree, environment: Environment, statementOf = (query: string) => query): string {
    const { sql, scans } = new Printer(this.lake.dialect).statement(tree, environment);
    const statement = statementOf(sql);
    this.sent.push(statement);
    this.scans.push(scans);
    return statement;
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
      const literal = await this.#literalOf(`from ${name}`);
      const isLong = kind.toLowerCase() === "table" && literal.rows.length > fewRows;
      if (isLong) await this.#keepRows(key, literal);
      else this.#views.set(key, { literal });
      return made;
    }
    const view = await this.#withLiterals(tree, new Map());
    if (kind.toLowerCase() === "view") this.#views.set(key, { view });
    else await this.#keep(key, view);
    return made;
  }

  async #keepRows(key: string, literal: Literal): Promise<void> {
    const from = await parsed.query("from there");
    const nodeOf = (rows: string[][]) => ({ ...from, from_table: { literal: { ...literal, rows } } });
    const parts = this.#tables.takesParts ? partsOf(literal.rows).map(nodeOf) : undefined;
    await this.#keep(key, nodeOf(literal.rows), parts);
  }

  /** A table is a query with the environment at the time it was created; its rows may be sent in parts. */
  async #keep(key: string, node: Tree, parts: Tree[] = [node]): Promise<void> {
    const environment = {
      ...this.#environment(),
      relations: new Map(this.#views),
      variables: new Map(this.#variables),
      macros: new Map(this.#macros),
    };
    const defined: Defined = { node, environment };
    this.#stopped = new AbortController();
    const shape = await this.#beside(`from ${quoteName(key)} limit 0`, {});
    const types = shape.columnTypes();
    const columns = shape
      .columnNames()
      .map((name, at) => ({ name, type: madeType(types[at], this.lake.dialect) }));
    const writes = parts.map(
      (part) => (statementOf: (query: string) => string) => this.#toSend(part, environment, statementOf),
    );
    await this.#tables.store(defined, columns, writes, this.#stopped.signal);
    this.#views.set(key, defined);
  }

  /**
   * Deleting or inserting rows replaces the table by a query that returns the new rows: nothing is written to the
   * engine.
   */
  async #change(statement: string, [, name, rest]: string[], parameters: Parameters): Promise<Answer> {
    const made = await this.#beside(statement, parameters);
    const where = /^where\s+([\s\S]+)$/i.exec(rest);
    const query = /^delete/i.test(statement)
      ? `select * from ${name} where not coalesce(${where?.[1] ?? "true"}, false)`
      : `select * from ${name} union all ${rest}`;
    await this.#keep(keyOf(name), await this.#withLiterals(await this.#bound(query, parameters), new Map()));
    return made;
  }

  async #beside(statement: string, parameters: Parameters): Promise<Answer> {
    return fetched(await resultOf(this.beside, statement, parameters));
  }

  /** The statement as a tree, with its parameters filled in. */
  async #bound(statement: string, parameters: Parameters): Promise<Tree> {
    const tree = await parsed.query(statement);
    return swapped(tree, (node) =>
      node.class === "PARAMETER"
        ? { ...constant(parameters[node.identifier] ?? null), alias: node.alias }
        : undefined,
    );
  }

  #readsEngine(tree: Tree, named: Named = new Map()): boolean {
    return holds(tree, ({ type, table_name: name }) => {
      if (type !== "BASE_TABLE") return false;
      const isBeside = named.get(keyOf(name));
      if (isBeside !== undefined) return !isBeside;
      const known = this.#views.get(keyOf(name));
      return known !== undefined && !("literal" in known);
    });
  }

  /** Replaces each part of a tree that reads none of the engine's tables by the rows it returns. */
  async #withLiterals(tree: Tree, outer: Named): Promise<Tree> {
    const besides = new Map(outer);
    const entries: Tree[] = [];
    for (const entry of tree.cte_map?.map ?? []) {
      const { node } = entry.value.query;
      const before = entries.filter(({ key }) => besides.get(keyOf(key)));
      if (this.#isBeside(node, besides)) {
        const whole = {
          ...node,
          cte_map: { map: [...before.map(({ given }) => given), ...node.cte_map.map] },
        };
        const literal = await this.#literalOf(await writtenQuery(whole));
        besides.set(keyOf(entry.key), true);
        entries.push({ key: entry.key, given: entry, value: { ...entry.value, query: { literal } } });
      } else {
        const query = { ...entry.value.query, node: await this.#withLiterals(node, besides) };
        besides.set(keyOf(entry.key), false);
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

  #isBeside(node: Tree, besides: Named): boolean {
    return (
      !this.#readsEngine(node, besides) &&
      !holds(
        node,
        ({ type, table_name: name }) =>
          type === "BASE_TABLE" && !besides.has(keyOf(name)) && !this.#views.has(keyOf(name)),
      )
    );
  }

  /** Replaces a source in FROM, an IN or a scalar subquery by literal rows, if the local DuckDB can evaluate it. */
  async #literalIn(one: Tree, besides: Named, given: ReadonlyMap<string, Tree>): Promise<Tree | undefined> {
    const isFrom = one.type === "TABLE_FUNCTION" || (one.type === "SUBQUERY" && one.class === undefined);
    const isIn = one.class === "SUBQUERY" && one.subquery_type === "ANY";
    const isValue = one.class === "SUBQUERY" && one.subquery_type === "SCALAR";
    if (!isFrom && !isIn && !isValue) return undefined;
    const body: Tree | undefined = one.type === "TABLE_FUNCTION" ? undefined : one.subquery.node;
    if (body !== undefined && !this.#isBeside(body, besides)) return undefined;
    const map = [...given.values()];
    const columns = one.column_name_alias ?? [];
    try {
      if (isValue) {
        const literal = await this.#literalOf(await writtenQuery({ ...body, cte_map: { map } } as Tree));
        return literal.rows.length === 1 && literal.columns.length === 1
          ? { ...one, subquery: { literal } }
          : undefined;
      }
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
      // It reads a name of the outer query.
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
