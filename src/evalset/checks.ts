import { jsonSchema } from "../logs/records/jsonSchema";
import { didYouMean } from "../store/nearest";

/** An automatic check of an answer. `name` is the score it gives, by default its kind. */
export type Check = { name?: string } & (
  | { kind: "exact"; value?: string; ignore_case?: boolean }
  | { kind: "regex"; pattern: string; flags?: string }
  | { kind: "json_schema"; schema?: unknown }
  | { kind: "number"; value?: number; tolerance?: number; relative?: number; pattern?: string }
  | { kind: "citation"; pattern?: string; fewest?: number }
  | { kind: "forbidden"; claims: string[] }
  | { kind: "length"; least?: number; most?: number; unit?: "characters" | "words" }
);

/** The kinds of check, with the fields each takes besides `kind` and `name`. */
const fields: Record<Check["kind"], Record<string, (value: unknown) => boolean>> = {
  exact: { value: isText, ignore_case: (value) => typeof value === "boolean" },
  regex: { pattern: isText, flags: isText },
  json_schema: {
    schema: (value) => typeof value === "boolean" || (typeof value === "object" && value !== null),
  },
  number: { value: isNumber, tolerance: isSize, relative: isSize, pattern: isText },
  citation: { pattern: isText, fewest: isSize },
  forbidden: { claims: (value) => Array.isArray(value) && value.length > 0 && value.every(isText) },
  length: { least: isSize, most: isSize, unit: (value) => value === "characters" || value === "words" },
};
const needed: Partial<Record<Check["kind"], string>> = { regex: "pattern", forbidden: "claims" };

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function isSize(value: unknown): boolean {
  return isNumber(value) && (value as number) >= 0;
}

/**
 * Parses a check, or throws a TypeError that says what is wrong: a misspelt field would check nothing.
 *
 * @param place its location, for the error
 */
export function checkOf(given: unknown, place: string): Check {
  const refuse = (rule: string, hint = "") =>
    new TypeError(`${place} requires ${rule}, got ${JSON.stringify(given).slice(0, 200)}${hint}`);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw refuse('checks of the form {"kind": "exact"}');
  const { kind, name, ...rest } = given as Record<string, unknown>;
  const kinds = Object.keys(fields);
  if (typeof kind !== "string" || !Object.hasOwn(fields, kind))
    throw refuse(`a check of kind ${kinds.join(", ")}`, didYouMean(String(kind), kinds));
  if (name !== undefined && (typeof name !== "string" || name === "")) throw refuse("a check's name, a text");
  const known = fields[kind as Check["kind"]];
  for (const [field, value] of Object.entries(rest)) {
    if (!Object.hasOwn(known, field))
      throw refuse(`fields of a check "${kind}"`, didYouMean(field, Object.keys(known)));
    if (!known[field](value)) throw refuse(`another "${field}" of a check "${kind}"`);
  }
  const missing = needed[kind as Check["kind"]];
  if (missing !== undefined && rest[missing] === undefined) throw refuse(`"${missing}" in a check "${kind}"`);
  if (kind === "json_schema") jsonSchema(rest.schema ?? {}, `${place} check "json_schema"`);
  if (typeof rest.pattern === "string") {
    try {
      new RegExp(rest.pattern, `${(rest.flags as string | undefined) ?? ""}u`.replace(/u(?=.*u)/, ""));
    } catch (error) {
      throw refuse(`a pattern that is a regular expression (${(error as Error).message})`);
    }
  }
  return given as Check;
}
