import { factsView } from "../facts/place";
import { didYouMean } from "../store/nearest";
import type { Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf } from "../store/run";

const compared = /([A-Za-z_]\w*)\s*(?:=|\bin\s*\()\s*'((?:[^']|'')+)'/gi;

/** The texts that a predicate compares a column of calls with and that no call has, each with the nearest that some have. */
export async function unmet(store: Store, where: unknown): Promise<string[]> {
  if (typeof where !== "string") return [];
  const connection = await store.connect();
  try {
    await factsView(connection);
    const columns = await rowsOf<{ name: string }>(
      connection,
      "select column_name as name from information_schema.columns where table_name = 'calls' and data_type = 'VARCHAR'",
    );
    const found: string[] = [];
    for (const [, column, text] of where.matchAll(compared)) {
      const name = column.toLowerCase();
      const given = text.replaceAll("''", "'");
      if (!columns.some((one) => one.name === name)) continue;
      const values = await rowsOf<{ value: string }>(
        connection,
        `select distinct ${quoteName(name)} as value from facts where ${quoteName(name)} is not null limit 1000`,
      );
      const names = values.map(({ value }) => value);
      if (names.includes(given)) continue;
      found.push(`No call has ${name} = ${quoteText(given)}${didYouMean(given, names)}`);
    }
    return found;
  } finally {
    connection.closeSync();
  }
}
