import { randomUUID } from "node:crypto";
import type { Client } from "./client";
import type { Dialect } from "./dialect";
import type { Defined } from "./scope";

/** How long an engine has to drop tables after the last statement, in ms. */
const dropWithin = 5000;

/**
 * The temporary tables of one session on an engine.
 *
 * DuckDB computes a temporary table once. An engine with temporary tables does too, in its memory, so that it does not run
 * the query again wherever the table is read. Where it refuses or has too little memory, the query is written out instead.
 */
export class TemporaryTables {
  readonly #id = randomUUID();
  readonly #stored: Defined[] = [];
  #isOff: boolean;

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

  /** Stores the rows of a query, if the engine does so. */
  async store(
    defined: Defined,
    write: (create: (query: string) => string) => Promise<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const { temporary } = this.dialect;
    if (this.#isOff || temporary === undefined) return;
    const name = `fieldnotes_${this.#id.slice(0, 8)}_${this.#stored.length + 1}`;
    const sql = await write((query) => temporary.create(name, query));
    try {
      await this.client?.run?.(sql, signal, this.#id);
    } catch (error) {
      if (signal.aborted) throw error;
      return;
    }
    defined.stored = name;
    this.#stored.push(defined);
  }

  /**
   * True if a statement failed because the engine no longer has the tables, as where each statement reaches another
   * server. From then on queries are written out.
   */
  isLost(error: unknown): boolean {
    const isOurs = error instanceof Error && error.message.includes(`fieldnotes_${this.#id.slice(0, 8)}_`);
    if (!isOurs || this.#stored.length === 0) return false;
    this.#isOff = true;
    for (const one of this.#stored.splice(0)) one.stored = undefined;
    return true;
  }

  /** Drops all tables, without waiting for it; an engine drops those of an interrupted session itself. */
  drop(): void {
    const signal = AbortSignal.timeout(dropWithin);
    const names = this.#stored.splice(0).flatMap(({ stored }) => (stored === undefined ? [] : [stored]));
    const { client, dialect } = this;
    const all = async () => {
      for (const name of names) await client?.run?.(dialect.temporary?.drop(name) ?? "", signal, this.#id);
    };
    void all().catch(() => undefined);
  }
}
