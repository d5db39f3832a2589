import type { DuckDBConnection } from "@duckdb/node-api";
import { didYouMean } from "../store/nearest";
import type { Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf } from "../store/run";
import { columnsWithCalls, type Origin, originOf } from "./behind";
import { rowKey } from "./rowKey";
import type { Row } from "./table";

/** Where a row of a table comes from, or for a row of several metrics or sides, one of its columns. */
export function originNamed(row: Row, column?: string): Origin {
  const known = columnsWithCalls(row);
  const origin = originOf(row, known.length === 0 ? undefined : column);
  if (origin !== undefined && (column === undefined || known.length > 0)) return origin;
  if (origin !== undefined || known.length > 0)
    throw new RangeError(
      known.length === 0
        ? `calls requires column only for a row of several metrics or sides, and this row of ${origin?.table.measure} has one; leave it out`
        : `calls requires column to be one of ${known.join(", ")} of this row, got "${column}"${didYouMean(column ?? "", known)}`,
    );
  throw new TypeError(
    "calls requires a row as a measure of the log returned it, not a copy of one nor a row about benchmarks; for others give a condition: calls(store, { where: \"model = 'gpt-4o'\" })",
  );
}

/** Runs the measure again, on connections that stay open with everything it made there. */
export async function madeAgain(store: Store, { again }: Origin) {
  const connections: DuckDBConnection[] = [];
  const connect = async () => {
    const connection = await store.connect();
    connections.push(connection);
    return new Proxy(connection, {
      get(target, name) {
        if (name === "closeSync") return () => {};
        const own: unknown = Reflect.get(target, name, target);
        return typeof own === "function" ? own.bind(target) : own;
      },
    });
  };
  const close = () => {
    for (const one of connections) one.closeSync();
  };
  try {
    await again({ ...store, connection: store.connection, connect });
    return { connections, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The condition that selects the query's rows behind a row of the table. */
export async function chosenBy(
  connection: DuckDBConnection,
  { behind, table, row }: Origin,
): Promise<string> {
  const { by, rows } = behind.keys?.(row) ?? { by: table.by, rows: [row] };
  const groups = await rowsOf<{ g: string; by: Row }>(connection, 'select g::varchar as g, "by" from groups');
  const known = new Set(groups.flatMap((group) => Object.keys(group.by)));
  const more = by.filter((name) => !known.has(name)).map(quoteName);
  const keys = await rowsOf<Row & { g: string }>(
    connection,
    `select distinct g::varchar as g${more.map((name) => `, ${name}`).join("")} from (${behind.from})`,
  );
  const rowKeys = new Set(rows.map((one) => rowKey(by, one)));
  const ofGroup = new Map(groups.map((group) => [group.g, group.by]));
  const found = keys.filter((key) => rowKeys.has(rowKey(by, { ...ofGroup.get(key.g), ...key })));
  const conditions = found.map((key) =>
    [
      `g::varchar = ${quoteText(key.g)}`,
      ...by
        .filter((name) => !known.has(name))
        .map((name) => `${quoteName(name)} is not distinct from ${literal(key[name])}`),
    ].join(" and "),
  );
  return conditions.length === 0 ? "false" : conditions.map((one) => `(${one})`).join(" or ");
}

const literal = (value: unknown): string =>
  value === null || value === undefined
    ? "null"
    : typeof value === "string"
      ? quoteText(value)
      : String(value);
