import { open, type Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import { columnsOf, type TableName } from "../store/schema";

/** The prefix of a URL of Parquet files. */
export const parquetScheme = "parquet:";

/**
 * Opens the files of a glob as the table calls, and other files as tasks and scores. DuckDB reads them where they are,
 * and every measure runs on them.
 */
export async function parquetStore(
  glob: string,
  others: Partial<Record<"tasks" | "scores", string>>,
): Promise<Store> {
  const store = await open(":memory:");
  try {
    for (const [table, files] of Object.entries({ calls: glob, ...others }))
      if (files !== undefined) await readIn(store, table as TableName, files.replace(parquetScheme, ""));
  } catch (error) {
    store.close();
    throw error;
  }
  // Nothing derived from the files is stored.
  return { ...store, path: `${parquetScheme}${glob}`, readOnly: true, connection: store.connection };
}

async function readIn({ connection }: Store, table: TableName, files: string): Promise<void> {
  const from = `read_parquet(${quoteText(files)}, union_by_name = true, file_row_number = true)`;
  const there = await rowsOf<{ column_name: string }>(connection, `describe select * from ${from}`);
  const names = new Map(there.map(({ column_name: name }) => [name.toLowerCase(), name]));
  const ours = Object.entries(columnsOf(table));
  if (!ours.some(([name]) => names.has(name)))
    throw new RangeError(
      `connect requires ${table} with columns of docs/schema.md, such as ${ours
        .slice(0, 5)
        .map(([name]) => name)
        .join(", ")}; ${files} has ${[...names.values()].slice(0, 20).join(", ")}`,
    );
  const list = ours.map(([name, { type }]) => {
    const own = names.get(name);
    const value = `${own === undefined ? "null" : quoteName(own)}::${type}`;
    return `${type === "VARCHAR" ? `nullif(${value}, '')` : value} as ${quoteName(name)}`;
  });
  for (const [key, name] of names)
    if (table === "calls" && key.startsWith("attributes.")) list.push(quoteName(name));
  // A row is identified by its file and its row number there.
  if (table === "calls") list.push("(file_index::bigint << 40) + file_row_number as rowid");
  await run(
    connection,
    `drop table ${table}; create view ${table} as select ${list.join(", ")} from ${from}`,
  );
}
