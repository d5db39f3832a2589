import { extname } from "node:path";
import { writeArrow } from "./arrow";
import { csvText, csvTextSql } from "./csvText";
import type { Store } from "./open";
import { quoteName, quoteText } from "./quote";
import { type Parameters, rowsOf, run } from "./run";
import { noteIngests, withoutReading } from "./sources";
import { writeWholeBy } from "./wholeFile";

/** File extensions and how the engine writes them. */
const formats: Record<string, string> = {
  ".parquet": "format parquet, compression zstd",
  ".csv": "format csv, header true",
  ".json": "format json, array true",
  ".jsonl": "format json",
};

/**
 * Writes the result of a statement to a file, by its extension: .parquet, .csv, .json, .jsonl, or .arrow and
 * .feather.
 *
 * @returns the number of rows written
 * @throws RangeError for another extension, and for a store, a file read in this run or by the statement, or one that is
 * in `ingests`
 * @example
 * const store = await openDemo();
 * await writeOut(store, "select model, cost from calls", "costs.parquet") // 8920
 */
export async function writeOut(
  store: Store,
  sql: string,
  file: string,
  parameters: Parameters = {},
): Promise<number> {
  await noteIngests(store);
  const ending = extname(file).toLowerCase();
  if (ending === ".arrow" || ending === ".feather") return writeArrow(store, sql, file, parameters);
  const format = formats[ending];
  if (format === undefined) {
    const known = [...Object.keys(formats), ".arrow", ".feather"].join(", ");
    throw new RangeError(`writeOut requires a file ending in ${known}, got "${file}"`);
  }
  const rows = ending === ".csv" ? await withoutFormulas(store, sql, parameters) : sql;
  return writeWholeBy(file, (path) =>
    withoutReading(store, file, () =>
      run(store.connection, `copy (${rows}) to ${quoteText(path)} (${format})`, parameters),
    ),
  );
}

// Formats that a spreadsheet opens directly.
const noText =
  /^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*|DATE|TIME.*|INTERVAL|UUID|BIT)$/;

// Neither a text of a log nor a column's name may become a formula in the spreadsheet that opens the file.
async function withoutFormulas(store: Store, sql: string, parameters: Parameters): Promise<string> {
  const columns = await rowsOf<{ column_name: string; column_type: string }>(
    store.connection,
    `describe ${sql}`,
    parameters,
  );
  const texts = columns
    .filter(({ column_type }) => !noText.test(column_type))
    .map(({ column_name }) => {
      const name = quoteName(column_name);
      return `${csvTextSql(`${name}::varchar`)} as ${name}`;
    });
  const replaced = texts.length === 0 ? "*" : `* replace (${texts.join(", ")})`;
  const names = columns.map(({ column_name }) => quoteName(csvText(column_name))).join(", ");
  return `select * from (select ${replaced} from (${sql})) as guarded(${names})`;
}
