import type {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampValue,
  DuckDBType,
  DuckDBValue,
} from "@duckdb/node-api";
import type * as Arrow from "apache-arrow";

type Library = typeof Arrow;

/**
 * How values of one engine type are represented in Arrow: the type, and each value in the form its builder takes.
 */
interface Counterpart {
  type: Arrow.DataType;
  value: (value: DuckDBValue) => unknown;
}

/** One column of a result as an Arrow vector. */
export function arrowColumn(arrow: Library, type: DuckDBType, values: readonly DuckDBValue[]): Arrow.Vector {
  const zone = timestampZone(type);
  if (zone !== undefined) return timestamps(arrow, zone, values);
  const { type: to, value } = counterpart(arrow, type);
  const builder = arrow.makeBuilder({ type: to, nullValues: [null, undefined] });
  for (const one of values) builder.append(one === null ? null : value(one));
  return builder.finish().toVector();
}

function timestampZone(type: DuckDBType): string | null | undefined {
  const name = String(type);
  return name === "TIMESTAMP" ? null : name === "TIMESTAMP WITH TIME ZONE" ? "UTC" : undefined;
}

// Arrow's own builder goes through milliseconds and loses the rest, so microseconds are built as whole numbers.
function timestamps(arrow: Library, zone: string | null, values: readonly DuckDBValue[]): Arrow.Vector {
  const builder = arrow.makeBuilder({ type: new arrow.Int64(), nullValues: [null] });
  for (const one of values) builder.append(one === null ? null : (one as DuckDBTimestampValue).micros);
  const { length, nullCount, values: data, nullBitmap } = builder.finish().flush();
  const type = new arrow.TimestampMicrosecond(zone);
  return arrow.makeVector(arrow.makeData({ type, length, nullCount, data, nullBitmap }));
}

function counterpart(arrow: Library, type: DuckDBType): Counterpart {
  const name = String(type);
  const same = (to: Arrow.DataType): Counterpart => ({ type: to, value: (one) => one });
  switch (name) {
    case "BOOLEAN":
      return same(new arrow.Bool());
    case "TINYINT":
      return same(new arrow.Int8());
    case "SMALLINT":
      return same(new arrow.Int16());
    case "INTEGER":
      return same(new arrow.Int32());
    case "BIGINT":
      return same(new arrow.Int64());
    case "UTINYINT":
      return same(new arrow.Uint8());
    case "USMALLINT":
      return same(new arrow.Uint16());
    case "UINTEGER":
      return same(new arrow.Uint32());
    case "UBIGINT":
      return same(new arrow.Uint64());
    case "FLOAT":
      return same(new arrow.Float32());
    case "DOUBLE":
      return same(new arrow.Float64());
    case "VARCHAR":
      return same(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()));
    case "DATE":
      // The builder of dates takes milliseconds.
      return { type: new arrow.DateDay(), value: (one) => (one as DuckDBDateValue).days * 86_400_000 };
  }
  return nested(arrow, type, name);
}

function nested(arrow: Library, type: DuckDBType, name: string): Counterpart {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(name);
  if (decimal !== null) {
    return {
      type: new arrow.Decimal(Number(decimal[2]), Number(decimal[1]), 128),
      value: (one) => words((one as DuckDBDecimalValue).value),
    };
  }
  if ("valueType" in type && name.endsWith("[]")) {
    const inner = counterpart(arrow, type.valueType as DuckDBType);
    // A dictionary cannot be built inside a list, so its texts are stored there as they are.
    const item = arrow.DataType.isDictionary(inner.type) ? new arrow.Utf8() : inner.type;
    return {
      type: new arrow.List(new arrow.Field("item", item, true)),
      value: (one) =>
        (one as DuckDBListValue).items.map((value) => (value === null ? null : inner.value(value))),
    };
  }
  return { type: new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), value: (one) => String(one) };
}

/** A whole number as the four 32-bit words of a 128-bit one, lowest first. */
function words(value: bigint): Uint32Array {
  const wrapped = BigInt.asUintN(128, value);
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number((wrapped >> shift) & 0xffffffffn));
}
