import { existsSync, readFileSync, statSync } from "node:fs";
import type { ErrorObject, ValidateFunction } from "ajv";
import { jsonFault } from "./jsonFault";
import { didYouMean } from "./nearest";

/**
 * JSON Schema of a file that a person writes. Its `errorMessage` says the rule in a person's words, here and in
 * editors.
 */
export interface FileSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly errorMessage?: string;
  readonly properties?: Readonly<Record<string, FileSchema>>;
  readonly items?: FileSchema;
  readonly definitions?: Readonly<Record<string, FileSchema>>;
  readonly [keyword: string]: unknown;
}

const compiled = new WeakMap<FileSchema, ValidateFunction>();

/**
 * The content of a JSON file; `what` names what was expected. Of a file that nobody named, only one found, nothing
 * is quoted, and no more than a person writes is read.
 */
export function readJsonFile(
  file: string,
  what: string,
  { revive, isFound = false }: { revive?: Parameters<typeof JSON.parse>[1]; isFound?: boolean } = {},
): unknown {
  const refuse = (fault: string) => new RangeError(`${what} requires a file of JSON, got ${file}${fault}`);
  if (!existsSync(file)) throw refuse("; no such file");
  const stat = statSync(file);
  if (stat.isDirectory()) throw refuse(", a folder");
  if (!stat.isFile()) throw refuse(", which is not a plain file");
  if (isFound && stat.size > 10e6) throw refuse(", which is larger than 10 MB");
  const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text, revive);
  } catch (error) {
    const fault = jsonFault(text) ?? (error as Error).message;
    throw refuse(`: ${isFound ? fault.replace(/, got .*/s, "") : fault}`);
  }
}

/**
 * A value that fits a schema.
 *
 * @param from names the value in errors, for example its file
 * @throws RangeError for the first thing that does not fit, unknown keys before all others
 */
export function checked<T>(value: unknown, schema: FileSchema, from: string): T {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    // Loaded here rather than at the top, since few commands need it.
    const { Ajv } = require("ajv") as typeof import("ajv");
    validate = new Ajv({ allErrors: true, verbose: true, strict: false }).compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return value as T;
  const errors = validate.errors ?? [];
  // Of a rule with alternatives, the rule itself is told, not why each alternative fails.
  const outer = errors.filter(
    ({ schemaPath }) => !errors.some((whole) => schemaPath.startsWith(`${whole.schemaPath}/`)),
  );
  const firstOf = (wanted: string) => outer.find(({ keyword }) => keyword === wanted);
  const first = firstOf("additionalProperties") ?? firstOf("type") ?? outer[0];
  throw faultOf(first, schema, from);
}

/** Other tools' words for the ends of a range, which no spelling brings near `at_most` and `at_least`. */
function boundMeant(key: string, known: readonly string[]): string {
  const bound = /^(max|maximum|upper|below|under|lte?|ceiling)$/i.test(key)
    ? "at_most"
    : /^(min|minimum|lower|above|over|gte?|floor)$/i.test(key)
      ? "at_least"
      : "";
  return known.includes(bound) ? `; did you mean "${bound}"?` : "";
}

function faultOf(error: ErrorObject, root: FileSchema, from: string): RangeError {
  const { keyword, params, data } = error;
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/"));
  const parent = error.parentSchema as FileSchema;
  if (keyword === "additionalProperties") {
    const key: string = params.additionalProperty;
    const known = Object.keys(parent.properties ?? {});
    const places = [...new Set(placesOf(root, key, "at the top of the file"))];
    const hint =
      places.length === 0
        ? boundMeant(key, known) || didYouMean(key, known)
        : `; "${key}" belongs ${places.join(", or ")}`;
    return new RangeError(`${placeOf(from, path)} requires keys of ${known.join(", ")}, got "${key}"${hint}`);
  }
  if (keyword === "oneOf") {
    const alternatives = (parent.oneOf as { required: string[] }[]).flatMap(({ required }) => required);
    const given = alternatives.filter((key) => (data as Record<string, unknown>)[key] !== undefined);
    return wrong(
      placeOf(from, path),
      `one of ${alternatives.join(", ").replace(/, (?=[^,]*$)/, " and ")}`,
      given.join(", ") || "none",
    );
  }
  const missing: string | undefined = params.missingProperty;
  // An entry of a list has no name of its own.
  const key = missing ?? (/^\d*$/.test(path.at(-1) ?? "") ? undefined : path.pop());
  const { errorMessage, type = "string" } =
    missing === undefined ? parent : resolved(parent.properties?.[missing] ?? {}, root);
  const rule = errorMessage ?? `${kinds[type]}${key === undefined ? "" : ` for ${key}`}`;
  return wrong(placeOf(from, path), rule, missing === undefined ? data : undefined);
}

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

const resolved = (schema: FileSchema, { definitions = {} }: FileSchema): FileSchema =>
  schema.$ref === undefined ? schema : definitions[schema.$ref.replace("#/definitions/", "")];

/** Where a key belongs, in words. */
function placesOf(root: FileSchema, key: string, where: string, schema = root): string[] {
  const { properties = {}, items } = resolved(schema, root);
  const inner = Object.entries(properties).flatMap(([name, one]) => placesOf(root, key, `in ${name}`, one));
  const ofItems =
    items === undefined ? [] : placesOf(root, key, where.replace(/^in/, "in an entry of"), items);
  return [...(Object.hasOwn(properties, key) ? [where] : []), ...inner, ...ofItems];
}

/** A place in a file: "mine.json: criteria[0].instead". */
function placeOf(from: string, path: readonly string[]): string {
  const keys = path.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`));
  return path.length === 0 ? from : `${from}: ${keys.join("").replace(/^\./, "")}`;
}

/** The error for a file that breaks a rule. */
export function wrong(from: string, rule: string, given: unknown): RangeError {
  const shown = typeof given === "string" ? given : (JSON.stringify(given) ?? "nothing");
  return new RangeError(`${from} requires ${rule}, got ${shown}`);
}
