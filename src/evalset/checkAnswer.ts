import { type JsonSchema, jsonSchema } from "../logs/records/jsonSchema";
import type { Check } from "./checks";
import type { Item } from "./item";

/** The result of one check of one answer. */
export interface Outcome {
  name: string;
  passed: boolean;
  /** Why it failed, without the answer's text; "" if it passed. */
  reason: string;
}

/**
 * Checks one answer to an item by the item's checks, or by its format if it has none: "json" has to parse,
 * "number" has to be the expected one, "exact" has to be the expected answer.
 *
 * @returns an outcome for each check; empty if there is nothing to check
 * @example
 * const item = { checks: [{ kind: "length", most: 3 }], expected: "", format: "", sources: [] };
 * checkAnswer(item, "yes!")[0].reason // "has 4 characters"
 */
export function checkAnswer(
  item: Pick<Item, "checks" | "expected" | "format" | "sources">,
  answer: string,
): Outcome[] {
  return checksOf(item).map((check) => {
    const reason = failure(check, item, answer);
    return { name: check.name ?? check.kind, passed: reason === "", reason };
  });
}

/** The checks of an item, or those that its format implies. */
function checksOf({ checks, expected, format }: Pick<Item, "checks" | "expected" | "format">): Check[] {
  if (checks.length > 0) return checks;
  if (/^json$/i.test(format)) return [{ kind: "json_schema" }];
  if (/^number$/i.test(format) && expected !== "") return [{ kind: "number" }];
  if (/^exact$/i.test(format) && expected !== "") return [{ kind: "exact" }];
  return [];
}

function failure(check: Check, item: Pick<Item, "expected" | "sources">, answer: string): string {
  switch (check.kind) {
    case "exact":
      return isSame(answer, check.value ?? item.expected, check.ignore_case === true)
        ? ""
        : "not the expected answer";
    case "regex":
      return patternOf(check.pattern, check.flags).test(answer) ? "" : "the pattern is not found";
    case "json_schema":
      return fits(check.schema ?? {}, answer);
    case "number":
      return isNear(check, item.expected, answer);
    case "citation":
      return isCited(check, item.sources, answer);
    case "forbidden": {
      const said = plain(answer);
      const found = check.claims.findIndex((claim) => said.includes(plain(claim)));
      return found < 0 ? "" : `says forbidden claim ${found + 1}`;
    }
    case "length": {
      const { least = 0, most = Number.POSITIVE_INFINITY, unit = "characters" } = check;
      const size = unit === "words" ? wordCount(answer) : [...answer].length;
      return size >= least && size <= most ? "" : `has ${size} ${unit}`;
    }
  }
}

function patternOf(pattern: string, flags = ""): RegExp {
  return new RegExp(pattern, flags.includes("u") || flags.includes("v") ? flags : `${flags}u`);
}

/** In lower case, without white space around and between words. */
function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

function wordCount(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}

/** Whether the texts are equal apart from surrounding space; an expected object or list is compared as JSON. */
function isSame(answer: string, expected: string, ignoreCase: boolean): boolean {
  if (/^\s*[{[]/.test(expected)) {
    const [given, wanted] = [parsed(answer), parsed(expected)];
    if (given !== undefined && wanted !== undefined) return ordered(given) === ordered(wanted);
  }
  const [given, wanted] = [answer, expected].map((text) => text.normalize("NFC").trim());
  return ignoreCase ? given.toLowerCase() === wanted.toLowerCase() : given === wanted;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(unfenced(text));
  } catch {
    return undefined;
  }
}

/** Models like to put JSON in a code fence. */
function unfenced(text: string): string {
  return /^\s*```\w*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
}

function ordered(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    one !== null && typeof one === "object" && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

const schemas = new WeakMap<object, JsonSchema>();

function fits(schema: unknown, answer: string): string {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch {
    return parsed(answer) === undefined ? "not JSON" : "JSON inside a code fence";
  }
  const key = typeof schema === "object" && schema !== null ? schema : {};
  let known = schemas.get(key);
  if (known === undefined) schemas.set(key, (known = jsonSchema(schema)));
  const errors = known.errors(value);
  return errors.length === 0
    ? ""
    : `${errors.length} ${errors.length === 1 ? "place does" : "places do"} not fit`;
}

/** The last number of the answer, or the one that the pattern (its first group) finds. */
function isNear(check: Extract<Check, { kind: "number" }>, expected: string, answer: string): string {
  const { value = numberOf(expected), tolerance = 0, relative = 0, pattern } = check;
  if (Number.isNaN(value)) return "no number is expected: fill in expected, or the check's value";
  const found = pattern === undefined ? undefined : patternOf(pattern).exec(answer);
  if (pattern !== undefined && found === null) return "the pattern is not found";
  const given = numberOf(found?.[1] ?? found?.[0] ?? answer);
  if (Number.isNaN(given)) return "no number is found";
  const room = Math.max(tolerance, relative * Math.abs(value));
  // A tiny tolerance for rounding, so that 0.4 is within 0.1 of 0.3.
  return Math.abs(given - value) <= room + 1e-12 * Math.max(1, Math.abs(value)) ? "" : "another number";
}

function numberOf(text: string): number {
  const all = text.match(/[-+\u2212]?(?:\d(?:[\d.,]*\d)?|[.,]\d+)(?:e[-+]?\d+)?/gi);
  const last = all?.at(-1);
  return last === undefined ? Number.NaN : Number(withPoint(last.replace("\u2212", "-")));
}

/**
 * Converts a number to the form programs use. With two kinds of separator, the last is the decimal one; a single kind
 * groups digits if it occurs twice, and a comma also if three digits follow: 1,234 is a thousand, 3,14 is not.
 */
function withPoint(number: string): string {
  const [digits, exponent = ""] = number.split(/(?=e)/i);
  const separators = digits.match(/[.,]/g) ?? [];
  const groups = new Set(separators).size === 1 && (separators.length > 1 || /\d,\d{3}$/.test(digits));
  const decimal =
    groups || separators.length === 0
      ? digits.length
      : Math.max(digits.lastIndexOf(","), digits.lastIndexOf("."));
  return `${digits.slice(0, decimal).replace(/[.,]/g, "")}.${digits.slice(decimal + 1)}${exponent}`;
}

/**
 * Every citation in the answer has to be in a source: a quotation word for word, a reference as the id of one or more.
 * Citations are quotations of 12 characters or more (6 between corner brackets) and [references], or what the pattern
 * (its first group) finds.
 */
function isCited(
  { pattern, fewest = 1 }: Extract<Check, { kind: "citation" }>,
  sources: Item["sources"],
  answer: string,
): string {
  const quotes =
    /"([^"]{12,})"|[\u201c\u201e]([^\u201c-\u201e]{12,})[\u201c\u201d]|\u00ab([^\u00bb]{12,})\u00bb|[\u300c\u300e]([^\u300d\u300f]{6,})[\u300d\u300f]|\[([^\][]{1,80})\](?!\()/g;
  const finds = pattern === undefined ? quotes : patternOf(pattern, "g");
  const cited = [...answer.matchAll(finds)].map((match) => match.slice(1).find(Boolean) ?? match[0]);
  if (cited.length < fewest)
    return `cites ${cited.length}, and ${fewest} ${fewest === 1 ? "is" : "are"} asked for`;
  const texts = sources.map(({ text }) => plain(text));
  const ids = new Set(sources.flatMap(({ id }) => (id === undefined ? [] : [plain(id)])));
  const strange = cited.filter((one) => {
    const said = plain(one);
    const several = said.split(/[,;] ?/);
    return (
      !several.every((id) => ids.has(id)) && !ids.has(said) && !texts.some((text) => text.includes(said))
    );
  });
  return strange.length === 0 ? "" : `${strange.length} of ${cited.length} citations are in no source`;
}
