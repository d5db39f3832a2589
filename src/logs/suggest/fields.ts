import { quoteName, quoteText } from "../../store/quote";
import { kindOf, type Shape, shapeAt, valueAt } from "../files/shape";
import { isMissing } from "../files/tableCell";
import { timeFormats } from "../records/timeFormat";
import { currencyIn, type Said, saidBy } from "./fieldName";
import { spanCells } from "./spanCells";

/** A field of the sample: where it is, what its name means, and some of its values. */
export interface Field {
  path: string[];
  /** Its name in an expression. */
  name: string;
  /**
   * The expression for its value: its name or, if cells write numbers as "1,88", "$2.50" or "850ms", a conversion to
   * a number.
   */
  value: string;
  said: Said;
  scalar?: string;
  isText: boolean;
  /** The currency that its name or its cells state, if it is not the US dollar. */
  currency?: string;
  values: unknown[];
}

export const isNumber = (scalar?: string) => scalar === "BIGINT" || scalar === "DOUBLE";
export const isDate = (values: unknown[]) => values.every((one) => Number(one) > 1e8);

// Date.parse takes "Model 3" for a day of March.
const beginsAsTime =
  /^\s*(\d{1,4}[-/.: ]|\d{8}T|(mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ,.])/i;

/** True if all values of a field read as times. */
export const isTime = ({ isText, scalar, values }: Pick<Field, "isText" | "scalar" | "values">) =>
  values.length > 0 &&
  (isText
    ? values.every((one) => beginsAsTime.test(String(one)) && !Number.isNaN(Date.parse(String(one)))) ||
      timeFormats(values).length > 0
    : isNumber(scalar) && isDate(values));

const scales = [1, 1e3, 1e6, 1e9];
/** How many of a number's units make a second, if its values are points in time since 1970; else undefined. */
export function scaleOfInstants({ scalar, values, said }: Field): number | undefined {
  if (!isNumber(scalar) || values.length === 0) return undefined;
  const isInstant = (scale: number) =>
    values.every((one) => Number(one) / scale > 1e9 && Number(one) / scale < 4e9);
  return (said.seconds === undefined ? scales : [said.seconds]).find(isInstant);
}

/** The fields of a sample, nested ones by their path. */
export function fieldsOf(shape: Shape, records: readonly unknown[]): Field[] {
  return paths(shape).map((path) => {
    const { scalar, numeric } = shapeAt(shape, path) ?? {};
    const values = records
      .map((record) => valueAt(record, path))
      .filter((one) => one !== undefined && one !== null && one !== "");
    const isText = scalar === "VARCHAR" && numeric !== true;
    const name = path.map(identifier).join(".");
    const said = saidBy(nameOf(path));
    const isIn = (cells: readonly unknown[]) => currencyIn(path[path.length - 1], cells);
    const plain = { path, name, value: name, said, scalar, isText, currency: isIn([]), values };
    if (scalar !== "VARCHAR" && scalar !== "MIXED") return plain;
    // The cells of a delimited file are texts that read as their values; a dash among numbers is no text.
    const present = values.filter((one) => !isMissing(String(one)));
    const numbers = kindOfNumbers(present);
    if (numbers !== undefined) return { ...plain, scalar: numbers, isText: false, values: present };
    if (scalar === "MIXED") return plain;
    const cells = kindOfCells(values);
    if (cells !== undefined || !isText) return { ...plain, scalar: cells ?? scalar, isText: false };
    const marks = new Set(values.map(String).filter(isMissing));
    const cell = [...marks].reduce((inner, mark) => `nullif(${inner}, ${quoteText(mark)})`, name);
    const spans = spanCells(cell, said, present);
    // "850ms" states its unit, whatever the name says.
    if (spans !== undefined)
      return { ...plain, ...spans, said: { ...said, seconds: 1 }, scalar: "DOUBLE", isText: false };
    const marked = markedNumbers(cell, present);
    if (marked === undefined) return plain;
    return { ...plain, ...marked, scalar: "DOUBLE", isText: false, currency: isIn(values) };
  });
}

const currency = /^[$€£¥]\s*|\s*[$€£¥]$/g;
const withPoint = /^[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(e[-+]?\d+)?$/i;
const withComma = /^[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?(e[-+]?\d+)?$/i;
// "1,234" may be either: a comma is a decimal one unless exactly three digits follow it.
const isDecimal = /^[-+]?0,|,(?!\d{3}(?!\d))\d/;

/** Numbers in cells with a currency's sign, or with commas: the expression that reads them, and the numbers. */
function markedNumbers(name: string, values: unknown[]): { value: string; values: number[] } | undefined {
  const cells = values.map((one) => String(one).trim());
  const bare = cells.map((one) => one.replace(currency, ""));
  const signs = ["€", "£", "¥"].filter((sign) => cells.some((one) => one.includes(sign))).join("");
  const space = cells.some((one) => /\s/.test(one)) ? " " : "";
  if (bare.length === 0) return undefined;
  const cast = (from: string, to: string) =>
    `cast(translate(${name}, ${quoteText(from + signs + space)}, ${quoteText(to)}) as double)`;
  if (bare.every((one) => withComma.test(one)) && bare.some((one) => isDecimal.test(one)))
    return {
      value: cast(",.$", "."),
      values: bare.map((one) => Number(one.replaceAll(".", "").replace(",", "."))),
    };
  if (!bare.every((one) => withPoint.test(one))) return undefined;
  return { value: cast("$,", ""), values: bare.map((one) => Number(one.replaceAll(",", ""))) };
}

// In a list of token counts, "prompt" is a number of tokens, and so is the "total" of "out".
const ofTokens = /^(tok(en)?s?|usage|tok(en)?s?_?(usage|counts?)|usage_?tok(en)?s?)$/i;
const saysLittle = /^(total|count|cached|value|amount)$/i;
// In "model" these say what the object around them is about; in "data" or "request" they stand for themselves.
const saysOfParent = /^(name|id|type|code|kind|class|total)$/i;
const holdsAll =
  /^(data|attributes|properties|meta(data)?|payload|body|record|event|log|info|fields|request|response|call)$/i;
const nameOf = (path: readonly string[]): string => {
  const last = path[path.length - 1];
  const above = path.slice(0, -1);
  const counts = above.findIndex((one) => ofTokens.test(one) || saidBy(one).what === "usage");
  if (counts === -1) {
    const parent = above[above.length - 1];
    const isAbout = parent !== undefined && saysOfParent.test(saidBy(last).what) && !holdsAll.test(parent);
    return isAbout ? `${parent}_${last}` : last;
  }
  if (/tok/i.test(last)) return last;
  const of = saysLittle.test(last) ? [...above.slice(counts + 1), last] : [last];
  return `${of.filter((one, at) => at === 0 || !/^(total|count|value)$/i.test(one)).join("_")}_tokens`;
};

/** What the cells of a delimited file contain; undefined for texts. */
function kindOfCells(values: unknown[]): string | undefined {
  if (values.length === 0) return undefined;
  return values.every((one) => /^(true|false|t|f)$/i.test(String(one))) ? "BOOLEAN" : kindOfNumbers(values);
}

function kindOfNumbers(values: unknown[]): string | undefined {
  if (values.length === 0) return undefined;
  if (values.every((one) => /^-?\d{1,18}$/.test(String(one)))) return "BIGINT";
  return values.every((one) => Number.isFinite(Number(one))) ? "DOUBLE" : undefined;
}

function paths(shape: Shape, above: string[] = [], depth = 0): string[][] {
  if (shape.fields === undefined || depth > 2) return [];
  // Told by most of the records, so that an odd one does not hide what the others have.
  const isRecord = (one: Shape) => one.fields !== undefined && kindOf(one) === "record";
  const own = [...shape.fields].filter(([, one]) => !isRecord(one)).map(([name]) => [...above, name]);
  const inner = [...shape.fields].flatMap(([name, one]) =>
    isRecord(one) ? paths(one, [...above, name], depth + 1) : [],
  );
  return [...own, ...inner];
}

// DuckDB's reserved words: a field with such a name is quoted in an expression.
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default " +
    "deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect " +
    "into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary " +
    "qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot " +
    "using variadic when where window with"
  ).split(" "),
);

/** A field's name as written in an expression. */
export function identifier(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name.toLowerCase()) ? name : quoteName(name);
}
