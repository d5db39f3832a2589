import { randomUUID } from "node:crypto";
import type { Client } from "./client";
import type { Dialect, MadeColumn } from "./dialect";
import { atStop } from "./running";
import type { Defined } from "./scope";

/** How long an engine has to drop tables after the last statement, in ms. */
const dropWithin = 5000;

/**
 * The temporary tables of one session on an engine.
 *
 * DuckDB computes a temporary table once. So does an engine that has temporary tables, or a schema that the user named for
 * them; it does not run the query again wherever the table is read. Where a session's own tables are refused or there is too
 * little memory for one, the query is written out instead.
 */
export class TemporaryTables {
  readonly #id = randomUUID();
  readonly #stored: Defined[] = [];
  #isOff: boolean;
  #forget: () => void = () => undefined;

  constructor(
    readonly dialect: Dialect,
    readonly client: Client | undefined,
  ) {
    // Without a client, statements are written as they would be sent.
    this.#isOff = dialect.temporary === undefined || (client !== undefined && client.run === undefined);
  }

  /** The session that statements belong to, if it has tables. */
  get session(): string | undefined {
    return this.#stored.length === 0 ? undefined : this.#id;
  }

  /** Whether many rows are sent in several statements. */
  get takesParts(): boolean {
    return !this.#isOff && this.dialect.temporary?.add !== undefined;
  }

  /** Stores the rows of a query, if the engine does so; `writes` are its parts, each of which writes a statement. */
  async store(
    defined: Defined,
    columns: readonly MadeColumn[],
    [write, ...others]: readonly ((statementOf: (query: string) => string) => string)[],
    signal: AbortSignal,
  ): Promise<void> {
    const { temporary } = this.dialect;
    if (this.#isOff || temporary === undefined) return;
    const table = temporary.table(`fieldnotes_${this.#id.slice(0, 8)}_${this.#stored.length + 1}`);
    const sql = write((query) => temporary.create(table, query, columns));
    // Nobody else drops what lies in a schema of the user, even if we are stopped while a table is made.
    const isOurs = temporary.place !== undefined;
    if (isOurs && this.#stored.length === 0) this.#forget = atStop(() => this.#dropAll());
    if (isOurs) this.#stored.push(defined);
    defined.stored = table;
    try {
      await this.client?.run?.(sql, signal, this.#id);
      for (const more of others)
        await this.client?.run?.(
          more((query) => temporary.add?.(table, query, columns) ?? query),
          signal,
          this.#id,
        );
      if (!isOurs) this.#stored.push(defined);
    } catch (error) {
      if (signal.aborted || isOurs) throw error;
      defined.stored = undefined;
    }
  }

  /**
   * True if a statement failed because the engine no longer has the tables, as where each statement reaches another
   * server. From then on queries are written out.
   */
  isLost(error: unknown): boolean {
    const isOurs = error instanceof Error && error.message.includes(`fieldnotes_${this.#id.slice(0, 8)}_`);
    if (!isOurs || this.#stored.length === 0 || this.dialect.temporary?.place !== undefined) return false;
    this.#isOff = true;
    for (const one of this.#stored.splice(0)) one.stored = undefined;
    return true;
  }

  /** Drops all tables, without waiting for it; an engine drops a session's own tables itself if that was interrupted. */
  drop(): void {
    void this.#dropAll().catch(() => undefined);
  }

  async #dropAll(): Promise<void> {
    const names = this.#stored.splice(0).flatMap(({ stored }) => (stored === undefined ? [] : [stored]));
    const { client, dialect } = this;
    const one = (name: string) =>
      client?.run?.(dialect.temporary?.drop(name) ?? "", AbortSignal.timeout(dropWithin), this.#id, true);
    // The statements of a session of the engine come one after the other.
    if (dialect.temporary?.place !== undefined) await Promise.all(names.map(one));
    else for (const name of names) await one(name);
    this.#forget();
  }
}
