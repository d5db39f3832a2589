import { open, type Store } from "../store/open";
import { quoteName } from "../store/quote";
import { rowsOf } from "../store/run";
import { columnsOf, type FilledTable, filledTables } from "../store/schema";
import { scratch } from "../store/scratch";
import { filesOf } from "./files/files";
import { noHeaderOf } from "./files/foreign";
import { makeReady } from "./files/ready";
import { formats } from "./formats";
import { type IngestOptions, ingest } from "./ingest";
import type { Emptied } from "./load/emptied";
import { noRecords } from "./load/prepare";
import { type Mapping, mappingBeside, readMapping } from "./records/mapping";
import { ofOrigin } from "./records/texts";
import { openQuestions, unanswered } from "./suggest/openQuestions";
import type { OpenQuestion } from "./suggest/question";
import { leftOut, suggestion } from "./suggest/suggestion";

/** Some rows of one table as they would be read. */
export interface PreviewTable {
  table: FilledTable;
  /** The filled columns: the unit of their values, and the mapping's expression for them. */
  columns: { column: string; unit: string | null; from: string | null }[];
  rows: Record<string, unknown>[];
  /** Rows of the whole file. */
  count: number;
}

/** How a file would be read. */
export interface Preview {
  path: string;
  format: string | null;
  /** The mapping it would be read by; null for a format. */
  mapping: Mapping[] | null;
  /** True if no format and no mapping fits, or a format that follows field names: the mapping is a guess for a person to check. */
  isGuess: boolean;
  /** Fields that the guess leaves out; empty if it is not a guess. */
  leftOut: string[];
  /** What the guess leaves open; empty if it is not a guess. */
  questions: OpenQuestion[];
  tables: PreviewTable[];
  rejected: number;
  /** Columns left empty in some rows, since what the file has for them cannot be. */
  emptied: Emptied[];
  /** What an ingest would say about it. */
  reason: string | null;
}

const mostRows = 10;

/**
 * Reads a file as an ingest would, but stores nothing: the format it would be read as, and the first ten rows of
 * each table, with the units of their columns. A file that no format reads is read by the mapping that its fields'
 * names suggest.
 *
 * @param path one file
 * @param options as in `ingest`
 * @throws if there is no such file
 * @example
 * const seen = await preview("data/demo/prices.csv");
 * seen.tables[0].table // "prices"
 */
export async function preview(path: string, options: IngestOptions = {}): Promise<Preview> {
  const [file] = filesOf([path]);
  let mapping = mappingOf(file, options);
  let result = await readInto(file, { ...options, mapping });
  // A format that follows a sample's field names is a guess as well.
  const bySample = formats.find(({ name }) => name === result.format)?.ofSample !== undefined;
  const isGuess = mapping === undefined && (result.format === null || bySample);
  let open: Pick<Preview, "leftOut" | "questions"> = { leftOut: [], questions: [] };
  if (isGuess) {
    const guess = await guessOf(file);
    if (guess !== undefined) {
      ({ mapping, ...open } = guess);
      result.store.close();
      const { format } = result;
      result = { ...(await readInto(file, { ...options, mapping })), ...(bySample && { format }) };
    }
  }
  const { store, format, rejected, emptied = [], reason } = result;
  try {
    const tables: PreviewTable[] = [];
    for (const table of filledTables) {
      const found = await tableOf(store, table, mapping ?? []);
      if (found.count > 0) tables.push(found);
    }
    return {
      path: file,
      format,
      mapping: mapping ?? null,
      isGuess,
      ...open,
      tables,
      rejected,
      emptied,
      reason: reason ?? null,
    };
  } finally {
    store.close();
  }
}

function mappingOf(file: string, { mapping, format, links }: IngestOptions): Mapping[] | undefined {
  if (mapping !== undefined) return typeof mapping === "string" ? readMapping(mapping) : [mapping].flat();
  const beside = format === undefined ? mappingBeside(file, links) : undefined;
  return beside === undefined ? undefined : readMapping(beside);
}

async function readInto(file: string, options: IngestOptions) {
  const store = await open(":memory:");
  try {
    const { files } = await ingest(store, file, options);
    return { store, ...files[0] };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The mapping that a file's fields suggest; undefined for a file without records. */
async function guessOf(
  file: string,
): Promise<(Pick<Preview, "leftOut" | "questions"> & { mapping: Mapping[] }) | undefined> {
  const { path: folder, remove } = scratch();
  const store = await open(":memory:");
  try {
    const ready = await makeReady(store.connection, file, folder);
    const { shape, sample } = ready;
    const none = noRecords(ready) ?? noHeaderOf(sample.dialect?.header ?? []);
    if (none !== undefined || (shape.fields?.size ?? 0) === 0) return undefined;
    const guess = [suggestion(shape, sample.records)].flat();
    if (guess.some(({ columns }) => Object.keys(columns).length === 0)) return undefined;
    const { records } = sample;
    const questions = openQuestions(guess, shape, records);
    const mapping = unanswered(guess, questions);
    return { mapping, leftOut: leftOut(mapping, shape, records), questions };
  } catch {
    return undefined;
  } finally {
    store.close();
    remove();
  }
}

async function tableOf(store: Store, table: FilledTable, mapping: readonly Mapping[]): Promise<PreviewTable> {
  const names = Object.keys(columnsOf(table)).filter((name) => !ofOrigin.includes(name));
  const [counts] = await rowsOf<Record<string, number>>(
    store.connection,
    `select count(*) as "all rows", ${names.map((name) => `count(${quoteName(name)}) as ${quoteName(name)}`).join(", ")} from ${table}`,
  );
  const own = mapping.find((one) => one.table === table)?.columns;
  // For a mapping, only what it fills itself: derived columns would hide it.
  const filled = names.filter((name) => counts[name] > 0 && (own === undefined || Object.hasOwn(own, name)));
  const rows = await rowsOf(
    store.connection,
    `select ${filled.map(quoteName).join(", ") || "1"} from ${table} order by ingest_id, line, rowid limit ${mostRows}`,
  );
  const columns = filled.map((column) => ({
    column,
    unit: unitOf(table, column),
    from: own?.[column] ?? null,
  }));
  return { table, columns, rows, count: counts["all rows"] };
}

/** The unit of a column's values; null if they have none. */
function unitOf(table: FilledTable, column: string): string | null {
  const { type } = columnsOf(table)[column];
  if (type === "TIMESTAMP") return "UTC";
  if (/^(duration|time_to_first_token)$/.test(column)) return "seconds";
  if (/tokens$/.test(column)) return "tokens";
  if (column === "output_length") return "characters";
  if (table === "prices" && type === "DOUBLE" && !/^day_/.test(column)) return "USD per token";
  return column === "cost" ? "USD" : null;
}
