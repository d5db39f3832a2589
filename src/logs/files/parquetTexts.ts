import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { quoteName, quoteText } from "../../store/quote";
import { resultOf, rowsOf } from "../../store/run";
import { DamageError } from "./damage";
import { type Chunk, chunksOf, inOurWords, relation } from "./parquet";
import { type Room, RoomError } from "./room";

// The engine's time to read a list doubles with each list around it.
const deepestList = 12;

// What JSON has besides a value: a number and its signs.
const ofValue = 24;

/**
 * Takes from a limit what is read of a Parquet file's columns as text, with its length: a text that is stored once may
 * stand in every record, and lists and records are read as JSON, with the names of their fields.
 *
 * @param columns those that are read
 * @throws RoomError beyond the limit; DamageError if they cannot be read, or nest too deep
 */
export async function takeTexts(
  connection: DuckDBConnection,
  file: string,
  columns: readonly string[],
  room: Room,
): Promise<void> {
  if (columns.length === 0) return;
  try {
    const named = columns.map(quoteName).join(", ");
    const shape = await resultOf(connection, `select ${named} from ${relation(file)} limit 0`);
    const types = shape.columnTypes();
    for (const [at, name] of columns.entries()) checkDepth(name, types[at]);
    const read = new Set(columns);
    const most = sum((await chunksOf(connection, file)).map((chunk) => mostOf(chunk, read)));
    if (!isMore(room, most)) return;
    const lengths = columns.flatMap((name, at) => lengthSql(types[at], quoteName(name)) ?? []);
    if (lengths.length === 0) return;
    const sums = lengths.map((length) => `coalesce(sum(${length}), 0)::double`).join(" + ");
    const [{ bytes }] = await rowsOf<{ bytes: number }>(
      connection,
      `select ${sums} as bytes from ${relation(file)}`,
    );
    room.take(bytes);
  } catch (error) {
    throw inOurWords(error);
  }
}

function isMore(room: Room, bytes: number): boolean {
  try {
    room.apart().take(bytes);
    return false;
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return true;
  }
}

/** The most that a part of a column can be as text, by what the footer says; 0 if it is not read. */
function mostOf({ path, values, bytes, isCoded }: Chunk, columns: ReadonlySet<string>): number {
  // A column's own path is its name, that of a value in it goes on behind a comma, which names may have too.
  let end = path.indexOf(", ");
  while (end >= 0 && !columns.has(path.slice(0, end))) end = path.indexOf(", ", end + 1);
  if (end < 0 && !columns.has(path)) return 0;
  return bytes * (isCoded ? values : 1) + (columns.has(path) ? 0 : values * (path.length + ofValue));
}

/** SQL for the length of a value as text; undefined for a number, which is short, and counted by the footer. */
function lengthSql(type: DuckDBType, value: string, depth = 0): string | undefined {
  const inList = (inner: DuckDBType, list: string) => {
    const item = `item${depth}`;
    const length = lengthSql(inner, item, depth + 1) ?? `${ofValue}`;
    return `coalesce(list_sum(list_transform(${list}, lambda ${item}: ${length})), 0)`;
  };
  // Told apart by what they have: their classes would load the engine with this file.
  if ("keyType" in type)
    return `(${inList(type.keyType, `map_keys(${value})`)} + ${inList(type.valueType, `map_values(${value})`)})`;
  if ("valueType" in type) return inList(type.valueType, value);
  if ("entryTypes" in type) {
    const parts = type.entryTypes.map((inner, at) => {
      const name = type.entryNames[at];
      const own = lengthSql(inner, `struct_extract(${value}, ${quoteText(name)})`, depth);
      return `${Buffer.byteLength(name) + ofValue}${own === undefined ? "" : ` + coalesce(${own}, 0)`}`;
    });
    return `(${parts.join(" + ")})`;
  }
  const name = String(type);
  return name === "VARCHAR" || name === "JSON"
    ? `strlen(${value})`
    : name === "BLOB"
      ? `octet_length(${value})`
      : undefined;
}

function checkDepth(name: string, type: DuckDBType): void {
  const depth = listsIn(type);
  if (depth > deepestList)
    throw new DamageError(
      `its column ${name} has lists within lists over ${grouped(depth)} levels, of which ${deepestList} are read: export it as JSON text`,
    );
}

function listsIn(type: DuckDBType): number {
  if ("keyType" in type) return 1 + Math.max(listsIn(type.keyType), listsIn(type.valueType));
  if ("valueType" in type) return 1 + listsIn(type.valueType);
  return "entryTypes" in type ? Math.max(0, ...type.entryTypes.map(listsIn)) : 0;
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
