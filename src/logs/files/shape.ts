import { isMissing, numberIn } from "./tableCell";

/** What a sample of records contains: the kind of every field seen, including nested ones. */
export interface Shape {
  /** Type of a scalar, in the engine's words; "MIXED" if records disagree, "NULL" if none has a value. */
  scalar: "BIGINT" | "DOUBLE" | "BOOLEAN" | "VARCHAR" | "NULL" | "MIXED" | string;
  /** True if every text seen reads as a number. */
  numeric: boolean;
  /** True if there was a whole number that a double cannot hold exactly. */
  large?: boolean;
  fields?: Map<string, Shape>;
  list?: Shape;
  /**
   * How many scalars, records and lists a sample had; of the scalars, how many are numbers as tables write them
   * ("87.3 %"), how many mark a missing value ("N/A"), and how many different short texts there are.
   */
  seen?: { scalars: number; records: number; lists: number; numbers: number; missing: number; texts: number };
  /** True if the field comes from the file's path instead of its records. */
  isPartition?: boolean;
}

/** What most of the values are. */
export function kindOf({ seen, fields, list }: Shape): "scalar" | "record" | "list" {
  if (seen === undefined) return fields !== undefined ? "record" : list !== undefined ? "list" : "scalar";
  const most = Math.max(seen.scalars, seen.records, seen.lists);
  return most === seen.scalars ? "scalar" : most === seen.records ? "record" : "list";
}

type Seen = NonNullable<Shape["seen"]>;
/** The different short texts of each field. */
type Texts = Map<Shape, Set<string>>;

// A longer text is neither a number in a table nor a name.
const longestNumber = 40;
const longestName = 200;
// Markers for missing values are short.
const surelyWord = /^[A-Za-z].{7}/s;

// Deeper than any log's fields, and shallow enough that a record nested 100,000 deep costs nothing.
const deepest = 8;

/** The shape of a sample of records. */
export function shapeOf(records: readonly unknown[]): Shape {
  const shape = empty();
  const texts: Texts = new Map();
  for (const record of records) add(shape, record, 0, texts);
  for (const [of, found] of texts) (of.seen as Seen).texts = found.size;
  return shape;
}

/** The shape at a path, or undefined if the sample has no such field. Names match exactly, else ignoring case. */
export function shapeAt(shape: Shape, path: readonly string[]): Shape | undefined {
  let at: Shape | undefined = shape;
  for (const name of path) {
    const fields: Map<string, Shape> | undefined = at?.fields;
    at = fields?.get(exactName(fields, name) ?? name);
  }
  return at;
}

/** The field's own spelling of a name. */
export function exactName(fields: Map<string, Shape> | undefined, name: string): string | undefined {
  if (fields === undefined || fields.has(name)) return name;
  return [...fields.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
}

function empty(): Shape {
  const seen = { scalars: 0, records: 0, lists: 0, numbers: 0, missing: 0, texts: 0 };
  return { scalar: "NULL", numeric: true, seen };
}

function add(shape: Shape, value: unknown, depth: number, texts: Texts): void {
  if (value === null || value === undefined) return;
  const seen = shape.seen as Seen;
  seen[Array.isArray(value) ? "lists" : typeof value === "object" ? "records" : "scalars"] += 1;
  if (Array.isArray(value)) {
    if (depth >= deepest) return;
    shape.list ??= empty();
    for (const one of value.slice(0, 20)) add(shape.list, one, depth + 1, texts);
  } else if (typeof value === "object") {
    if (depth >= deepest) return;
    shape.fields ??= new Map();
    for (const [name, one] of Object.entries(value)) {
      // No statement can name such a field.
      if (name.includes("\0")) continue;
      let inner = shape.fields.get(name);
      if (inner === undefined) shape.fields.set(name, (inner = empty()));
      add(inner, one, depth + 1, texts);
    }
  } else {
    const scalar = scalarOf(value);
    if (scalar === "BIGINT" && !Number.isSafeInteger(value)) shape.large = true;
    if (scalar === "VARCHAR") shape.numeric &&= value !== "" && Number.isFinite(Number(value));
    if (scalar === "BIGINT" || scalar === "DOUBLE") seen.numbers += 1;
    // Tables have their cells directly in the record.
    if (depth === 1 && typeof value === "string") look(shape, value, texts);
    shape.scalar = joined(shape.scalar, scalar);
  }
}

function look(shape: Shape, text: string, texts: Texts): void {
  const seen = shape.seen as Seen;
  if (text.length <= longestNumber && !surelyWord.test(text)) {
    if (isMissing(text)) seen.missing += 1;
    else if (Number.isFinite(numberIn(text))) seen.numbers += 1;
  }
  if (text.length > longestName) return;
  const found = texts.get(shape);
  if (found === undefined) texts.set(shape, new Set([text]));
  else found.add(text);
}

function scalarOf(value: unknown): Shape["scalar"] {
  if (typeof value === "boolean") return "BOOLEAN";
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? "BIGINT" : "DOUBLE";
  return "VARCHAR";
}

function joined(a: Shape["scalar"], b: Shape["scalar"]): Shape["scalar"] {
  if (a === b || a === "NULL") return b;
  if ((a === "BIGINT" && b === "DOUBLE") || (a === "DOUBLE" && b === "BIGINT")) return "DOUBLE";
  return "MIXED";
}

/** The value of a record's field by its path; undefined if there is none. */
export function valueAt(record: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      at !== null && typeof at === "object" && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    record,
  );
}
