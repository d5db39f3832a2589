import { join } from "node:path";
import { quoteText } from "../../store/quote";
import { type Shape, shapeAt } from "../files/shape";
import { dayIn, stem } from "../models/stem";
import type { Fields } from "../records/field";
import type { Format, Target } from "../records/format";
import * as sql from "../records/sql";
import { textRecord } from "../records/textRecord";

/** SQL over a record's fields, in one text or in lines. */
type Lines = string | string[];

type Variables = Readonly<Record<string, Lines>>;

/**
 * A format as data: a mapping for files of one shape. In its SQL, {name} is a variable, {day} and {file} are the day
 * in the file's name and the name itself, and @name(...) is a building block of records/sql.ts.
 */
interface Shipped extends Omit<Format, "recognises" | "reading"> {
  /** Shapes of its files, each with variables of its own: the paths that all must be there, [] for a list's elements, * for any name. */
  variants: readonly (Variables & { has: string })[];
  /** Fields with several names, each a variable: the first name that the file has, else the last. */
  aliases?: Readonly<Record<string, string>>;
  /** The names of the fields, read as texts, or fields with types. */
  fields: string | Fields;
  whole?: true;
  derived?: Readonly<Record<string, Lines>>;
  targets: readonly {
    table: Target["table"];
    where?: Lines;
    each?: Lines;
    columns: Readonly<Record<string, Lines>>;
    /** The texts of the answers whose length and style are compared. */
    style?: Readonly<Record<"a" | "b", Lines>>;
    /** Variables for each of several targets that differ by them. */
    for?: readonly Variables[];
  }[];
  /** What it means that a file of {records} records gave no row. */
  nothing?: string;
}

/** A format that data/formats describes. */
export function shipped(name: string): { format: Format } {
  const {
    variants,
    aliases = {},
    fields,
    whole,
    derived = {},
    targets,
    nothing,
    ...about
  }: Shipped = require(join(__dirname, "..", "..", "..", "data", "formats", `${name}.json`));
  const variantOf = (shape: Shape) =>
    variants.find(({ has }) => has.split(" ").every((path) => holds(shape, path.split("."))));
  const reading: Format["reading"] = (shape, path) => {
    const common: Record<string, Lines> = { ...variantOf(shape), day: dayIn(path) ?? "null" };
    for (const [alias, names] of Object.entries(aliases)) {
      const known = names.split(" ");
      common[alias] = known.find((name) => shapeAt(shape, [name]) !== undefined) ?? known[known.length - 1];
    }
    // Nothing in the name of a file is a variable or a block: it is filled in last.
    const toSql = (lines: Lines, own: Variables = {}) =>
      called(filled(lines, { ...common, ...own })).replaceAll("{file}", () => quoteText(stem(path)));
    const read =
      typeof fields === "string"
        ? textRecord(filled(fields, common), shape)
        : { fields, ...(whole && { whole }) };
    return {
      ...read,
      targets: targets.flatMap(({ for: variables = [{}], ...target }) =>
        variables.map((own) => targetOf(target, (lines) => toSql(lines, own))),
      ),
      derived: mapped(derived, (lines) => toSql(lines)),
      ...(nothing !== undefined && { nothing: (records) => nothing.replace("{records}", String(records)) }),
    };
  };
  return { format: { ...about, recognises: (shape) => variantOf(shape) !== undefined, reading } };
}

function targetOf(
  { table, where, each, columns, style }: Shipped["targets"][number],
  toSql: (lines: Lines) => string,
): Target {
  const styles = style && { ...sql.styleOf("a", toSql(style.a)), ...sql.styleOf("b", toSql(style.b)) };
  const given = Object.entries(mapped(columns, toSql)).filter(([, text]) => text !== "null");
  return {
    table,
    columns: { ...Object.fromEntries(given), ...styles },
    ...(where !== undefined && { where: toSql(where) }),
    ...(each !== undefined && { each: toSql(each) }),
  };
}

const mapped = (texts: Readonly<Record<string, Lines>>, change: (lines: Lines) => string) =>
  Object.fromEntries(Object.entries(texts).map(([name, lines]) => [name, change(lines)]));

function holds(shape: Shape | undefined, [part, ...rest]: readonly string[]): boolean {
  if (shape === undefined || part === undefined) return shape !== undefined;
  if (part === "[]") return holds(shape.list, rest);
  const fields = part === "*" ? [...(shape.fields?.values() ?? [])] : [shapeAt(shape, [part])];
  return fields.some((field) => holds(field, rest));
}

/** A text with its variables filled in, and theirs. */
function filled(lines: Lines, variables: Variables): string {
  return [lines]
    .flat()
    .join("\n")
    .replace(/\{(\w+)\}/g, (whole, name) =>
      Object.hasOwn(variables, name) ? filled(variables[name], variables) : whole,
    );
}

const bare = (text: string) => text.replace(/^'(.*)'$/, "$1");

const blocks: Readonly<Record<string, (...given: string[]) => string>> = {
  ...{ given: sql.given, required: sql.required, number: sql.number, whole: sql.whole, instant: sql.instant },
  ...{ json: sql.json, errorOfBounds: sql.errorOfBounds },
  inside: (text, ...paths) => sql.inside(text, ...paths.map(bare)),
  // Names of fields may contain quotes and dots, which no JSON path can express, so an object is read as a map.
  entries: (json) =>
    `(case when json_type(${json}) = 'OBJECT' then map_entries(cast(${json} as map(varchar, json))) else [] end)`,
  keysIn: (object, within, most) => sql.keysIn(object, within, Number(most)),
  // The first day there is, as a row's own and then that of its file.
  asOf: (...days) => {
    const known = days.filter((day) => day !== "null");
    return known.length < 2
      ? (known[0] ?? "null")
      : `coalesce(${known.map((day) => `cast(${day} as timestamp)`).join(", ")})`;
  },
};

/** SQL with the building blocks that it calls, the innermost first. */
function called(text: string): string {
  const call = [...text.matchAll(/@(\w+)\(/g)].at(-1);
  if (call === undefined) return text;
  const start = call.index + call[0].length;
  const given = [""];
  let depth = 0;
  let end = start;
  for (const [part] of text.slice(start).matchAll(/'[^']*'|./gs)) {
    if (part === ")" && depth === 0) break;
    end += part.length;
    if ("([{".includes(part)) depth++;
    if (")]}".includes(part)) depth--;
    if (part === "," && depth === 0) given.push("");
    else given[given.length - 1] += part;
  }
  const block = blocks[call[1]](...given.map((one) => one.trim()));
  return called(`${text.slice(0, call.index)}${block}${text.slice(end + 1)}`);
}
