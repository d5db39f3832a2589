import type * as Arrow from "apache-arrow";
import { TooLongError } from "./damage";

type Library = typeof Arrow;

/** The value at an index of a column, as JSON text. */
type Cell = (at: number) => string;

// A few bytes of an Arrow file can stand for a list of a billion values, or repeat a long text in a dictionary.
export const longestRecord = 32 * 2 ** 20;

/** The letters that a record may still take. */
interface Left {
  letters: number;
}

/** The records of a batch, each as a JSON object; one that is too long throws a TooLongError. */
export function recordsOf(arrow: Library, data: Arrow.Data): Cell {
  const left: Left = { letters: 0 };
  const record = recordCell(arrow, data, left);
  return (at) => {
    left.letters = longestRecord;
    return record(at);
  };
}

/**
 * How the values of one Arrow column are written as JSON: whole numbers with all their digits, times as ISO texts
 * in UTC (also those without a zone), decimals as texts, time spans as seconds, bytes as hexadecimal text; NaN and
 * missing values are null.
 */
function cellOf(arrow: Library, data: Arrow.Data, left: Left): Cell {
  const cell = filledCell(arrow, data, left);
  return (at) => {
    const text = data.getValid(at) ? cell(at) : "null";
    left.letters -= text.length;
    if (left.letters < 0) throw new TooLongError();
    return text;
  };
}

function filledCell(arrow: Library, data: Arrow.Data, left: Left): Cell {
  const { DataType } = arrow;
  const { type, values } = data;
  if (DataType.isNull(type)) return () => "null";
  if (DataType.isInt(type)) return (at) => String(values[at]);
  if (DataType.isFloat(type) && type.precision !== arrow.Precision.HALF) return (at) => float(values[at]);
  if (DataType.isTimestamp(type)) {
    const digits = 3 * type.unit;
    return (at) => instant(BigInt(values[at]), digits);
  }
  if (DataType.isDate(type)) {
    const isDay = type.unit === arrow.DateUnit.DAY;
    return (at) => instant(BigInt(values[at]) * (isDay ? 86_400n : 1n), isDay ? 0 : 3);
  }
  if (DataType.isTime(type)) {
    const digits = 3 * type.unit;
    return (at) => instant(BigInt(values[at]), digits).replace(/.*T(.*)Z/, '"$1');
  }
  if (DataType.isDuration(type)) {
    const digits = 3 * type.unit;
    return (at) => decimal(BigInt(values[at]), digits);
  }
  if (DataType.isDecimal(type)) {
    const words = type.bitWidth / 32;
    return (at) => `"${decimal(wholeOf(values.subarray(at * words, (at + 1) * words)), type.scale)}"`;
  }
  return nestedCell(arrow, data, left);
}

function nestedCell(arrow: Library, data: Arrow.Data, left: Left): Cell {
  const { DataType } = arrow;
  const { type, values, valueOffsets, children } = data;
  if (DataType.isDictionary(type)) {
    const words = data.dictionary?.data.map((part) => ({
      length: part.length,
      cell: cellOf(arrow, part, left),
    }));
    return (at) => {
      let index = Number(values[at]);
      for (const { length, cell } of words ?? []) {
        if (index < length) return cell(index);
        index -= length;
      }
      return "null";
    };
  }
  if (DataType.isList(type) || DataType.isLargeList(type)) {
    const element = cellOf(arrow, children[0], left);
    return (at) => list(element, Number(valueOffsets[at]), Number(valueOffsets[at + 1]));
  }
  if (DataType.isFixedSizeList(type)) {
    const element = cellOf(arrow, children[0], left);
    return (at) => list(element, at * type.listSize, (at + 1) * type.listSize);
  }
  if (DataType.isStruct(type)) return recordCell(arrow, data, left);
  if (DataType.isMap(type)) {
    const [key, value] = children[0].children.map((child) => cellOf(arrow, child, left));
    const entry = (at: number) => `${inQuotes(key(at))}:${value(at)}`;
    return (at) => `{${list(entry, Number(valueOffsets[at]), Number(valueOffsets[at + 1])).slice(1, -1)}}`;
  }
  if (DataType.isUnion(type)) return unionCell(arrow, data, left);
  // Texts, booleans, bytes and rare types.
  const vector = arrow.makeVector(data);
  return (at) => other(vector.get(at));
}

// Each value is one of one of the columns of the union.
function unionCell(arrow: Library, data: Arrow.Data, left: Left): Cell {
  const { typeIds, valueOffsets, children } = data;
  const places = (data.type as Arrow.Union).typeIdToChildIndex;
  const cells = children.map((child) => ({ length: child.length, cell: cellOf(arrow, child, left) }));
  return (at) => {
    const { length, cell } = cells[places[typeIds[at]]] ?? { length: 0 };
    const place = arrow.DataType.isDenseUnion(data.type) ? Number(valueOffsets[at]) : at;
    return cell === undefined || place < 0 || place >= length ? "null" : cell(place);
  };
}

function recordCell(arrow: Library, data: Arrow.Data, left: Left): Cell {
  const fields: Arrow.Field[] = data.type.children;
  const cells = fields.map((field, at) => ({
    name: `${JSON.stringify(field.name)}:`,
    cell: cellOf(arrow, data.children[at], left),
  }));
  return (at) => `{${cells.map(({ name, cell }) => name + cell(at)).join(",")}}`;
}

function list(element: Cell, from: number, to: number): string {
  const parts: string[] = [];
  for (let at = from; at < to; at++) parts.push(element(at));
  return `[${parts.join(",")}]`;
}

const inQuotes = (json: string) => (json.startsWith('"') ? json : JSON.stringify(json));

// JSON has no infinity: as a text it is rejected wherever a number is needed, with its reason.
function float(value: number): string {
  return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "null" : `"${value}"`;
}

function other(value: unknown): string {
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString("hex")}"`;
  if (typeof value === "number") return float(value);
  if (typeof value === "boolean") return String(value);
  return JSON.stringify(String(value));
}

/** A count of 10^-digits seconds since 1970 as an ISO text; outside JavaScript's date range, the count itself. */
function instant(count: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const fraction = ((count % unit) + unit) % unit;
  const date = new Date(Number((count - fraction) / unit) * 1000);
  if (Number.isNaN(date.getTime())) return `"${count}"`;
  const seconds = date.toISOString().slice(0, -".000Z".length);
  return `"${seconds}${digits === 0 ? "" : `.${String(fraction).padStart(digits, "0")}`}Z"`;
}

function decimal(whole: bigint, scale: number): string {
  if (scale <= 0) return String(whole * 10n ** BigInt(-scale));
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, "0");
  return `${whole < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

// 32-bit words, lowest first, as a signed number.
function wholeOf(words: Uint32Array): bigint {
  let whole = 0n;
  for (let at = words.length - 1; at >= 0; at--) whole = (whole << 32n) | BigInt(words[at]);
  return BigInt.asIntN(32 * words.length, whole);
}
