import type { Store } from "./open";
import { type Parameters, resultOf, rowsOf } from "./query";

/** A danfojs DataFrame, as far as this library looks at it. */
export interface DataFrame {
  readonly shape: number[];
  readonly columns: string[];
  print(): void;
}

/**
 * The result of a statement as a danfojs DataFrame, for small result tables in notebooks: it goes through JavaScript
 * values, and whole numbers beyond 2^53 come as text. danfojs-node is loaded here alone, and installed by who wants it.
 *
 * @throws where danfojs-node is not installed, with how to install it
 */
export async function toDataFrame(
  store: Store,
  sql: string,
  parameters: Parameters = {},
): Promise<DataFrame> {
  const danfo = danfojs();
  const result = await resultOf(store.connection, sql, parameters);
  const columns = result.deduplicatedColumnNames();
  const rows = await rowsOf(store.connection, sql, parameters);
  return new danfo.DataFrame(
    rows.map((row) => columns.map((column) => row[column] ?? null)),
    { columns },
  );
}

interface Danfojs {
  DataFrame: new (rows: unknown[][], options: { columns: string[] }) => DataFrame;
}

function danfojs(): Danfojs {
  try {
    return require("danfojs-node") as Danfojs;
  } catch (error) {
    throw new Error(
      "toDataFrame requires danfojs-node, which does not come with this package; " +
        'install it by the line under "In another project" in the README, or use toArrow instead',
      { cause: error },
    );
  }
}
