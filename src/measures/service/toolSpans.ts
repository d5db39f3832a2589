import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/run";

/**
 * Gives a connection's spans their columns for tools: a store that was read before these were kept, and is open for
 * reading alone, has none.
 *
 * @returns false for such a store
 */
export async function spansWithTools(connection: DuckDBConnection): Promise<boolean> {
  const [{ kept }] = await rowsOf<{ kept: boolean }>(
    connection,
    "select count(*) = 2 as kept from pragma_table_info('spans') where name in ('tool', 'arguments_hash')",
  );
  if (!kept)
    await run(
      connection,
      "create temp table spans as select *, null::varchar as tool, null::varchar as arguments_hash from spans",
    );
  return kept;
}
