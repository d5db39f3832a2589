import type * as Arrow from "apache-arrow";

type Library = typeof Arrow;

/** The value at an index of a column, as JSON text. */
type Cell = (at: number) => string;

/**
 * How the values of one Arrow column are written as JSON: whole numbers with all their digits, times as ISO texts
 * in UTC (also those without a zone), decimals as texts, time spans as seconds, bytes as hexadecimal text; NaN and
 * missing values are null.
 */
export function cellOf(arrow: Library, data: Arrow.Data): Cell {
  const cell = filledCell(arrow, data);
  return (at) => (data.getValid(at) ? cell(at) : "null");
}

function filledCell(arrow: Library, data: Arrow.Data): Cell {
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
  return nestedCell(arrow, data);
}

function nestedCell(arrow: Library, data: Arrow.Data): Cell {
  const { DataType } = arrow;
  const { type, values, valueOffsets, children } = data;
  if (DataType.isDictionary(type)) {
    const words = data.dictionary?.data.map((part) => ({ length: part.length, cell: cellOf(arrow, part) }));
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
    const element = cellOf(arrow, children[0]);
    return (at) => list(element, Number(valueOffsets[at]), Number(valueOffsets[at + 1]));
  }
  if (DataType.isFixedSizeList(type)) {
    const element = cellOf(arrow, children[0]);
    return (at) => list(element, at * type.listSize, (at + 1) * type.listSize);
  }
  if (DataType.isStruct(type)) return recordCell(arrow, data);
  if (DataType.isMap(type)) {
    const [key, value] = children[0].children.map((child) => cellOf(arrow, child));
    const entry = (at: number) => `${inQuotes(key(at))}:${value(at)}`;
    return (at) => `{${list(entry, Number(valueOffsets[at]), Number(valueOffsets[at + 1])).slice(1, -1)}}`;
  }
  // Texts, booleans, bytes and rare types.
  const vector = arrow.makeVector(data);
  return (at) => other(vector.get(at));
}

/** The records of a batch, or of a nested field, each as a JSON object. */
export function recordCell(arrow: Library, data: Arrow.Data): Cell {
  const fields: Arrow.Field[] = data.type.children;
  const cells = fields.map((field, at) => ({
    name: `${JSON.stringify(field.name)}:`,
    cell: cellOf(arrow, data.children[at]),
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
