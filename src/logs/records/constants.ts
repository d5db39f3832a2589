import type { DuckDBConnection } from "@duckdb/node-api";
import { didYouMean } from "../../store/nearest";
import { quoteText } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { type Column, type ColumnType, columnsOf, filledTables } from "../../store/schema";
import { beyondSql, castTo } from "./canonical";
import type { Reading } from "./format";
import { ofOrigin } from "./texts";

/** Values of `--set`, by canonical column. */
export type Constants = Record<string, string>;

const kinds: Record<ColumnType, string> = {
  VARCHAR: "a text",
  DOUBLE: "a finite number",
  BIGINT: "a whole number",
  BOOLEAN: "true or false",
  TIMESTAMP: "a time such as 2026-03-01T12:00:00Z",
};

const within = ({ bounds }: Column) => (bounds === undefined ? "" : ` from ${bounds[0]} to ${bounds[1]}`);

/**
 * Checks constants once, before any file is read.
 *
 * @throws if no table has a column, or a value is not of the column's type
 */
export async function checkConstants(connection: DuckDBConnection, constants: Constants): Promise<void> {
  const known: Record<string, Column> = Object.assign({}, ...filledTables.map(columnsOf));
  const names = Object.keys(known).filter((name) => !ofOrigin.includes(name));
  for (const [column, value] of Object.entries(constants)) {
    if (!names.includes(column))
      throw new RangeError(`set requires a canonical column, got "${column}"${didYouMean(column, names)}`);
    const cast = castTo(quoteText(value), "VARCHAR", column, known[column], true);
    const [{ lost, beyond }] = await rowsOf<{ lost: boolean; beyond: boolean | null }>(
      connection,
      `select ${beyondSql(known[column], "had.value")} as beyond, had is null or coalesce(${cast.wrong?.("had.value") ?? "false"}, false) as lost
       from (select try({'value': ${cast.value}}) as had)`,
    );
    if (lost) {
      const kind = `${kinds[known[column].type]}${beyond === true ? within(known[column]) : ""}`;
      throw new RangeError(`set ${column} requires ${kind}, got "${value}"`);
    }
  }
}

/** A reading with the constants in every table that has the column, and the names of those without any. */
export function withConstants(
  reading: Reading,
  constants: Constants,
): { reading: Reading; unused: string[] } {
  const used = new Set<string>();
  const targets = reading.targets.map((target) => {
    const columns = { ...target.columns };
    for (const [column, value] of Object.entries(constants)) {
      if (!Object.hasOwn(columnsOf(target.table), column)) continue;
      columns[column] = quoteText(value);
      used.add(column);
    }
    return { ...target, columns };
  });
  return {
    reading: { ...reading, targets },
    unused: Object.keys(constants).filter((column) => !used.has(column)),
  };
}
