import { quoteName } from "../../store/quote";
import { type Shape, shapeAt, valueAt } from "../files/shape";
import { type Said, saidBy } from "./fieldName";

/** A field of the sample: where it is, what its name says, and some of its values. */
export interface Field {
  path: string[];
  /** As an expression names it. */
  name: string;
  said: Said;
  scalar?: string;
  isText: boolean;
  values: unknown[];
}

export const isNumber = (scalar?: string) => scalar === "BIGINT" || scalar === "DOUBLE";
export const isDate = (values: unknown[]) => values.every((one) => Number(one) > 1e8);

/** The fields of a sample, those within others by their path. */
export function fieldsOf(shape: Shape, records: readonly unknown[]): Field[] {
  return paths(shape).map((path) => {
    const { scalar, numeric } = shapeAt(shape, path) ?? {};
    const values = records
      .map((record) => valueAt(record, path))
      .filter((one) => one !== undefined && one !== null && one !== "");
    const isText = scalar === "VARCHAR" && numeric !== true;
    // The cells of a delimited file are texts that read as what they hold.
    const cells = scalar === "VARCHAR" ? kindOfCells(values) : undefined;
    return {
      path,
      name: path.map(identifier).join("."),
      said: saidBy(nameOf(path)),
      scalar: cells ?? scalar,
      isText: isText && cells === undefined,
      values,
    };
  });
}

// What a list of tokens calls "prompt" is a number of tokens.
const ofTokens = /^(tok(en)?s?|usage|tok(en)?s?_?(usage|counts?)|usage_?tok(en)?s?)$/i;
const nameOf = (path: readonly string[]): string => {
  const last = path[path.length - 1];
  return path.length > 1 && ofTokens.test(path[path.length - 2]) && !/tok/i.test(last)
    ? `${last}_tokens`
    : last;
};

/** What the cells of a delimited file hold; undefined for texts. */
export function kindOfCells(values: unknown[]): string | undefined {
  if (values.length === 0) return undefined;
  if (values.every((one) => /^(true|false)$/i.test(String(one)))) return "BOOLEAN";
  if (values.every((one) => /^-?\d{1,18}$/.test(String(one)))) return "BIGINT";
  return values.every((one) => Number.isFinite(Number(one))) ? "DOUBLE" : undefined;
}

/** The values of a field of the records' own, where there are any. */
export const valuesOf = (name: string, records: readonly unknown[]) =>
  records
    .map((record) => valueAt(record, [name]))
    .filter((one) => one !== undefined && one !== null && one !== "");

function paths(shape: Shape, above: string[] = [], depth = 0): string[][] {
  if (shape.fields === undefined || depth > 2) return [];
  const own = [...shape.fields]
    .filter(([, inner]) => inner.fields === undefined)
    .map(([name]) => [...above, name]);
  const inner = [...shape.fields].flatMap(([name, one]) => paths(one, [...above, name], depth + 1));
  return [...own, ...inner];
}

// DuckDB's reserved words: a field of such a name is quoted in an expression.
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default " +
    "deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect " +
    "into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary " +
    "qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot " +
    "using variadic when where window with"
  ).split(" "),
);

/** A field's name as an expression has it. */
export function identifier(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name.toLowerCase()) ? name : quoteName(name);
}
