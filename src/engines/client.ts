/** Sends statements to an engine. */
export interface Client {
  /** The rows of a query, each a list of cells as in JSON. */
  query(sql: string, signal: AbortSignal, session?: string): Promise<unknown[][]>;
  /**
   * Runs a statement on a session's own intermediate tables; absent if the engine has none. One that drops a table is
   * also sent after everything was stopped.
   */
  run?(sql: string, signal: AbortSignal, session: string, drops?: boolean): Promise<void>;
  /** The columns of a query, each with its name and the engine's type. */
  columns(sql: string, signal: AbortSignal): Promise<[name: string, type: string][]>;
  /** Writes the rows of a query to a file, which may be large. */
  save(sql: string, file: string, signal: AbortSignal): Promise<Saved>;
}

/** How DuckDB reads a file of rows: the FROM clause, and the SQL of each column. */
export interface Saved {
  from: string;
  column(name: string, at: number): string;
}
